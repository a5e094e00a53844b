"""Lines with their place on the page become a page's text and its blocks: headings, paragraphs, list items, table rows.

Pure geometry, no PDF library. Takes lines from pdf; gives Page text, blocks and runs back to it. Works on whole documents,
because what repeats (running headers), what is usual (line spacing, body size) and which words exist (for mending
hyphens) can only be seen over all pages.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.lines import HYPHEN, Line, Sheet, shape, without_furniture
from corpus.paper import Paper
from corpus.types import BlockKind, Page

_ITEM = re.compile(r"(?:[•◼■▪●○◦‣⁃➢✓·*–—-]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\(?[ivx]{1,4}[.)])\s+\S")
_BULLET = re.compile(r"[•◼■▪●○◦‣⁃➢✓·]\s")
_LEADER = re.compile(r"(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,6})?$|…{2,}\s*\d*$|_{4,}\s*\d+$")
_ENDS_WITH_NUMBER = re.compile(r"\D\s*(\d{1,3})$")
_SENTENCE_END = (".", "!", "?", ":", ";", "”", "’", ")")


def pages_of(sheets: Sequence[Sheet], outline: frozenset[str] = frozenset()) -> tuple[Page, ...]:
    """Pages in the order of the sheets. ``outline`` holds the titles of the file's bookmarks, lower case."""
    kept = without_furniture(sheets)
    style = _Style.of(kept, outline)
    return tuple(_page(sheet, style) for sheet in kept)


@dataclass(frozen=True, slots=True)
class _Style:
    """What is usual in this document: body size in points, line pitch as a multiple of it, its words, its bookmarks."""

    body: float
    pitch: float
    words: frozenset[str]
    compounds: frozenset[str]
    outline: frozenset[str]

    @classmethod
    def of(cls, sheets: Sequence[Sheet], outline: frozenset[str]) -> _Style:
        sizes: Counter[float] = Counter()
        pitches: list[float] = []
        words: set[str] = set()
        compounds: set[str] = set()
        for sheet in sheets:
            for above, below in zip(sheet.lines, sheet.lines[1:], strict=False):
                step = above.y0 - below.y0
                if 0 < step < 2 * above.size and abs(above.size - below.size) < 0.5:
                    pitches.append(step / above.size)
            broken = False
            for line in sheet.lines:
                sizes[round(line.size, 1)] += len(line.text)
                found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text.casefold())
                # The halves of a broken word are no words of the document, or every break would look like a compound.
                whole = found[1 if broken else 0 : -1 if line.text.endswith(HYPHEN) else None]
                broken = line.text.endswith(HYPHEN)
                compounds.update(word for word in whole if "-" in word)
                words.update(part for word in whole for part in word.split("-"))
        body = sizes.most_common(1)[0][0] if sizes else 12.0
        pitch = statistics.median(pitches) if pitches else 1.2
        return cls(body or 12.0, pitch, frozenset(words), frozenset(compounds), outline)


def _page(sheet: Sheet, style: _Style) -> Page:
    paper = Paper(style.words, style.compounds)
    contents = _is_contents(sheet)
    for group in _groups(_cells(sheet.lines)):
        rows = _rows(group, style) if len(group) > 1 else None
        if rows:
            for row in rows:
                if len(row) > 1:
                    paper.put(row[0], "row", cells=row)
                else:
                    _prose(paper, row[0], style, sheet, contents)
            continue
        for cell in group:
            _prose(paper, cell, style, sheet, contents)
    return Page(sheet.number, paper.text, tuple(paper.blocks), tuple(paper.runs), sheet.label)


def _prose(paper: Paper, cell: Cell, style: _Style, sheet: Sheet, contents: bool) -> None:
    for lines in _paragraphs(cell, style):
        listed = contents and _ENDS_WITH_NUMBER.search(lines[-1].text.strip())
        paper.put(lines, "contents" if listed else _kind(lines, style, sheet))


def _is_contents(sheet: Sheet) -> bool:
    """A page on which most lines end with a page number, in rising order, is a table of contents."""
    numbers = [int(m[1]) for line in sheet.lines if (m := _ENDS_WITH_NUMBER.search(line.text.strip()))]
    rising = sum(a <= b for a, b in zip(numbers, numbers[1:], strict=False))
    named = any(re.fullmatch(r"(table of )?contents( page)?", line.text.strip().casefold()) for line in sheet.lines)
    enough = 0.3 if named else 0.6
    return len(numbers) >= 4 and len(numbers) >= enough * len(sheet.lines) and rising >= 0.8 * (len(numbers) - 1)


Cell = list[Line]


def _cells(lines: Iterable[Line]) -> list[Cell]:
    """Runs of lines that stand below one another in the file's own order: a column, a paragraph, or one table cell."""
    cells: list[Cell] = []
    for line in lines:
        if cells and _continues(cells[-1], line):
            cells[-1].append(line)
        else:
            cells.append([line])
    return cells


