"""Embeds in a thread of its own, several documents at a time. Takes texts from adding; gives it their vectors later.

What waits is embedded together: batches of like length are fuller, and no core idles at the end of each document.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder

_AT_ONCE = 512
"""Texts embedded in one go, at most (but always one whole document): what a stop has to wait for."""

Rows = Future[NDArray[np.float32]]


class Embedding:
    """A context; leaving it ends the thread after the lot at hand and cancels what has not begun."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._waiting: SimpleQueue[tuple[list[str], Rows] | None] = SimpleQueue()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="embed", daemon=True)

    def __enter__(self) -> Embedding:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ending.set()
        self._waiting.put(None)
        self._thread.join()

    def submit(self, texts: Sequence[str]) -> Rows:
        """The texts' unit rows, in their order, some time from now; the embedder's errors are raised when asked for."""
        promised: Rows = Future()
        self._waiting.put((list(texts), promised))
        return promised

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            lot, last = [first], False
            while sum(len(texts) for texts, _ in lot) < _AT_ONCE and not last:
                try:
                    item = self._waiting.get_nowait()
                except Empty:
                    break
                if item is None:
                    last = True
                else:
                    lot.append(item)
            if self._ending.is_set():
                for _, promised in lot:
                    promised.cancel()
            else:
                self._embed(lot)
            if last:
                return

    def _embed(self, lot: list[tuple[list[str], Rows]]) -> None:
        try:
            rows = self._embedder.embed([text for texts, _ in lot for text in texts])
        except BaseException as error:  # handed to whoever waits for the rows
            for _, promised in lot:
                promised.set_exception(error)
            return
        start = 0
        for texts, promised in lot:
            promised.set_result(rows[start : start + len(texts)])
            start += len(texts)
