"""The evaluation runs that the page makes: kept in the library folder, a file each, listed, read, deleted.

Takes runs from ``assistant.evaluate``; gives them to the page as readers may see them: what was cited from a publication that is
under embargo now is left out, whatever was true when the question was asked.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import AssistantError, BadRun
from assistant.evaluate.runner import Run, read_run
from assistant.evaluate.scoring import Record
from assistant.evaluate.summary import compare, summarise
from index.types import Entry
from ui.record import plain_text

FOLDER = "runs"
HELD = "Left out: this draws on a publication that is under embargo."
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


class RunError(AssistantError):
    """A run cannot be found, read or deleted; the message is fit to show."""


@dataclass(frozen=True, slots=True)
class Line:
    """A run in a list. ``done`` of ``asked`` questions have an answer; ``right`` are (value, low, high), None for no question done.

    ``quotes`` says that answers were quotes, ``damaged`` that its file cannot be read: then all else is empty.
    """

    id: str
    started: str = ""
    finished: bool = False
    set_name: str = ""
    sha256: str = ""
    fingerprint: str = ""
    documents: int = 0
    done: int = 0
    asked: int = 0
    limit: int | None = None
    quotes: bool = True
    right: tuple[float, float, float] | None = None
    damaged: bool = False


class Library(Protocol):
    """What of the library tells what readers may see."""

    def documents(self, *, held: bool = False) -> list[Entry]: ...


class Runs:
    """The runs of one library. Safe to use from several threads and processes."""

    def __init__(self, home: Path, library: Library) -> None:
        """Nothing is made on disk before there is a run to keep."""
        self.folder, self._library = home / FOLDER, library
        self._read: dict[Path, tuple[tuple[int, int], Line]] = {}
        self._last: tuple[Path, tuple[int, int], Run] | None = None

    def new(self) -> str:
        """The id of a run to be made, its folder ready. Raises RunError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unkept(self.folder, error) from error
        return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"

    def path(self, id: str) -> Path:
        """Where a run is kept, or will be. Raises RunError for what is no id."""
        if not _ID.fullmatch(id):
            raise RunError("There is no such run.")
        return self.folder / f"{id}.json"

    def read(self, id: str) -> Run:
        """A run as readers may see it, with figures of what is done where it was stopped. Raises RunError."""
        whole, held = self.whole(id), self._held()
        run = {**_clean({**whole, "questions": []}), "questions": [_masked(_clean(record), held) for record in whole["questions"]]}
        if not run["finished"] and run["questions"]:
            run["summary"] = summarise(run["questions"])
        return run

    def whole(self, id: str) -> Run:
        """A run as it was kept, not to be shown or changed. Raises RunError. The last one read is remembered."""
        path = self.path(id)
        try:
            stamp = _stamp(path)
        except OSError as error:
            raise RunError("This run is no longer here.") from error
        last = self._last
        if last is None or last[:2] != (path, stamp):
            self._last = last = (path, stamp, _whole(path))
        return last[2]

    def compare(self, id: str, earlier: str) -> dict[str, Any]:
        """How a run differs from an earlier one, in figures and ids of questions. Raises RunError."""
        run, before = self.whole(id), self.whole(earlier)
        return compare(run, before, plain_text(before["set"]["name"]))

    def delete(self, id: str) -> None:
        """Removes its file, damaged or not; nothing happens when there is none. Raises RunError."""
        try:
            self.path(id).unlink(missing_ok=True)
        except OSError as error:
            raise RunError(f"The run could not be deleted: {error.strerror}.") from error

    def listed(self) -> list[Line]:
        """All runs, newest first, damaged ones too. Raises RunError."""
        try:
            paths = [path for path in self.folder.iterdir() if path.suffix == ".json" and _ID.fullmatch(path.stem)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RunError(f"The runs in {self.folder} cannot be read: {error.strerror}.") from error
        return sorted(map(self._line, paths), key=lambda line: line.id, reverse=True)

    def _line(self, path: Path) -> Line:
        """A line of the list. Files that did not change are read once."""
        try:
            stamp = _stamp(path)
            if (known := self._read.get(path)) and known[0] == stamp:
                return known[1]
            line = _line(path.stem, _whole(path))
        except (RunError, OSError):
            return Line(path.stem, damaged=True)
        self._read[path] = (stamp, line)
        return line

    def _held(self) -> frozenset[str]:
        """The names of the files that nobody may read yet."""
        shown = {entry.id for entry in self._library.documents()}
        return frozenset(entry.name for entry in self._library.documents(held=True) if entry.id not in shown)


def unkept(folder: Path, error: OSError) -> RunError:
    """What is said when a run cannot be written: a full disk, a folder that is read only."""
    why = error.strerror or error
    return RunError(f"The run could not be kept in {folder}: {why}. Make room there, or let this program write, and start again.")


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def _whole(path: Path) -> Run:
    try:
        return read_run(path)
    except BadRun as error:
        raise RunError(f"The file of this run is damaged: {path}.") from error


def _line(id: str, run: Run) -> Line:
    summary = run["summary"] or (summarise(run["questions"]) if run["questions"] else {})
    correct = summary.get("overall", {}).get("answer_correct")
    return Line(
        id, run["started"], bool(run["finished"]), plain_text(run["set"]["name"]), run["set"]["sha256"], run["library"]["fingerprint"],
        run["library"]["documents"], len(run["questions"]), run["set"]["asked"], run["set"]["limit"], quotes_only(run),
        (correct["value"], correct["low"], correct["high"]) if correct else None,
    )  # fmt: skip


def quotes_only(run: Run) -> bool:
    """Whether no chat model had a part in its answers."""
    settings = run["settings"]
    return settings.get("answers") == "quotes" or not (settings.get("model") or settings.get("model_url"))


def _clean(value: Any) -> Any:
    """The value with what no page can show (half a character) replaced in all its texts."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list) else value


def _masked(record: Record, held: Iterable[str]) -> Record:
    """A record without what it says of publications under embargo; its scores stay."""
    if not _named(record).intersection(held):
        return record
    answer = None if record["answer"] is None else HELD
    return {**record, "answer": answer, "text": HELD, "understood": None, "hits": [], "citations": [], "coverage": None, "written": None}


def _named(record: Record) -> set[str]:
    """The files that an answer rests on, or was to rest on."""
    cited = {part["document"] for part in (*record["hits"], *record["citations"])}
    covered = record["coverage"] or {}
    unknown, items = (found if isinstance(found := covered.get(name), list) else [] for name in ("unknown", "items"))
    listed = {str(item.get("document")) for item in items if isinstance(item, dict)}  # a grade set by hand is cited nowhere
    return {*cited, *record["documents"], *map(str, unknown), *listed}
