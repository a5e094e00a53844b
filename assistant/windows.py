"""Passages taken apart for verification: sentences and their neighbours, without what gives orders.

Takes an offered passage; gives its windows of one to three sentences, with their words and vectors, to verify.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.grounds import stems
from assistant.items import Item, items_of
from corpus.sentences import spans_of
from corpus.types import Page, Passage
from index.embed import Embedder
from index.types import Entry

_WIDE = 3
"""So many neighbouring sentences a part of a statement may rest on."""
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules?|prompt|above|previous|guidelines)\b|\bsystem prompt\b|"
    r"\byou (?:are|must|should) (?:now |an? )?(?:\w+ )?(?:assistant|ai|language model|chatbot|model|answer|say|reply|respond|"
    r"output|cite)\b|\b(?:respond|reply|answer|output) (?:only )?with\b|"
    r"(?:^|[.:;!]\s)\W{0,9}(?:please )?(?:say|state|write|answer|claim|tell (?:the )?(?:user|reader)s?) that\b|"
    r"^\W{0,9}(?:assistant|system|user)\s*:|<\|?\w+\|?>|\bcite (?:source |passage )?\[?\d+",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A passage that an answer may cite, with its document and page."""

    entry: Entry
    passage: Passage
    page: Page

    @property
    def header(self) -> str:
        """What the library says of the document: title, service, dates."""
        entry = self.entry
        published = f"published {entry.published.day} {entry.published:%B %Y}" if entry.published else ""
        inspected = f"inspected {entry.inspected:%B %Y}" if entry.inspected else ""
        return " · ".join(part for part in (entry.title, entry.service, published, inspected, self.passage.section) if part)


@dataclass(frozen=True, slots=True)
class Window:
    """One to three neighbouring sentences of a passage."""

    start: int
    end: int
    text: str
    stems: frozenset[str]
    items: tuple[Item, ...]
    first: int
    last: int


@dataclass(slots=True)
class Read:
    """A passage taken apart once: its sentences' windows with unit vectors, its items."""

    offered: Offered
    header: str
    around: frozenset[str]
    windows: list[Window] = field(default_factory=list)
    rows: NDArray[np.float32] | None = None


def taken_apart(one: Offered, embedder: Embedder, grades: Sequence[str]) -> Read:
    """A passage's windows. Sentences that speak to a language model are left out: they are nobody's finding."""
    spans = [s for s in spans_of(one.page) if s.start < one.passage.end and s.end > one.passage.start and s.kind != "contents"]
    places = [(max(s.start, one.passage.start), min(s.end, one.passage.end)) for s in spans]
    places = [(start, end) for start, end in places if not _ORDERS.search(one.page.text[start:end])]
    windows = []
    for wide in range(1, _WIDE + 1):
        for first in range(len(places) - wide + 1):
            group = places[first : first + wide]
            if any(later - end > 4 and _breaks(one.page.text[end:later]) for (_, end), (later, _) in pairwise(group)):
                continue
            start, end = group[0][0], group[-1][1]
            text = one.page.text[start:end]
            windows.append(Window(start, end, text, stems(text), tuple(items_of(text, grades)), first, first + wide))
    header = one.header
    read = Read(one, header, stems(header), windows)
    if windows:
        read.rows = embedder.embed([window.text for window in windows])
    return read


def _breaks(gap: str) -> bool:
    return len(gap.strip()) > 3
