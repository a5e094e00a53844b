"""Web pages become one page of blocks: the article, without navigation, cookie notes and footers.

The only module that imports trafilatura. Takes bytes from read; gives a Page (and a title, a date) to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from corpus.dates import first_date
from corpus.errors import Corrupt, Empty
from corpus.flow import page_of
from corpus.text import decode
from corpus.types import BlockKind, Page

_KINDS: dict[str, BlockKind] = {"head": "heading", "p": "text", "item": "item", "quote": "text", "code": "text", "ab": "text"}
_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[translate(@name,'DCT.','dct.')='dcterms.issued' or translate(@name,'DCT.','dct.')='dcterms.date']/@content",
    "//meta[@name='date' or @itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
)


def read_html(data: bytes) -> tuple[Page, str, date | None]:
    """The article's page, its title, and the date that its markup declares (never a guessed one)."""
    markup = _markup(data)
    try:
        tree = lxml_html.fromstring(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Corrupt("It is no HTML that can be read. Save the page again from a browser, and add that.") from error
    article = trafilatura.bare_extraction(
        markup, favor_recall=True, include_tables=True, include_comments=False, with_metadata=False
    )
    body = getattr(article, "body", None)
    parts = [part for part in _parts(body) if part[1].strip()] if body is not None else []
    everything = [part for part in _whole(tree) if part[1].strip()]
    if _letters(parts) < 0.3 * _letters(everything):
        parts = everything
    if not parts:
        raise Empty("The page has no text of its own (perhaps it is filled in by a script). Save it as PDF, and add that.")
    title = _title(tree)
    if title and not any(kind == "heading" and _same(text, title) for kind, text in parts[:4]):
        parts.insert(0, ("heading", title))
    return page_of(parts), title, _declared_date(tree)


def _markup(data: bytes) -> str:
    """Decoded as the page declares, else as it looks; without an XML declaration, which lxml refuses in text."""
    declared = re.search(rb"charset=[\"']?([\w-]+)", data[:2048])
    if declared:
        try:
            text = data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            text = decode(data)
    else:
        text = decode(data)
    if not text.strip():
        raise Empty("It is empty.")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _letters(parts: list[tuple[BlockKind, str]]) -> int:
    return sum(len(text) for _, text in parts)


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()


def _parts(element: etree._Element, kind: BlockKind = "text") -> Iterator[tuple[BlockKind, str]]:
    """Walks trafilatura's tree: heads, paragraphs, lists of items, tables of rows of cells."""
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "table":
            for row in child.iter("row"):
                yield "row", "\t".join(" ".join(cell.itertext()) for cell in row.iter("cell"))
        elif tag == "list":
            ordered = child.get("rend") == "ol"
            for number, item in enumerate(child.iter("item"), start=1):
                yield "item", (f"{number}. " if ordered else "• ") + " ".join(item.itertext())
        elif tag in _KINDS:
            yield _KINDS[tag], "".join(child.itertext())
        elif len(child):
            yield from _parts(child, kind)
        else:
            yield kind, "".join(child.itertext())


_HTML_KINDS: dict[str, BlockKind] = {
    **{f"h{n}": "heading" for n in range(1, 7)}, "p": "text", "li": "item", "tr": "row", "blockquote": "text", "pre": "text",
    "dt": "text", "dd": "text", "div": "text", "td": "text", "figcaption": "text", "address": "text",
}
_UNSEEN = ("script", "style", "noscript", "template", "nav", "svg", "head", "form", "button", "select")


def _whole(tree: lxml_html.HtmlElement) -> Iterator[tuple[BlockKind, str]]:
    """Every visible block of the page, for pages of which the extractor finds too little."""
    for element in tree.iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag not in _HTML_KINDS or any(up.tag in _UNSEEN for up in element.iterancestors()):
            continue
        if any(child.tag in _HTML_KINDS for child in element.iterdescendants()) and tag not in ("tr",):
            continue
        if any(up.tag == "tr" for up in element.iterancestors()) and tag != "tr":
            continue
        if tag == "tr":
            yield "row", "\t".join(cell.text_content() for cell in element if cell.tag in ("td", "th"))
        else:
            yield _HTML_KINDS[tag], ("• " if tag == "li" else "") + element.text_content()


def _title(tree: lxml_html.HtmlElement) -> str:
    headings = [re.sub(r"\s+", " ", h.text_content()).strip() for h in tree.xpath("//h1")]
    for found in (*headings, *tree.xpath("//meta[@property='og:title']/@content"), *tree.xpath("//title/text()")):
        if found.strip():
            return re.sub(r"\s+", " ", str(found)).strip()
    return ""


def _declared_date(tree: lxml_html.HtmlElement) -> date | None:
    for path in _DATES:
        for value in tree.xpath(path):
            if found := first_date(str(value)):
                return found
    return None
