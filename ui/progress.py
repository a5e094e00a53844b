"""Bars on the command line, and a first Ctrl-C that lets the work at hand finish. Used by cli."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from index.types import AddReport
from index.types import Progress as AddProgress

errors = Console(stderr=True, highlight=False, soft_wrap=True)
"""What is said to a person and is no result."""


def bar(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"),
        TimeRemainingColumn(), console=errors, transient=True, disable=quiet or not sys.stderr.isatty(),
    )  # fmt: skip


def with_progress(work: Callable[[Callable[[AddProgress], None], threading.Event], AddReport], quiet: bool) -> AddReport:
    """Runs an add with a bar; the first Ctrl-C lets the document at hand finish, and says so."""
    stop = threading.Event()

    def asked_to_stop(*_: object) -> None:
        stop.set()
        errors.print("Stopping after the document at hand. What is added stays; run the same command again to go on.")
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    before = signal.signal(signal.SIGINT, asked_to_stop)
    try:
        with bar(quiet) as shown:
            task = shown.add_task("adding", total=None)

            def show(p: AddProgress) -> None:
                words = f"{p.files_done}/{p.files_total} files, {p.pages} pages, {p.rate:.0f} pages/s"
                shown.update(task, description=words, completed=p.bytes_done, total=p.bytes_total or None)

            return work(show, stop)
    finally:
        signal.signal(signal.SIGINT, before)
