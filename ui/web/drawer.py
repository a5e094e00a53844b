"""The drawer with a browser's conversations: its components, and what happens to them. Ask puts it beside the conversation.

A handler changes the tab's Talk and draws anew; markup is history's, and what is on disk keeping's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from ui.shelf import ShelfError
from ui.web.history import bar_html, head_html, list_html
from ui.web.keeping import Keeper
from ui.web.markup import live, notice, told
from ui.web.saving import saved_html
from ui.web.talk import Talk

Parts = Sequence[Any]


class DrawerArea:
    """The hidden column with the list, and the line that opens it. ``outputs`` are what ``drawn`` gives values for."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        with gr.Column(visible=False, elem_id="history") as self.panel:
            self.head = live(head_html(), elem_id="history-head")
            self.find = gr.Textbox(
                label="Find a conversation", info="Words of questions and answers.", lines=1, max_lines=1, elem_id="find-talk"
            )
            self.list = live(elem_id="history-list")

    def put_bar(self) -> None:
        """The line is put where the page has come to, and under it the file that is taken last."""
        self.bar = live(elem_id="talk-bar")
        self.saved = live(elem_id="saved")
        self.outputs = [self.panel, self.list, self.bar, self.saved]

    def wire(self, talk: gr.State, others: Sequence[Any], redrawn: Callable[[Talk, str], Parts]) -> None:
        """``redrawn`` gives the values of ``others``, the rest of the area, when another conversation is shown; with what is spoken."""
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        for each in (self.bar, self.head):
            each.conversations(self.on_toggle, talk, self.outputs, **quick)
        self.bar.save(self.on_save, talk, self.saved, **quick)
        self.find.change(self.on_find, [self.find, talk], self.outputs, **{**quick, "trigger_mode": "always_last"})
        self.list.rename(self.on_rename, talk, self.outputs, **quick)
        self.list.named(self.on_named, talk, self.outputs, **quick)
        self.list.drop(self.on_drop, talk, self.outputs, **quick)
        self.list.unchanged(self.on_unchanged, talk, self.outputs, **quick)

        def on_resume(talk: Talk, event: gr.EventData) -> Parts:
            said = self.resumed(talk, _id(event))
            return *self.drawn(talk), *redrawn(talk, said)

        def on_dropped(talk: Talk, event: gr.EventData) -> Parts:
            said = self.dropped(talk, _id(event))
            return *self.drawn(talk), *redrawn(talk, said)

        self.list.resume(on_resume, talk, [*self.outputs, *others], **quick)
        self.list.dropped(on_dropped, talk, [*self.outputs, *others], **quick)

    def drawn(self, talk: Talk) -> Parts:
        """Panel, list and line as they are now, no file offered. The list is only made when it is seen."""
        try:
            number = self.keeper.number(talk)
            listed = list_html(talk, *self.keeper.listed(talk)) if talk.drawer.open else ""
        except Exception as error:
            return gr.Column(visible=talk.drawer.open), notice(told(error, "reading the conversations"), "error"), gr.skip(), ""
        return gr.Column(visible=talk.drawer.open), listed, bar_html(talk, number), ""

    def on_toggle(self, talk: Talk) -> Parts:
        """Opens or closes the drawer."""
        _settle(talk)
        talk.drawer.open = not talk.drawer.open
        talk.drawer.moves = 0
        return self.drawn(talk)

    def on_save(self, talk: Talk, event: gr.EventData) -> str:
        """An answer or the conversation is to be a file."""
        return saved_html(talk, event._data or {})

    def on_find(self, wanted: str, talk: Talk) -> Parts:
        """What is searched for changed."""
        _settle(talk)
        talk.drawer.wanted = wanted or ""
        return self.drawn(talk)

    def on_rename(self, talk: Talk, event: gr.EventData) -> Parts:
        """A conversation is to have another name: it is asked for."""
        _settle(talk)
        talk.drawer.renaming = _id(event)
        talk.drawer.moves += 1
        return self.drawn(talk)

    def on_named(self, talk: Talk, event: gr.EventData) -> Parts:
        """The name was given."""
        id, name = _id(event), _first((event._data or {}).get("name"))
        if shelf := self.keeper.shelf(talk):
            try:
                shelf.rename(id, name)
                talk.name = " ".join(name.split())[:200] if id == talk.id else talk.name
                _settle(talk)
            except ShelfError as error:
                talk.drawer.said = str(error)
        talk.drawer.moves += 1
        return self.drawn(talk)

    def on_drop(self, talk: Talk, event: gr.EventData) -> Parts:
        """A conversation is to be deleted: it is asked about once."""
        _settle(talk)
        talk.drawer.dropping = _id(event)
        talk.drawer.moves += 1
        return self.drawn(talk)

    def on_unchanged(self, talk: Talk) -> Parts:
        """Neither renamed nor deleted."""
        _settle(talk)
        talk.drawer.moves += 1
        return self.drawn(talk)

    def resumed(self, talk: Talk, id: str) -> str:
        """Opens a conversation; what is to be spoken. Nothing changes when it cannot be read, and the list says why."""
        _settle(talk)
        try:
            self.keeper.resume(talk, id)
        except ShelfError as error:
            talk.drawer.said = str(error)
            talk.drawer.moves += 1
            return ""
        talk.drawer.landed += 1
        return "Conversation opened"

    def dropped(self, talk: Talk, id: str) -> str:
        """Deletes a conversation that was asked about; the talk begins anew if it is its own. What is to be spoken."""
        shelf = self.keeper.shelf(talk)
        agreed = bool(id) and id == talk.drawer.dropping
        _settle(talk)
        talk.drawer.moves += 1
        if not agreed or shelf is None:
            return ""
        try:
            shelf.delete(id)
        except ShelfError as error:
            talk.drawer.said = str(error)
            return ""
        if id == talk.id:
            talk.clear()
        return "Conversation deleted"


def _settle(talk: Talk) -> None:
    """Nothing is being renamed, deleted or said any more."""
    talk.drawer.renaming = talk.drawer.dropping = talk.drawer.said = ""


def _id(event: gr.EventData) -> str:
    return str((event._data or {}).get("id", ""))


def _first(value: object) -> str:
    """A form's field, which comes as a list."""
    return str(value[0]) if isinstance(value, list) and value else ""
