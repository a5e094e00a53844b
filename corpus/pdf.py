"""PDF files become sheets of lines, and through layout a Document's pages.

pdfium reads the text and where it stands (fast, with character boxes); pypdf reads what it is better at: information,
bookmarks, page labels, and files or pages that pdfium gives up on. Takes bytes from read; gives pages to it.
"""

from __future__ import annotations

import ctypes
import io
import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdf.errors import DeprecationError, PyPdfError

from corpus.errors import Corrupt, Empty, Encrypted, TooLarge
from corpus.layout import pages_of
from corpus.lines import HYPHEN, Line, Sheet
from corpus.types import Block, Page

log = logging.getLogger(__name__)

_LIGATURES = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xFB00, 0xFB07)}
_FALLBACK_PAGES = 60
"""At most so many pages without text are tried with pypdf too: on a long scan it would only cost time."""

# What hostile files have been seen to raise in pypdf besides its own errors.
_PYPDF_ERRORS = (PyPdfError, DeprecationError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError,
                 NotImplementedError, AssertionError, UnicodeError, OSError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What the file says of itself; empty where it says nothing. ``outline`` holds bookmark titles in order."""

    title: str = ""
    created: date | None = None
    outline: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def read_pdf(data: bytes, *, password: str = "", max_pages: int = 5000) -> tuple[tuple[Page, ...], PdfInfo, list[str]]:
    """Pages, information and notices. Raises Encrypted, Corrupt, Empty, TooLarge."""
    reader = _open_with_pypdf(data, password)
    info = _information(reader) if reader else PdfInfo()
    try:
        sheets = _sheets(data, password, max_pages, info.labels)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Encrypted("It is protected by a password. Save a copy without one, and add that.") from error
        pages = _pages_with_pypdf(reader, max_pages)
        if pages is None:
            raise Corrupt("It is damaged and no reader could open it. Ask the publisher for a sound copy.") from error
        return pages, info, ["Read with the second reader, since the file is damaged."]
    if not sheets:
        raise Empty("It has no pages.")
    pages = pages_of(sheets, frozenset(title.casefold() for title in info.outline))
    return _mend(pages, reader, info)


def _mend(pages: tuple[Page, ...], reader: pypdf.PdfReader | None, info: PdfInfo) -> tuple[tuple[Page, ...], PdfInfo, list[str]]:
    """Tries pages without text with pypdf; says which stay without."""
    blank = [page.number for page in pages if not page.text.strip()]
    if reader and 0 < len(blank) <= _FALLBACK_PAGES:
        texts = {number: _text_with_pypdf(reader, number - 1) for number in blank}
        pages = tuple(plain_page(p.number, texts[p.number], p.label) if texts.get(p.number) else p for p in pages)
        blank = [number for number in blank if not texts[number]]
    if len(blank) == len(pages):
        raise Empty("It has no text: its pages are pictures, drawings or blank. Run text recognition (OCR) over scans, and add the result.")
    if not blank:
        return pages, info, []
    some = ", ".join(map(str, blank[:8])) + (" …" if len(blank) > 8 else "")
    return pages, info, [f"{'Page' if len(blank) == 1 else 'Pages'} {some} of {len(pages)} had no text to read."]


def _sheets(data: bytes, password: str, max_pages: int, labels: tuple[str, ...]) -> list[Sheet]:
    document = pdfium.PdfDocument(data, password=password or None)
    try:
        count = len(document)
        if count > max_pages:
            raise TooLarge(f"It has {count} pages; at most {max_pages} are read. Split it, and add the parts.")
        return [
            _sheet(document, index, labels[index] if index < len(labels) else "") for index in range(count)
        ]
    finally:
        document.close()


def _sheet(document: pdfium.PdfDocument, index: int, label: str) -> Sheet:
    try:
        page = document[index]
    except pdfium.PdfiumError:
        log.info("page %d cannot be opened", index + 1)
        return Sheet(index + 1, 842.0, (), label)
    try:
        textpage = page.get_textpage()
        try:
            return Sheet(index + 1, page.get_height(), tuple(_lines(textpage)), label)
        finally:
            textpage.close()
    except pdfium.PdfiumError:
        log.info("page %d has text that cannot be read", index + 1)
        return Sheet(index + 1, 842.0, (), label)
    finally:
        page.close()


def _lines(textpage: pdfium.PdfTextPage) -> Iterator[Line]:
    text = _characters(textpage)
    for match in re.finditer(f"[^\r\n{HYPHEN}]*{HYPHEN}|[^\r\n{HYPHEN}]+", text):
        piece = match[0].strip()
        if not piece or piece == HYPHEN:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        yield _line(textpage, piece, start)


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """The page's text with exactly one character for each that pdfium counts, so that positions are its own."""
    count = textpage.count_chars()
    text: str = textpage.get_text_range()
    if len(text) != count:
        codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
        text = "".join(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)
    return text.translate(_CLEAN)


def _cleaning() -> dict[int, str]:
    """One character for one: spaces of all kinds to a space, symbol-font bullets to a bullet, control codes to a space."""
    table = {code: " " for code in range(32) if chr(code) not in "\r\n"}
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # halves of a broken character, which no database takes
    table |= dict.fromkeys((127, 160, 173, 8199, 8239, 8203, 65279, 65535, *range(8192, 8203)), " ")
    table[0x02] = HYPHEN
    return table | dict.fromkeys(range(57344, 63744), "•")


_CLEAN = _cleaning()


def _line(textpage: pdfium.PdfTextPage, text: str, start: int) -> Line:
    last = start + len(text) - 1
    first_box, last_box = _box(textpage, start), _box(textpage, last)
    size = raw.FPDFText_GetFontSize(textpage, start)
    height = first_box[3] - first_box[1]
    bold = min(raw.FPDFText_GetFontWeight(textpage, i) for i in (start, last)) >= 600
    # Text scaled by a matrix has a nominal size of 1; the box then tells the size that is seen.
    seen = size if 0.5 * size < height < 3 * size else height / 1.2
    return Line(text, start, first_box[0], min(first_box[1], last_box[1]), last_box[2], first_box[3], seen or 12.0, bold)


def _box(textpage: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a character's line box in points; zeros when pdfium has none."""
    rect = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(rect)):
        return 0.0, 0.0, 0.0, 0.0
    return rect.left, rect.bottom, rect.right, rect.top


def _open_with_pypdf(data: bytes, password: str) -> pypdf.PdfReader | None:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(password):
            return None
        len(reader.pages)
        return reader
    except _PYPDF_ERRORS as error:
        log.info("pypdf cannot open the file: %s", error)
        return None


def _information(reader: pypdf.PdfReader) -> PdfInfo:
    title, created = "", None
    try:
        if reader.metadata:
            title = str(reader.metadata.title or "").translate(_CLEAN).strip()
            created = reader.metadata.creation_date.date() if reader.metadata.creation_date else None
    except _PYPDF_ERRORS as error:
        log.info("the file's information cannot be read: %s", error)
    return PdfInfo(title, created, tuple(_titles(reader)), _labels(reader))


def _titles(reader: pypdf.PdfReader) -> list[str]:
    def walk(items: list[object], depth: int = 0) -> Iterator[str]:
        for item in items:
            if isinstance(item, list) and depth < 8:
                yield from walk(item, depth + 1)
            elif isinstance(item, pypdf.generic.Destination):
                yield re.sub(r"\s+", " ", str(item.title or "").translate(_CLEAN)).strip()

    try:
        return [title for title in walk(list(reader.outline)) if title][:2000]
    except _PYPDF_ERRORS as error:
        log.info("the outline cannot be read: %s", error)
        return []


def _labels(reader: pypdf.PdfReader) -> tuple[str, ...]:
    """Printed page numbers, only where the file declares them."""
    try:
        return tuple(reader.page_labels) if "/PageLabels" in reader.root_object else ()
    except _PYPDF_ERRORS as error:
        log.info("page labels cannot be read: %s", error)
        return ()


def _text_with_pypdf(reader: pypdf.PdfReader, index: int) -> str:
    try:
        return reader.pages[index].extract_text().strip()
    except _PYPDF_ERRORS as error:
        log.info("pypdf cannot read page %d: %s", index + 1, error)
        return ""


def _pages_with_pypdf(reader: pypdf.PdfReader | None, max_pages: int) -> tuple[Page, ...] | None:
    if reader is None:
        return None
    try:
        count = min(len(reader.pages), max_pages)
    except _PYPDF_ERRORS:
        return None
    pages = tuple(plain_page(i + 1, _text_with_pypdf(reader, i)) for i in range(count))
    return pages if any(page.text for page in pages) else None


def plain_page(number: int, text: str, label: str = "") -> Page:
    """A page of text without geometry: one block a paragraph (parted by blank lines)."""
    text = re.sub(r"[^\S\n]+", " ", text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)).strip()
    blocks = [Block("text", m.start(), m.end()) for m in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]
    return Page(number, text, tuple(blocks), label=label)
