"""Printed lines as a file draws them, and which of them are furniture: running headers, footers, page numbers.

Takes nothing but lines from pdf; gives those that belong to the text to layout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

HYPHEN = "\ufffe"
"""What pdfium gives for a hyphen at a line's end."""
_NUMBER_ONLY = re.compile(r"[\s\-–—|]*(page\s*)?(\d{1,4}|[ivxlc]{1,6})(\s*(of|/)\s*\d{1,4})?[\s\-–—|]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, in points, y growing upwards. ``source`` numbers its first character in the file's page."""

    text: str
    source: int
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one page as the file draws them, with the page's height in points."""

    number: int
    height: float
    lines: tuple[Line, ...]
    label: str = ""


def without_furniture(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Leaves out what repeats at the top or bottom of pages (digits alike), and bare page numbers there."""
    seen: Counter[str] = Counter()
    for sheet in sheets:
        seen.update({shape(line.text) for line in sheet.lines if _in_margin(line, sheet)})
    often = max(3.0, 0.2 * len(sheets))
    return [
        Sheet(
            sheet.number,
            sheet.height,
            tuple(
                line
                for line in sheet.lines
                if not (
                    _in_margin(line, sheet) and (seen[shape(line.text)] >= often or _NUMBER_ONLY.fullmatch(line.text))
                )
            ),
            sheet.label,
        )
        for sheet in sheets
    ]


def _in_margin(line: Line, sheet: Sheet) -> bool:
    return line.y0 > sheet.height * 0.88 or line.y1 < sheet.height * 0.11


def shape(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s+", " ", text.casefold())).strip()
