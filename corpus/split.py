"""Documents become Passages: as long as the embedder reads, cut at headings, then paragraphs, then sentences.

Takes a Document from read and the embedder's token counter; gives Passages to the library. Common splitters cut at 1,000
characters or 1,024 tokens, so that an embedder reading 256 tokens never sees the rest; here its own tokens are counted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.sentences import Span, spans_of
from corpus.types import Document, Page, Passage, TokenCounter

HEADER_SHARE = 0.3
"""A header takes at most this share of what the embedder reads; its section, then its title are shortened to fit."""
_SMALL = 0.25
"""A piece below this share of the room left is joined to the next section rather than standing alone."""
_FULL = 0.6
"""From this share on, a new paragraph starts a new passage when it would not fit whole."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence with its tokens and the section it stands in."""

    span: Span
    tokens: int
    section: str


def split(document: Document, count: TokenCounter, max_tokens: int, special_tokens: int = 2) -> list[Passage]:
    """Passages in reading order, none longer than ``max_tokens`` with its header and the special tokens.

    Lines of a table of contents become no passage. The same document, counter and limit give the same passages with
    the same ids. Empty list when no page has text.
    """
    header = _Headers(document, count, int(max_tokens * HEADER_SHARE))
    passages: list[Passage] = []
    for page, units in _units(document, count):
        for piece in _pieces(units, lambda section: max_tokens - special_tokens - header.tokens(section)):
            for start, end in _fitting(page, piece, count, max_tokens - special_tokens - header.tokens(piece[0].section)):
                passages.append(_passage(document, page, start, end, piece[0].section, header))
    return _counted(passages, count, special_tokens)


def _units(document: Document, count: TokenCounter) -> Iterator[tuple[Page, list[_Unit]]]:
    """Each page with its sentences; the section goes on over page ends. Tokens are counted once for the whole document."""
    spans = [(page, [s for s in spans_of(page) if s.kind != "contents"]) for page in document.pages]
    counts = iter(count([page.text[s.start : s.end] for page, found in spans for s in found]))
    section = ""
    for page, found in spans:
        units = []
        for span in found:
            if span.kind == "heading":
                section = re.sub(r"\s+", " ", page.text[span.start : span.end])
            units.append(_Unit(span, next(counts), section))
        yield page, units


def _pieces(units: Sequence[_Unit], room: Callable[[str], int]) -> Iterator[list[_Unit]]:
    """Packs sentences greedily, preferring to part at headings and paragraphs."""
    piece: list[_Unit] = []
    used = 0
    for index, unit in enumerate(units):
        limit = room(piece[0].section if piece else unit.section)
        if piece and _parts_before(units, index, used, limit, _is_only_headings(piece)):
            # Over skipped lines of contents nothing is carried: a passage is one unbroken stretch of the page.
            whole, piece = (piece, []) if _skipped(units, index) else _without_trailing_headings(piece)
            yield whole
            used = sum(held.tokens for held in piece)
        piece.append(unit)
        used += unit.tokens
    if piece:
        yield piece


def _skipped(units: Sequence[_Unit], index: int) -> bool:
    return units[index].span.block - units[index - 1].span.block > 1


def _without_trailing_headings(piece: list[_Unit]) -> tuple[list[_Unit], list[_Unit]]:
    """A heading goes with what follows it. A piece of nothing but headings stays as it is."""
    end = len(piece)
    while end and piece[end - 1].span.kind == "heading":
        end -= 1
    return (piece[:end], piece[end:]) if end else (piece, [])


def _is_only_headings(piece: Sequence[_Unit]) -> bool:
    return all(unit.span.kind == "heading" for unit in piece)


def _parts_before(units: Sequence[_Unit], index: int, used: int, limit: int, only_headings: bool) -> bool:
    unit, before = units[index], units[index - 1]
    if used + unit.tokens > limit or _skipped(units, index):
        return True
    if only_headings:
        return False
    if unit.span.kind == "heading":
        return used >= _SMALL * limit
    starts_block = unit.span.block != before.span.block
    if starts_block and used >= _FULL * limit:
        rest = sum(u.tokens for u in units[index:] if u.span.block == unit.span.block)
        return used + rest > limit
    return False


