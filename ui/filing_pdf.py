"""Writes a Paper as PDF. The only module that imports reportlab. Text is escaped before reportlab, which reads markup, sees it.

The fonts come with reportlab and know the letters of most of Europe. What they lack is set in a font of this computer, if one
is found that has it, and else shown by its number ([U+0416]): no character is dropped in silence.
"""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer

from ui.filing import Footnote, Grid, Line, Paper, Part, clean

_WIDER = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf", "/Library/Fonts/Arial Unicode.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf", "C:/Windows/Fonts/arial.ttf",
)  # fmt: skip
_SPACES = re.compile("[\u2000-\u200a\u202f\u205f\u3000\u00a0]")
_HYPHENS = re.compile("[\u2010\u2011]")
_SOFT = colors.HexColor("#4a5358")
_WIDTH = A4[0] - 4.4 * cm - 12  # a frame pads its text by 6 points on each side

_TEXT = ParagraphStyle("text", fontName="Vera", fontSize=10, leading=15, spaceAfter=7)
_STYLES = {
    "text": _TEXT,
    "note": ParagraphStyle("note", _TEXT, backColor=colors.HexColor("#f3f4f5"), borderPadding=5, spaceBefore=6, spaceAfter=11),
    "small": ParagraphStyle("small", _TEXT, fontSize=8.5, leading=12, textColor=_SOFT, spaceAfter=4),
    "title": ParagraphStyle("title", _TEXT, fontName="VeraBd", fontSize=18, leading=24, spaceAfter=4),
    "question": ParagraphStyle("question", _TEXT, fontName="VeraBd", fontSize=13, leading=18, spaceBefore=16, keepWithNext=1),
    "head": ParagraphStyle("head", _TEXT, fontName="VeraBd", fontSize=10.5, spaceBefore=8, spaceAfter=4, keepWithNext=1),
    "caption": ParagraphStyle("caption", _TEXT, fontName="VeraBd", fontSize=9, leading=13, spaceBefore=6, spaceAfter=4),
    "place": ParagraphStyle("place", _TEXT, spaceAfter=0, keepWithNext=1),
    "quote": ParagraphStyle("quote", _TEXT, leftIndent=16, fontSize=9.5, leading=14, spaceAfter=10),
    "cell": ParagraphStyle("cell", _TEXT, fontSize=8, leading=11, spaceAfter=0),
}


def as_pdf(paper: Paper) -> bytes:
    """The whole paper on A4, pages numbered, with the title in the file's properties."""
    _fonts()
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=2.2 * cm, rightMargin=2.2 * cm, topMargin=2 * cm, bottomMargin=2 * cm,
        title=clean(paper.title), author="Inspection Assistant", lang="en-GB",
    )  # fmt: skip
    story: list[Flowable] = [_set(paper.title, "title"), _set(paper.subtitle, "small")]
    for part in paper.parts:
        story += _part(part)
    page.build(story, onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont("Vera", 8)
    canvas.drawRightString(A4[0] - 2.2 * cm, 1.1 * cm, f"Page {document.page}")


def _part(part: Part) -> list[Flowable]:
    heading = [CondPageBreak(4 * cm), _set(part.question, "question")] if part.question else []
    story: list[Flowable] = [*heading, *(_line(line) for line in part.lines)]
    if part.grid:
        story += [CondPageBreak(3 * cm), _set(part.grid.caption, "caption"), _grid(part.grid), Spacer(1, 10)]
    story += [_line(line) for line in part.after]
    if part.sources:
        story.append(_set("Sources", "head"))
    for source in part.sources:
        story += _source(source)
    return story


def _line(line: Line) -> Paragraph:
    return Paragraph(f"<b>Note:</b> {_safe(line.text)}", _STYLES["note"]) if line.style == "note" else _set(line.text, line.style)


def _grid(grid: Grid) -> LongTable:
    """A table whose heads are on every page that it goes over, and whose cells wrap, over pages too."""
    heads = [Paragraph(f"<b>{_safe(head)}</b>", _STYLES["cell"]) for head in grid.heads]
    rows = [[_set(cell, "cell") for cell in row] for row in grid.rows]
    lines = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#b1b8bc")),
        ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black), ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ]  # fmt: skip
    return LongTable([heads, *rows], colWidths=_widths(grid), hAlign="LEFT", repeatRows=1, splitInRow=1, style=lines)


def _widths(grid: Grid) -> list[float]:
    """Each column as wide as its longest word, if that is not too much, and what is left by how much there is to say."""
    columns = [[row[n] for row in (grid.heads, *grid.rows)] for n in range(len(grid.heads))]
    words = [max((word for text in column for word in text.split()), key=len, default="") for column in columns]
    least = [min(max(pdfmetrics.stringWidth(word, "VeraBd", 8), 20) + 8, _WIDTH / 3) for word in words]
    left = _WIDTH - sum(least)
    if left < 0:
        return [_WIDTH * width / sum(least) for width in least]
    weights = [min(max(map(len, column)), 60) + 1 for column in columns]
    return [width + left * weight / sum(weights) for width, weight in zip(least, weights, strict=True)]


def _source(source: Footnote) -> list[Flowable]:
    place = Paragraph(f"<b>[{source.number}]</b> {_safe(source.place)}", _STYLES["place"])
    file = _set("\n".join(filter(None, (source.file, source.address))), "small")
    return [place, file, _set(source.quote, "quote")]


def _set(text: str, style: str) -> Paragraph:
    return Paragraph(_safe(text), _STYLES[style])


def _safe(text: str) -> str:
    """Plain text as reportlab's markup: escaped, lines kept, and what the font lacks set otherwise."""
    evened = _HYPHENS.sub("-", _SPACES.sub(" ", clean(text).strip("\n").replace("\t", "    ")))
    known, wider = _fonts()
    parts = re.split("([^" + "".join(map(re.escape, _span(evened, known))) + "]+)", evened) if evened else []
    marked = (escape(part) if n % 2 == 0 else _otherwise(part, wider) for n, part in enumerate(parts))
    return "".join(marked).replace("\n", "<br/>")


def _span(text: str, known: frozenset[int]) -> list[str]:
    """The characters of the text that the font has; the line feed always."""
    return sorted({character for character in text if ord(character) in known} | {"\n"})


def _otherwise(text: str, wider: frozenset[int]) -> str:
    """Characters that the font lacks: in the wider font, or by number."""
    return "".join(
        f'<font name="Wider">{escape(character)}</font>' if ord(character) in wider else f"[U+{ord(character):04X}]" for character in text
    )


@cache
def _fonts() -> tuple[frozenset[int], frozenset[int]]:
    """Makes the fonts known to reportlab; the characters that its own have, and those of a wider one of this computer."""
    own = [TTFont(name, f"{name}.ttf") for name in ("Vera", "VeraBd", "VeraIt", "VeraBI")]
    for font in own:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="VeraIt", boldItalic="VeraBI")
    for path in filter(lambda path: Path(path).is_file(), _WIDER):
        try:
            wider = TTFont("Wider", path)
        except (TTFError, OSError):
            continue
        pdfmetrics.registerFont(wider)
        return frozenset(own[0].face.charToGlyph), frozenset(wider.face.charToGlyph)
    return frozenset(own[0].face.charToGlyph), frozenset()
