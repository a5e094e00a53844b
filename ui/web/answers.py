"""The table of an answer that was counted over the library: all its rows, sortable, with citations, and as a CSV to take.

Takes a Turn; gives markup to conversation. What the text lists row by row is not said twice.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from assistant.types import Cell, Table
from ui.exporting import csv_of
from ui.web.markup import esc
from ui.web.talk import Talk, Turn

_LISTED = re.compile(r"^(?:• |… and \d+ more)")
MOST = 200
"""So many rows are drawn; the CSV has all."""
_LARGEST = 3_000_000
"""A CSV of more bytes than this does not go into the page; the Findings tab has it."""


def lead_of(text: str, table: Table) -> str:
    """The answer's text without the lines that the table says again."""
    if not table.listed:
        return text
    return "\n".join(line for line in text.split("\n") if not _LISTED.match(line))


def table_html(turn: Turn, talk: Talk) -> str:
    """The table with its caption and download; empty for an answer without one."""
    table = turn.answer.table if turn.answer else None
    if table is None or not table.rows:
        return ""
    column, down = talk.orders.get(turn.number, (-1, False))
    rows = ordered(table, column, down)
    heads = "".join(_head(turn, number, name, column, down) for number, name in enumerate(table.columns))
    body = "".join(_row(turn, talk, table.columns, row) for row in rows[:MOST])
    cut = f'<p class="aside">The first {MOST} of {len(rows):,} rows are shown; the download has all.</p>' if len(rows) > MOST else ""
    return (
        f'<div class="answer-table" tabindex="0" role="region" aria-label="{esc(table.caption)}">'
        f'<table class="grid sortable counted"><caption>{esc(table.caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{cut}{_download(turn, table)}"
    )


def ordered(table: Table, column: int, down: bool) -> list[tuple[Cell, ...]]:
    """The rows by one column (their own order for −1), empty cells last."""
    if not 0 <= column < len(table.columns):
        return list(table.rows)
    told = [row for row in table.rows if row[column].text]
    told.sort(key=lambda row: _order(row[column].text), reverse=down)
    return told + [row for row in table.rows if not row[column].text]


def _order(text: str) -> tuple[float, str]:
    """Numbers and shares by size, all else by letters."""
    number = re.fullmatch(r"([\d.,]+)\s*%?", text)
    return (float(number[1].replace(",", "")) if number else float("inf"), text.casefold())


def _head(turn: Turn, number: int, name: str, column: int, down: bool) -> str:
    sort = "none" if number != column else "descending" if down else "ascending"
    data = f'data-event="sort" data-turn="{turn.number}" data-column="{number}"'
    return (
        f'<th scope="col" aria-sort="{sort}"><button type="button" class="order" {data}>{esc(name)}'
        f'<span aria-hidden="true">{"▼" if sort == "descending" else "▲"}</span></button></th>'
    )


def _row(turn: Turn, talk: Talk, columns: Sequence[str], row: Sequence[Cell]) -> str:
    cells = (_cell(turn, talk, name, cell, number == 0) for number, (name, cell) in enumerate(zip(columns, row, strict=True)))
    return f"<tr>{''.join(cells)}</tr>"


def _cell(turn: Turn, talk: Talk, name: str, cell: Cell, first: bool) -> str:
    mark = ""
    if cell.cite and (citation := turn.citation(cell.cite)):
        here = " aria-current=true" if talk.shown == turn.number and talk.opened == cell.cite else ""
        spoken = esc(f"Source {cell.cite}: {citation.title}, page {citation.page}")
        mark = (
            f' <button type="button" class="cite" data-event="cite" data-turn="{turn.number}" data-number="{cell.cite}" '
            f'aria-label="{spoken}"{here}>[{cell.cite}]</button>'
        )
    tag = 'th scope="row"' if first else f'td data-label="{esc(name)}"'
    return f"<{tag}><bdi>{esc(cell.text)}</bdi>{mark}</{tag.split()[0]}>"


def _download(turn: Turn, table: Table) -> str:
    if not turn.csv:  # made once: the page is drawn again with every answer that grows
        data = csv_of(table, turn.citations)
        turn.csv = base64.b64encode(data).decode("ascii") if len(data) <= _LARGEST else "-"
    if turn.csv == "-":
        return '<p class="aside">This table is too large to be saved from here; the Findings tab can save it.</p>'
    link = f"data:text/csv;charset=utf-8;base64,{turn.csv}"
    return f'<p class="foot"><a class="plain download" download="answer-{turn.number}.csv" href="{link}">Download as CSV</a></p>'
