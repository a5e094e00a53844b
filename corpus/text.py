"""Plain text and Markdown become one page of blocks. Takes bytes from read; gives a Page (and a title) to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import charset_normalizer
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import Corrupt, Empty
from corpus.flow import page_of
from corpus.types import BlockKind, Page

_ITEM = re.compile(r"\s*(?:[•*–-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n(?:---|\.\.\.)\s*\n", re.DOTALL)


def decode(data: bytes) -> str:
    """Text from bytes of any common encoding. Raises Empty, and Corrupt for what is no text."""
    if not data.strip():
        raise Empty("It is empty.")
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        best = charset_normalizer.from_bytes(data).best()
        if best is None:
            raise Corrupt("It is not text in any encoding that is known. Save it as UTF-8, and add it again.")
        text = str(best)
    if text.count("\0") or sum(ord(c) < 32 and c not in "\t\n\r\f\v" for c in text) > len(text) / 100:
        raise Corrupt("It holds binary data, not text. Check that it is the right file.")
    if not text.strip():
        raise Empty("It is empty.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(data: bytes) -> tuple[Page, str]:
    """The page, and its first line as a title when it looks like one (else empty)."""
    parts = list(_paragraphs(decode(data)))
    title = parts[0][1] if parts and parts[0][0] == "heading" else ""
    return page_of(parts), re.sub(r"\s+", " ", title).strip()


def _paragraphs(text: str) -> Iterator[tuple[BlockKind, str]]:
    """Blank lines part paragraphs; entries of lists and rows with tabs stand alone; hard-wrapped lines are joined."""
    for number, match in enumerate(re.finditer(r"\S(?:.|\n(?!\s*\n))*", text.replace("\f", "\n\n"))):
        lines = [line for line in match[0].split("\n") if line.strip()]
        held: list[str] = []
        for line in lines:
            if held and (_ITEM.match(line) or "\t" in line.strip() or "\t" in held[-1].strip()):
                yield _kind(held, number, len(lines)), " ".join(held) if "\t" not in held[0] else held[0]
                held = []
            held.append(line)
        if held:
            yield _kind(held, number, len(lines)), " ".join(held) if "\t" not in held[0] else held[0]


def _kind(held: list[str], number: int, lines: int) -> BlockKind:
    text = " ".join(held).strip()
    if "\t" in text:
        return "row"
    if _ITEM.match(text):
        return "item"
    short = len(text) <= (160 if number == 0 else 90) and lines <= 2
    return "heading" if short and text[-1] not in ".!?,;”\"" and any(c.isalpha() for c in text) else "text"


def read_markdown(data: bytes) -> tuple[Page, str]:
    """The page as it reads when rendered (no asterisks or hashes), and its title: front matter's, or the first heading."""
    text = decode(data)
    title = ""
    if front := _FRONT_MATTER.match(text):
        named = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", front[1], re.MULTILINE)
        title, text = (named[1] if named else ""), text[front.end() :]
    parts = list(_markdown_parts(MarkdownIt("commonmark").enable("table").parse(text)))
    headings = [content for kind, content in parts if kind == "heading"]
    return page_of(parts), title or (headings[0].strip() if headings else "")


def _markdown_parts(tokens: list[Token]) -> Iterator[tuple[BlockKind, str]]:
    kind: BlockKind = "text"
    row: list[str] | None = None
    numbers: list[int | None] = []
    mark = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            mark = "• " if number is None else f"{number}. "
            numbers[-1] = None if number is None else number + 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield "row", "\t".join(row)
            row = None
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type == "inline" and row is not None:
            row.append(_inline(token))
        elif token.type == "inline":
            yield ("item" if numbers and kind == "text" else kind), mark + _inline(token)
            kind, mark = "text", ""
        elif token.type in ("fence", "code_block", "html_block"):
            yield "text", re.sub(r"<[^>]*>", " ", token.content) if token.type == "html_block" else token.content


def _inline(token: Token) -> str:
    """The words of an inline token, without marks of emphasis or the addresses of links and pictures."""
    words = {"softbreak": " ", "hardbreak": " ", "html_inline": ""}
    return "".join(words.get(child.type, child.content) for child in token.children or [])
