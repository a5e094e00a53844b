"""Turns facts into tables, boxes and one figure. Takes values from content; gives flowables to report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

from . import style
from .content import GRADES, Report, Result, Standard, spoken
from .markup import typeset

_LINES = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, style.RULE),
    ("TOPPADDING", (0, 0), (-1, -1), 3.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.8),
]
_HEAD = [("BACKGROUND", (0, 0), (-1, 0), style.DEEP), ("VALIGN", (0, 0), (-1, 0), "BOTTOM")]


def ratings_table(report: Report) -> list[Any]:
    """The ten standards with their grades and points, and the overall rating under them."""
    rows: list[list[Any]] = [_heads("", "Standard", "Rating", "Points")]
    rules: list[tuple[Any, ...]] = [*_LINES, *_HEAD]
    domain = ""
    for standard in report.standards:
        if standard.domain != domain:
            domain = standard.domain
            rules += [("BACKGROUND", (0, len(rows)), (-1, len(rows)), style.PALE), ("SPAN", (0, len(rows)), (-1, len(rows)))]
            rows.append([Paragraph(domain, style.CELL_BOLD)])
        rules.append(("BACKGROUND", (2, len(rows)), (2, len(rows)), style.GRADE_COLOURS[standard.grade][0]))
        points = GRADES.index(standard.grade)
        rows.append([_cell(standard.number), _cell(standard.name), _grade_cell(standard.grade), _cell(str(points))])
    rules.append(("BACKGROUND", (2, len(rows)), (2, len(rows)), style.GRADE_COLOURS[report.facts["overall"]][0]))
    overall = [_bold("Overall rating"), _grade_cell(report.facts["overall"]), _bold(f"{report.facts['score']} of 30")]
    rows.append(["", *overall])
    return [_table(rows, (12 * mm, 84 * mm, 48 * mm, 22 * mm), rules)]


def facts_table(report: Report) -> list[Any]:
    """What the service is, in figures."""
    rows = [[_bold(label), _cell(spoken(value))] for label, value in report.facts["facts"].items()]
    rules = [*_LINES, ("BACKGROUND", (0, 0), (0, -1), style.PALE)]
    return [_table(rows, (88 * mm, 78 * mm), rules, heads=0)]


def results_table(report: Report) -> list[Any]:
    """Every question with its count; long enough to run over a page, so the heading row repeats."""
    rows: list[list[Any]] = [_heads("", "Question", "Yes", "Of", "Per cent")]
    rules: list[tuple[Any, ...]] = [*_LINES, *_HEAD]
    groups = [(f"{one.number} {one.name}", one.results) for one in report.standards if one.results]
    for name, results in [*groups, ("Staff interviewed", report.staff)]:
        rules += [("BACKGROUND", (0, len(rows)), (-1, len(rows)), style.PALE), ("SPAN", (0, len(rows)), (-1, len(rows)))]
        rows.append([Paragraph(name, style.CELL_BOLD)])
        rows += [_result_row(result) for result in results]
    return [_table(rows, (11 * mm, 110 * mm, 13 * mm, 13 * mm, 19 * mm), rules)]


def offices_table(report: Report) -> list[Any]:
    """Where the cases came from, with a line of totals."""
    heads, body = report.facts["offices"]["heads"], report.facts["offices"]["rows"]
    totals = ["All offices", *(sum(row[column] for row in body) for column in range(1, len(heads)))]
    rows = [_heads(*heads), *([_cell(str(value)) for value in row] for row in body), [_bold(str(value)) for value in totals]]
    rest = (166 - 46) / (len(heads) - 1)
    return [_table(rows, (46 * mm, *([rest * mm] * (len(heads) - 1))), [*_LINES, *_HEAD])]


def comparison_table(report: Report, earlier: Report) -> list[Any]:
    """The ten grades of two inspections of one service side by side."""
    years = [str(one.published.year) for one in (earlier, report)]
    rows = [_heads("Standard", *years)]
    rules: list[tuple[Any, ...]] = [*_LINES, *_HEAD]
    for was, now in zip(earlier.standards, report.standards, strict=True):
        for column, grade in ((1, was.grade), (2, now.grade)):
            rules.append(("BACKGROUND", (column, len(rows)), (column, len(rows)), style.GRADE_COLOURS[grade][0]))
        rows.append([_cell(now.name), _grade_cell(was.grade), _grade_cell(now.grade)])
    rows.append([_bold("Score out of 30"), _bold(str(earlier.facts["score"])), _bold(str(report.facts["score"]))])
    return [_table(rows, (70 * mm, 48 * mm, 48 * mm), rules)]


def figure(report: Report) -> list[Any]:
    """A bar for each key question of case supervision, with its percentage."""
    results = [result for standard in report.standards if standard.number.startswith("3.") for result in standard.results[:3]]
    step, left, full = 15.0, 262.0, 170.0
    drawing = Drawing(style.BODY_WIDTH, step * len(results) + 4)
    for place, result in enumerate(reversed(results)):
        y = 4 + place * step
        length = full * result.per_cent / 100
        drawing.add(Rect(left, y, full, 9, fillColor=style.PALE, strokeColor=None))
        drawing.add(Rect(left, y, length, 9, fillColor=style.TEAL, strokeColor=None))
        label = typeset(f"{result.ref}  {result.question}")
        drawing.add(String(0, y + 2, label, fontName="Helvetica", fontSize=7.6, fillColor=style.INK))
        words = f"{result.per_cent}%"
        drawing.add(String(left + full + 5, y + 2, words, fontName="Helvetica-Bold", fontSize=8, fillColor=style.INK))
    return [drawing, Spacer(1, 8)]


def grade_strip(standard: Standard) -> Table:
    """The line under a standard's heading that says how it was rated."""
    ground, ink = style.GRADE_COLOURS[standard.grade]
    cells = [[_cell(f"Our rating of {standard.name.lower()}"), _grade_cell(standard.grade)]]
    strip = Table(cells, (118 * mm, 48 * mm), hAlign="LEFT", spaceAfter=7, style=TableStyle(_LINES))
    strip.setStyle(TableStyle([("BACKGROUND", (1, 0), (1, 0), ground), ("TEXTCOLOR", (1, 0), (1, 0), ink)]))
    strip.keepWithNext = 1
    return strip


