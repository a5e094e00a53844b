"""The values that the reading of files ends in. Everything after corpus/ speaks in these words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

BlockKind = Literal["heading", "text", "item", "row", "note", "contents"]
"""What a stretch of a page is: ``row`` one table row (cells separated by tabs), ``item`` one entry of a list,
``note`` a footnote, ``contents`` a line of a table of contents (kept in the text, never made a passage)."""

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Counts the embedder's tokens in each text, special tokens not included, nothing cut off."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch ``[start, end)`` of a page's text that is one thing. Blocks are in order and do not overlap."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """``length`` characters of the page's text from ``start`` are the file's own characters from ``source`` on.

    The file's characters are numbered as pdfium numbers them on that page, so character boxes can be looked up and a
    quote drawn on a picture of the page without searching for it again.
    """

    start: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text as readers see it: no running headers or footers, hyphens at line ends mended.

    ``number`` counts from 1 as a viewer does; ``label`` is what is printed on it (``iv``, ``12``), empty when unknown.
    ``runs`` is empty for files without character boxes (everything but PDF).
    """

    number: int
    text: str
    blocks: tuple[Block, ...] = ()
    runs: tuple[Run, ...] = ()
    label: str = ""


FIELDS = (
    "kind", "inspectorate", "service", "alias", "type", "provider", "region", "fieldwork", "published", "embargo", "inspector",
    "chief inspector", "overall", "judgement", "score", "recommendations", "caseload",
)  # fmt: skip
"""What a publication can say of itself, in the order in which readers are shown it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a publication says of itself: ``value``, read from ``page.text[start:end] == quote``.

    ``field`` is one of FIELDS. ``value`` is evened out: days ISO ("2019-07-17"), stretches of days as two of them
    ("2019-03-01/2019-04-30"), an embargo with its offset ("2019-07-17T00:01+01:00"), numbers in digits, a score "18/30", a
    grade by its name on the ``scale`` (best first); all else as printed. ``subject`` is what was judged. ``rule`` says how
    it was found. ``page`` is 0, and the quote empty, where it does not stand in the text: a day in the file's name, a
    correction. Of a field that is not there, there is no Fact.
    """

    field: str
    value: str
    page: int = 0
    start: int = 0
    end: int = 0
    quote: str = ""
    rule: str = ""
    subject: str = ""
    scale: tuple[str, ...] = ()
    corrected: bool = False

    @property
    def words(self) -> str:
        """The value as people write it: "17 July 2019", "4 March 2019 to 15 March 2019", "17 July 2019, 00:01", "18 of 30"."""
        try:
            if self.field == "embargo" and self.value:
                at = datetime.fromisoformat(self.value)
                return f"{at.day} {at:%B %Y, %H:%M}"
            if self.field in ("published", "fieldwork") and self.value:
                days = [date.fromisoformat(part) for part in self.value.split("/")]
                return " to ".join(dict.fromkeys(f"{day.day} {day:%B %Y}" for day in days))
        except ValueError:
            return self.value
        return self.value.replace("/", " of ") if self.field == "score" else self.value

    @property
    def rank(self) -> int | None:
        """Where the grade stands on its scale, 0 the best; None for what is no grade of one."""
        return self.scale.index(self.value) if self.value in self.scale else None


@dataclass(frozen=True, slots=True)
class Document:
    """One publication. ``id`` hashes the file's bytes: the same content is the same document wherever it lies.

    ``name`` is the file's name; ``source`` where it was added from (a path, ``archive.zip!/inner.pdf`` or
    ``upload:name``); ``service`` who or what was inspected, empty when the text does not say so plainly.
    """

    id: str
    name: str
    source: str
    media: Literal["pdf", "html", "docx", "text", "markdown"]
    title: str
    pages: tuple[Page, ...]
    service: str = ""
    published: date | None = None
    inspected: date | None = None
    """The last day of the fieldwork (of its last month, where only months are named), when the text says it."""
    facts: tuple[Fact, ...] = ()
    notices: tuple[str, ...] = ()
    """What a reader of this document should know about its reading, one sentence each ("Page 4 has no text")."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one page's text: ``page.text[start:end] == text``, always.

    ``id`` hashes document, page, offsets and text. ``header`` (title · service · published · section) is embedded and
    indexed in front of the text, so that near-twin reports can be told apart; ``tokens`` counts header and text
    together with the embedder's special tokens, and never exceeds what the embedder reads.
    """

    id: str
    document_id: str
    page: int
    start: int
    end: int
    text: str
    section: str
    header: str
    tokens: int

    @property
    def embedded(self) -> str:
        """The exact string that the embedder is given."""
        return f"{self.header}\n{self.text}" if self.header else self.text


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file was left out: ``reason`` is one sentence that says what is wrong and what to do about it."""

    name: str
    source: str
    reason: str
