"""What stands under boxes on a page, read by pdfium itself: the check that what is marked on a picture is the quote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium

from corpus.picture import Box


def under(path: Path, number: int, boxes: Sequence[Box]) -> str:
    """The characters whose middle lies under a box, box by box, in the file's order. For pages that are not turned or cropped."""
    with pdfium.PdfDocument(path) as document:
        page = document[number - 1]
        (width, height), textpage = page.get_size(), page.get_textpage()
        text = textpage.get_text_range()
        assert len(text) == textpage.count_chars()
        places = [textpage.get_charbox(index) for index in range(len(text))]
    found = []
    for box in boxes:
        left, right = box.left * width, (box.left + box.width) * width
        top, bottom = height - box.top * height, height - (box.top + box.height) * height
        for sign, (x0, y0, x1, y1) in zip(text, places, strict=True):
            if left <= (x0 + x1) / 2 <= right and bottom <= (y0 + y1) / 2 <= top and x1 > x0:
                found.append(sign)
    return "".join(found)


def letters(text: str) -> str:
    """Text without what a line's end or a table's rule changes: spaces and hyphens."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))
