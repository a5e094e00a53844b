"""Adding documents from the page: files, a folder or a zip, dropped or chosen; each file's progress, and what became of it.

A part of the area Documents. Takes uploads to the library, through uploads; markup is that of outcomes. What a browser can tell
before it uploads anything (too many files, one too large) upload.js checks.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from index.types import AddReport, FileReport, Progress
from ui.exporting import as_csv
from ui.web.markup import count, esc, event_button, live, notice, told, whole
from ui.web.outcomes import CSV_HEADS, Track, csv_rows, progress_html, report_html
from ui.web.uploads import DIVIDER, MOST_FILES, place
from ui.web.work import Say, pump

if TYPE_CHECKING:
    from assistant.build import Assistant

EVERY = 0.5
"""Seconds between two looks at the progress of an add."""
MOST_ZIP_MB = 4096
"""A zip may be larger than any file in it."""
FEW = 10
"""Reports of more files, and those with one that was skipped, can be taken as a file."""
SCRIPT = Path(__file__).with_name("upload.js")
BUSY = "Files are being added already. Wait until that is done, or stop it, and add these again."


@dataclass(slots=True)
class Desk:
    """What one reader has under way: an add that can be stopped, and files that the browser did not upload, with the reason."""

    stop: threading.Event | None = None
    left: list[FileReport] = field(default_factory=list)


class Adder:
    """The part: its components, and what happens to them. ``changed`` is what changes the library."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.desk = gr.State(Desk())
        most = assistant.settings.max_file_mb
        gr.HTML(
            "<h2>Add documents</h2><p>Drop files or a whole folder here: PDF, Word (.docx), HTML, plain text and Markdown, or a zip of "
            f"these; up to {most} MB a file and {MOST_FILES:,} files at once. They are read on this computer and go nowhere else.</p>",
            apply_default_css=False,
        )
        self.files = gr.File(file_count="multiple", label="Files to add", height=170, elem_id="upload")
        self.more = gr.HTML(_more_html(most), js_on_load=SCRIPT.read_text("utf-8"), apply_default_css=False, elem_id="upload-more")
        self.progress = live(elem_id="progress")
        self.stop = gr.Button("Stop adding", visible=False, elem_id="stop-adding")
        self.report = live(elem_id="report")
        self.csv = gr.DownloadButton("Download this report as CSV", visible=False, elem_id="report-csv", size="sm")
        self._wire()

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        adding = [self.files, self.progress, self.stop, self.report, self.csv]
        self.changed = [self.files.upload(self.on_add, [self.files, self.desk], adding, concurrency_limit=2, **hidden)]
        self.stop.click(self.on_stop, self.desk, self.stop, queue=False, **hidden)
        self.more.left(self.on_left, self.desk, [self.report, self.csv], queue=False, **hidden)

    def on_add(self, files: Sequence[str] | None, desk: Desk) -> Iterator[Sequence[Any]]:
        """Adds what was uploaded, telling how far each file is, and what became of it."""
        uploads, skip = [Path(f) for f in files or ()], gr.skip()
        if desk.stop or len(uploads) > MOST_FILES:
            for upload in uploads:
                upload.unlink(missing_ok=True)
            yield None, skip, skip, notice(BUSY if desk.stop else _too_many(len(uploads)), "warning"), gr.DownloadButton(visible=False)
            return
        desk.stop = stop = threading.Event()
        left, desk.left = desk.left, []
        track, done = Track(), AddReport()
        begun = gr.Button("Stop adding", visible=True, interactive=True)
        yield None, progress_html(track, False), begun, "", gr.DownloadButton(visible=False)
        try:
            for news in pump(self._adding(uploads), stop, EVERY):
                track.heed(item for item in news if isinstance(item, Progress))
                done = next((item for item in news if isinstance(item, AddReport)), done)
                yield skip, progress_html(track, stop.is_set()), skip, skip, skip
            shown = self._reported(replace(done, files=(*left, *done.files)), len(left) + len(track.names))
        except Exception as error:
            shown = notice(told(error, "adding documents"), "error"), gr.DownloadButton(visible=False)
        desk.stop = None
        yield skip, "", gr.Button(visible=False), *shown

    def _adding(self, uploads: Sequence[Path]) -> Any:
        """The work of adding: says each Progress and at last the AddReport; the uploaded copies are gone afterwards."""

        def work(say: Say[Progress | AddReport], stop: threading.Event) -> None:
            folder = Path(tempfile.mkdtemp(prefix="adding-", dir=uploads[0].parent.parent if uploads else None))
            try:
                lost = place(uploads, folder)
                report = self.assistant.library.add([folder], uploaded=True, progress=say, stop=stop)
                say(replace(report, files=(*lost, *report.files)))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                for upload in uploads:
                    upload.unlink(missing_ok=True)

        return work

    def _reported(self, report: AddReport, total: int) -> tuple[str, Any]:
        """The report as HTML, and as a file where it is long or names a file that was skipped."""
        if len(report.files) <= FEW and not report.of("skipped"):
            return report_html(report, total), gr.DownloadButton(visible=False)
        path = save_bytes_to_cache(as_csv(csv_rows(report), CSV_HEADS), "added.csv", self.csv.GRADIO_CACHE)
        return report_html(report, total), gr.DownloadButton(value=str(path), visible=True)

    def on_left(self, desk: Desk, event: gr.EventData) -> Sequence[Any]:
        """Files that the browser did not upload: all of them when they are too many, else those that are too large."""
        data = event._data if isinstance(event._data, dict) else {}
        if number := whole(data.get("count")):
            return notice(_too_many(number), "warning"), gr.DownloadButton(visible=False)
        files = data.get("files")
        named = [str(name)[:300] for name in files[:MOST_FILES]] if isinstance(files, list) else []
        most = self.assistant.settings.max_file_mb
        reason = f"It is larger than {most} MB, the limit set by ASSISTANT_MAX_FILE_MB; a zip may have {MOST_ZIP_MB:,} MB."
        left = [FileReport(name, f"upload:{name}", "skipped", reason) for name in named]
        if data.get("more"):  # the others are on their way, and are reported together with these
            desk.left = left
            return gr.skip(), gr.skip()
        return self._reported(AddReport(tuple(left)), len(left)) if left else (gr.skip(), gr.skip())

    def on_stop(self, desk: Desk) -> object:
        """Stops the add after the file in hand; what was added stays."""
        if desk.stop:
            desk.stop.set()
        return gr.Button("Stopping…", interactive=False)


def _too_many(number: int) -> str:
    return (
        f"{count(number, 'file')} are too many at once, and none was added; at most {MOST_FILES:,} are taken. Make a zip of them and add "
        "that, or run `assistant add FOLDER`."
    )


def _more_html(most: int) -> str:
    """The way to choose a folder, and the limits that the browser checks."""
    limits = f'data-most-files="{MOST_FILES}" data-most-mb="{most}" data-most-zip-mb="{MOST_ZIP_MB}" data-divider="{esc(DIVIDER)}"'
    button = event_button("folder", "Choose a folder instead", spoken="Choose a folder to add")
    return f'<p class="foot" {limits}>{button}<input type="file" webkitdirectory multiple hidden tabindex="-1"></p>'
