"""Reads the small Markdown in which the samples are written. First in the flow: text → blocks, for content to carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` is 1 for a chapter (new page), 2 for a section, 3 for an unnumbered side heading."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """Running text; may hold ``**bold**``, ``*italic*`` and ``^[a footnote]``."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``start`` is its first number, 0 for a list of bullets."""

    items: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Box:
    """A practice example set apart; written as ``> **Title** ...`` lines, the first line being the title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A pipe table; the first row is its heading."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing built from the facts goes: ``::ratings`` is ``Place("ratings")``."""

    name: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks set in two columns, between ``:::columns`` and ``:::``."""

    blocks: tuple[Block, ...]


Block = Heading | Para | Items | Box | Grid | Place | Columns

_COLUMNS = re.compile(r"^:::columns\n(.*?)^:::$", re.M | re.S)
_ITEM = re.compile(r"^(?:-|\d+\.) +")
_NOTE = re.compile(r"\^\[([^\]]+)\]")


def parse(text: str) -> tuple[Block, ...]:
    """Blocks in the order of ``text``; () for blank text."""
    blocks: list[Block] = []
    at = 0
    for found in _COLUMNS.finditer(text):
        blocks += _plain(text[at : found.start()])
        blocks.append(Columns(parse(found[1])))
        at = found.end()
    return (*blocks, *_plain(text[at:]))


def each_note(text: str, put: Callable[[str], str]) -> str:
    """``text`` with every footnote replaced by what ``put`` gives for the words of the note, left to right."""
    return _NOTE.sub(lambda found: put(found[1]), text)


def marked(text: str, bold: str, italic: str) -> str:
    """``text`` with its emphasis written out; ``bold`` and ``italic`` are patterns such as ``<b>%s</b>``."""
    text = re.sub(r"\*\*(.+?)\*\*", lambda found: bold % found[1], text)
    return re.sub(r"\*(.+?)\*", lambda found: italic % found[1], text)


def typeset(text: str) -> str:
    """``text`` with curly quotation marks and with en dashes between numbers, as print has them."""
    text = re.sub(r"(?<![\w.,!?)\]%])'", "\u2018", text).replace("'", "\u2019")
    text = re.sub(r'(?<![\w.,!?)\]%])"', "\u201c", text).replace('"', "\u201d")
    return re.sub(r"(?<=\d)-(?=\d)", "\u2013", text).replace(" - ", " \u2013 ")


def _plain(text: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", text.strip()):
        if chunk:
            yield _block(chunk.strip().split("\n"))


def _block(lines: list[str]) -> Block:
    first = lines[0]
    if first.startswith("#"):
        mark, _, words = first.partition(" ")
        return Heading(len(mark), words.strip())
    if first.startswith("::"):
        return Place(first[2:].strip())
    if first.startswith("|"):
        cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
        return Grid(tuple(row for row in cells if not set("".join(row)) <= {"-", ":"}))
    if first.startswith("> "):
        bare = [line.removeprefix(">").strip() for line in lines]
        return Box(bare[0].strip("*"), " ".join(bare[1:]))
    if _ITEM.match(first):
        return Items(_items(lines), 0 if first[0] == "-" else int(first.split(".")[0]))
    return Para(" ".join(lines))


def _items(lines: list[str]) -> tuple[str, ...]:
    """One item for each marked line; an unmarked line goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            items.append(_ITEM.sub("", line))
        else:
            items[-1] += " " + line.strip()
    return tuple(items)
