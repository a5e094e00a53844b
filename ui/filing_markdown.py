"""Writes a Paper as Markdown in which nobody's words are markup: they come out as they stand, in every reader of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ui.filing import Footnote, Grid, Paper, Part, clean

_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_ADDRESS = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
"""Where readers make a link of plain text."""
_BEGINNING = re.compile(r"^(\d+)([.)])|^([-+=])")
"""What begins a list, or makes a heading of the line before."""


def as_markdown(paper: Paper) -> str:
    """The whole paper; lines end with a line feed."""
    parts = "\n".join("\n".join(_part(part)) for part in paper.parts)
    return f"# {md(paper.title)}\n\n{md(paper.subtitle)}\n\n{parts}"


def md(text: str) -> str:
    """One line that shows the text character for character; white space becomes single spaces."""
    line = _MARKS.sub(lambda mark: f"\\{mark[0]}", " ".join(clean(text).split()))
    line = _ADDRESS.sub(lambda mark: f"\\{mark[0]}", line)
    return _BEGINNING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", line)


def _block(text: str, lead: str = "") -> str:
    """Text of several lines, each of which keeps its own by a hard break; empty ones part paragraphs."""
    paragraphs = re.split(r"\n\s*\n", clean(text).strip())
    return f"\n{lead.rstrip()}\n".join("\\\n".join(lead + md(line) for line in one.split("\n") if line.strip()) for one in paragraphs)


def _part(part: Part) -> Iterator[str]:
    if part.question:
        yield f"## {md(part.question)}\n"
    for line in part.lines:
        yield _styled(line.text, line.style)
    if part.grid:
        yield _grid(part.grid)
    for line in part.after:
        yield _styled(line.text, line.style)
    if part.sources:
        yield "### Sources\n"
        yield from map(_source, part.sources)


def _styled(text: str, style: str) -> str:
    return f"**Note:** {_block(text)}\n" if style == "note" else f"{_block(text)}\n"


def _grid(grid: Grid) -> str:
    rows = ["| " + " | ".join(md(cell) for cell in row) + " |" for row in grid.rows]
    heads = "| " + " | ".join(md(head) for head in grid.heads) + " |"
    return "\n".join([f"{md(grid.caption)}\n", heads, "|" + " --- |" * len(grid.heads), *rows, ""])


def _source(source: Footnote) -> str:
    address = f"\\\n{md(source.address)}" if source.address else ""
    return f"\\[{source.number}\\] {md(source.place)}\\\n{md(source.file)}{address}\n\n{_block(source.quote, '> ')}\n"
