"""Finds words within the pages of one document, for readers who look for a place in it. Takes Pages; gives places to the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.types import Page

_LIKE = {**dict.fromkeys("'’‘ʼ", "['’‘ʼ]"), **dict.fromkeys('"“”', '["“”]'), **dict.fromkeys("-‐‑–—", "[-‐‑–—]")}
"""Signs that a reader types alike."""
LONGEST = 200
"""Of what is looked for, so many characters are heeded."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: ``text[start:end]`` of a page, with some of the text ``before`` and ``after``, for a list."""

    page: int
    start: int
    end: int
    quote: str
    before: str
    after: str


def places(pages: Sequence[Page], words: str, around: int = 60) -> list[Place]:
    """Every place where the words stand as they are, one after the other, in order; capitals, and how many spaces or new
    lines are between words, make no difference. None for no words."""
    parts = words[:LONGEST].split()
    if not parts:
        return []
    pattern = re.compile(r"\s+".join("".join(_LIKE.get(sign, re.escape(sign)) for sign in part) for part in parts), re.IGNORECASE)
    return [_place(page, match, around) for page in pages for match in pattern.finditer(page.text)]


def _place(page: Page, match: re.Match[str], around: int) -> Place:
    start, end = match.span()
    before, after = page.text[max(0, start - around) : start], page.text[end : end + around]
    cut = before.partition(" ")[2] if start > around else before
    rest = after.rpartition(" ")[0] if end + around < len(page.text) else after
    return Place(page.number, start, end, match[0], cut, rest)
