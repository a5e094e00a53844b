"""A page's text as it is written down: blocks, tabs between cells, hyphens mended, and where each character came from.

Takes the lines of one block after another from layout; gives the page's text, blocks and runs.
"""

from __future__ import annotations

import re

from corpus.lines import HYPHEN, Line
from corpus.types import Block, BlockKind, Run


class Paper:
    """A page's text as it is written down: characters with their place in the file, block by block."""

    def __init__(self, words: frozenset[str], compounds: frozenset[str]) -> None:
        """``words`` and ``compounds`` (with their hyphens) are the document's own, lower case: they decide over hyphens."""
        self._words, self._compounds = words, compounds
        self._pieces: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.runs: list[Run] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def put(self, lines: list[Line], kind: BlockKind, cells: list[list[Line]] | None = None) -> None:
        """Writes one block; ``cells`` when it is a table row, whose cells are then separated by tabs."""
        if self.blocks:
            self._write("\n" if kind == self.blocks[-1].kind and kind in ("row", "item", "contents") else "\n\n")
        start = self._length
        for index, cell in enumerate(cells or [lines]):
            if index:
                self._write("\t")
            self._cell(cell)
        if self._length > start:
            self.blocks.append(Block(kind, start, self._length))

    def _cell(self, cell: list[Line]) -> None:
        for index, line in enumerate(cell):
            text = line.text
            following = cell[index + 1].text if index + 1 < len(cell) else ""
            if text.endswith(HYPHEN):
                self._write(text[:-1], line.source)
                if self._keeps_hyphen(text[:-1], following):
                    self._write("-", line.source + len(text) - 1)
                continue
            self._write(text, line.source)
            if following and not _ends_in_compound(text, following):
                self._write(" ")

    def _keeps_hyphen(self, before: str, after: str) -> bool:
        """A hyphen at a line's end is a real one unless its halves are no words of this document and the whole is."""
        left, right = re.search(r"[^\W\d_]*$", before.casefold()), re.match(r"[^\W\d_]*", after.casefold())
        one, two = left[0] if left else "", right[0] if right else ""
        if f"{one}-{two}" in self._compounds:
            return True
        if one + two in self._words or not after[:1].islower():
            return not after[:1].islower()
        return one in self._words and two in self._words

    def _write(self, text: str, source: int | None = None) -> None:
        if not text:
            return
        if source is not None:
            last = self.runs[-1] if self.runs else None
            if last and last.start + last.length == self._length and last.source + last.length == source:
                self.runs[-1] = Run(last.start, last.source, last.length + len(text))
            else:
                self.runs.append(Run(self._length, source, len(text)))
        self._pieces.append(text)
        self._length += len(text)


def _ends_in_compound(text: str, following: str) -> bool:
    """``16-`` / ``17 year-olds``: a printed hyphen at the end that is part of what follows needs no space."""
    return bool(re.search(r"\w-$", text)) and following[:1].isalnum()
