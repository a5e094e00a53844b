"""The inspections that match, as an HTML table that can be put in another order, and what was checked. Gives markup to findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assistant.findings import Findings, Inspection
from corpus.types import Fact
from ui.coverage import Coverage, subject_word
from ui.exporting import days_of
from ui.web.markup import count, day, esc, event_button

MOST = 500
"""Rows drawn at once; what is downloaded is never cut."""
FEW = 5
"""So many files are named in the sentence itself; more are folded away under it."""
SHADES = {2: (0, 5), 3: (0, 4, 5), 4: (0, 1, 4, 5), 5: (0, 1, 3, 4, 5), 6: (0, 1, 2, 3, 4, 5)}
"""Which of six colours, from that of the best grade to that of the worst, the grades of a scale get, by its length."""
_UNRANKED = 1_000


@dataclass(frozen=True, slots=True)
class Order:
    """Which column the rows are ordered by, and whether downwards."""

    column: str = "service"
    down: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An inspection with the judgement that is asked about, and the one of the inspection before it."""

    one: Inspection
    fact: Fact | None
    earlier: Inspection | None
    before: Fact | None

    @property
    def turned(self) -> str:
        """``improved``, ``declined`` or ``same``; empty where the two are not on one scale."""
        fact, before = self.fact, self.before
        if not fact or not before or fact.rank is None or before.rank is None or fact.scale != before.scale:
            return ""
        return "same" if fact.rank == before.rank else "improved" if fact.rank < before.rank else "declined"


def rows_for(findings: Findings, inspections: Sequence[Inspection], subject: str) -> list[Row]:
    """The rows in the order of the inspections."""
    rows = []
    for one in inspections:
        earlier = findings.before(one)
        rows.append(Row(one, one.judged(subject), earlier, earlier.judged(subject) if earlier else None))
    return rows


COLUMNS: dict[str, tuple[str, Callable[[Row], object]]] = {
    "service": ("Service", lambda row: row.one.name.casefold()),
    "published": ("Published", lambda row: row.one.entry.published),
    "inspected": ("Inspected", lambda row: days_of(row.one)[1]),
    "grade": ("Grade", lambda row: row.fact),
    "before": ("Previous grade", lambda row: row.before),
    "inspector": ("Inspector", lambda row: row.one.value("inspector").casefold()),
}
"""What the rows can be ordered by: the head of the column, and what is compared."""


def ordered(rows: Sequence[Row], order: Order) -> list[Row]:
    """The rows by a column, rows that are equal there as they were; what is not known comes last both ways."""
    value = COLUMNS[order.column][1] if order.column in COLUMNS else COLUMNS["service"][1]

    def key(row: Row) -> tuple[Any, ...]:
        found = value(row)
        if isinstance(found, Fact):
            return (_UNRANKED if found.rank is None else found.rank, found.value)
        return (found,)

    known = [row for row in rows if value(row)]
    return sorted(known, key=key, reverse=order.down) + [row for row in rows if not value(row)]


def shade(grade: str, scale: Sequence[str]) -> int | None:
    """The colour of a grade by where it stands on its scale; None for what is on none, or on one of more than six."""
    return SHADES[len(scale)][scale.index(grade)] if grade in scale and len(scale) in SHADES else None


def badge(fact: Fact) -> str:
    """A grade in its colour; the word says it, the colour repeats it."""
    colour = shade(fact.value, fact.scale)
    return f'<span class="grade{"" if colour is None else f" g{colour}"}"><bdi>{esc(fact.value)}</bdi></span>'


def coverage_html(coverage: Coverage) -> str:
    """What was checked, as a paragraph; more than a few files are folded away under it."""
    lead, folded = esc(coverage.lead), ""
    for gap in coverage.gaps:
        names = "".join(f"<li><bdi>{esc(name)}</bdi></li>" for name in gap.files)
        if len(gap.files) > FEW:
            lead += f"; {esc(gap.said)} (listed below)"
            folded += f"<details><summary>{esc(gap.said)}</summary><ul class=\"files\">{names}</ul></details>"
        else:
            lead += f"; {esc(gap.said)}: " + ", ".join(f"<bdi>{esc(name)}</bdi>" for name in gap.files)
    return f'<div class="coverage"><p role="status">{lead}.</p>{folded}</div>'


