"""Evaluation: a question set is chosen or uploaded, asked, and its report read. Takes clicks; gives what they lead to.

What a run is and says is ``assistant.evaluate``'s matter, the run under way is bench's, and where sets and runs are kept is
``ui.question_sets``' and ``ui.runs``'.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.evaluate.runner import fingerprint
from ui.question_sets import QuestionSets
from ui.runs import Line, RunError, Runs
from ui.web.bench import Bench
from ui.web.markup import live, notice, told
from ui.web.run_area import Look, ReportArea, Shown
from ui.web.run_forms import EMPTY, format_html, intro_html, named, refusal_html, set_html, wanted_of
from ui.web.run_list import ended_html, list_html, progress_html

if TYPE_CHECKING:
    from assistant.build import Assistant

EVERY = 1.0
"""Seconds between two looks at the run under way."""


class EvaluationArea:
    """The area "Evaluation": its components, and what happens to them. One for all readers; a reader's own is in ``look``."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.sets = QuestionSets(Path(assistant.library.home))
        self.runs = Runs(Path(assistant.library.home), assistant.library)
        self.bench = Bench(assistant, self.sets, self.runs)
        self.look = gr.State(Look())
        gr.HTML(intro_html(assistant.model), elem_id="eval-intro", apply_default_css=False)
        with gr.Column(elem_id="eval-form") as self.form:
            self._form()
        self.note = live(elem_id="eval-note")
        self.progress = live(elem_id="eval-progress")
        self.cancel = gr.Button("Cancel the evaluation", visible=False, elem_id="eval-cancel")
        self.timer = gr.Timer(EVERY, active=False)
        self.report = ReportArea(self.runs, self.look)
        self.list = live(elem_id="runs")
        self._wire()

    def _form(self) -> None:
        with gr.Row(elem_id="eval-choices"):
            about = "The sample set, or one that was uploaded."
            self.chosen = gr.Dropdown([], value=None, label="Question set", info=about, elem_id="eval-set")
            spread = "Empty asks all of them."
            self.limit = gr.Textbox(label="How many questions", info=spread, lines=1, max_length=9, elem_id="eval-limit")
            model = f"Unless ticked, {self.assistant.model} gets each question, with the passages found for it."
            self.quotes = gr.Checkbox(
                False, label="Quotes only", info=model, visible=bool(self.assistant.model), elem_id="eval-quotes"
            )
        self.about = live(elem_id="eval-about")
        with gr.Accordion("Upload a question set", open=False, elem_id="eval-upload"):
            self.format = gr.HTML(format_html(), elem_id="eval-format", apply_default_css=False)
            self.files = gr.File(label="Question set to upload", height=170, elem_id="eval-file")
        self.begin = gr.Button("Start", variant="primary", elem_id="eval-begin")

    def _wire(self) -> None:
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        self.all = [
            self.form, self.chosen, self.about, self.begin, self.note, self.progress, self.cancel, self.timer, self.list, *self.report.all,
        ]  # fmt: skip
        chosen, every = [self.chosen, self.look], [*self.all, self.files]
        self.chosen.input(self.on_choose, chosen, [self.about, self.note], **quick)
        self.files.upload(self.on_upload, [self.files, self.look], every, **quick)
        self.begin.click(self.on_start, [self.chosen, self.limit, self.quotes, self.look], self.all, **quick)
        self.cancel.click(self.on_cancel, self.look, self.all, **quick)
        self.timer.tick(self.on_tick, self.look, self.all, **quick)
        self.report.head.shut(self.on_shut, self.look, self.all, **quick)
        for event, handler in ((self.list.report, self.on_report), (self.list.resume, self.on_resume)):
            event(handler, self.look, self.all, **quick)
        for part in (self.list, self.about):
            part.drop(self.on_drop, chosen, self.all, **quick)
            part.unchanged(self.on_unchanged, chosen, self.all, **quick)
            part.dropped(self.on_dropped, chosen, self.all, **quick)

    # ---- what readers do

    def on_choose(self, sha256: str | None, look: Look) -> Shown:
        """Another set was chosen: what it is."""
        look.dropping = ""
        return {self.about: self._about(sha256, look), self.note: ""}

    def on_upload(self, path: str | None, look: Look) -> Shown:
        """A file was uploaded: it is kept if it can be used, and chosen."""
        if not path:
            return {self.note: ""}
        look.dropping = ""
        try:
            kept, new = self.sets.add(Path(path))
        except Exception as error:
            return {self.files: None, self.note: refusal_html(error, "reading the question set")}
        finally:
            Path(path).unlink(missing_ok=True)
        said = "is kept, and chosen above" if new else "holds the same questions and is here already; it is chosen above"
        return self._fresh(kept.sha256, look) | {self.files: None, self.note: notice(f"{kept.name} {said}.", "success")}

    def on_start(self, sha256: str | None, limit: str | None, quotes: bool, look: Look) -> Shown:
        """A run of the chosen set is begun."""
        number, said = wanted_of(limit)
        if said or not sha256:
            return {self.note: notice(said or "Choose a question set first, or upload one.", "warning")}
        try:
            look.watching = self.bench.start(sha256, number, quotes)
        except Exception as error:
            return self._refused(error, look)
        return self._begun(look)

    def on_resume(self, look: Look, event: gr.EventData) -> Shown:
        """A run that was stopped goes on."""
        try:
            look.watching = self.bench.go_on(_told(event, "id"))
        except Exception as error:
            return self._refused(error, look)
        return self._begun(look)

    def on_cancel(self, look: Look) -> Shown:
        """The run stops after the question in hand; what is done is kept."""
        look.cancelled = True
        self.bench.cancel(look.watching)
        return self._watched(look)

    def on_tick(self, look: Look) -> Shown:
        """How far the run under way is; when it is over, its report."""
        if now := self.bench.now():
            look.watching = now.id
            return {self.progress: progress_html(now, look.begun), self.cancel: _cancel(now.stopping)}
        return self._over(look)

    def on_report(self, look: Look, event: gr.EventData) -> Shown:
        """The report of a run is opened."""
        look.moves += 1
        look.focus = look.dropping = ""
        look.awaited = False
        opened = self._opened(_told(event, "id"), look, look.moves)
        return {self.note: ""} | opened | {self.list: self._list(look)}

    def on_shut(self, look: Look) -> Shown:
        """The report is closed; its run in the list has the focus."""
        look.focus, look.moves = look.opened, look.moves + 1
        return self.report.closed(look) | {self.list: self._list(look)}

    def on_drop(self, sha256: str | None, look: Look, event: gr.EventData) -> Shown:
        """A run or a set is to be deleted: asks whether it is meant."""
        look.dropping, look.focus, look.moves = _told(event, "id"), "", look.moves + 1
        return {self.list: self._list(look), self.about: self._about(sha256, look)}

    def on_unchanged(self, sha256: str | None, look: Look, event: gr.EventData) -> Shown:
        """Nothing is deleted after all."""
        look.dropping, look.focus, look.moves = "", look.dropping, look.moves + 1
        return {self.list: self._list(look), self.about: self._about(sha256, look)}

    def on_dropped(self, sha256: str | None, look: Look, event: gr.EventData) -> Shown:
        """A run or a set is deleted."""
        id, look.dropping, look.moves = _told(event, "id"), "", look.moves + 1
        is_set = _told(event, "what") == "set"
        look.focus = "" if is_set else "list"
        try:
            self._delete(id, is_set)
        except Exception as error:
            return self._fresh(sha256, look) | {self.note: notice(told(error, "deleting"), "error")}
        closed = self.report.closed(look) if id == look.opened else {}
        said = "The question set is deleted; runs made with it stay." if is_set else "The run is deleted."
        return self._fresh(sha256, look) | closed | {self.note: notice(said, "success")}

    def refreshed(self, sha256: str | None, look: Look) -> Shown:
        """The whole area as it is now, for ``all``: when it is opened, and after each change of the library."""
        look.dropping = look.focus = ""
        now = self.bench.now()
        if now and look.watching != now.id:
            look.watching, look.begun = now.id, 0
        return self._fresh(sha256, look) | (self._watched(look) if now else {})

    # ---- what is shown

    def _fresh(self, sha256: str | None, look: Look) -> Shown:
        """The form and the list."""
        try:
            there, filled = self.sets.all(), bool(self.assistant.library.documents())
            last = [line.sha256 for line in self.runs.listed()[:1]]
        except Exception as error:
            return {self.form: gr.Column(visible=False), self.note: notice(told(error, "looking into the library"), "error")}
        ids = [kept.sha256 for kept in there]
        value = next((id for id in (sha256, *last, *ids) if id in ids), None)
        return {
            self.form: gr.Column(visible=filled), self.note: "" if filled else EMPTY, self.list: self._list(look),
            self.chosen: gr.Dropdown(choices=named(there), value=value), self.about: self._about(value, look),
            self.begin: gr.Button(visible=self.bench.now() is None),
        }  # fmt: skip

    def _about(self, sha256: str | None, look: Look) -> str:
        try:
            kept = self.sets.find(sha256 or "")
            held = {entry.name for entry in self.assistant.library.documents(held=True)}
            return set_html(kept, self.sets.load(kept.sha256), held, look.dropping, (look.focus, look.moves)) if kept else ""
        except Exception as error:
            return refusal_html(error, "reading the question set")

    def _list(self, look: Look) -> str:
        try:
            now, focus = self.bench.now(), (look.focus, look.moves)
            state = fingerprint(self.assistant.library)
            return list_html(self.runs.listed(), look.opened, now.id if now else "", state, look.dropping, focus)
        except Exception as error:
            return notice(told(error, "listing the runs"), "error")

    def _begun(self, look: Look) -> Shown:
        """A run has just begun: its progress has the focus."""
        look.moves += 1
        look.begun, look.focus, look.dropping, look.awaited = look.moves, "", "", True
        return {self.note: "", self.list: self._list(look)} | self._watched(look)

    def _watched(self, look: Look) -> Shown:
        """The run under way, and the clock that asks for it."""
        now = self.bench.now()
        if now is None:
            return {self.timer: gr.Timer(active=True)}  # over meanwhile; the next tick says how it ended
        return {
            self.progress: progress_html(now, look.begun), self.cancel: _cancel(now.stopping), self.begin: gr.Button(visible=False),
            self.timer: gr.Timer(active=True),
        }  # fmt: skip

    def _over(self, look: Look) -> Shown:
        """The run that this reader watched is over: how it ended, and its report, unless another one was opened meanwhile."""
        id, look.watching = look.watching, ""
        look.moves, focus, look.cancelled = look.moves + 1, look.cancelled, False
        ended: Shown = {
            self.progress: "", self.cancel: gr.Button(visible=False), self.begin: gr.Button(visible=True),
            self.timer: gr.Timer(active=False),
        }  # fmt: skip
        line = self._line(id)
        opened = self._opened(id, look, 0) if line and line.done and (look.awaited or look.opened in ("", id)) else {}
        said = ended_html(line, self.bench.failure(id), look.moves if focus else 0)
        return ended | {self.note: said} | opened | {self.list: self._list(look)}

    def _opened(self, id: str, look: Look, moves: int) -> Shown:
        """The report of a run; why not, where it cannot be read."""
        try:
            return self.report.open(id, look, moves)
        except Exception as error:
            return self.report.closed(look) | {self.note: notice(told(error, "opening the report"), "error")}

    def _line(self, id: str) -> Line | None:
        try:
            return next((line for line in self.runs.listed() if line.id == id), None)
        except RunError:  # said where the list is
            return None

    def _refused(self, error: Exception, look: Look) -> Shown:
        """Nothing was begun: why, and how far the run is that is under way, if there is one."""
        said = {self.note: refusal_html(error, "starting the evaluation")}
        return said | ({self.list: self._list(look)} | self._watched(look) if self.bench.now() else {})

    def _delete(self, id: str, is_set: bool) -> None:
        now = self.bench.now()
        if now and now.id == id:
            raise RunError("This run is under way. Cancel it first.")
        (self.sets if is_set else self.runs).delete(id)


def _told(event: gr.EventData, name: str) -> str:
    data = event._data
    return str(data.get(name, "")) if isinstance(data, Mapping) else ""


def _cancel(stopping: bool) -> gr.Button:
    return gr.Button("Stopping…" if stopping else "Cancel the evaluation", visible=True, interactive=not stopping)
