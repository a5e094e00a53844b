"""Asking: the question box and the conversation. Takes questions to the assistant; gives answers to the page.

The page shows the newest question first, right under the box, so that nothing jumps while an answer is written.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.types import Answer
from ui.record import plain_text
from ui.shelf import ShelfError, is_token, new_token
from ui.web import sources
from ui.web.conversation import conversation_html, examples_html, first_steps
from ui.web.drawer import DrawerArea
from ui.web.judging import explained, judged
from ui.web.keeping import Keeper
from ui.web.markup import live, notice, told, whole
from ui.web.talk import Talk, Turn
from ui.web.work import Say, pump

if TYPE_CHECKING:
    from assistant.build import Assistant

EVERY = 0.2
"""Seconds between two looks at a growing answer: fast enough to read along, slow enough for a laptop."""

SPOKEN = {"answered": "Answered", "partial": "Partly answered", "not_found": "Not found in the documents"}


class Ask:
    """The area "Ask": its components, and what happens to them. One for all readers; a reader's own is in ``talk``."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.talk = gr.State(Talk())
        self.keeper = Keeper(assistant.library)
        self.browser = gr.BrowserState(None, storage_key="inspection-assistant", secret="this hides nothing; the token is random")
        self.where = gr.Textbox(visible=False)
        with gr.Row(elem_id="ask-area", equal_height=False):
            self.drawer = DrawerArea(self.keeper)
            with gr.Column(elem_id="ask-main"):
                self.box = gr.Textbox(
                    label="Your question", info="About the documents in your library. Enter sends it.",
                    lines=1, max_lines=8, elem_id="question", autofocus=True,
                )  # fmt: skip
                with gr.Row(elem_id="ask-buttons"):
                    self.send = gr.Button("Ask", variant="primary", elem_id="send")
                    self.stop = gr.Button("Stop", interactive=False, elem_id="stop")
                    self.clear = gr.Button("New conversation", elem_id="clear")
                self.quotes = gr.Checkbox(
                    label="Quotes only", elem_id="quotes-only", value=False, visible=bool(assistant.model),
                    info=f"In the documents’ own words. Otherwise {assistant.model} gets your question and the passages found.",
                )  # fmt: skip
                self.note = live(elem_id="ask-note")
                self.drawer.put_bar()
                self.examples = live(elem_id="examples")
                self.conversation = live(elem_id="conversation")
            with gr.Column(elem_id="ask-side"):
                self.side = live(sources.side_html(Talk()), elem_id="sources")
        self.voice = gr.HTML(spoken(""), elem_id="voice", apply_default_css=False)
        self._wire()

    def _wire(self) -> None:
        rest = [self.box, self.stop, self.note, self.examples, self.conversation, self.side, self.voice]
        parts = [*rest, *self.drawer.outputs]
        slow: dict[str, Any] = {
            "outputs": parts, "show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple",
            "concurrency_id": "answers", "concurrency_limit": 4,
        }  # fmt: skip
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        gr.on([self.send.click, self.box.submit], self.on_ask, [self.box, self.talk, self.quotes, self.browser], **slow)
        self.examples.example(self.on_example, [self.talk, self.quotes], **slow)
        self.stop.click(self.on_stop, self.talk, self.stop, **quick)
        self.clear.click(self.on_clear, self.talk, parts, **quick)
        opened = [self.conversation, self.side]
        for chosen in (self.conversation.cite, self.conversation.show, self.side.cite):
            chosen(self.on_open, self.talk, opened, **quick)
        self.conversation.widen(self.on_widen, [self.talk, self.quotes], **slow)
        self.conversation.quotes(self.on_quotes, self.talk, **slow)
        self.conversation.again(self.on_again, self.talk, **slow)
        self.conversation.save(self.drawer.on_save, self.talk, self.drawer.saved, **quick)
        self.conversation.edit(self.on_edit, self.talk, self.box, **quick)
        said = [self.note, self.conversation, self.voice]
        self.conversation.judge(self.on_judge, self.talk, said, **quick)
        self.conversation.judged(self.on_judged, self.talk, said, **quick)
        self.conversation.sort(self.on_sort, self.talk, self.conversation, **quick)
        self.side.leaf(self.on_leaf, self.talk, self.side, **quick)
        self.drawer.wire(self.talk, rest, self.redrawn)

    def start(self, page: gr.Blocks) -> Any:
        """When the page is opened: who its browser is, and the conversation that this tab had. Gives the event, to go on after it."""
        return page.load(
            self.on_start, [self.talk, self.browser, self.where],
            [self.browser, self.note, self.conversation, self.side, *self.drawer.outputs], show_progress="hidden",
            api_visibility="private", queue=False, js="(talk, token) => [talk, token, sessionStorage.getItem('conversation') || '']",
        )  # fmt: skip

    def on_start(self, talk: Talk, token: object, where: str) -> Sequence[Any]:
        """A browser that comes for the first time gets a token; a conversation that is gone is not missed."""
        talk.token = token if isinstance(token, str) and is_token(token) else new_token()
        note = ""
        if where and not talk.turns:
            try:
                self.keeper.resume(talk, where)
            except ShelfError:
                note = notice("The conversation that was open here is gone; the others are in the list.", "info")
        return talk.token, note, conversation_html(talk), sources.side_html(talk), *self.drawer.drawn(talk)

    def on_example(self, talk: Talk, quotes: bool, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """An example question was chosen: it is asked as if typed."""
        yield from self.on_ask(str(event._data.get("question", "")), talk, quotes)

    def on_widen(self, talk: Talk, quotes: bool, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """The question of a turn again, in all documents: the reader takes a restriction back."""
        turn = talk.turn(whole((event._data or {}).get("turn")))
        if turn and turn.answer:
            yield from self.on_ask(_whole_question(turn), talk, quotes, everywhere=True)

    def on_quotes(self, talk: Talk, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """The question of a turn again, answered in the documents' own words."""
        turn = talk.turn(whole((event._data or {}).get("turn")))
        if turn and turn.answer:
            yield from self.on_ask(_whole_question(turn), talk, True, everywhere=turn.everywhere)

    def on_again(self, talk: Talk, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """The question of a turn again, as it was asked, after the answers that were before it."""
        if turn := talk.turn(whole((event._data or {}).get("turn"))):
            yield from self.on_ask(turn.question, talk, turn.quotes, everywhere=turn.everywhere, after=turn.number)

    def on_edit(self, talk: Talk, event: gr.EventData) -> Any:
        """The question of a turn is put back into the box."""
        turn = talk.turn(whole((event._data or {}).get("turn")))
        return turn.question if turn else gr.skip()

    def on_ask(
        self, question: str, talk: Talk, quotes: bool = False, token: object = None, *, everywhere: bool = False, after: int | None = None
    ) -> Iterator[Sequence[Any]]:
        """Asks, and shows the answer as it grows; a message instead when there is nothing to ask or to ask of.

        ``after``: as the question of that turn was asked, knowing only the answers before it.
        """
        question = plain_text(question or "").strip()
        if not talk.token and isinstance(token, str) and is_token(token):
            talk.token = token  # the server was started anew under an open page
        try:
            problem = self._problem(question, talk)
        except Exception as error:
            problem = notice(told(error, "looking into the library"), "error")
        if problem:
            yield _parts(note=problem)
            return
        turn, stop = talk.begin(question, everywhere=everywhere, quotes=quotes)
        kept_in = self.keeper.begun(talk, turn)
        note = self.keeper.keep(talk, kept_in, turn, begin=True)
        drawn = self.drawer.drawn(talk)
        yield _parts(box="", stop=True, note="", examples="", talk=talk, voice="Searching the documents", drawn=drawn)
        try:
            yield from self._grown(turn, talk, stop, talk.history(after or turn.number))
        finally:
            turn.state = "stopped" if turn.state == "running" else turn.state  # the page was closed meanwhile
            stop.set()
            talk.end(stop)
            note = self.keeper.keep(talk, kept_in, turn, begin=bool(note))
        shown = notice(note, "warning") if note else None
        yield _parts(stop=talk.stop is not None, note=shown, talk=talk, voice=_ending(turn), drawn=self.drawer.drawn(talk))

    def _grown(self, turn: Turn, talk: Talk, stop: threading.Event, history: Sequence[Answer]) -> Iterator[Sequence[Any]]:
        """Adds piece by piece to the turn, and ends it as done, stopped or failed."""
        try:
            for pieces in pump(self._pieces(turn, history), stop, EVERY):
                for piece in pieces:
                    turn.add(piece)
                if stop.is_set():
                    break
                yield _parts(talk=talk)
            turn.state = "stopped" if stop.is_set() else "done"
        except Exception as error:
            turn.state, turn.failure = "failed", told(error, "answering")

    def _pieces(self, turn: Turn, history: Sequence[Answer]) -> Any:
        """The work of answering: says each piece, and ends between two pieces when it is to stop."""

        def work(say: Say[Answer], stop: threading.Event) -> None:
            pieces = self.assistant.stream(turn.question, history, everywhere=turn.everywhere, quotes=turn.quotes)
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

    def on_stop(self, talk: Talk) -> object:
        """Stops the answer under way; what is there stays."""
        if talk.stop:
            talk.stop.set()
        return gr.Button(interactive=False)

    def on_clear(self, talk: Talk) -> Sequence[Any]:
        """An empty conversation, with the examples back."""
        talk.clear()
        return _parts(
            box="", stop=False, note="", examples=self.suggestions(), talk=talk, voice="New conversation", drawn=self.drawer.drawn(talk)
        )

    def redrawn(self, talk: Talk, voice: str) -> Sequence[Any]:
        """The area when another conversation is shown, or none; without the drawer's own parts."""
        parts = _parts(stop=talk.stop is not None, note="", examples=self.refreshed(talk), talk=talk, voice=voice)
        return parts[: -len(self.drawer.outputs)]

    def on_open(self, talk: Talk, event: gr.EventData) -> tuple[str, str]:
        """A citation was chosen, in an answer or on a card: its page is shown."""
        sources.open_chosen(talk, event._data or {}, self.assistant.library)
        return conversation_html(talk), sources.side_html(talk)

    def on_leaf(self, talk: Talk, event: gr.EventData) -> str:
        """Another page of the open document is shown."""
        sources.turn_leaf(talk, event._data or {}, self.assistant.library)
        return sources.side_html(talk)

    def on_judge(self, talk: Talk, event: gr.EventData) -> Sequence[Any]:
        """An answer was said to be useful or not."""
        turn, problem = judged(talk, event._data or {}, self.assistant)
        if turn and talk.id:
            problem = problem or self.keeper.keep(talk, talk.id, turn)
        return notice(problem, "warning"), conversation_html(talk), spoken("Kept, thank you" if turn and not problem else "")

    def on_judged(self, talk: Talk, event: gr.EventData) -> Sequence[Any]:
        """Reasons and a comment came with it."""
        problem = explained(talk, event._data or {}, self.assistant)
        return notice(problem, "warning"), conversation_html(talk), spoken("" if problem else "Kept, thank you")

    def on_sort(self, talk: Talk, event: gr.EventData) -> str:
        """A column of an answer's table was chosen: its rows are ordered by it."""
        chosen = event._data or {}
        turn, column = whole(chosen.get("turn")), whole(chosen.get("column"))
        if turn is not None and column is not None and talk.turn(turn):
            talk.order(turn, column)
        return conversation_html(talk)

    def suggestions(self) -> str:
        """Example questions, or the first steps when the library is empty, as HTML."""
        try:
            if not self.assistant.library.documents():
                return first_steps(self.assistant.settings.max_file_mb)
            return examples_html(self.assistant.examples())
        except Exception as error:
            return notice(told(error, "looking into the library"), "error")

    def refreshed(self, talk: Talk) -> str:
        """The same, unless a conversation has begun: then nothing is suggested."""
        return "" if talk.turns else self.suggestions()


def _whole_question(turn: Turn) -> str:
    """A turn's question as it can be asked by itself."""
    return turn.answer.understood.question if turn.answer and turn.answer.understood else turn.question


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


def _parts(
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
