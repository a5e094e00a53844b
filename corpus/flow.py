"""A run of headings, paragraphs, items and rows becomes one page. Shared by every reader whose files have no pages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.types import Block, BlockKind, Page


def page_of(parts: Iterable[tuple[BlockKind, str]], number: int = 1) -> Page:
    """One page holding the parts in order; rows keep their tabs, other white space is folded, empty parts left out."""
    pieces: list[str] = []
    blocks: list[Block] = []
    length = 0
    for kind, raw in parts:
        text = folded_row(raw) if kind == "row" else re.sub(r"\s+", " ", raw).strip()
        if not text:
            continue
        if blocks:
            gap = "\n" if kind == blocks[-1].kind and kind in ("row", "item") else "\n\n"
            pieces.append(gap)
            length += len(gap)
        blocks.append(Block(kind, length, length + len(text)))
        pieces.append(text)
        length += len(text)
    return Page(number, "".join(pieces), tuple(blocks))


def folded_row(text: str) -> str:
    """A table row with single tabs between its cells and no empty cells."""
    cells = (re.sub(r"\s+", " ", cell).strip() for cell in text.split("\t"))
    return "\t".join(cell for cell in cells if cell)
