"""Writes findings as tables for other programs: CSV and XLSX. The only module that imports xlsxwriter.

Takes inspections that were chosen; gives bytes to the page. What other people wrote is never taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter

from assistant.findings import Findings, Inspection
from assistant.types import Citation, Table
from ui.coverage import subject_word

Cell = str | int | date | None
HEADS = (
    "Service", "Type", "Region", "Published", "Inspected from", "Inspected to", "Judgement", "Grade", "Inspector", "Document", "Page",
    "Quote", "Corrected", "Previous grade", "Previous published",
)  # fmt: skip
_WIDTHS = (34, 26, 20, 12, 14, 14, 24, 22, 22, 40, 7, 60, 11, 22, 18)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula, or skip and then find one."""
_CELL = 32_767
"""So many characters fit into a cell of XLSX."""


def rows_of(findings: Findings, inspections: Iterable[Inspection], subject: str) -> list[tuple[Cell, ...]]:
    """A row for each inspection, in their order, with the judgement of ``subject``. Columns as in HEADS; None where unknown."""
    return [_row(findings, one, subject) for one in inspections]


def _row(findings: Findings, one: Inspection, subject: str) -> tuple[Cell, ...]:
    fact, earlier = one.judged(subject), findings.before(one)
    before = earlier.judged(subject) if earlier else None
    since, until = days_of(one)
    return (
        one.name, one.value("type"), one.value("region"), one.entry.published, since, until, subject_word(subject),
        fact.value if fact else None, one.value("inspector"), one.entry.name, fact.page or None if fact else None,
        fact.quote if fact else None, ("yes" if fact.corrected else "no") if fact else None, before.value if before else None,
        earlier.entry.published if earlier else None,
    )  # fmt: skip


def days_of(one: Inspection) -> tuple[date | None, date | None]:
    """The first and the last day of its fieldwork, as far as they are known."""
    first, _, last = one.value("fieldwork").partition("/")
    until = date.fromisoformat(last or first) if first else one.entry.inspected
    return (date.fromisoformat(first) if first else until), until


def as_csv(rows: Iterable[Sequence[Cell]], heads: Sequence[str] = HEADS) -> bytes:
    """The rows under their ``heads``: UTF-8 with a byte order mark, which spreadsheets ask for; days as 2019-07-17.

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_plain(head) for head in heads])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    """A cell as text; numbers and days are our own and stay as they are."""
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULAS) else cell


def csv_of(table: Table, citations: Sequence[Citation]) -> bytes:
    """An answer's table in the same form, each cell that was read somewhere followed by its document, page and quote."""
    by_number = {citation.number: citation for citation in citations}
    cited = [n for n in range(len(table.columns)) if any(row[n].cite for row in table.rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    places = (f"{table.columns[n]}: {what}" for n in cited for what in ("document", "page", "quote"))
    writer.writerow([_plain(name) for name in (*table.columns, *places)])
    for row in table.rows:
        found = [by_number.get(row[n].cite or 0) for n in cited]
        told = [value for c in found for value in ((c.document, str(c.page), c.quote) if c else ("", "", ""))]
        writer.writerow([_plain(value) for value in (*(cell.text for cell in row), *told)])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[Cell]], about: Sequence[str]) -> bytes:
    """A workbook: the rows on "Findings" with filters and a fixed head, and on "About" a line each of ``about``."""
    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, plain) as book:
        head, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Findings")
        for column, (name, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, days)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows)), len(HEADS) - 1)
        told = book.add_worksheet("About")
        told.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
        for number, line in enumerate(about):
            told.write_string(number, 0, line[:_CELL])
    return out.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, days: xlsxwriter.format.Format) -> None:
    """One cell by its kind; nothing for None and for no text."""
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, cell[:_CELL])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, days)
    elif cell is not None:
        sheet.write_number(row, column, cell)
