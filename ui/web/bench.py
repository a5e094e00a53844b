"""Runs one evaluation at a time, in a thread of its own, whoever looks at the page. Takes a set from evaluation; gives progress and runs.

A run belongs to the library, not to a reader: it goes on when the page is left or loaded anew, and every reader sees it. It ends
with the program, which keeps what is done; such a run can be gone on with.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from assistant.errors import AssistantError
from assistant.evaluate.questions import QuestionSet
from assistant.evaluate.runner import Run, begin, finish, save
from assistant.types import Answer
from ui.question_sets import QuestionSets
from ui.runs import RunError, Runs, unkept
from ui.web.markup import told
from ui.web.work import apart

if TYPE_CHECKING:
    from assistant.build import Assistant


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``left`` are the seconds that it will still take, None while nobody can tell."""

    id: str
    name: str
    done: int
    of: int
    question: str = ""
    seconds: float = 0.0
    left: float | None = None
    stopping: bool = False


class Busy(AssistantError):
    """An evaluation is under way; the message says which."""


class _Subject:
    """The assistant as it is evaluated: with quotes only, if that is asked for. Remembers the question in hand."""

    def __init__(self, assistant: Assistant, quotes: bool) -> None:
        self._assistant, self._quotes = assistant, quotes and bool(assistant.model)
        self.library = assistant.library
        self.settings = assistant.settings.model_copy(update={"answers": "quotes"}) if self._quotes else assistant.settings
        self.question = ""

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        self.question = question
        return self._assistant.ask(question, history, quotes=self._quotes)


class Bench:
    """One for all readers. Safe to use from several threads; other processes are kept from the same library by a lock file."""

    def __init__(self, assistant: Assistant, sets: QuestionSets, runs: Runs) -> None:
        self._assistant, self._sets, self._runs = assistant, sets, runs
        self._guard, self._stop = threading.Lock(), threading.Event()
        self._now: Progress | None = None
        self._subject: _Subject | None = None
        self._begun, self._before = 0.0, 0
        self._ended = ("", "")

    def start(self, sha256: str, limit: int | None = None, quotes: bool = False) -> str:
        """Begins a run of a set, and gives its id. Raises Busy, RunError, SetError, BadQuestionSet."""
        return self._launch(self._runs.new(), sha256, limit, quotes)

    def go_on(self, id: str) -> str:
        """Goes on with a run that was stopped; what is done stays. Raises Busy, RunError, SetError."""
        old = self._runs.whole(id)
        return self._launch(id, old["set"]["sha256"], old["set"]["limit"], old["settings"].get("answers") == "quotes")

    def now(self) -> Progress | None:
        """The run under way, None for none."""
        progress, subject = self._now, self._subject
        if progress is None or subject is None:
            return None
        seconds, asked = time.monotonic() - self._begun, progress.done - self._before
        left = seconds / asked * (progress.of - progress.done) if asked else None
        return replace(progress, question=subject.question, seconds=seconds, left=left, stopping=self._stop.is_set())

    def cancel(self, id: str) -> None:
        """The run stops after the question in hand, if it is still the one under way: somebody may have begun another since."""
        with self._guard:
            if self._now and self._now.id == id:
                self._stop.set()

    def failure(self, id: str) -> str:
        """Why a run that is over ended early, as a sentence; empty where nothing went wrong, or nobody remembers."""
        return self._ended[1] if self._ended[0] == id else ""

    def _launch(self, id: str, sha256: str, limit: int | None, quotes: bool) -> str:
        questions = self._sets.load(sha256)
        with self._guard:
            if now := self.now():
                raise Busy(f"An evaluation is under way: {now.name}, {now.done} of {now.of} questions. Wait for its end, or cancel it.")
            lock = self._locked()
            try:
                subject, path = _Subject(self._assistant, quotes), self._runs.path(id)
                run = _begun(subject, questions, self._runs, id, limit)
                save(run, path)  # a full disk is known before anything is asked, and a crash leaves a run to go on with
            except OSError as error:
                lock.release()
                raise unkept(self._runs.folder, error) from error
            except BaseException:
                lock.release()
                raise
            self._stop, self._subject, self._begun, self._before = threading.Event(), subject, time.monotonic(), len(run["questions"])
            self._now = Progress(id, questions.name, self._before, run["set"]["asked"])
            apart(lambda: self._work(subject, questions, run, id, lock), self._stop)
        return id

    def _locked(self) -> FileLock:
        lock = FileLock(self._runs.folder / "running.lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise Busy("Another program is evaluating this library. Start again when it has finished.") from error
        except OSError as error:
            raise unkept(self._runs.folder, error) from error
        return lock

    def _work(self, subject: _Subject, questions: QuestionSet, run: Run, id: str, lock: FileLock) -> None:
        """The run itself. What goes wrong is kept for the page, which asks for it with ``failure``."""
        stop, said = self._stop, ""

        def show(done: int, of: int) -> None:
            self._now = Progress(id, questions.name, done, of)

        try:
            finish(subject, questions, run, self._runs.path(id), show, stop.is_set)
        except OSError as error:
            said = str(unkept(self._runs.folder, error))
        except Exception as error:
            said = told(error, "evaluating")
        lock.release()
        self._ended, self._now = (id, said), None


def _begun(subject: _Subject, questions: QuestionSet, runs: Runs, id: str, limit: int | None) -> Run:
    if not subject.library.documents():
        raise RunError("The library is empty. Add documents first, so that there is something to ask.")
    run = begin(subject, questions, runs.path(id), limit)
    if "replaces" in run:
        raise RunError(f"This run cannot be gone on with: it is {run['replaces']}. Start a new one.")
    return run
