"""Where sentences stand in a page. The only module that imports sentencex. Used by split, and to choose quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from corpus.types import BlockKind, Page

_NO_SENTENCE = re.compile(r"\W*(?:\d+(?:\.\d+)*|[a-zA-Z]|[ivx]{1,4})?[\W_]*")
"""A bare list number or bullet: it belongs to the sentence after it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, table row or heading: ``[start, end)`` of a page's text, white space at its edges left out."""

    start: int
    end: int
    kind: BlockKind
    block: int
    """The index of the page's block that it stands in."""


def spans_of(page: Page, language: str = "en") -> Iterator[Span]:
    """The page's sentences in order. Rows, headings and lines of contents are whole; gaps between blocks are in none."""
    for index, block in enumerate(page.blocks):
        text = page.text[block.start : block.end]
        if block.kind in ("row", "heading", "contents"):
            yield from _span(text, block.start, block.kind, index)
            continue
        held = 0
        for boundary in get_sentence_boundaries(language, text):
            end = boundary["end_index"]
            if _NO_SENTENCE.fullmatch(text, held, end) and end < len(text):
                continue
            yield from _span(text[held:end], block.start + held, block.kind, index)
            held = end
        if held < len(text):
            yield from _span(text[held:], block.start + held, block.kind, index)


def _span(text: str, offset: int, kind: BlockKind, block: int) -> Iterator[Span]:
    stripped = text.strip()
    if stripped:
        start = offset + len(text) - len(text.lstrip())
        yield Span(start, start + len(stripped), kind, block)
