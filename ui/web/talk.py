"""One reader's conversation: what was asked in this browser tab, and the answers. Chat fills it, sources reads it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from assistant.scope import Filters
from assistant.types import Answer, Citation, Restriction
from ui.record import Conversation, Kept, Source, State, now


@dataclass(frozen=True, slots=True)
class How:
    """How a question is asked, besides its words.

    ``quotes``: the documents are quoted though a chat model is set. ``everywhere``: the reader took back all that was read out
    of the question to narrow it, ``lifted`` only this of it. ``filters`` are those set by hand.
    """

    quotes: bool = False
    everywhere: bool = False
    filters: Filters = field(default_factory=Filters)
    lifted: tuple[Restriction, ...] = ()


@dataclass(slots=True)
class Turn:
    """A question and what became of it. ``answer`` grows while it streams; ``failure`` is a sentence when it failed."""

    number: int
    question: str
    state: State = "running"
    answer: Answer | None = None
    failure: str = ""
    how: How = field(default_factory=How)
    started: float = field(default_factory=time.monotonic)
    csv: str = ""
    """The answer's table for its download, as base64; "-" when it is too large; empty when nobody has made it yet."""
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    """Its own for ever, while ``number`` is its place in this tab's conversation."""
    asked: datetime = field(default_factory=now)
    sources: dict[str, Source] = field(default_factory=dict)
    """What the cited documents were when the answer was whole, by id."""
    rated: Literal["", "useful", "not useful"] = ""
    after: int = 0
    """The number of the turn whose question it asks anew; 0 for one that was typed."""

    @property
    def place(self) -> int:
        """The number before which stand the answers that the question goes back to."""
        return self.after or self.number

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.answer.citations if self.answer else ()

    def add(self, piece: Answer) -> None:
        """One more piece of the answer."""
        self.answer = piece if self.answer is None else self.answer + piece

    def citation(self, number: int) -> Citation | None:
        """The citation with this number; None when the answer has none."""
        return next((c for c in self.citations if c.number == number), None)


    def kept(self) -> Kept:
        """What is kept of it."""
        return Kept(
            self.id, self.question, self.state, self.asked, self.answer, self.failure, self.how.everywhere, self.how.quotes,
            dict(self.sources), self.rated, self.how.filters, self.how.lifted, self.after,
        )  # fmt: skip


@dataclass(slots=True)
class Drawer:
    """The list of conversations in one browser tab: whether it is open, what is searched, which is being renamed or deleted.

    ``moves`` counts what should get the focus anew in the list, ``landed`` how often one was opened from it; ``said`` is a
    message, empty for none.
    """

    open: bool = False
    wanted: str = ""
    renaming: str = ""
    dropping: str = ""
    moves: int = 0
    landed: int = 0
    said: str = ""


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
    topic: Citation | None = None
    """The passage near to a question that was not answered, whose page is open; numbered 0."""
    moves: int = 0
    orders: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """By which column a turn's table is ordered, and whether downwards; tables not in it are as they came."""
    token: str = ""
    """What this browser shows itself by; empty before the page has told it."""
    id: str = ""
    """The conversation that the turns are kept in; empty before the first question."""
    name: str = ""
    gone: dict[str, str] = field(default_factory=dict)
    """What became of cited documents that the library no longer has, by id, as of when the conversation was opened."""
    judging: int | None = None
    """The turn about which the reader is being asked for more."""
    judgements: int = 0
    """How often that was begun, so that the page knows a new form."""
    saves: int = 0
    """How many files were taken, so that the page knows a new one."""
    drawer: Drawer = field(default_factory=Drawer)

    def history(self, before: int) -> tuple[Answer, ...]:
        """The whole answers before a turn, oldest first: what a follow-up question goes back to."""
        return tuple(t.answer for t in self.turns if t.number < before and t.state == "done" and t.answer)

    def begin(self, question: str, how: How | None = None, after: int = 0) -> tuple[Turn, threading.Event]:
        """A new running turn, whose sources are the ones shown, and what to set to stop it."""
        turn = Turn(self.turns[-1].number + 1 if self.turns else 1, question, how=how or How(), after=after)
        self.turns.append(turn)
        self.stop = threading.Event()
        self.shown, self.opened, self.judging, self.topic = turn.number, None, None, None
        return turn, self.stop

    def end(self, stop: threading.Event) -> None:
        """The turn that ``stop`` belongs to is over."""
        if self.stop is stop:
            self.stop = None

    def clear(self) -> None:
        """Begins anew; an answer under way is stopped. What was kept stays kept."""
        if self.stop:
            self.stop.set()
        self.turns.clear()
        self.orders.clear()
        self.gone.clear()
        self.id = self.name = ""
        self.stop = self.shown = self.opened = self.judging = self.topic = None

    def resume(self, conversation: Conversation) -> None:
        """Goes on with a conversation that was kept. What was under way when it was written counts as stopped."""
        self.clear()
        self.id, self.name = conversation.id, conversation.name
        for number, kept in enumerate(conversation.turns, start=1):
            state: State = "stopped" if kept.state == "running" else kept.state
            self.turns.append(
                Turn(number, kept.question, state, kept.answer, kept.failure,
                     How(kept.quotes, kept.everywhere, kept.filters, kept.lifted), id=kept.id, asked=kept.asked,
                     sources=dict(kept.sources), rated=kept.rated, after=kept.after)
            )  # fmt: skip
        self.shown = self.turns[-1].number

    def turn(self, number: int | None) -> Turn | None:
        """The turn with this number; None when there is none."""
        return next((t for t in self.turns if t.number == number), None)

    def order(self, turn: int, column: int) -> None:
        """Orders a turn's table by a column; the same column again turns it round."""
        before = self.orders.get(turn)
        self.orders[turn] = (column, bool(before and before == (column, False)))

    def show(self, turn: int) -> None:
        """Shows the sources of a turn, no page open."""
        self.shown, self.opened, self.topic, self.moves = turn, None, None, self.moves + 1

    def open(self, turn: int, citation: int) -> Citation | None:
        """Opens a citation of a turn; None, and nothing changes, when there is no such citation."""
        found = asked.citation(citation) if (asked := self.turn(turn)) else None
        if found:
            self.shown, self.opened, self.topic, self.moves = turn, citation, None, self.moves + 1
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
