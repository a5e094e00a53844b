"""An answer or a conversation as it is filed: questions, answers, tables and numbered sources, before it has any format.

Takes turns; gives a Paper, which filing_markdown, filing_docx and filing_pdf write. All text in it is plain: the writers escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from assistant.scope import Filters
from assistant.types import Answer, Citation, Table
from ui.record import Kept, Library, Source, now, sources_of
from ui.reference import long_day, place
from ui.restrictions import words

STATUS = {"answered": "Answered", "partial": "Partly answered", "not_found": "Not found in the documents"}
FORMS = ("md", "docx", "pdf")
_NOT_TEXT = re.compile("[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LISTED = re.compile(r"^(?:• |… and \d+ more)")

Style = Literal["text", "note", "small"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; line breaks in it are kept. ``note`` is what the reader must know of the answer, ``small`` about it."""

    text: str
    style: Style = "text"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, heads and rows, all text."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """A source: where it is, the quote verbatim, and the file, with its address on the web where it has one."""

    number: int
    place: str
    quote: str
    file: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One question with all that belongs to it, in the order in which it is read; no question where it is the title."""

    question: str
    lines: tuple[Line, ...]
    grid: Grid | None
    after: tuple[Line, ...]
    sources: tuple[Footnote, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is filed. ``made`` is the day on which it is."""

    title: str
    made: datetime
    parts: tuple[Part, ...]

    @property
    def subtitle(self) -> str:
        """``Inspection Assistant · 23 November 2026``."""
        return f"Inspection Assistant · {long_day(self.made.astimezone().date())}"


def clean(text: str) -> str:
    """The text with characters that no document can hold shown as “�”, and every kind of line end a line feed."""
    return _NOT_TEXT.sub("�", "\n".join(text.splitlines()))


def paper_of(title: str, turns: Sequence[Kept]) -> Paper:
    """The turns as one paper, in the order given."""
    parts = tuple(_part(turn) for turn in turns)
    alone = len(parts) == 1 and parts[0].question == title
    return Paper(title, now(), (replace(parts[0], question=""),) if alone else parts)


def save(paper: Paper, form: str) -> bytes:
    """The paper as ``md``, ``docx`` or ``pdf``. Raises KeyError for another form."""
    if form == "md":
        from ui.filing_markdown import as_markdown

        return as_markdown(paper).encode("utf-8")
    if form == "docx":
        from ui.filing_docx import as_docx  # these libraries take a moment to import

        return as_docx(paper)
    if form == "pdf":
        from ui.filing_pdf import as_pdf

        return as_pdf(paper)
    raise KeyError(form)


def filed(library: Library, question: str, answer: Answer, form: str, everywhere: bool, filters: Filters) -> bytes:
    """One answer, just given, as ``md``, ``docx`` or ``pdf``."""
    turn = Kept("", question, "done", now(), answer, everywhere=everywhere, sources=sources_of(library, answer.citations), filters=filters)
    return save(paper_of(question, [turn]), form)


def file_name(title: str, form: str) -> str:
    """A name for the file by its title: letters and digits of any script, words parted by hyphens, at most 60 characters."""
    words = re.findall(r"\w+", title.replace("_", " "))
    name = ""
    for word in words:
        if len(name) + len(word) > 60:
            break
        name += f"-{word}" if name else word
    return f"{name or ''.join(words)[:60] or 'answer'}.{form}"


def _part(turn: Kept) -> Part:
    answer = turn.answer
    lines = [Line(" · ".join(_about(turn)), "small"), *_restrictions(turn)]
    if answer and (text := _lead(answer)):
        lines.append(Line(text))
    if turn.state in ("stopped", "running"):
        lines.append(Line("This answer was stopped; it may be incomplete.", "note"))
    if turn.state == "failed":
        lines.append(Line(f"The answer failed: {turn.failure}", "note"))
    grid = _grid(answer.table) if answer and answer.table and answer.table.rows else None
    sources = tuple(_footnote(c, turn.sources.get(c.document_id)) for c in answer.citations) if answer else ()
    return Part(turn.question, tuple(lines), grid, tuple(_after(answer)) if answer else (), sources)


def _about(turn: Kept) -> Iterator[str]:
    """How it ended, when, and who wrote it."""
    yield STATUS[turn.answer.status] if turn.answer and turn.state == "done" else "Failed" if turn.state == "failed" else "Stopped"
    asked = turn.asked.astimezone()
    yield f"asked on {long_day(asked.date())}, {asked:%H:%M}"
    written = turn.answer.written if turn.answer else None
    if written and written.part == "statements":
        yield f"written by {written.model}, every statement checked against its source"
    elif turn.citations:
        yield "counted over the library" if turn.answer and turn.answer.table else "in the documents’ own words"


def _restrictions(turn: Kept) -> Iterator[Line]:
    """What the question was taken to ask, where that is more than its words."""
    understood = turn.answer.understood if turn.answer else None
    if understood and understood.question != understood.asked:
        yield Line(f"Asked as: {understood.question}", "small")
    if understood and understood.said:
        yield Line(understood.said, "small")
    elif turn.everywhere:
        yield Line(f"Asked of all documents{' that the filters let through' if turn.filters else ''}.", "small")
    if by_hand := turn.filters.restrictions:
        yield Line(f"Filters: {'; '.join(words(one) for one in by_hand)}.", "small")
    if turn.lifted:
        yield Line(f"Not narrowed by {'; '.join(words(one) for one in turn.lifted)}.", "small")


def _lead(answer: Answer) -> str:
    """The text without the lines that the table says again."""
    text = answer.text.strip()
    if answer.table and answer.table.listed and answer.table.rows:
        text = "\n".join(line for line in text.split("\n") if not _LISTED.match(line)).strip()
    return text


def _grid(table: Table) -> Grid:
    rows = (tuple(f"{cell.text} [{cell.cite}]" if cell.cite else cell.text for cell in row) for row in table.rows)
    return Grid(table.caption, table.columns, tuple(rows))


def _after(answer: Answer) -> Iterator[Line]:
    """What was left out, and what the answer covers."""
    if answer.written and answer.written.note:
        yield Line(answer.written.note, "note")
    covered = answer.coverage or {}
    checked, matched, unknown = covered.get("checked"), covered.get("matched"), covered.get("unknown")
    if isinstance(checked, int) and isinstance(matched, int) and "Checked " not in answer.text:  # else it says so itself
        yield Line(f"Coverage: {checked:,} checked, {matched:,} matched.", "small")
    if isinstance(unknown, list | tuple) and unknown:
        yield Line(f"Nothing could be told of {len(unknown):,}: {', '.join(map(str, unknown))}.", "small")


def _footnote(citation: Citation, source: Source | None) -> Footnote:
    return Footnote(citation.number, place(citation, source), citation.quote, citation.document, source.address if source else "")
