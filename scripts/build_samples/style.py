"""Colours, sizes and paragraph styles of the invented inspectorate's publications. Used by layout, pieces and report."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

WIDTH, HEIGHT = A4
LEFT = RIGHT = 22 * mm
TOP, BOTTOM = 26 * mm, 24 * mm
BODY_WIDTH = WIDTH - LEFT - RIGHT

INK = HexColor("#1d2530")
DEEP = HexColor("#123c4a")  # bands and headings
TEAL = HexColor("#1f7a7a")
PALE = HexColor("#e8f1f1")
RULE = HexColor("#b7c4c9")
GREY = HexColor("#5b6770")
WHITE = HexColor("#ffffff")

GRADE_COLOURS: dict[str, tuple[Color, Color]] = {  # grade → ground, text on it
    "Outstanding": (HexColor("#0b5d3b"), WHITE),
    "Good": (HexColor("#9fd3a8"), INK),
    "Requires improvement": (HexColor("#f5c26b"), INK),
    "Inadequate": (HexColor("#b3261e"), WHITE),
}

BODY = ParagraphStyle(
    "body", fontName="Helvetica", fontSize=10.5, leading=14.6, textColor=INK, spaceAfter=7, embeddedHyphenation=1
)
NARROW = ParagraphStyle("narrow", BODY, fontSize=9.8, leading=13.4, alignment=TA_JUSTIFY, spaceAfter=6)
ITEM = ParagraphStyle("item", BODY, leftIndent=16, bulletIndent=3, spaceAfter=4)
NUMBERED = ParagraphStyle("numbered", BODY, leftIndent=22, bulletIndent=2, spaceAfter=6)
CHAPTER = ParagraphStyle(
    "chapter", fontName="Helvetica-Bold", fontSize=20, leading=24, textColor=DEEP, spaceBefore=18, spaceAfter=12, keepWithNext=1
)
SECTION = ParagraphStyle(
    "section",
    fontName="Helvetica-Bold",
    fontSize=13.5,
    leading=17,
    textColor=TEAL,
    spaceBefore=12,
    spaceAfter=6,
    keepWithNext=1,
)
SIDE = ParagraphStyle(
    "side", fontName="Helvetica-Bold", fontSize=10.8, leading=14, textColor=DEEP, spaceBefore=6, spaceAfter=4, keepWithNext=1
)
CAPTION = ParagraphStyle("caption", SIDE, fontSize=9.5, leading=12, spaceBefore=8)
CELL = ParagraphStyle("cell", BODY, fontSize=9, leading=11.5, spaceAfter=0, embeddedHyphenation=0)
CELL_HEAD = ParagraphStyle("cell_head", CELL, fontName="Helvetica-Bold", textColor=WHITE)
CELL_BOLD = ParagraphStyle("cell_bold", CELL, fontName="Helvetica-Bold")
NOTE = ParagraphStyle("note", BODY, fontSize=8, leading=10, spaceAfter=2, leftIndent=10, firstLineIndent=-10)
SMALL = ParagraphStyle("small", BODY, fontSize=8.5, leading=11, textColor=GREY, spaceAfter=4)
CONTENTS = [
    ParagraphStyle("contents_1", fontName="Helvetica-Bold", fontSize=10.5, leading=15, spaceBefore=5, textColor=INK),
    ParagraphStyle("contents_2", fontName="Helvetica", fontSize=10, leading=13.5, leftIndent=14, textColor=INK),
]