def _fitting(page: Page, piece: Sequence[_Unit], count: TokenCounter, room: int) -> Iterator[tuple[int, int]]:
    """The piece's place, cut between words where it is still too long (a sentence longer than the embedder reads)."""
    yield from _halves(page.text, piece[0].span.start, piece[-1].span.end, count, room)


def _halves(text: str, start: int, end: int, count: TokenCounter, room: int) -> Iterator[tuple[int, int]]:
    stretch = text[start:end]
    if count([stretch])[0] <= room or len(stretch) < 2:
        yield start, end
        return
    middle = len(stretch) // 2
    spaces = [m.start() for m in re.finditer(r"\s", stretch) if 0 < m.start() < len(stretch) - 1]
    cut = min(spaces, key=lambda at: abs(at - middle)) if spaces else middle
    left = stretch[:cut].rstrip()
    right_start = start + cut + len(stretch[cut:]) - len(stretch[cut:].lstrip())
    yield from _halves(text, start, start + max(1, len(left)), count, room)
    yield from _halves(text, right_start, end, count, room)


def _passage(document: Document, page: Page, start: int, end: int, section: str, header: _Headers) -> Passage:
    text = page.text[start:end]
    digest = hashlib.sha256(f"{document.id}\0{page.number}\0{start}\0{end}\0{text}".encode("utf-8", "surrogatepass"))
    return Passage(
        id=digest.hexdigest()[:32],
        document_id=document.id,
        page=page.number,
        start=start,
        end=end,
        text=text,
        section=section,
        header=header.of(section),
        tokens=0,
    )


def _counted(passages: Sequence[Passage], count: TokenCounter, special_tokens: int) -> list[Passage]:
    counts = count([passage.embedded for passage in passages])
    return [replace(p, tokens=n + special_tokens) for p, n in zip(passages, counts, strict=True)]


class _Headers:
    """The header of each section: title · service · date · section, cut to its share of the embedder's tokens."""

    def __init__(self, document: Document, count: TokenCounter, limit: int) -> None:
        self._count, self._limit = count, limit
        self._known: dict[str, tuple[str, int]] = {}
        service = "" if document.service.casefold() in document.title.casefold() else document.service
        self._fixed = [part for part in (document.title, service, dated(document)) if part]

    def of(self, section: str) -> str:
        return self._entry(section)[0]

    def tokens(self, section: str) -> int:
        return self._entry(section)[1]

    def _entry(self, section: str) -> tuple[str, int]:
        if section not in self._known:
            self._known[section] = self._fit(section)
        return self._known[section]

    def _fit(self, section: str) -> tuple[str, int]:
        title, *facts = self._fixed or [""]
        repeated = section.casefold() in title.casefold()
        candidates = [[title, *facts, section]] if section and not repeated else []
        words = section.split()
        if len(words) > 8 and not repeated:
            candidates.append([title, *facts, " ".join(words[:8]) + " …"])
        candidates.append([title, *facts])
        title_words = title.split()
        candidates += [[" ".join(title_words[:n]) + " …", *facts] for n in (16, 8, 4) if n < len(title_words)]
        for parts in candidates:
            header = " · ".join(part for part in parts if part)
            tokens = self._count([header])[0]
            if tokens <= self._limit:
                return header, tokens
        return "", 0


def dated(document: Document) -> str:
    """``published 8 August 2014``, ``inspected March 2026``, both or nothing, as the header says it."""
    parts = []
    if document.inspected and not document.published:
        parts.append(f"inspected {document.inspected:%B %Y}")
    if document.published:
        parts.append(f"published {document.published.day} {document.published:%B %Y}")
    return ", ".join(parts)
