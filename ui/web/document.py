"""One document's page: what it is, what it says of itself, its text, its passages. Takes choices; gives what stands where.

A panel of the area Documents, in place of the list while it is open; which document it shows is the reader's own, in ``sheet``.
Of a document under embargo it shows the file and the embargo, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.holdings import holding_of
from assistant.types import Citation
from index.errors import LibraryError
from index.words import places
from ui.web.about import LOT, head_html, passages_html, places_html
from ui.web.facts import Facts, Sheet, chosen
from ui.web.listing import masked
from ui.web.markup import event_button, live, notice, told, whole
from ui.web.viewer import page_of, turned, viewer_html

if TYPE_CHECKING:
    from assistant.build import Assistant

HELD = "What it says can be read when its embargo ends."
BACK = event_button("leave", "‹ Back to all documents", spoken="Back to all documents")


class DocumentPage:
    """The panel: its components, and what happens to them. ``changed`` are what changes the library."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.sheet = gr.State(Sheet())
        with gr.Column(visible=False, elem_id="document-panel") as self.panel:
            self.head = live(elem_id="document-head")
            with gr.Row(elem_id="document-area", equal_height=False):
                with gr.Column(elem_id="document-main"), gr.Tabs(selected="facts") as self.tabs:
                    with gr.Tab("Facts", id="facts"):
                        self.facts = Facts(assistant, self.sheet)
                    with gr.Tab("Find in text", id="text"):
                        self.find = gr.Textbox(label="Find in this document", info="A word or a phrase.", lines=1, max_lines=1,
                                               elem_id="find-inside")  # fmt: skip
                        self.found = live(elem_id="places")
                    with gr.Tab("Passages", id="passages"):
                        self.passages = live(elem_id="passages")
                with gr.Column(elem_id="document-side") as self.side:
                    self.page = live(elem_id="document-page")
        self._wire()

    def _wire(self) -> None:
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        self.drawn = [self.head, self.side, self.page, self.passages]
        self.opened = [self.panel, *self.drawn, self.tabs, self.find, self.found, *self.facts.opened]
        self.changed = [change.then(self.redrawn, self.sheet, self.drawn, **quick) for change in self.facts.changed]
        self.facts.table.source(self.on_source, self.sheet, self.page, **quick)
        self.page.leaf(self.on_leaf, self.sheet, self.page, **quick)
        latest = {**quick, "trigger_mode": "always_last"}
        self.find.change(self.on_find, [self.sheet, self.find], [self.found, self.page], **latest)
        self.found.found(self.on_found, self.sheet, self.page, **quick)
        self.passages.passage(self.on_passage, self.sheet, [self.passages, self.page], **quick)
        self.passages.lot(self.on_lot, self.sheet, self.passages, **quick)

    # ---- opening

    def on_open(self, sheet: Sheet, event: gr.EventData) -> Sequence[Any]:
        """A document was chosen; for ``opened``."""
        data = event._data if isinstance(event._data, dict) else {}
        sheet.begin(str(data.get("document")))
        rest = gr.Tabs(selected="facts"), "", places_html((), "", 0), *self.facts.shown(sheet)
        return gr.Column(visible=True), *self.redrawn(sheet), *rest

    def closed(self, sheet: Sheet) -> Sequence[Any]:
        """The values of ``opened`` when no document is shown any more."""
        sheet.begin("")
        return gr.Column(visible=False), *(gr.skip() for _ in self.opened[1:])

    def redrawn(self, sheet: Sheet) -> Sequence[Any]:
        """Head, page and passages of the document as it is now; for ``drawn``. A message where it is gone."""
        hidden = gr.Column(visible=False), ""
        try:
            entry, facts, held = self.facts.read(sheet.id)
            lost = sheet.id in self.assistant.library.without_original()
            one = holding_of(masked(entry, held) if held else entry, facts, held=bool(held), lost=lost)
            head = head_html(one, facts, sheet.moves)
            if held:
                return head, *hidden, notice(HELD)
            if not sheet.citation:
                sheet.citation = Citation(1, entry.name, entry.id, entry.title, 1, "", 0, 0)
            passages = passages_html(self.assistant.library.passages(sheet.id), sheet.at, sheet.passage)
        except Exception as error:
            return f'<p class="foot">{BACK}</p>{notice(told(error, "opening the document"), "error")}', *hidden, ""
        return head, gr.Column(visible=True), self._page(sheet, focus=False), passages

    # ---- its page

    def _page(self, sheet: Sheet, *, focus: bool = True) -> str:
        """The page that is open, with what is marked on it; empty when none is."""
        if not sheet.citation:
            return ""
        number = sheet.number or sheet.citation.page
        shown = page_of(self.assistant.library, sheet.citation, number, sheet.words)
        way = event_button("return", "Back to where it was chosen") if sheet.citation.quote else ""
        goto = (
            '<form class="goto" data-sends="leaf"><label>Go to page <input name="page" inputmode="numeric" size="4" maxlength="6" '
            'autocomplete="off"></label><button type="submit" class="tool">Go</button></form>'
        )
        moves = sheet.moves if focus or sheet.citation.quote else 0
        return viewer_html(sheet.citation, f"{goto}{shown}", way, moves, number, "A page of the document")

    def _mark(self, sheet: Sheet, page: int, start: int, end: int, quote: str) -> str:
        """Opens the page where something stands, and marks it."""
        entry = self.assistant.library.originals.entry(sheet.id)
        sheet.citation = Citation(1, entry.name, entry.id, entry.title, page, quote, start, end)
        sheet.number, sheet.moves = page, sheet.moves + 1
        return self._page(sheet)

    def on_source(self, sheet: Sheet, event: gr.EventData) -> Any:
        """The page where a fact stands is opened, with its words marked."""
        try:
            _, facts, held = self.facts.read(sheet.id)
            fact = chosen(facts, event)
            if not fact or not fact.page or held:
                return gr.skip()
            return self._mark(sheet, fact.page, fact.start, fact.end, fact.quote)
        except Exception as error:
            return notice(told(error, "opening the page"), "error")

    def on_leaf(self, sheet: Sheet, event: gr.EventData) -> Any:
        """Another page of the document is shown; of a number beyond its last page, that."""
        number = turned(event._data)
        if not sheet.citation or not number:
            return gr.skip()
        try:
            sheet.number = min(number, self.assistant.library.originals.entry(sheet.id).pages)
        except LibraryError as error:
            return notice(told(error, "opening the page"), "error")
        return self._page(sheet, focus=False)

    # ---- its text

    def on_find(self, sheet: Sheet, words: str) -> Sequence[Any]:
        """Every place where the words stand; they are marked on the page that is open, too."""
        sheet.words = words or ""
        try:
            pages = self.assistant.library.all_pages(sheet.id)
        except Exception as error:
            return notice(told(error, "reading the document"), "warning"), gr.skip()
        return places_html(places(pages, sheet.words), sheet.words, len(pages)), self._page(sheet, focus=False)

    def on_found(self, sheet: Sheet, event: gr.EventData) -> Any:
        """The page of a place is opened, with it marked."""
        data = event._data if isinstance(event._data, dict) else {}
        page, start, end = (whole(data.get(name)) for name in ("page", "start", "end"))
        if not page or start is None or end is None:
            return gr.skip()
        try:
            quote = self.assistant.library.page(sheet.id, page).text[start:end]
            return self._mark(sheet, page, start, end, quote) if len(quote) == end - start > 0 else gr.skip()
        except Exception as error:
            return notice(told(error, "opening the page"), "error")

    # ---- its passages

    def on_passage(self, sheet: Sheet, event: gr.EventData) -> Sequence[Any]:
        """A passage is marked on its page."""
        data = event._data if isinstance(event._data, dict) else {}
        try:
            passages = self.assistant.library.passages(sheet.id)
            one = next((passage for passage in passages if passage.id == data.get("passage")), None)
            if not one:
                return gr.skip(), gr.skip()
            sheet.passage = one.id
            return passages_html(passages, sheet.at, one.id), self._mark(sheet, one.page, one.start, one.end, one.text)
        except Exception as error:
            return gr.skip(), notice(told(error, "opening the page"), "error")

    def on_lot(self, sheet: Sheet, event: gr.EventData) -> Any:
        """Other passages are listed."""
        data = event._data if isinstance(event._data, dict) else {}
        try:
            passages = self.assistant.library.passages(sheet.id)
        except Exception as error:
            return notice(told(error, "reading the document"), "error")
        at = (whole(data.get("at")) or 0) // LOT * LOT
        sheet.at = at if at < len(passages) else 0
        return passages_html(passages, sheet.at, sheet.passage)
