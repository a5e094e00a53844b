"""What can go wrong while files are read.

CorpusError
└── Unreadable          this file cannot become a document; the message says why and what to do
    ├── WrongType       not a kind of file that is read
    ├── Empty           no bytes, or no text on any page
    ├── Encrypted       a password is needed
    ├── TooLarge        over a size or page limit
    └── Corrupt         the bytes are not what the name says, or the reader gave up on them
BadProfile is a CorpusError too: a profile of an inspectorate cannot be used; the message says where and why.
"""


class CorpusError(Exception):
    """Base of everything that reading raises on purpose."""


class Unreadable(CorpusError):
    """One file cannot be read. Never stops the others."""


class WrongType(Unreadable):
    """Not PDF, HTML, DOCX, text, Markdown or a zip of these."""


class Empty(Unreadable):
    """Nothing to read: no bytes, or pages without text (scans need OCR first)."""


class Encrypted(Unreadable):
    """Protected by a password that was not given."""


class TooLarge(Unreadable):
    """Larger than the limits in force."""


class Corrupt(Unreadable):
    """Damaged, cut short, or not what its name says."""


class BadProfile(CorpusError):
    """A profile of an inspectorate that cannot be used; the message says where and why."""
