"""The library's documents as an HTML table to order, turn and tick, with what each holds and what is wrong with it.

Gives markup to documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.holdings import COLUMNS, STATES, Holding, Order
from index.types import Entry
from ui.web.inspections import badge
from ui.web.markup import count, day, esc, event_button

MOST = 100
"""Rows shown at once; the rest is turned to."""
FIGURES = ("pages", "passages", "judgements")
EMPTY = '<p class="aside">The library is empty. Drop files above to begin.</p>'


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a list are shown, from the first one ``at``, and of how many that are ``found`` of ``total``, ``held`` of them
    under embargo. ``moves`` gives the list the focus when it is new and not 0."""

    at: int
    found: int
    total: int
    held: int = 0
    moves: int = 0


def masked(entry: Entry, said: str) -> Entry:
    """An entry under embargo as it may be listed: ``said`` for its title, and nothing of what could give it away."""
    return replace(entry, title=said, service="", kind="", published=None, inspected=None, notices=())


def table_html(rows: Sequence[Holding], order: Order, part: Part) -> str:
    """The rows of a part of the list, which are those to show."""
    head = "".join(_head(name, label, order) for name, (label, _) in COLUMNS.items())
    focus = f' tabindex="-1" data-focus="{part.moves}"' if part.moves else ""
    return (
        f'<table class="grid sortable documents"><caption{focus}>{_caption(part)}</caption>'
        f'<thead><tr><th scope="col"><span class="unseen">Choose</span></th>{head}</tr></thead>'
        f'<tbody>{"".join(_row(one) for one in rows)}</tbody></table>{_pager(part)}'
        f'<p class="foot">{event_button("choose", "Remove ticked documents…")}</p>'
    )


def none_html(total: int, held: int) -> str:
    """Said where nothing matches."""
    under = f", {held:,} of them under embargo" if held else ""
    return f'<p class="empty" role="status">None of {count(total, "document")}{under} matches. Take a filter back to see more.</p>'


def _caption(part: Part) -> str:
    under = f", {part.held:,} of them under embargo" if part.held else ""
    shown = f"; {part.at + 1:,} to {min(part.at + MOST, part.found):,} are shown" if part.found > MOST else ""
    return f"{'' if part.found == part.total else f'{part.found:,} of '}{count(part.total, 'document')}{under}{shown}"


def _pager(part: Part) -> str:
    """Buttons to turn the list; one that leads nowhere stays, so that it keeps the focus."""
    if part.found <= MOST:
        return ""
    parts = []
    for label, to in ((f"Previous {MOST}", part.at - MOST), (f"Next {MOST}", part.at + MOST)):
        data = f'data-event="lot" data-at="{to}"' if 0 <= to < part.found else 'aria-disabled="true"'
        parts.append(f'<button type="button" class="tool" {data}>{label}</button>')
    return f'<nav class="pager" aria-label="Pages of the list">{"".join(parts)}</nav>'


def _head(name: str, label: str, order: Order) -> str:
    """A column's head, which orders the rows by it, the other way round when they are already."""
    here = order.column == name
    sort = ("descending" if order.down else "ascending") if here else "none"
    arrow = f'<span aria-hidden="true">{("▼" if order.down else "▲") if here else "↕"}</span>'
    css = f"by-{name} figure" if name in FIGURES else f"by-{name}"
    return (
        f'<th scope="col" class="{css}" aria-sort="{sort}"><button type="button" class="order" data-event="sort" '
        f'data-column="{name}">{label} {arrow}</button></th>'
    )


def _row(one: Holding) -> str:
    entry = one.entry
    title = event_button("document", entry.title or entry.name, "plain title", {"document": entry.id})
    file = f'<span class="aside"><bdi>{esc(entry.name)}</bdi></span>'
    cells = [
        ("Service", f"<bdi>{esc(entry.service)}</bdi>", "service"), ("Kind", esc(entry.kind.capitalize()), "kind"),
        ("Published", _day(entry), "day"), ("Pages", f"{entry.pages:,}", "figure"), ("Passages", f"{entry.passages:,}", "figure"),
        ("Judgements", f"{one.judgements:,}" if one.judgements else "", "figure"),
        ("Overall", badge(one.overall) if one.overall else "", "overall"), ("Added", day(entry.added), "day added"),
    ]  # fmt: skip
    rest = "".join(f'<td class="{css}" data-label="{label}">{html}</td>' for label, html, css in cells)
    tick = f'<input type="checkbox" value="{esc(entry.id)}" aria-label="Choose {esc(entry.title)}">'
    return f'<tr><td class="tick">{tick}</td><th scope="row">{title}{file}{_states(one)}</th>{rest}</tr>'


def _day(entry: Entry) -> str:
    """The day of publication; else when it was inspected, said to be that."""
    if entry.published or not entry.inspected:
        return day(entry.published)
    return f'<span class="aside">inspected {day(entry.inspected)}</span>'


def _states(one: Holding) -> str:
    """What is wrong with it, in words; the remarks of its reading themselves in place of that there are some."""
    said = [STATES[state] for state in one.states if state not in ("held", "noted")] + list(one.entry.notices)
    return "".join(f'<span class="problem">{esc(text.rstrip("."))}.</span>' for text in said)


def ask_removal(entries: Sequence[Entry], moves: int) -> str:
    """The question before a removal, with what would go."""
    names = "".join(f"<li><bdi>{esc(e.title)}</bdi> (<bdi>{esc(e.name)}</bdi>)</li>" for e in entries[:10])
    more = f"<li>and {len(entries) - 10:,} more</li>" if len(entries) > 10 else ""
    return (
        f'<h3 tabindex="-1" data-focus="{moves}">Remove {count(len(entries), "document")} from the library?</h3>'
        f"<ul>{names}{more}</ul><p>Your own files stay where they are. Answers will no longer rest on these.</p>"
    )