def _continues(cell: Cell, line: Line) -> bool:
    last, recent = cell[-1], cell[-3:]
    left = min(item.x0 for item in recent)
    overlaps = left - 60 < line.x0 < max(item.x1 for item in recent) and line.x1 > left
    return overlaps and line.y0 < last.y0 - 0.4 * min(line.size, last.size)


def _groups(cells: list[Cell]) -> list[list[Cell]]:
    """Neighbouring cells that stand side by side, together: a table row, a table drawn by columns, or columns of prose."""
    groups: list[list[Cell]] = []
    for cell in cells:
        if groups and any(_beside(other, cell) for other in groups[-1]) and not _over_any(groups[-1], cell):
            groups[-1].append(cell)
        else:
            groups.append([cell])
    return groups


def _beside(one: Cell, other: Cell) -> bool:
    top, bottom = min(one[0].y1, other[0].y1), max(one[-1].y0, other[-1].y0)
    return top - bottom > 0.3 * min(one[0].y1 - one[-1].y0, other[0].y1 - other[-1].y0)


def _over_any(group: list[Cell], cell: Cell) -> bool:
    """Whether the cell shares width with what stands at its own height in the group: then it is not beside it."""
    level = [line for other in group for line in other if _level(line, cell)]
    left, right = min(line.x0 for line in cell), max(line.x1 for line in cell)
    return any(line.x0 < right and left < line.x1 for line in level)


def _level(line: Line, cell: Cell) -> bool:
    return min(line.y1, cell[0].y1) - max(line.y0, cell[-1].y0) > 0.25 * line.size


def _rows(group: list[Cell], style: _Style) -> list[list[Cell]] | None:
    """The group's parts top to bottom, each with what stands beside it; None when the group is prose in columns."""
    if sum(len(cell) > 8 for cell in group) > 1 and not _aligned(group, style):
        return None
    columns = sorted(group, key=lambda cell: min(line.x0 for line in cell))
    rows: list[list[Cell]] = [[part] for part in _by_gap(columns[0], style)]
    for column in columns[1:]:
        for part in _by_gap(column, style):
            best = max(rows, key=lambda row: _vertical_overlap(row[0], part))
            if _vertical_overlap(best[0], part) <= 0.2 * part[0].size:
                rows.append([part])
            else:
                best.append(part)
    return sorted(rows, key=lambda row: -row[0][0].y1)


def _aligned(group: list[Cell], style: _Style) -> bool:
    """Whether the columns break into the same number of parts at the same heights, as tables drawn by columns do."""
    parts = [_by_gap(cell, style) for cell in group]
    return len({len(p) for p in parts}) == 1 and len(parts[0]) > 2 and all(
        abs(a[0].y1 - b[0].y1) < 0.6 * a[0].size for a, b in zip(parts[0], parts[1], strict=True)
    )


def _vertical_overlap(one: Cell, other: Cell) -> float:
    return min(one[0].y1, other[0].y1) - max(one[-1].y0, other[-1].y0)


def _by_gap(cell: Cell, style: _Style) -> list[Cell]:
    parts: list[Cell] = [[cell[0]]]
    for above, below in zip(cell, cell[1:], strict=False):
        if _gap(above, below, style):
            parts.append([below])
        else:
            parts[-1].append(below)
    return parts


def _gap(above: Line, below: Line, style: _Style) -> bool:
    return above.y0 - below.y0 > 1.22 * style.pitch * max(above.size, below.size)


def _paragraphs(cell: Cell, style: _Style) -> list[Cell]:
    right = max(line.x1 for line in cell)
    width = right - min(line.x0 for line in cell)
    parts: list[Cell] = [[cell[0]]]
    for above, below in zip(cell, cell[1:], strict=False):
        ends = above.text.rstrip().endswith(_SENTENCE_END)
        if (
            _gap(above, below, style)
            or abs(above.size - below.size) > 0.08 * above.size
            or (above.bold != below.bold and not above.text.endswith(HYPHEN))
            or _BULLET.match(below.text)
            or (_ITEM.match(below.text) and (ends or _ITEM.match(parts[-1][0].text)))
            or (ends and width > 150 and above.x1 < right - 0.3 * width)
            or _LEADER.search(above.text)
        ):
            parts.append([below])
        else:
            parts[-1].append(below)
    return parts


def _kind(lines: Cell, style: _Style, sheet: Sheet) -> BlockKind:
    if _LEADER.search(lines[-1].text):
        return "contents"
    if _is_heading(lines, style):
        return "heading"
    if lines[0].size < 0.88 * style.body and lines[0].y1 < 0.4 * sheet.height:
        return "note"
    return "item" if _ITEM.match(lines[0].text) else "text"


def _is_heading(lines: Cell, style: _Style) -> bool:
    text = " ".join(line.text.strip() for line in lines)
    if len(text) > 200 or len(lines) > 4 or not any(c.isalpha() for c in text) or _BULLET.match(text):
        return False
    if shape(text) in style.outline:
        return True
    if text.endswith((".", ",", ";")) or text[0].islower():
        return False
    larger = all(line.size >= 1.12 * style.body for line in lines)
    return larger or (all(line.bold and line.size >= 0.95 * style.body for line in lines) and len(text) <= 120)
