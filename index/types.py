"""What the library tells of itself, and what a search in it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from corpus.types import Passage


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as the catalogue lists it."""

    id: str
    name: str
    source: str
    media: str
    title: str
    service: str
    published: date | None
    pages: int
    passages: int
    bytes: int
    added: datetime
    notices: tuple[str, ...] = ()
    inspected: date | None = None
    kind: str = ""
    """"inspection report", "press release" and so on; empty when nobody has looked."""
    embargo: datetime | None = None
    """Until when it must not be shown to readers, in UTC; it may lie in the past."""

    @property
    def day(self) -> date | None:
        """What it is ordered by in time: publication, else the end of the inspection; None when neither is known."""
        return self.published or self.inspected


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, best first.

    ``score`` orders the hits of one search and means nothing across searches; ``similarity`` is the cosine of question
    and passage (−1..1; None when only words found it); ``dense_rank`` and ``word_rank`` say which search put it where
    (1 = first, None = not found by it).
    """

    passage: Passage
    entry: Entry
    score: float
    similarity: float | None = None
    dense_rank: int | None = None
    word_rank: int | None = None


Outcome = Literal["added", "replaced", "unchanged", "skipped", "removed"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. ``reason`` is a sentence when it was skipped, or when something is worth saying."""

    name: str
    source: str
    outcome: Outcome
    reason: str = ""
    pages: int = 0
    passages: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an add did, file by file; ``interrupted`` when it was stopped early (what was added by then stays)."""

    files: tuple[FileReport, ...] = ()
    seconds: float = 0.0
    interrupted: bool = False

    def of(self, *outcomes: Outcome) -> tuple[FileReport, ...]:
        """The files with one of these outcomes, in the order they were finished."""
        return tuple(f for f in self.files if f.outcome in outcomes)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an add has come. Counts of files are done and all; ``bytes`` let a reader reckon the time left."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    pages: int
    passages: int
    seconds: float
    last: FileReport | None = None
    """The file that was finished just now; None when something else is told."""
    found: tuple[tuple[str, str], ...] = ()
    """Source and name of every file, in order; told once, at the start."""
    working: tuple[str, ...] = ()
    """Sources of the files that are read or indexed at present."""

    @property
    def rate(self) -> float:
        """Pages a second so far."""
        return self.pages / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Reckoned from bytes done; None before there is anything to reckon from."""
        if not self.bytes_done or not self.seconds:
            return None
        return max(0.0, self.seconds * (self.bytes_total - self.bytes_done) / self.bytes_done)


@dataclass(frozen=True, slots=True)
class Status:
    """The library in figures. ``problems`` is empty when catalogue, vectors and files agree."""

    home: str
    documents: int
    pages: int
    passages: int
    vectors: int
    embedder: str
    width: int
    bytes_on_disk: int
    problems: tuple[str, ...] = field(default_factory=tuple)
