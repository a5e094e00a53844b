"""Keeps conversations on disk, a file each, in a folder for each browser. Takes Conversations; gives them back as they were.

A browser shows itself by a token that only it knows. The folder's name is the token's hash, so that who can list the folders
still cannot ask for what is in them. A file is written whole beside its place and then moved there: a crash leaves the one before.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ui.record import Conversation, Kept, as_json, from_json, name_for

FOLDER = "conversations"
_ID = re.compile(r"[0-9a-f]{32}")
_TOKEN = re.compile(r"[\w-]{32,128}", re.ASCII)
_WAIT = 10
"""Seconds to wait for another tab or process that writes."""


class ShelfError(Exception):
    """A conversation cannot be read or kept; the message is fit to show."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a list; ``words`` is all that can be searched, in small letters."""

    id: str
    name: str
    questions: int
    changed: datetime
    words: str


def new_token() -> str:
    """What a browser shows itself by; nobody can guess it."""
    return secrets.token_urlsafe(32)


def is_token(value: object) -> bool:
    """Whether a browser could have this from ``new_token``."""
    return isinstance(value, str) and bool(_TOKEN.fullmatch(value))


def new_id() -> str:
    return secrets.token_hex(16)


class Shelf:
    """The conversations of one browser. Safe to use from several threads and processes."""

    def __init__(self, home: Path, token: str) -> None:
        """Nothing is made on disk before there is something to keep."""
        self.folder = home / FOLDER / hashlib.sha256(token.encode()).hexdigest()
        self._read: dict[Path, tuple[tuple[int, int], Listed | None]] = {}

    def read(self, id: str) -> Conversation:
        """Raises ShelfError when there is none with this id, or its file is damaged."""
        return _whole(self._path(id))

    def keep(self, id: str, turn: Kept, *, begin: bool = True) -> None:
        """Puts the turn at the end of its conversation, or in the place of what it was.

        A conversation that is not there is begun, or, without ``begin``, left deleted.
        """

        def kept(before: Conversation | None) -> Conversation | None:
            if before is None:
                return Conversation(id, name_for(turn.question), (turn,)) if begin else None
            return before.with_turn(turn)

        self._change(id, kept)

    def rename(self, id: str, name: str) -> None:
        """Raises ShelfError for an empty name, and where there is no such conversation."""
        line = " ".join(name.split())[:200]
        if not line:
            raise ShelfError("Write a name: it is empty.")

        def renamed(before: Conversation | None) -> Conversation:
            if before is None:
                raise ShelfError("This conversation is no longer here.")
            return replace(before, name=line)

        self._change(id, renamed)

    def delete(self, id: str) -> None:
        """Removes its file, damaged or not; nothing happens when there is none."""
        try:
            self._path(id).unlink(missing_ok=True)
        except OSError as error:
            raise ShelfError(f"The conversation could not be deleted: {error.strerror}.") from error

    def listed(self, wanted: str = "") -> tuple[list[Listed], int]:
        """Conversations in which every word of ``wanted`` stands, newest first, and how many files could not be read."""
        found = [self._listed(path) for path in self.folder.glob("*.json") if _ID.fullmatch(path.stem)]
        words = wanted.casefold().split()
        there = [each for each in found if each and all(word in each.words for word in words)]
        return sorted(there, key=lambda each: each.changed, reverse=True), sum(each is None for each in found)

    def _listed(self, path: Path) -> Listed | None:
        """A line of the list; None for a damaged file. Files that did not change are read once."""
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if (known := self._read.get(path)) and known[0] == stamp:
                return known[1]
            line = _line(_whole(path))
        except (ShelfError, OSError):
            return None
        self._read[path] = (stamp, line)
        return line

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise ShelfError("There is no such conversation.")
        return self.folder / f"{id}.json"

    def _change(self, id: str, change: Callable[[Conversation | None], Conversation | None]) -> None:
        """Reads, changes and writes as one step; None writes nothing. Raises ShelfError; what was there stays then."""
        path = self._path(id)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / "write.lock", timeout=_WAIT):
                if changed := change(_whole(path) if path.exists() else None):
                    _write(path, as_json(changed))
        except Timeout as error:
            raise ShelfError("Another program is writing here and does not end.") from error
        except OSError as error:
            raise ShelfError(f"The conversation could not be kept in {self.folder.parent}: {error.strerror}.") from error


def _whole(path: Path) -> Conversation:
    try:
        return from_json(path.read_bytes())
    except FileNotFoundError as error:
        raise ShelfError("This conversation is no longer here.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ShelfError("This conversation’s file is damaged or from a newer version, and was left alone.") from error


def _line(conversation: Conversation) -> Listed:
    texts = [conversation.name]
    for turn in conversation.turns:
        texts += [turn.question, turn.answer.text if turn.answer else ""]
    return Listed(conversation.id, conversation.name, len(conversation.turns), conversation.changed, "\n".join(texts).casefold())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(f".{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
