"""One reader's conversation: what was asked in this browser tab, and the answers. Chat fills it, sources reads it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.types import Answer, Citation

TurnState = Literal["running", "done", "stopped", "failed"]


@dataclass(slots=True)
class Turn:
    """A question and what became of it. ``answer`` grows while it streams; ``failure`` is a sentence when it failed."""

    number: int
    question: str
    state: TurnState = "running"
    answer: Answer | None = None
    failure: str = ""
    everywhere: bool = False
    """Whether restrictions read out of the question were lifted by the reader."""
    quotes: bool = False
    """Whether the documents are quoted though a chat model is set."""
    started: float = field(default_factory=time.monotonic)
    csv: str = ""
    """The answer's table for its download, as base64; "-" when it is too large; empty when nobody has made it yet."""

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.answer.citations if self.answer else ()

    def add(self, piece: Answer) -> None:
        """One more piece of the answer."""
        self.answer = piece if self.answer is None else self.answer + piece

    def citation(self, number: int) -> Citation | None:
        """The citation with this number; None when the answer has none."""
        return next((c for c in self.citations if c.number == number), None)


@dataclass(slots=True)
class Talk:
    """The turns of one browser tab, oldest first. Gradio copies an empty one for each tab that opens.

    ``shown`` is the turn whose sources are shown, ``opened`` the number of the citation whose page is open;
    ``page`` is what of its document is shown, as HTML, ``leaf`` the number of the page turned to; ``moves`` counts openings,
    so that the page knows a new one from an old one.
    """

    turns: list[Turn] = field(default_factory=list)
    stop: threading.Event | None = None
    shown: int | None = None
    opened: int | None = None
    page: str = ""
    leaf: int = 0
    moves: int = 0
    orders: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """By which column a turn's table is ordered, and whether downwards; tables not in it are as they came."""

    def history(self, before: int) -> tuple[Answer, ...]:
        """The whole answers before a turn, oldest first: what a follow-up question goes back to."""
        return tuple(t.answer for t in self.turns if t.number < before and t.state == "done" and t.answer)

    def begin(self, question: str, *, everywhere: bool = False, quotes: bool = False) -> tuple[Turn, threading.Event]:
        """A new running turn, whose sources are the ones shown, and what to set to stop it."""
        turn = Turn(self.turns[-1].number + 1 if self.turns else 1, question, everywhere=everywhere, quotes=quotes)
        self.turns.append(turn)
        self.stop = threading.Event()
        self.shown, self.opened = turn.number, None
        return turn, self.stop

    def end(self, stop: threading.Event) -> None:
        """The turn that ``stop`` belongs to is over."""
        if self.stop is stop:
            self.stop = None

    def clear(self) -> None:
        """Forgets everything; an answer under way is stopped."""
        if self.stop:
            self.stop.set()
        self.turns.clear()
        self.orders.clear()
        self.stop = self.shown = self.opened = None

    def turn(self, number: int | None) -> Turn | None:
        """The turn with this number; None when there is none."""
        return next((t for t in self.turns if t.number == number), None)

    def order(self, turn: int, column: int) -> None:
        """Orders a turn's table by a column; the same column again turns it round."""
        before = self.orders.get(turn)
        self.orders[turn] = (column, bool(before and before == (column, False)))

    def show(self, turn: int) -> None:
        """Shows the sources of a turn, no page open."""
        self.shown, self.opened, self.moves = turn, None, self.moves + 1

    def open(self, turn: int, citation: int) -> Citation | None:
        """Opens a citation of a turn; None, and nothing changes, when there is no such citation."""
        found = asked.citation(citation) if (asked := self.turn(turn)) else None
        if found:
            self.shown, self.opened, self.moves = turn, citation, self.moves + 1
        return found


def as_text(turn: Turn) -> str:
    """The answer with its sources, as plain text to paste elsewhere."""
    if not turn.answer:
        return ""
    note = [f"({turn.answer.written.note})"] if turn.answer.written and turn.answer.written.note else []
    return "\n\n".join([turn.question, turn.answer.text.strip(), *note, *_source_lines(turn.citations)])


def _source_lines(citations: Sequence[Citation]) -> list[str]:
    """One block that lists the sources; nothing for none."""
    lines = [f"[{c.number}] {c.title}, page {c.page} ({c.document}): “{c.quote}”" for c in citations]
    return ["\n".join(["Sources", *lines])] if lines else []
