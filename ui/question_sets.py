"""The question sets that the page offers: the sample set of the package, and those that were uploaded, kept in the library folder.

Takes files from the page; gives QuestionSets by ``load``. A set is kept by what it holds: ``question-sets/SHA256/NAME``, so that
the same file uploaded twice is one set, and a run finds the set that it was made with.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from assistant.errors import AssistantError, BadQuestionSet
from assistant.evaluate.questions import QuestionSet, load

FOLDER = "question-sets"
SAMPLE = "sample-questions.jsonl"
MOST_BYTES = 20_000_000
MOST_QUESTIONS = 10_000
_SHA = re.compile(r"[0-9a-f]{64}")
_REFUSED = '<>:"|?*'
"""What file systems refuse in a name."""


class SetError(AssistantError):
    """A question set cannot be kept or found; the message is fit to show."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A set that can be chosen. ``sha256`` is of its bytes; ``sample`` marks the one that comes with the package."""

    sha256: str
    name: str
    path: Path
    sample: bool = False


class QuestionSets:
    """The sets of one library. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        """Nothing is made on disk before there is a set to keep."""
        self.folder = home / FOLDER
        self._read: dict[str, QuestionSet] = {}

    def all(self) -> list[Kept]:
        """The sample set first, then uploaded ones by name."""
        return [*_sample(), *sorted(self._uploaded(), key=lambda kept: (kept.name.casefold(), kept.sha256))]

    def find(self, sha256: str) -> Kept | None:
        return next((kept for kept in self.all() if kept.sha256 == sha256), None)

    def load(self, sha256: str) -> QuestionSet:
        """Raises SetError where there is none, BadQuestionSet where it cannot be used."""
        kept = self.find(sha256)
        if kept is None:
            raise SetError("This question set is no longer here. Upload it again.")
        if sha256 not in self._read:
            read = load(kept.path)
            if read.sha256 != sha256:
                raise SetError(f"The question set {kept.name} was changed in the library folder. Delete it and upload it again.")
            self._read[sha256] = read
        return self._read[sha256]

    def add(self, path: Path) -> tuple[Kept, bool]:
        """Keeps a copy of a file that can be used as a set; and whether it is new. Raises BadQuestionSet, SetError."""
        if path.stat().st_size > MOST_BYTES:
            raise BadQuestionSet(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB. Split it into smaller sets.")
        found = load(path)
        if len(found.questions) > MOST_QUESTIONS:
            raise BadQuestionSet(f"{path.name} has {len(found.questions):,} questions, and at most {MOST_QUESTIONS:,} fit. Split it.")
        if there := self.find(found.sha256):
            return there, False
        name = safe_name(path.name)
        try:
            self._put(path, self.folder / found.sha256, name)
        except OSError as error:
            raise SetError(f"The question set could not be kept in {self.folder}: {error.strerror}.") from error
        return Kept(found.sha256, name, self.folder / found.sha256 / name), True

    def delete(self, sha256: str) -> None:
        """Removes an uploaded set; runs made with it stay. Nothing happens when there is none."""
        kept = self.find(sha256)
        if kept and not kept.sample:
            try:
                shutil.rmtree(kept.path.parent)
            except OSError as error:
                raise SetError(f"The question set could not be deleted: {error.strerror}.") from error

    def _put(self, path: Path, folder: Path, name: str) -> None:
        """Whole or not at all: the folder is made beside its place and then moved there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f"{secrets.token_hex(8)}.part"
        try:
            beside.mkdir()
            shutil.copyfile(path, beside / name)
            if not folder.exists():
                beside.replace(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _uploaded(self) -> Iterator[Kept]:
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            held = [path for path in folder.iterdir() if path.is_file()] if _SHA.fullmatch(folder.name) and folder.is_dir() else []
            if len(held) == 1:
                yield Kept(folder.name, held[0].name, held[0])


def safe_name(name: str) -> str:
    """A file name without folders, control characters and what file systems refuse; at most 120 bytes long, its ending kept."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in base if sign.isprintable() and sign not in _REFUSED)
    stem, _, ending = kept.rpartition(".")
    short = stem.encode("utf-8", "ignore")[: 120 - len(ending) - 1].decode("utf-8", "ignore").strip(" .")
    return f"{short or 'questions'}.{ending}"


def sample_bytes() -> bytes:
    """The sample set as it is, to be looked at; empty where the package has none."""
    source = files("assistant.evaluate").joinpath(SAMPLE)
    return source.read_bytes() if source.is_file() else b""


def _sample() -> list[Kept]:
    source = files("assistant.evaluate").joinpath(SAMPLE)
    if not source.is_file():
        return []
    with as_file(source) as path:
        return [Kept(hashlib.sha256(path.read_bytes()).hexdigest(), SAMPLE, path, sample=True)]
