"""Files are read in processes of their own, so that a hostile one can hang, crash or fill memory without harm.

Takes Sources; gives Documents and Problems in the order they are finished. A worker that dies or takes too long is
replaced, the file it was at is reported, and the rest goes on.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from corpus.errors import Unreadable
from corpus.memory import cap_memory
from corpus.read import Limits, Source, read
from corpus.types import Document, Problem

log = logging.getLogger(__name__)

_SPAWN = multiprocessing.get_context("spawn")  # forking a process with threads and native libraries is not safe


def read_all(
    sources: Sequence[Source], limits: Limits, *, workers: int = 1, seconds: float = 180.0
) -> Generator[tuple[Source, Document | Problem], None, None]:
    """Every source once, with its Document or why there is none. Closing the iterator ends the processes."""
    queue = deque(sources)
    crew = [_Worker(limits) for _ in range(max(1, min(workers, len(queue))))] if queue else []
    try:
        while queue or any(worker.source for worker in crew):
            for worker in crew:
                if worker.source is None and queue:
                    worker.start(queue.popleft())
            wait([worker.connection for worker in crew if worker.source], timeout=0.5)
            for worker in crew:
                finished = worker.finished(seconds)
                if finished:
                    yield finished
    finally:
        for worker in crew:
            worker.end()


@dataclass(slots=True)
class _Worker:
    """One process, reading one file at a time."""

    limits: Limits
    source: Source | None = None
    since: float = 0.0
    process: SpawnProcess | None = None
    _connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection, theirs = _SPAWN.Pipe()
            self.process = _SPAWN.Process(target=_serve, args=(theirs, self.limits), daemon=True)
            self.process.start()
            theirs.close()
        return self._connection

    def start(self, source: Source) -> None:
        self.source, self.since = source, time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # a dead process is noticed when its answer is awaited
            self.connection.send(source)

    def finished(self, seconds: float) -> tuple[Source, Document | Problem] | None:
        """The file and what became of it, once that is known."""
        source = self.source
        if source is None:
            return None
        result: Document | Problem
        try:
            if self.connection.poll():
                result = self.connection.recv()
            elif time.monotonic() - self.since < seconds:
                return None
            else:
                self.end()
                result = _problem(source, f"Reading it took longer than {seconds:.0f} seconds, and was given up. "
                                          "Print it to a new PDF, and add that.")  # fmt: skip
        except (EOFError, OSError):
            log.warning("the reader crashed on %s", source.source)
            self.end()
            result = _problem(source, "The reader broke off on it: it is damaged. Print it to a new PDF, and add that.")
        self.source = None
        return source, result

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
        if self._connection is not None:
            self._connection.close()
        self.process = self._connection = None


def _problem(source: Source, reason: str) -> Problem:
    return Problem(source.name, source.source, reason)


def _serve(connection: Connection, limits: Limits) -> None:
    """The worker's life: a Source comes, a Document or Problem goes, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it grumbles about in damaged files is reported as a reason
    cap_memory()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)  # a question goes before the reading of files
    while True:
        try:
            source: Source = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_read(source, limits))


def _read(source: Source, limits: Limits) -> Document | Problem:
    try:
        return read(source.read(limits), source.name, source.source, limits)
    except Unreadable as error:
        return _problem(source, str(error))
    except MemoryError:
        return _problem(source, "It needs more memory than a file may. Split it, and add the parts.")
    except Exception as error:  # a file must never stop the others, whatever a reader's library raises on it
        log.warning("reading %s failed", source.source, exc_info=True)
        return _problem(source, f"The reader failed on it ({type(error).__name__}): it is probably damaged. "
                                "Print it to a new PDF, and add that.")  # fmt: skip
