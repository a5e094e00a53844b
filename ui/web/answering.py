"""An answer as it comes: from a question to a turn that grows, ends and is kept. Takes questions from chat; gives it the area's parts."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.types import Answer
from ui.web import sources
from ui.web.conversation import conversation_html
from ui.web.drawer import DrawerArea
from ui.web.keeping import Keeper
from ui.web.markup import notice, told
from ui.web.talk import How, Talk, Turn
from ui.web.work import Say, pump

if TYPE_CHECKING:
    from assistant.build import Assistant

EVERY = 0.2
"""Seconds between two looks at a growing answer: fast enough to read along, slow enough for a laptop."""

AT_ONCE, WRITTEN_AT_ONCE = 20, 4
"""So many questions are answered at a time. Quotes take turns quickly, and who asks sees at once that it has begun; a chat model
that writes for many at once may time out for each."""

SPOKEN = {"answered": "Answered", "partial": "Partly answered", "not_found": "Not found in the documents"}


class Answering:
    """Asks the assistant, and shows what comes."""

    def __init__(self, assistant: Assistant, keeper: Keeper, drawer: DrawerArea) -> None:
        self.assistant, self.keeper, self.drawer = assistant, keeper, drawer

    def ask(self, question: str, talk: Talk, how: How, after: int = 0) -> Iterator[Sequence[Any]]:
        """Shows the answer as it grows; a message instead when there is nothing to ask or to ask of.

        ``after``: as the question of that turn was asked, knowing only the answers before it; 0 for one that comes last.
        """
        try:
            problem = self._problem(question, talk)
        except Exception as error:
            problem = notice(told(error, "looking into the library"), "error")
        if problem:
            yield parts(note=problem)
            return
        turn, stop = talk.begin(question, how, after)
        kept_in = self.keeper.begun(talk, turn)
        note = self.keeper.keep(talk, kept_in, turn, begin=True)
        drawn = self.drawer.drawn(talk)
        yield parts(box="", stop=True, note="", examples="", talk=talk, voice="Searching the documents", drawn=drawn)
        try:
            yield from self._grown(turn, talk, stop, talk.history(turn.place))
        finally:
            turn.state = "stopped" if turn.state == "running" else turn.state  # the page was closed meanwhile
            stop.set()
            talk.end(stop)
            note = self.keeper.keep(talk, kept_in, turn, begin=bool(note))
        shown = notice(note, "warning") if note else None
        yield parts(stop=talk.stop is not None, note=shown, talk=talk, voice=_ending(turn), drawn=self.drawer.drawn(talk))

    def _grown(self, turn: Turn, talk: Talk, stop: threading.Event, history: Sequence[Answer]) -> Iterator[Sequence[Any]]:
        """Adds piece by piece to the turn, and ends it as done, stopped or failed."""
        try:
            for pieces in pump(self._pieces(turn, history), stop, EVERY):
                for piece in pieces:
                    turn.add(piece)
                if stop.is_set():
                    break
                yield parts(talk=talk)
            turn.state = "stopped" if stop.is_set() else "done"
        except Exception as error:
            turn.state, turn.failure = "failed", told(error, "answering")

    def _pieces(self, turn: Turn, history: Sequence[Answer]) -> Any:
        """The work of answering: says each piece, and ends between two pieces when it is to stop."""
        how = turn.how

        def work(say: Say[Answer], stop: threading.Event) -> None:
            pieces = self.assistant.stream(
                turn.question, history, everywhere=how.everywhere, quotes=how.quotes, filters=how.filters,
                lifted=frozenset(one.key for one in how.lifted),
            )  # fmt: skip
            with closing(pieces):  # which stops a chat model
                for piece in pieces:
                    say(piece)
                    if stop.is_set():
                        return

        return work

    def _problem(self, question: str, talk: Talk) -> str:
        """Why this cannot be asked now, as HTML; empty when it can."""
        if talk.stop:
            return notice("An answer is being written. Wait for it, or press Stop.", "warning")
        if not question:
            return notice("Type a question first.", "warning")
        if not self.assistant.library.documents():
            return notice("There is nothing to search yet: add documents first, in the Documents tab.", "warning")
        return ""


def at_once(assistant: Assistant) -> int:
    """How many questions are answered at a time."""
    return WRITTEN_AT_ONCE if assistant.model else AT_ONCE


def spoken(text: str) -> str:
    """What a screen reader is told, politely and once."""
    return f'<p role="status" aria-live="polite" class="unseen">{text}</p>'


def _ending(turn: Turn) -> str:
    """How the turn ended, in the words a screen reader says."""
    if turn.state == "failed":
        return "The answer failed"
    if turn.state == "stopped" or turn.answer is None:
        return "Stopped"
    return f"{SPOKEN[turn.answer.status]}. Sources: {len(turn.citations)}"


def parts(
    *, box: str | None = None, stop: bool | None = None, note: str | None = None, examples: str | None = None,
    talk: Talk | None = None, voice: str | None = None, drawn: Sequence[Any] | None = None,
) -> Sequence[Any]:  # fmt: skip
    """The values for box, stop, note, examples, conversation, sources, voice and drawer; what is not given stays as it is."""
    skip = gr.skip()
    return (
        skip if box is None else box,
        skip if stop is None else gr.Button(interactive=stop),
        skip if note is None else note,
        skip if examples is None else examples,
        skip if talk is None else conversation_html(talk),
        skip if talk is None else sources.side_html(talk),
        skip if voice is None else spoken(voice),
        *((skip, skip, skip, skip) if drawn is None else drawn),
    )
