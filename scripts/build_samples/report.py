"""Sets a Report as a PDF: blocks → flowables → pages. Takes values from content; gives bytes to the command line."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import BalancedColumns, CondPageBreak, NextPageTemplate, PageBreak, Paragraph, Spacer

from . import layout, pieces, style
from .content import TEXT, Report
from .markup import Block, Box, Columns, Grid, Heading, Items, Para, Place, each_note, marked, typeset

_PLACES: dict[str, Callable[[Report], list[Any]]] = {
    "ratings": pieces.ratings_table,
    "facts": pieces.facts_table,
    "results": pieces.results_table,
    "offices": pieces.offices_table,
    "figure": pieces.figure,
}


def report_pdf(report: Report, earlier: Mapping[str, Report]) -> bytes:
    """The whole PDF. ``earlier`` holds the other reports by slug, for a comparison with a former inspection."""
    house = tomllib.loads((TEXT / "house.toml").read_text("utf-8"))
    facts, out = report.facts, io.BytesIO()
    pages = layout.ReportPages(
        out,
        running=f"{facts['title']}: {facts['short']}",
        notice=house["footer"],
        published=report.published,
        title=f"{facts['title']}: {facts['service']}",
        author=house["inspectorate"],
        subject=f"{house['subject']} Overall rating: {facts['overall']}.",
        keywords=house["keywords"],
        creator=house["inspectorate"],
    )
    setter = _Setter(report, earlier, pages, _hyphens(house["hyphenation"]))
    pages.write([*_cover(report, house), *_contents(house, report), *setter.all(report.blocks)])
    return out.getvalue()


class _Setter:
    """Sets the blocks of one report, in order; footnotes are numbered as they come."""

    def __init__(
        self, report: Report, earlier: Mapping[str, Report], pages: layout.ReportPages, hyphens: Callable[[str], str]
    ) -> None:
        self._report, self._earlier, self._pages, self._hyphens = report, earlier, pages, hyphens
        self._by_number = {standard.number: standard for standard in report.standards}

    def all(self, blocks: Sequence[Block]) -> Iterator[Any]:
        for block in blocks:
            yield from self._one(block, style.BODY)

    def _one(self, block: Block, body: ParagraphStyle) -> Iterator[Any]:
        match block:
            case Heading():
                yield from self._heading(block)
            case Para(text):
                yield Paragraph(self._inline(text), body)
            case Items(items, start):
                look = style.NUMBERED if start else style.ITEM
                for count, item in enumerate(items, start):
                    yield Paragraph(self._inline(item), look, bulletText=f"{count}." if start else "\u2022")
            case Box(title, text):
                inside = [Paragraph(self._inline(title), style.SIDE), Paragraph(self._inline(text), style.BODY)]
                yield pieces.boxed(inside)
            case Grid(rows):
                yield pieces.grid(rows)
            case Columns(inner):
                columns = [piece for each in inner for piece in self._one(each, style.NARROW)]
                yield BalancedColumns(columns, nCols=2, needed=72, innerPadding=18, leftPadding=0, rightPadding=0)
            case Place(name):
                yield from self._place(name)

    def _heading(self, heading: Heading) -> Iterator[Any]:
        if heading.level == 1:
            follows_on = heading.text.startswith("Annexe") and not heading.text.startswith("Annexe 1")
            yield CondPageBreak(110 * mm if follows_on else 0.62 * layout.FRAME_HEIGHT)
            yield Paragraph(typeset(heading.text), style.CHAPTER)
            return
        if heading.level == 3:
            yield Paragraph(typeset(heading.text), style.SIDE)
            return
        yield CondPageBreak(45 * mm)
        yield Paragraph(typeset(heading.text), style.SECTION)
        if standard := self._by_number.get(heading.text.split()[0]):
            yield pieces.grade_strip(standard)

    def _place(self, name: str) -> Iterator[Any]:
        what, _, slug = name.partition(" ")
        if what == "comparison":
            yield from pieces.comparison_table(self._report, self._earlier[slug])
        else:
            yield from _PLACES[what](self._report)

    def _inline(self, text: str) -> str:
        """The markup of reportlab for ``text``: escaped, hyphenated, emphasised, with footnotes called."""
        text = self._hyphens(typeset(text).replace("&", "&amp;"))
        return each_note(marked(text, "<b>%s</b>", "<i>%s</i>"), self._pages.note)


def _hyphens(words: Sequence[str]) -> Callable[[str], str]:
    """Puts soft hyphens into the given words (written ``re-hab-il-i-ta-tion``) wherever they stand in a text."""
    parts = {word.replace("-", ""): word.replace("-", "\u00ad") for word in words}
    known = re.compile(r"\b(" + "|".join(sorted(parts, key=len, reverse=True)) + r")")
    return lambda text: known.sub(lambda found: parts[found[1]], text)


def _cover(report: Report, house: Mapping[str, Any]) -> Iterator[Any]:
    facts = report.facts
    white = ParagraphStyle("cover", fontName="Helvetica", fontSize=17, leading=22, textColor=style.WHITE, spaceAfter=10)
    large = ParagraphStyle("cover_large", white, fontName="Helvetica-Bold", fontSize=29, leading=35, spaceAfter=14)
    yield Spacer(1, 26 * mm)
    yield Paragraph(facts["title"], large)
    yield Paragraph(facts["service"], ParagraphStyle("cover_service", white, fontSize=21, leading=27))
    yield Spacer(1, 6 * mm)
    yield Paragraph(f"Published {report.published.day} {report.published:%B %Y}", white)
    yield Paragraph(f"Fieldwork: {facts['fieldwork']}", ParagraphStyle("cover_small", white, fontSize=12, leading=16))
    yield layout.FillTo(58 * mm)
    yield pieces.boxed([Paragraph(f"<b>{house['cover_notice_title']}</b> {house['cover_notice']}", style.CELL)])
    yield Paragraph(house["cover_line"], style.SMALL)
    yield NextPageTemplate("body")
    yield PageBreak()


def _contents(house: Mapping[str, Any], report: Report) -> Iterator[Any]:
    look = ParagraphStyle("contents_title", style.CHAPTER)
    yield Paragraph("Contents", look)
    yield layout.contents()
    yield layout.FillTo(48 * mm)
    for line in house["imprint"]:
        yield Paragraph(line.format(**report.facts), style.SMALL)
