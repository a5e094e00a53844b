"""Pages of PDF files as pictures, and where on them the characters of a passage stand, by the numbers that Run holds.

pdfium serves one thread at a time and may crash on hostile files: ``studio`` calls these in a process of its own.
Takes paths from index; gives it picture files and boxes.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import Corrupt, Encrypted
from corpus.types import Page

MIME = "image/webp"
_MOST_PIXELS = 24_000_000
_LONGEST_SIDE = 8_000
_FINE = 1_000_000
"""pdfium gives places on a picture in whole pixels; on one of so many a side nothing is lost."""

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top in the file's own points, y growing upwards."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is seen: parts of its width and height, from its top left corner, all within 0 and 1."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as it is seen, turned and cropped: width and height in points, and a box for each line of a passage, in its order."""

    width: float
    height: float
    boxes: tuple[Box, ...] = ()


def characters_of(page: Page, start: int, end: int) -> list[tuple[int, int]]:
    """Which of the file's own characters ``page.text[start:end]`` is: (first, how many), in order. Spaces between lines are none."""
    spans = []
    for run in page.runs:
        low, high = max(run.start, start), min(run.start + run.length, end)
        if low < high:
            spans.append((run.source + low - run.start, high - low))
    return spans


def sight(path: Path, number: int, spans: Sequence[tuple[int, int]]) -> Sight:
    """Page ``number`` (1-based) with the boxes of characters. Raises Unreadable."""
    with _opened(path, number) as page:
        width, height = page.get_size()
        if not spans:
            return Sight(width, height)
        textpage = page.get_textpage()
        try:
            boxes = tuple(box for rect in _lines(textpage, spans) if (box := _seen(page, rect)))
        finally:
            textpage.close()
        return Sight(width, height, boxes)


def draw(path: Path, number: int, scale: float) -> bytes:
    """Page ``number`` as a WebP file, ``scale`` pixels a point, fewer where the picture would be huge. Raises Unreadable."""
    with _opened(path, number) as page:
        width, height = (max(side, 1.0) for side in page.get_size())
        scale = min(scale, _LONGEST_SIDE / max(width, height), math.sqrt(_MOST_PIXELS / (width * height)))
        bitmap = page.render(scale=scale)
        try:
            file = io.BytesIO()
            bitmap.to_pil().convert("RGB").save(file, "WEBP", quality=85, method=2)
            return file.getvalue()
        finally:
            bitmap.close()


@contextlib.contextmanager
def _opened(path: Path, number: int) -> Iterator[pdfium.PdfPage]:
    """The page, closed afterwards with its file; what pdfium raises becomes Unreadable."""
    try:
        document = pdfium.PdfDocument(path)
    except (pdfium.PdfiumError, OSError) as error:
        if "password" in str(error).lower():
            raise Encrypted("The original is protected by a password, so its pages cannot be drawn.") from error
        raise Corrupt("The original is damaged, so its pages cannot be drawn.") from error
    try:
        if not 1 <= number <= len(document):
            raise Corrupt(f"The original has no page {number} to draw.")
        if document.get_formtype() == raw.FORMTYPE_ACRO_FORM:
            document.init_forms()  # or what is filled in would not be drawn
        page = document[number - 1]
        yield page
    except pdfium.PdfiumError as error:
        raise Corrupt("This page is damaged, so it cannot be drawn.") from error
    finally:
        document.close()


def _lines(textpage: pdfium.PdfTextPage, spans: Sequence[tuple[int, int]]) -> Iterator[Rect]:
    """One rectangle for each stretch of characters that stand next to one another on a line."""
    count = textpage.count_chars()
    line: Rect | None = None
    last: Rect | None = None
    for index in (index for first, length in spans for index in range(first, min(first + length, count))):
        rect = _rect(textpage, index)
        if rect is None:
            continue
        upright = abs(math.sin(max(raw.FPDFText_GetCharAngle(textpage, index), 0.0))) > 0.7
        if line and last and _follows(last, rect, upright):
            line = min(line[0], rect[0]), min(line[1], rect[1]), max(line[2], rect[2]), max(line[3], rect[3])
        else:
            if line:
                yield line
            line = rect
        last = rect
    if line:
        yield line


def _rect(textpage: pdfium.PdfTextPage, index: int) -> Rect | None:
    """Where a character stands, as high as its line; None for spaces and for what has no extent."""
    code = raw.FPDFText_GetUnicode(textpage, index)
    if code < 0x21 or code == 0xA0:
        return None
    loose = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(loose)):
        rect = loose.left, loose.bottom, loose.right, loose.top
        if rect[0] < rect[2] and rect[1] < rect[3]:
            return rect
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
        return None
    rect = left.value, bottom.value, right.value, top.value
    return rect if rect[0] < rect[2] and rect[1] < rect[3] else None


def _follows(last: Rect, rect: Rect, upright: bool) -> bool:
    """Whether a character stands on the line of the one before it, no further off than a wide space. Lines can run upwards."""
    along, across = (1, 0) if upright else (0, 1)
    size = min(last[across + 2] - last[across], rect[across + 2] - rect[across])
    shared = min(last[across + 2], rect[across + 2]) - max(last[across], rect[across])
    gap = max(rect[along] - last[along + 2], last[along] - rect[along + 2])
    return shared > 0.5 * size and gap < 1.5 * size


def _seen(page: pdfium.PdfPage, rect: Rect) -> Box | None:
    """A rectangle of the file as it stands on the picture; None for one that is outside of it."""
    corners = [_point(page, rect[0], rect[1]), _point(page, rect[2], rect[3])]
    left, right = (min(max(side, 0.0), 1.0) for side in sorted(x for x, _ in corners))
    top, bottom = (min(max(side, 0.0), 1.0) for side in sorted(y for _, y in corners))
    return Box(left, top, right - left, bottom - top) if left < right and top < bottom else None


def _point(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the file as parts of the picture's width and height; the page's rotation and crop box count."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _FINE, down.value / _FINE
