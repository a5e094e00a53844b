"""Runs long work in a thread of its own and hands over what it says. Takes work from chat, documents and bench; knows none of them.

A page that waits for a slow step cannot show that time passes, nor stop; a page that asks a queue can do both.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")
Say = Callable[[T], None]

_running: dict[threading.Thread, threading.Event] = {}


class _Ended:
    """The last thing in the queue: the work is over, with ``error`` or without."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def pump(work: Callable[[Say[T], threading.Event], None], stop: threading.Event, every: float) -> Iterator[list[T]]:
    """What ``work(say, stop)`` said since the last time, oldest first, about once in ``every`` seconds.

    An empty list means that nothing was said meanwhile. What work raises is raised here, after all that it said.
    Leaving early does not end the work: set ``stop`` for that.
    """
    said: SimpleQueue[T | _Ended] = SimpleQueue()

    def run() -> None:
        error: BaseException | None = None
        try:
            work(said.put, stop)
        except BaseException as caught:  # handed over, and raised where it can be shown
            error = caught
        said.put(_Ended(error))

    apart(run, stop)
    while True:
        news, ended = _gather(said, every)
        if news or not ended:
            yield news
        if ended:
            if ended.error:
                raise ended.error
            return


def apart(run: Callable[[], None], stop: threading.Event) -> None:
    """Starts work that nobody waits for; ``stop_all`` sets ``stop`` and waits for its end. ``run`` must not raise."""

    def work() -> None:
        try:
            run()
        finally:
            _running.pop(threading.current_thread(), None)

    thread = threading.Thread(target=work, name="page-work", daemon=True)
    _running[thread] = stop
    thread.start()


def _gather(said: SimpleQueue[T | _Ended], every: float) -> tuple[list[T], _Ended | None]:
    """Waits for the first thing said, at most ``every`` seconds, then takes all that is there."""
    news: list[T] = []
    try:
        item = said.get(timeout=every)
        while not isinstance(item, _Ended):
            news.append(item)
            item = said.get_nowait()
        return news, item
    except Empty:
        return news, None


def stop_all(wait: float) -> None:
    """Asks all running work to stop and gives each at most ``wait`` seconds to end cleanly."""
    running = list(_running.items())
    for _, stop in running:
        stop.set()
    for thread, _ in running:
        thread.join(wait)
