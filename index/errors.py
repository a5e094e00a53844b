"""What can go wrong in the library.

LibraryError
├── EmbedderUnavailable   the model that turns text into vectors can't be loaded, or isn't the original
├── RerankerUnavailable   the cross-encoder of the settings can't be loaded
├── EmbedderMismatch      the library was built with another embedder
├── LibraryLocked         another process is writing to the library
├── UnknownDocument       no such document is in the library (any more), or it is under embargo
├── BadCorrection         a value that was typed for a fact cannot be one
└── LibraryDamaged        the catalogue can't be read
"""

from __future__ import annotations


class LibraryError(Exception):
    """The root: catch this to catch all of the library's errors. The message is fit to show."""


class EmbedderUnavailable(LibraryError):
    """The embedder can't be loaded, or its weights are not the original's."""


class ReaderUnavailable(LibraryError):
    """What reads windows of text for an answer can't be loaded."""


class RerankerUnavailable(LibraryError):
    """The cross-encoder can't be loaded."""


class EmbedderMismatch(LibraryError):
    """The library's vectors come from another embedder than the settings ask for."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""


class UnknownDocument(LibraryError):
    """The document is not in the library, or no longer."""


class BadCorrection(LibraryError):
    """A value typed for a fact cannot be one, or there is no such field."""


class LibraryDamaged(LibraryError):
    """The catalogue's file is damaged or from a newer version."""
