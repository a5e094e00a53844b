"""Word documents become one page of blocks, tables and footnotes included. The only module that imports python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from corpus.errors import Corrupt, Empty, Encrypted, TooLarge
from corpus.flow import page_of
from corpus.types import BlockKind, Page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(data: bytes, max_unpacked: int = 500 << 20) -> tuple[Page, str]:
    """The page and the document's title (its properties', or a paragraph in the style Title). Raises Corrupt and others."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Encrypted("It is protected by a password, or an old .doc. Save it as .docx without one, and add that.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > max_unpacked:
                raise TooLarge(f"It unpacks to more than {max_unpacked >> 20} MB.")
        word = docx.Document(io.BytesIO(data))
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise Corrupt("It is damaged, or no Word document. Open it in a word processor, save it again, and add that.") from error
    parts = [*_body(word), *_footnotes(word)]
    if not any(text.strip() for _, text in parts):
        raise Empty("It has no text.")
    titles = (item.text for item in word.paragraphs[:20] if _style(item) == "title" and item.text.strip())
    return page_of(parts), next(titles, "") or str(word.core_properties.title or "").strip()


def _body(word: WordDocument) -> Iterator[tuple[BlockKind, str]]:
    for item in word.iter_inner_content():
        if isinstance(item, Table):
            yield from (("row", "\t".join(_cells(row))) for row in item.rows)
        else:
            yield _paragraph(item)


def _paragraph(item: Paragraph) -> tuple[BlockKind, str]:
    style = _style(item)
    if style.startswith(("heading", "title", "subtitle")):
        return "heading", item.text
    listed = style.startswith("list") or item._p.pPr is not None and item._p.pPr.numPr is not None
    bulleted = re.match(r"\s*(?:[•–-]|\d+[.)])\s", item.text)
    return ("item", item.text if bulleted else f"• {item.text}" if item.text.strip() else "") if listed else ("text", item.text)


def _style(item: Paragraph) -> str:
    return str(item.style.name or "").casefold() if item.style is not None else ""


def _cells(row: object) -> list[str]:
    """The cells' texts; a merged cell, which Word lists once for each column, counts once."""
    texts: list[str] = []
    seen: list[object] = []
    for cell in row.cells:  # type: ignore[attr-defined]  # python-docx's _Row is private
        if not any(cell._tc is other for other in seen):
            seen.append(cell._tc)
            texts.append(re.sub(r"\s+", " ", cell.text))
    return texts


def _footnotes(word: WordDocument) -> Iterator[tuple[BlockKind, str]]:
    """Footnotes and endnotes, which python-docx leaves aside, in order and numbered as Word numbers them."""
    for relation in word.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        number = 0
        for note in etree.fromstring(relation.target_part.blob).iter(f"{_W}footnote", f"{_W}endnote"):
            text = "".join(piece.text or "" for piece in note.iter(f"{_W}t"))
            if text.strip() and note.get(f"{_W}type") is None:
                number += 1
                yield "note", f"{number} {text}"
