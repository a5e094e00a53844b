"""What can go wrong in the library.

LibraryError
├── EmbedderUnavailable   the model that turns text into vectors can't be loaded, or isn't the original
├── EmbedderMismatch      the library was built with another embedder
└── LibraryLocked         another process is writing to the library
"""

from __future__ import annotations


class LibraryError(Exception):
    """The root: catch this to catch all of the library's errors. The message is fit to show."""


class EmbedderUnavailable(LibraryError):
    """The embedder can't be loaded, or its weights are not the original's."""


class EmbedderMismatch(LibraryError):
    """The library's vectors come from another embedder than the settings ask for."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""
