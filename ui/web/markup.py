"""HTML that is safe to show, and the one component that shows it. Every other part of the page uses it.

Titles, file names, passages, questions and answers are other people's words: each goes through ``esc`` or does not
reach the page. The page's own script (page.js) listens for clicks on ``data-event`` and never builds HTML.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path

import gradio as gr

from assistant.errors import AssistantError
from corpus.errors import CorpusError
from index.errors import LibraryError

log = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("page.js")


def esc(value: object) -> str:
    """The value as text that HTML shows and never obeys; carriage returns survive, so offsets keep their meaning."""
    return escape(str(value), quote=True).replace("\r", "&#13;")


def live(value: str = "", elem_id: str | None = None) -> gr.HTML:
    """Our HTML with the page's script. Its events, each with the clicked ``data-…``: those that page.js lists at its top."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=SCRIPT.read_text("utf-8"), apply_default_css=False)


def notice(text: str, kind: str = "info", more: str = "") -> str:
    """One message to the reader; ``kind`` is info, warning or error; ``more`` is HTML. Empty for an empty text."""
    if not text:
        return ""
    role = "alert" if kind in ("error", "warning") else "status"
    return f'<div class="notice {kind}" role="{role}"><p>{esc(text)}</p>{more}</div>'


def event_button(
    event: str, label: str, css: str = "plain", data: Mapping[str, object] | None = None, *, spoken: str = "", current: bool = False
) -> str:
    """A button that page.js reports as ``event``; ``label`` is plain text, ``spoken`` its name for those who hear the page, if another.

    ``current`` marks the one of its kind that is open.
    """
    attributes = "".join(f' data-{name}="{esc(value)}"' for name, value in (data or {}).items())
    attributes += f' aria-label="{esc(spoken)}"' if spoken else ""
    attributes += ' aria-current="true"' if current else ""
    return f'<button type="button" class="{css}" data-event="{event}"{attributes}>{esc(label)}</button>'


def told(error: BaseException, doing: str) -> str:
    """A failure as one sentence for the reader. What nobody foresaw is logged with its traceback."""
    if isinstance(error, LibraryError | AssistantError | CorpusError):
        return str(error)
    log.error("Failed while %s", doing, exc_info=error)
    return f"Something went wrong while {doing}. The details are in the log."


def whole(value: object) -> int | None:
    """A number that came back from the browser, or None when it is not a whole one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def count(number: int, one: str, many: str = "") -> str:
    """``1 page``, ``1,200 pages``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(bytes: int) -> str:
    """``1.4 MB``, ``90 KB``; never nothing."""
    return f"{bytes / (1 << 20):.1f} MB" if bytes >= 1 << 20 else f"{max(1, round(bytes / 1024))} KB"


def day(value: date | datetime | None) -> str:
    """``3 May 2024``; empty for None."""
    return f"{value.day} {value:%b %Y}" if value else ""


def lasting(seconds: float) -> str:
    """``0.8 s``, ``42 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60} s"
    return f"{total // 3600} h {total % 3600 // 60} min"