def table_html(rows: Sequence[Row], subject: str, order: Order, opened: str = "", focus: tuple[str, int] = ("", 0)) -> str:
    """The rows as a table. ``opened`` is the document whose page is open, ``focus`` one whose button is to have the focus, and a number
    that is another each time."""
    head = "".join(_head(name, label, order) for name, (label, _) in COLUMNS.items()) + '<th scope="col">Source</th>'
    body = "".join(_row(row, subject, opened, focus) for row in rows[:MOST])
    cut = f"; the first {MOST:,} are drawn here: narrow the filters, or download all {len(rows):,}" if len(rows) > MOST else ""
    return (
        f'<table class="grid sortable inspections{" beside" if opened else ""}"><caption>{count(len(rows), "inspection")}, '
        f"with the judgement: {esc(subject_word(subject))}{cut}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _head(name: str, label: str, order: Order) -> str:
    """A column's head, which orders the rows by it, the other way round when they are already."""
    here = order.column == name
    sort = ("descending" if order.down else "ascending") if here else "none"
    arrow = f'<span aria-hidden="true">{("▼" if order.down else "▲") if here else "↕"}</span>'
    return (
        f'<th scope="col" class="by-{name}" aria-sort="{sort}"><button type="button" class="order" data-event="sort" '
        f'data-column="{name}">{label} {arrow}</button></th>'
    )


def _row(row: Row, subject: str, opened: str, focus: tuple[str, int]) -> str:
    one = row.one
    cells = [
        ("Published", "published day", day(one.entry.published)), ("Inspected", "inspected day", between(*days_of(one))),
        ("Grade", "judged", _grade(row.fact, subject)), ("Previous grade", "before", _before(row)),
        ("Inspector", "inspector", f"<bdi>{esc(one.value('inspector'))}</bdi>"), ("Source", "source", _source(row, opened, focus)),
    ]  # fmt: skip
    rest = "".join(f'<td class="{css}" data-label="{label}">{html}</td>' for label, css, html in cells)
    here = ' class="open"' if one.entry.id == opened else ""
    return f'<tr{here}><th scope="row"><bdi>{esc(one.name)}</bdi></th>{rest}</tr>'


def _grade(fact: Fact | None, subject: str) -> str:
    said = f'<span class="aside of"><bdi>{esc(subject)}</bdi></span>' if subject else ""
    return (badge(fact) if fact else '<span class="aside">not read</span>') + said


def _before(row: Row) -> str:
    """The grade before, and whether this one is better; that there was one whose grade could not be read is said too."""
    if not row.earlier:
        return ""
    since = row.earlier.day.year if row.earlier.day else ""
    if not row.before:
        return f'<span class="aside">not read ({since})</span>'
    arrow = {"improved": "↑", "declined": "↓", "same": "→"}.get(row.turned, "")
    turned = f'<span class="turned {row.turned}"><span aria-hidden="true">{arrow}</span> {row.turned}</span>' if row.turned else ""
    return f"<bdi>{esc(row.before.value)}</bdi> <span class=\"aside\">({since})</span> {turned}"


def _source(row: Row, opened: str, focus: tuple[str, int]) -> str:
    """The button that opens the page; words where there is no place to open."""
    fact, entry = row.fact, row.one.entry
    if not fact:
        return ""
    if not fact.page:
        return '<span class="aside">corrected by hand</span>' if fact.corrected else '<span class="aside">not in the text</span>'
    data: dict[str, object] = {"document": entry.id, **({"focus": focus[1]} if focus[0] == entry.id else {})}
    spoken = f"Page {fact.page} of {entry.name}, where the grade of {row.one.name} stands"
    return event_button("source", f"Page {fact.page}", data=data, spoken=spoken, current=entry.id == opened)


def between(since: date | None, until: date | None) -> str:
    """``2–25 Jun 2014``, ``28 Feb–4 Mar 2019``, whole months ``Mar–Apr 2019``; one day alone; empty for none."""
    if not since or not until or since == until:
        return day(until or since)
    if since.day == 1 and (until + timedelta(days=1)).day == 1 and since.year == until.year:
        return f"{'' if since.month == until.month else f'{since:%b}–'}{until:%b %Y}"
    if since.year != until.year:
        return f"{day(since)}–{day(until)}"
    return f"{since.day}{'' if since.month == until.month else f' {since:%b}'}–{day(until)}"
