"""Keeping the library from the page: adding with live progress, finding, removing, and the way to a document's facts.

Takes files to the library. What is under embargo is listed without its title, and can be removed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.types import AddReport, Entry, Progress
from ui.web.factlist import held_words
from ui.web.facts import Facts
from ui.web.listing import ask_removal, masked, progress_html, report_html, table_html
from ui.web.markup import live, notice, told
from ui.web.work import Say, pump

if TYPE_CHECKING:
    from assistant.build import Assistant

EVERY = 0.5
"""Seconds between two looks at the progress of an add."""


class Desk:
    """What one reader has under way here: an add that can be stopped, and documents chosen for removal."""

    def __init__(self) -> None:
        self.stop: threading.Event | None = None
        self.chosen: tuple[str, ...] = ()
        self.moves = 0


class Documents:
    """The area "Documents": its components, and what happens to them. ``changed`` are what changes the library."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.desk = gr.State(Desk())
        most = assistant.settings.max_file_mb
        gr.HTML(
            "<h2>Add documents</h2><p>PDF, Word (.docx), HTML, plain text and Markdown, or a zip of these; up to "
            f"{most} MB a file. They are read on this computer and go nowhere else.</p>", apply_default_css=False,
        )  # fmt: skip
        self.files = gr.File(file_count="multiple", label="Files to add", height=170, elem_id="upload")
        self.progress = live(elem_id="progress")
        self.stop = gr.Button("Stop adding", visible=False, elem_id="stop-adding")
        self.report = live(elem_id="report")
        gr.HTML("<h2>In the library</h2>", apply_default_css=False)
        self.find = gr.Textbox(label="Find a document", info="By title, file name, service or kind.", elem_id="find", lines=1)
        with gr.Column(visible=False, elem_id="confirm") as self.confirm:
            self.asked = live()
            with gr.Row():
                self.remove = gr.Button("Yes, remove", variant="stop", elem_id="remove")
                self.keep = gr.Button("No, keep", elem_id="keep")
        self.facts = Facts(assistant)
        self.table = live(elem_id="documents")
        self._wire()

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        adding = [self.files, self.progress, self.stop, self.report]
        removing = [self.confirm, self.asked, self.report]
        self.changed = [
            self.files.upload(self.on_add, [self.files, self.desk], adding, concurrency_limit=2, **hidden),
            self.remove.click(self.on_remove, self.desk, removing, concurrency_limit=2, **hidden),
            *self.facts.changed,
        ]
        self.stop.click(self.on_stop, self.desk, self.stop, queue=False, **hidden)
        self.find.change(self.listed, self.find, self.table, queue=False, trigger_mode="always_last", **hidden)
        self.table.choose(self.on_choose, self.desk, removing, queue=False, **hidden)
        self.table.facts(self.facts.on_open, self.facts.sheet, self.facts.opened, queue=False, **hidden)
        self.keep.click(self.on_keep, self.desk, removing, queue=False, **hidden)

    def on_add(self, files: Sequence[str] | None, desk: Desk) -> Iterator[Sequence[Any]]:
        """Adds what was uploaded, telling how far it is, and what became of each file."""
        desk.stop = stop = threading.Event()
        yield None, progress_html(None, False), gr.Button("Stop adding", visible=True, interactive=True), ""
        skip, last, done = gr.skip(), None, AddReport()
        shown = ""
        try:
            for news in pump(self._adding([Path(f) for f in files or ()]), stop, EVERY):
                for item in news:
                    if isinstance(item, AddReport):
                        done = item
                    else:
                        last = item
                yield skip, progress_html(last, stop.is_set()), skip, skip
            shown = report_html(done)
        except Exception as error:
            shown = notice(told(error, "adding documents"), "error")
        desk.stop = None
        yield skip, "", gr.Button(visible=False), shown

    def _adding(self, paths: Sequence[Path]) -> Any:
        """The work of adding: says each Progress and at last the AddReport; the uploaded copies are gone afterwards."""

        def work(say: Say[Progress | AddReport], stop: threading.Event) -> None:
            try:
                say(self.assistant.library.add(paths, uploaded=True, progress=say, stop=stop))
            finally:
                for path in paths:
                    path.unlink(missing_ok=True)

        return work

    def on_stop(self, desk: Desk) -> object:
        """Stops the add after the file in hand; what was added stays."""
        if desk.stop:
            desk.stop.set()
        return gr.Button("Stopping…", interactive=False)

    def on_choose(self, desk: Desk, event: gr.EventData) -> Sequence[Any]:
        """Documents were chosen for removal: asks whether it is meant."""
        ids = (event._data or {}).get("ids")
        wanted = {str(i) for i in ids} if isinstance(ids, list) else set()
        try:
            entries = [e for e in self._entries()[0] if e.id in wanted]
        except Exception as error:
            return gr.Column(visible=False), "", notice(told(error, "listing the documents"), "error")
        desk.chosen, desk.moves = tuple(e.id for e in entries), desk.moves + 1
        if not entries:
            return gr.Column(visible=False), "", notice("Tick the documents to remove first.", "warning")
        return gr.Column(visible=True), ask_removal(entries, desk.moves), ""

    def on_remove(self, desk: Desk) -> Sequence[Any]:
        """Removes what was chosen, and says so."""
        chosen, desk.chosen = desk.chosen, ()
        try:
            shown = report_html(self.assistant.library.remove(chosen)) if chosen else ""
        except Exception as error:
            shown = notice(told(error, "removing documents"), "error")
        return gr.Column(visible=False), "", shown

    def on_keep(self, desk: Desk) -> Sequence[Any]:
        """Nothing is removed after all."""
        desk.chosen = ()
        return gr.Column(visible=False), "", ""

    def listed(self, wanted: str) -> str:
        """The table of the documents that hold every word of ``wanted``; of all for none."""
        try:
            entries, held = self._entries()
            return table_html(entries, wanted or "", held)
        except Exception as error:
            return notice(told(error, "listing the documents"), "error")

    def _entries(self) -> tuple[list[Entry], int]:
        """All documents as they may be listed, those under embargo first and without their titles; how many those are."""
        library = self.assistant.library
        shown = library.documents()
        ids = {entry.id for entry in shown}
        held = [entry for entry in library.documents(held=True) if entry.id not in ids]
        facts = library.facts([entry.id for entry in held]) if held else {}
        hidden = [masked(entry, held_words(facts.get(entry.id, ()))) for entry in sorted(held, key=lambda entry: entry.name.casefold())]
        return [*hidden, *shown], len(hidden)
