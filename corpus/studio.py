"""A process of its own that draws pages, so that a hostile file can hang or crash it without harm to whoever asks.

Takes work for ``picture`` from index, one piece after another; gives back what comes of it.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TypeVar

from corpus.errors import CorpusError, Corrupt
from corpus.memory import cap_memory

log = logging.getLogger(__name__)

_SPAWN = multiprocessing.get_context("spawn")
_BROKEN = "This page cannot be drawn: its file is damaged."

Made = TypeVar("Made")


class Studio:
    """One process for any number of threads. It begins when it is first needed, and again after a crash."""

    def __init__(self, seconds: float = 20.0) -> None:
        """``seconds`` is how long one piece of work may take, the process's own beginning not counted."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def start(self) -> None:
        """Begins the process ahead of the first piece of work, without waiting for it."""
        with self._lock:
            self._started()

    def work(self, make: Callable[..., Made], *given: object) -> Made:
        """What ``make(*given)`` gives in the process; ``make`` is a function of a module. Raises CorpusError."""
        with self._lock:
            connection = self._started()
            try:
                connection.send((make, given))
                if not connection.poll(60 + self._seconds) or not connection.recv():  # it says first that it is there
                    raise EOFError
                if not connection.poll(self._seconds):
                    raise TimeoutError
                made: Made | CorpusError = connection.recv()
            except (EOFError, OSError) as error:
                log.warning("drawing %s failed", given, exc_info=error)
                self._end()
                raise Corrupt(_BROKEN) from error
        if isinstance(made, CorpusError):
            raise made
        return made

    def close(self) -> None:
        """Ends the process; another piece of work would begin it again."""
        with self._lock:
            self._end()

    def _started(self) -> Connection:
        if self._process is not None and not self._process.is_alive():
            self._end()
        if self._connection is None:
            self._connection, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        return self._connection

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def _serve(connection: Connection) -> None:
    """The process's life: work comes, what was made of it goes, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    cap_memory()
    with contextlib.suppress(EOFError, OSError):
        while True:
            make, given = connection.recv()
            connection.send(True)
            connection.send(_made(make, given))


def _made(make: Callable[..., object], given: tuple[object, ...]) -> object:
    try:
        return make(*given)
    except CorpusError as error:
        return error
    except Exception as error:  # whatever a library raises on a damaged file is the file's fault, and is said to be
        log.warning("drawing %s failed", given, exc_info=error)
        return Corrupt(_BROKEN)
