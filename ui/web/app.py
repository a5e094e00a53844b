"""The page as a whole: puts its four areas together with what programs may call, and serves it on one address."""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import signal
import socket
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware

from ui.web.api import offer
from ui.web.chat import Ask
from ui.web.documents import Documents
from ui.web.evaluation import EvaluationArea
from ui.web.files import routes
from ui.web.findings import FindingsArea
from ui.web.guard import Guard, callable_by
from ui.web.markup import count, esc, live, notice, told
from ui.web.run_files import run_routes
from ui.web.theme import look
from ui.web.work import stop_all

if TYPE_CHECKING:
    from assistant.build import Assistant

log = logging.getLogger(__name__)
TITLE = "Inspection Assistant"


class PortTaken(OSError):
    """Another program listens on the port that was asked for."""


def build(assistant: Assistant) -> gr.Blocks:
    """The page for one assistant, not yet served."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(86400, 86400), fill_width=True)
    with page:
        banner = gr.HTML(banner_html(assistant), elem_id="banner", apply_default_css=False)
        opener = live(elem_id="document-opener")
        with gr.Tabs(selected="ask"):
            with gr.Tab("Ask", id="ask", elem_id="tab-ask"):
                ask = Ask(assistant)
            with gr.Tab("Findings", id="findings", elem_id="tab-findings") as judged:
                findings = FindingsArea(assistant)
            with gr.Tab("Documents", id="documents", elem_id="tab-documents") as tab:
                documents = Documents(assistant)
            with gr.Tab("Evaluation", id="evaluation", elem_id="tab-evaluation") as measured:
                evaluation = EvaluationArea(assistant)
        _keep_fresh(page, assistant, tab, banner, ask, documents)
        _keep_open(opener, documents)
        _keep_findings(judged, findings, documents)
        _keep_evaluation(measured, evaluation, documents)
        offer(assistant)
    page.queue(default_concurrency_limit=8)
    return page


def _keep_fresh(
    page: gr.Blocks, assistant: Assistant, tab: gr.Tab, banner: gr.HTML, ask: Ask, documents: Documents
) -> None:
    """Figures, examples and the list are new when the page or the list is opened, and after each change."""

    def fresh(talk: Any, shelf: Any) -> Sequence[Any]:
        return banner_html(assistant), ask.refreshed(talk), *documents.refreshed(shelf)

    wiring: dict[str, Any] = {
        "inputs": [ask.talk, documents.shelf], "outputs": [banner, ask.examples, *documents.shown],
        "show_progress": "hidden", "api_visibility": "private", "queue": False,
    }  # fmt: skip
    filters = {**wiring, "inputs": ask.narrowing.parts, "outputs": ask.narrowing.parts}
    opened = ask.start(page)
    opened.then(fresh, **wiring)
    opened.then(ask.narrowing.offered, **filters)
    tab.select(fresh, **wiring)
    for change in documents.changed:
        change.then(fresh, **wiring)
        change.then(ask.narrowing.offered, **filters)


def _keep_findings(tab: gr.Tab, findings: FindingsArea, documents: Documents) -> None:
    """The findings are new when they are opened, and after each change of the library."""
    wiring: dict[str, Any] = {
        "inputs": findings.view, "outputs": findings.all, "show_progress": "hidden", "api_visibility": "private", "queue": False,
    }  # fmt: skip
    tab.select(findings.refreshed, **wiring)
    for change in documents.changed:
        change.then(findings.refreshed, **wiring)


def _keep_evaluation(tab: gr.Tab, evaluation: EvaluationArea, documents: Documents) -> None:
    """Sets and runs are new when they are opened, and after each change of the library."""
    wiring: dict[str, Any] = {
        "inputs": [evaluation.chosen, evaluation.look], "outputs": evaluation.all, "show_progress": "hidden", "api_visibility": "private",
        "queue": False,
    }  # fmt: skip
    tab.select(evaluation.refreshed, **wiring)
    for change in documents.changed:
        change.then(evaluation.refreshed, **wiring)


def _keep_open(opener: gr.HTML, documents: Documents) -> None:
    """A document's page is opened from elsewhere: a page that cites it, or the address (see page.js)."""
    opener.document(
        documents.on_open, [documents.shelf, documents.document.sheet], documents.opened,
        show_progress="hidden", api_visibility="private", queue=False,
    )  # fmt: skip


def banner_html(assistant: Assistant) -> str:
    """Name, purpose and size of the library."""
    try:
        entries = assistant.library.documents()
        held = ", ".join(
            [count(len(entries), "document"), count(sum(e.pages for e in entries), "page"), "all on this computer."]
        )
        size = f'<p class="aside">{esc(held)}</p>' if entries else ""
    except Exception as error:
        size = notice(told(error, "looking into the library"), "error")
    return (
        f"<header><h1>{TITLE}</h1><p>Ask questions of inspection reports and press releases, "
        f"and see the page where each statement stands.</p>{size}</header>"
    )


def launched(assistant: Assistant, host: str, port: int) -> gr.Blocks:
    """The page, with endpoints and tools for programs, served in the background."""
    page = build(assistant)
    guard = Middleware(Guard, names=callable_by(host, assistant.settings.hosts))
    with contextlib.redirect_stdout(io.StringIO()):  # Gradio announces its MCP server even when it is to be quiet
        page.launch(
            server_name=host, server_port=port, share=False, inbrowser=False, quiet=True, prevent_thread_lock=True,
            footer_links=[], run_history=False, enable_monitoring=False, ssr_mode=False, mcp_server=True, pwa=False,
            show_error=False, app_kwargs={"routes": [*routes(assistant), *run_routes(assistant)], "middleware": [guard]},
            **look(),
        )  # fmt: skip
    if page.mcp_error:
        log.error("Other programs get no tools (MCP): %s", page.mcp_error)
    return page


def serve(assistant: Assistant, host: str, port: int) -> None:
    """Serves the page until Ctrl-C. Raises PortTaken, an OSError, when the port is in use."""
    _require_free(host, port)
    assistant.library.originals.studio.start()
    page = launched(assistant, host, port)
    # A shell that starts the page in the background ignores Ctrl-C for it, and Python then would too.
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.default_int_handler)
    try:
        shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host
        print(f"{TITLE} is ready at http://{shown}:{port} — press Ctrl-C to stop", flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        stop_all(wait=5)
        page.close(verbose=False)


def _require_free(host: str, port: int) -> None:
    """Raises PortTaken unless the port can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTaken(
                f"Port {port} on {host} is in use by another program. Choose another, for instance PORT={port + 1}."
            ) from error
