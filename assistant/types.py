"""What is asked and what is answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from assistant.evidence import Evidence
from index.types import Hit

AnswerStatus = Literal["answered", "partial", "not_found"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered pointer from an answer to where it stands: ``page.text[start:end] == quote``, verbatim.

    ``number`` counts from 1 within the answer; ``page`` is 1-based; ``start`` and ``end`` are offsets into that page's
    text, end exclusive. ``document`` is the file's name, ``document_id`` its identity in the library.
    """

    number: int
    document: str
    document_id: str
    title: str
    page: int
    quote: str
    start: int
    end: int

    def as_json(self) -> dict[str, Any]:
        """``{"number", "document", "title", "page", "quote", "start", "end"}``: what scripts and runs get."""
        return {key: value for key, value in asdict(self).items() if key != "document_id"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, and the number of the citation that it was read from, where it was."""

    text: str
    cite: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that an answer was counted from, all of them; each has a cell for each of ``columns``.

    ``listed``: the answer's text lists the same rows, one in each line that begins with a bullet.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    listed: bool = True

    def as_json(self) -> dict[str, Any]:
        """``{"caption", "columns", "rows": [{column: text, …, "citations": [numbers]}]}``."""
        rows = [
            {**{name: cell.text for name, cell in zip(self.columns, row, strict=True)}, "citations": [c.cite for c in row if c.cite]}
            for row in self.rows
        ]
        return {"caption": self.caption, "columns": list(self.columns), "rows": rows}


Field = Literal["service", "time", "kind", "type", "region", "provider", "judgement", "grade", "latest"]


@dataclass(frozen=True, slots=True)
class Restriction:
    """One thing that narrows a question to a part of the library: what of a publication (``field``), and which ``value``.

    ``by_hand``: set as a filter, not read from the question. ``subject`` is what has the grade; the whole when empty.
    """

    field: Field
    value: str
    by_hand: bool = False
    subject: str = ""

    @property
    def key(self) -> str:
        """What it is taken back by, if it was read from the question: a time or an order as a whole, all else by its value."""
        return self.field if self.field in ("time", "latest") else f"{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of a document that comes near to what was asked, though it does not answer it: its heading, and where it stands."""

    name: str
    document: str
    document_id: str
    title: str
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was taken to ask, so that a reader can see it and take it back.

    ``asked`` is what was typed, ``question`` the complete question that was searched for (the same, unless a follow-up
    was completed from the conversation). ``services`` are names as the library has them, ``named`` the question's own
    wording of them, ``others`` other names in it, which an answer has to be about too. ``since`` and ``until`` are the
    days (inclusive) it asks about. ``documents`` are the ids searched; None when all were. ``wider`` are the ids to
    search when those say nothing and the question's date need not be that of a document. ``said`` tells a reader which
    restriction that is ("Only documents on Harbour Lane from 2018."), empty when there is none. ``missing`` says why
    nothing fits, when the library has nothing on what was asked, and what it has. ``timed``: the documents were chosen
    by the date. ``whole``: it asks about the library as a whole, such as for a list or a count. ``restrictions`` are what
    narrows it, each by itself: those read from the question, then those set by hand.
    """

    asked: str
    question: str
    services: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    documents: tuple[str, ...] | None = None
    wider: tuple[str, ...] = ()
    timed: bool = False
    whole: bool = False
    said: str = ""
    missing: str = ""
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement that a chat model wrote, what became of it, and what about it is not in the documents.

    ``outcome``: kept as cited, recited (another passage that was offered supports it), marked or removed.
    """

    text: str
    outcome: Literal["kept", "recited", "marked", "removed"]
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """How a chat model took part in an answer, and what that cost.

    ``part`` is what of the answer is in its words: statements, the lead over what the catalogue holds, or nothing, when
    the documents are quoted instead; ``note`` then says why, and else what was left out. ``offered`` counts the passages
    that it read, ``calls`` how often it was asked; the tokens are of all calls, None where the provider does not tell them;
    ``first_ms`` is the time from the question to its first word, ``ms`` its whole time at work.
    """

    model: str
    part: Literal["statements", "lead", "nothing"]
    note: str = ""
    statements: tuple[Stated, ...] = ()
    offered: int = 0
    calls: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_ms: float | None = None
    ms: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """All fields, and counts of ``kept``, ``recited``, ``marked`` and ``removed`` statements."""
        outcomes = [stated.outcome for stated in self.statements]
        counts = {outcome: outcomes.count(outcome) for outcome in ("kept", "recited", "marked", "removed")}
        return asdict(self) | counts


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a piece of one: pieces are streamed and add up (``piece + piece``) to the whole.

    ``text`` is Markdown-free plain text in which ``[1]`` points to the citation numbered 1. A refusal is an answer
    with ``status="not_found"`` and no citations. ``coverage`` is for answers counted over the library (None otherwise):
    ``{"checked", "matched", "unknown": [file names], "items": [{"service", "document", …}]}``; ``table`` has its rows, all.
    ``ms`` are milliseconds by stage; ``total`` is always among them once the answer is whole. ``hits`` are the passages
    it was chosen from, best first; ``understood`` what the question was taken to ask, ``evidence`` what spoke for it.
    ``written`` tells of the chat model, where one took part; ``stage`` what is being done while pieces come, nothing in the
    last. ``nearest`` are parts of documents that come near, where the answer was not found. A conversation is the sequence of
    its whole answers so far.
    """

    text: str
    status: AnswerStatus
    citations: tuple[Citation, ...] = ()
    coverage: dict[str, object] | None = None
    ms: dict[str, float] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    understood: Understood | None = None
    evidence: Evidence | None = None
    table: Table | None = None
    written: Written | None = None
    stage: str = ""
    nearest: tuple[Topic, ...] = ()

    def __add__(self, other: Answer) -> Answer:
        """The two pieces as one: texts joined, citations appended, the later status and timings kept."""
        return Answer(
            text=self.text + other.text,
            status=other.status,
            citations=self.citations + other.citations,
            coverage=other.coverage or self.coverage,
            ms={**self.ms, **other.ms},
            hits=other.hits or self.hits,
            understood=other.understood or self.understood,
            evidence=other.evidence or self.evidence,
            table=other.table or self.table,
            written=other.written or self.written,
            stage=other.stage,
            nearest=other.nearest or self.nearest,
        )