def boxed(flowables: Sequence[Any]) -> Table:
    """A tinted box with a coloured edge, never broken over pages."""
    rules = [
        ("BACKGROUND", (0, 0), (-1, -1), style.PALE),
        ("LINEBEFORE", (0, 0), (0, -1), 3, style.TEAL),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
    ]
    return Table([[list(flowables)]], (style.BODY_WIDTH,), hAlign="LEFT", spaceBefore=4, spaceAfter=9, style=TableStyle(rules))


def grid(rows: Sequence[Sequence[str]]) -> Table:
    """A table written in the text itself; the first column is twice as wide as the others."""
    share = style.BODY_WIDTH / (len(rows[0]) + 1)
    cells = [_heads(*rows[0]), *([_cell(words) for words in row] for row in rows[1:])]
    return _table(cells, (2 * share, *([share] * (len(rows[0]) - 1))), [*_LINES, *_HEAD])


def _table(rows: list[Any], widths: Iterable[float], rules: Sequence[Any], heads: int = 1) -> Table:
    return Table(rows, tuple(widths), repeatRows=heads, hAlign="LEFT", spaceBefore=3, spaceAfter=10, style=TableStyle(rules))


def _result_row(result: Result) -> list[Any]:
    return [_cell(words) for words in (result.ref, result.question, str(result.yes), str(result.of), f"{result.per_cent}%")]


def _heads(*words: str) -> list[Any]:
    return [Paragraph(each, style.CELL_HEAD) for each in words]


def _cell(words: str) -> Paragraph:
    return Paragraph(typeset(words), style.CELL)


def _bold(words: str) -> Paragraph:
    return Paragraph(typeset(words), style.CELL_BOLD)


def _grade_cell(grade: str) -> Paragraph:
    ink = style.GRADE_COLOURS[grade][1].hexval().replace("0x", "#")
    return Paragraph(f'<font color="{ink}"><b>{grade}</b></font>', style.CELL)
