"""Keeping the library from the page: what is in it, to find, choose, order and remove; adding, and a document's own page.

What is under embargo is listed without its title, and can be removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.holdings import COLUMNS, PROBLEM, STATES, Holding, Order, Wanted, holdings_of, offered, ordered
from ui.web.adding import Adder
from ui.web.document import DocumentPage
from ui.web.factlist import held_words
from ui.web.listing import EMPTY, MOST, Part, ask_removal, masked, none_html, table_html
from ui.web.markup import live, notice, told, whole
from ui.web.outcomes import report_html

if TYPE_CHECKING:
    from assistant.build import Assistant

ANY = "Any"
FILTERS = (("kind", "Kind"), ("service", "Service"), ("year", "Year"), ("state", "Status and problems"))
"""In the order in which they stand on the page."""


@dataclass(slots=True)
class Shelf:
    """How one reader looks at the library: what is wanted, in which order, from which row on; and what is chosen for removal.

    ``moves`` counts what got the focus.
    """

    wanted: Wanted = field(default_factory=Wanted)
    order: Order = field(default_factory=Order)
    at: int = 0
    chosen: tuple[str, ...] = ()
    moves: int = 0


class Documents:
    """The area "Documents": its components, and what happens to them. ``changed`` are what changes the library."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.shelf = gr.State(Shelf())
        with gr.Column(elem_id="adding-area") as self.above:
            self.adder = Adder(assistant)
        with gr.Column(visible=False, elem_id="confirm") as self.confirm:
            self.asked = live()
            with gr.Row():
                self.remove = gr.Button("Yes, remove", variant="stop", elem_id="remove")
                self.keep = gr.Button("No, keep", elem_id="keep")
        self.document = DocumentPage(assistant)
        with gr.Column(elem_id="library-area") as self.below:
            gr.HTML("<h2>In the library</h2>", apply_default_css=False)
            with gr.Row(elem_id="documents-filters") as self.chooser:
                self.find = gr.Textbox(label="Find a document", info="By title, file name, service or kind.", elem_id="find", lines=1)
                self.filters = [gr.Dropdown([ANY], value=ANY, label=label, elem_id=f"document-{name}") for name, label in FILTERS]
            self.reset = gr.Button("Show all documents", elem_id="reset-documents", size="sm")
            self.table = live(elem_id="documents")
        self._wire()

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        quick = {**hidden, "queue": False}
        latest = {**quick, "trigger_mode": "always_last"}
        self.shown = [self.find, *self.filters, self.chooser, self.reset, self.table]
        areas, asking = [self.above, self.below], [self.confirm, self.asked, self.adder.report]
        self.opened = [*areas, self.confirm, self.asked, *self.document.opened]
        self.changed = [
            *self.adder.changed,
            self.remove.click(self.on_remove, [self.shelf, self.document.sheet], [*asking, *areas, *self.document.opened],
                              concurrency_limit=2, **hidden),
            *self.document.changed,
        ]  # fmt: skip
        choice = [self.shelf, self.find, *self.filters]
        gr.on([self.find.change, *(each.input for each in self.filters)], self.on_filter, choice, self.table, **latest)
        self.reset.click(self.on_reset, self.shelf, self.shown, **quick)
        self.table.sort(self.on_sort, self.shelf, self.table, **quick)
        self.table.lot(self.on_lot, self.shelf, self.table, **quick)
        self.table.choose(self.on_choose, self.shelf, asking, **quick)
        self.table.document(self.on_open, [self.shelf, self.document.sheet], self.opened, **quick)
        self.document.head.leave(self.on_leave, [self.shelf, self.document.sheet], self.opened, **quick)
        self.document.head.remove(self.on_choose, self.shelf, asking, **quick)
        self.keep.click(self.on_keep, self.shelf, asking, **quick)

    # ---- a document's page

    def on_open(self, shelf: Shelf, sheet: Any, event: gr.EventData) -> Sequence[Any]:
        """A document was chosen: its page stands in place of the list. For ``opened``."""
        shelf.chosen = ()
        away = gr.Column(visible="hidden")
        return away, away, gr.Column(visible=False), "", *self.document.on_open(sheet, event)

    def on_leave(self, shelf: Shelf, sheet: Any) -> Sequence[Any]:
        """Back to the list. For ``opened``."""
        shelf.chosen = ()
        here = gr.Column(visible=True)
        return here, here, gr.Column(visible=False), "", *self.document.closed(sheet)

    # ---- removing

    def on_choose(self, shelf: Shelf, event: gr.EventData) -> Sequence[Any]:
        """Documents, or the one whose page is open, were chosen for removal: asks whether it is meant."""
        data = event._data if isinstance(event._data, dict) else {}
        ids = data.get("ids", [data["document"]] if "document" in data else None)
        wanted = {str(i) for i in ids} if isinstance(ids, list) else set()
        try:
            entries = [one.entry for one in self._holdings() if one.entry.id in wanted]
        except Exception as error:
            return gr.Column(visible=False), "", notice(told(error, "listing the documents"), "error")
        shelf.chosen, shelf.moves = tuple(e.id for e in entries), shelf.moves + 1
        if not entries:
            return gr.Column(visible=False), "", notice("Tick the documents to remove first.", "warning")
        return gr.Column(visible=True), ask_removal(entries, shelf.moves), ""

    def on_remove(self, shelf: Shelf, sheet: Any) -> Sequence[Any]:
        """Removes what was chosen, and says so above the list."""
        chosen, shelf.chosen = shelf.chosen, ()
        try:
            shown = report_html(self.assistant.library.remove(chosen)) if chosen else ""
        except Exception as error:
            shown = notice(told(error, "removing documents"), "error")
        here = gr.Column(visible=True)
        return gr.Column(visible=False), "", shown, here, here, *self.document.closed(sheet)

    def on_keep(self, shelf: Shelf) -> Sequence[Any]:
        """Nothing is removed after all."""
        shelf.chosen = ()
        return gr.Column(visible=False), "", ""

    # ---- the list

    def on_filter(self, shelf: Shelf, words: str, *values: str) -> str:
        """What is searched for, or a filter, was changed."""
        told_of = {name: "" if value in (None, ANY) else str(value) for (name, _), value in zip(FILTERS, values, strict=True)}
        shelf.wanted, shelf.at = Wanted(words or "", **told_of), 0
        return self.listed(shelf)

    def on_reset(self, shelf: Shelf) -> Sequence[Any]:
        """All documents again, in the first order."""
        shelf.wanted, shelf.order, shelf.at = Wanted(), Order(), 0
        return "", *self.refreshed(shelf)[1:]

    def on_sort(self, shelf: Shelf, event: gr.EventData) -> str:
        """A column's head was chosen: the rows by it, or the other way round; from the first row on."""
        column = str((event._data or {}).get("column"))
        if column in COLUMNS:
            shelf.order, shelf.at = Order(column, shelf.order.column == column and not shelf.order.down), 0
        return self.listed(shelf)

    def on_lot(self, shelf: Shelf, event: gr.EventData) -> str:
        """Other rows are shown, and get the focus."""
        shelf.at, shelf.moves = whole((event._data or {}).get("at")) or 0, shelf.moves + 1
        return self.listed(shelf, focus=True)

    def refreshed(self, shelf: Shelf) -> Sequence[Any]:
        """The filters with what the library now has to offer, and the list; for ``shown``. What is being typed is left alone."""
        try:
            rows = self._holdings()
            choices = offered(rows)
        except Exception as error:
            return *(gr.skip() for _ in self.shown[:-1]), notice(told(error, "listing the documents"), "error")
        known = {name: [value for value, _ in choices[name]] for name, _ in FILTERS}
        gone = {name: "" for name, _ in FILTERS if getattr(shelf.wanted, name) not in known[name]}
        shelf.wanted = replace(shelf.wanted, **gone)
        drawn = [_filter(name, choices[name], getattr(shelf.wanted, name)) for name, _ in FILTERS]
        there = bool(rows)
        return gr.skip(), *drawn, gr.Row(visible=there), gr.Button(visible=there), self.listed(shelf, rows)

    def listed(self, shelf: Shelf, rows: Sequence[Holding] | None = None, *, focus: bool = False) -> str:
        """The list as it is for the reader; a message where nothing matches, or it cannot be read."""
        try:
            rows = self._holdings() if rows is None else rows
        except Exception as error:
            return notice(told(error, "listing the documents"), "error")
        if not rows:
            return EMPTY
        found = ordered([one for one in rows if shelf.wanted.meets(one)], shelf.order)
        held = sum("held" in one.states for one in rows)
        if not found:
            return none_html(len(rows), held)
        shelf.at = shelf.at // MOST * MOST if shelf.at < len(found) else 0
        part = Part(shelf.at, len(found), len(rows), held, shelf.moves if focus else 0)
        return table_html(found[shelf.at : shelf.at + MOST], shelf.order, part)

    def _holdings(self) -> list[Holding]:
        """All documents as they may be listed, those under embargo first and without their titles."""
        library = self.assistant.library
        shown = library.documents()
        ids = {entry.id for entry in shown}
        held = [entry for entry in library.documents(held=True) if entry.id not in ids]
        facts = library.facts([entry.id for entry in held]) if held else {}
        hidden = [masked(entry, held_words(facts.get(entry.id, ()))) for entry in sorted(held, key=lambda entry: entry.name.casefold())]
        return holdings_of([*hidden, *shown], self.assistant.findings().facts, {entry.id for entry in held}, library.without_original())


def _filter(name: str, choices: Sequence[tuple[str, int]], value: str) -> gr.Dropdown:
    """A filter with its choices and how many documents each has; hidden while there is nothing to choose."""
    words = {PROBLEM: "With a problem"} | STATES if name == "state" else {}
    labels = [(f"{words.get(each, each.capitalize() if name == 'kind' else each)} ({number:,})", each) for each, number in choices]
    return gr.Dropdown(choices=[ANY, *labels], value=value or ANY, visible=bool(choices))
