"""Asking: the question box and the conversation. Takes questions to the assistant; gives answers to the page.

The page shows the newest question first, right under the box, so that nothing jumps while an answer is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.scope import Filters
from ui.record import plain_text
from ui.shelf import ShelfError, is_token, new_token
from ui.web import sources
from ui.web.answering import Answering, at_once, parts, spoken
from ui.web.conversation import conversation_html, examples_html, first_steps
from ui.web.drawer import DrawerArea
from ui.web.judging import explained, judged
from ui.web.keeping import Keeper
from ui.web.markup import live, notice, told, whole
from ui.web.narrowing import Narrowing, filters_of, without
from ui.web.talk import How, Talk, Turn

if TYPE_CHECKING:
    from assistant.build import Assistant


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
                self.narrowing = Narrowing(assistant)
                self.note = live(elem_id="ask-note")
                self.drawer.put_bar()
                self.examples = live(elem_id="examples")
                self.conversation = live(elem_id="conversation")
            with gr.Column(elem_id="ask-side"):
                self.side = live(sources.side_html(Talk()), elem_id="sources")
        self.answering = Answering(assistant, self.keeper, self.drawer)
        self.voice = gr.HTML(spoken(""), elem_id="voice", apply_default_css=False)
        self._wire()

    def _wire(self) -> None:
        rest = [self.box, self.stop, self.note, self.examples, self.conversation, self.side, self.voice]
        every, filters = [*rest, *self.drawer.outputs], self.narrowing.parts
        slow: dict[str, Any] = {
            "outputs": every, "show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple",
            "concurrency_id": "answers", "concurrency_limit": at_once(self.assistant),
        }  # fmt: skip
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        gr.on([self.send.click, self.box.submit], self.on_ask, [self.box, self.talk, self.quotes, self.browser, *filters], **slow)
        self.examples.example(self.on_example, [self.talk, self.quotes, *filters], **slow)
        self.stop.click(self.on_stop, self.talk, self.stop, **quick)
        self.clear.click(self.on_clear, self.talk, [*every, *filters, self.narrowing.chips], **quick)
        self.narrowing.wire(quick)
        opened = [self.conversation, self.side]
        for chosen in (self.conversation.cite, self.conversation.show, self.conversation.near, self.side.cite):
            chosen(self.on_open, self.talk, opened, **quick)
        self.conversation.widen(self.on_widen, [self.talk, self.quotes], **slow)
        self.conversation.lift(self.on_lift, [self.talk, self.quotes], **slow)
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

    def on_example(self, talk: Talk, quotes: bool, event: gr.EventData, *filters: Any) -> Iterator[Sequence[Any]]:
        """An example question was chosen: it is asked as if typed."""
        yield from self.on_ask(str(event._data.get("question", "")), talk, quotes, None, *filters)

    def on_widen(self, talk: Talk, quotes: bool, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """The question of a turn again, in all documents: the reader takes all restrictions back."""
        if (turn := _turn(talk, event)) and turn.answer:
            yield from self._ask(_whole_question(turn), talk, How(quotes=quotes, everywhere=True), turn.place)

    def on_lift(self, talk: Talk, quotes: bool, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """The question of a turn again, without one of its restrictions: a filter, or what was read out of the question."""
        turn, key, by_hand = _turn(talk, event), str((event._data or {}).get("key")), bool((event._data or {}).get("hand"))
        understood = turn.answer.understood if turn and turn.answer else None
        chosen = next((one for one in understood.restrictions if (one.key, one.by_hand) == (key, by_hand)), None) if understood else None
        if turn and chosen:
            how = replace(turn.how, quotes=quotes)
            how = replace(how, filters=without(how.filters, key)) if by_hand else replace(how, lifted=(*how.lifted, chosen))
            yield from self._ask(_whole_question(turn), talk, how, turn.place)

    def on_quotes(self, talk: Talk, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """The question of a turn again, answered in the documents' own words."""
        if (turn := _turn(talk, event)) and turn.answer:
            yield from self._ask(_whole_question(turn), talk, replace(turn.how, quotes=True), turn.place)

    def on_again(self, talk: Talk, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """The question of a turn again, as it was asked, after the answers that were before it."""
        if turn := _turn(talk, event):
            yield from self._ask(turn.question, talk, turn.how, turn.place)

    def on_edit(self, talk: Talk, event: gr.EventData) -> Any:
        """The question of a turn is put back into the box, as it was typed or as it was completed."""
        turn = _turn(talk, event)
        if turn is None:
            return gr.skip()
        return _whole_question(turn) if (event._data or {}).get("full") else turn.question

    def on_ask(
        self, question: str, talk: Talk, quotes: bool = False, token: object = None, *filters: Any
    ) -> Iterator[Sequence[Any]]:
        """Asks what was typed, within the filters that are set."""
        if not talk.token and isinstance(token, str) and is_token(token):
            talk.token = token  # the server was started anew under an open page
        how = How(quotes=quotes, filters=filters_of(*filters) if filters else Filters())
        yield from self._ask(question, talk, how)

    def _ask(self, question: str, talk: Talk, how: How, after: int = 0) -> Iterator[Sequence[Any]]:
        yield from self.answering.ask(plain_text(question or "").strip(), talk, how, after)

    def on_stop(self, talk: Talk) -> object:
        """Stops the answer under way; what is there stays."""
        if talk.stop:
            talk.stop.set()
        return gr.Button(interactive=False)

    def on_clear(self, talk: Talk) -> Sequence[Any]:
        """An empty conversation, with the examples back and no filter set."""
        talk.clear()
        drawn = self.drawer.drawn(talk)
        shown = parts(box="", stop=False, note="", examples=self.suggestions(), talk=talk, voice="New conversation", drawn=drawn)
        return *shown, *self.narrowing.shown(Filters())

    def redrawn(self, talk: Talk, voice: str) -> Sequence[Any]:
        """The area when another conversation is shown, or none; without the drawer's own parts."""
        shown = parts(stop=talk.stop is not None, note="", examples=self.refreshed(talk), talk=talk, voice=voice)
        return shown[: -len(self.drawer.outputs)]

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


def _turn(talk: Talk, event: gr.EventData) -> Turn | None:
    """The turn that a button belongs to."""
    return talk.turn(whole((event._data or {}).get("turn")))


def _whole_question(turn: Turn) -> str:
    """A turn's question, completed as it was. Asked again, it knows the answers before that turn, as it did: what was answered
    since, and to the question itself, would narrow it to a service that it does not name."""
    return turn.answer.understood.question if turn.answer and turn.answer.understood else turn.question
