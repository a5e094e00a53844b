"""What is kept of a conversation: each question with its whole answer as it was given, and what its sources were then.

Takes turns from the page; gives values to the shelf, which writes them, and to what is filed. Nothing here is ever looked up
again: an answer that was kept says what it said, whatever becomes of the library.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, Protocol

from pydantic import TypeAdapter

from assistant.scope import Filters
from assistant.types import Answer, Citation, Restriction
from corpus.types import Fact
from index.types import Entry

SCHEMA = 1
"""Raise it when a file of an older version could be misread; a newer file than this is left alone."""
State = Literal["running", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Source:
    """What a cited document was when it was cited; empty where nobody knew. ``address`` is where it is on the web."""

    publisher: str = ""
    service: str = ""
    published: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A question and what became of it. ``id`` is its own for ever; ``sources`` are by document id.

    ``answer`` has everything but the passages that it was chosen from. ``rated`` is what its reader said of it, if anything;
    ``filters`` were set by hand, and ``lifted`` is what was not read out of the question; ``after`` is which turn's question (1 the
    first) it asks anew, knowing only the answers before that, 0 for one that was typed.
    """

    id: str
    question: str
    state: State
    asked: datetime
    answer: Answer | None = None
    failure: str = ""
    everywhere: bool = False
    quotes: bool = False
    sources: dict[str, Source] = field(default_factory=dict)
    rated: Literal["", "useful", "not useful"] = ""
    filters: Filters = field(default_factory=Filters)
    lifted: tuple[Restriction, ...] = ()
    after: int = 0

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.answer.citations if self.answer else ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in the order in which they were asked, under a name that the reader can change. Never without a turn."""

    id: str
    name: str
    turns: tuple[Kept, ...]
    schema: int = SCHEMA

    @property
    def changed(self) -> datetime:
        """When it was last added to."""
        return self.turns[-1].asked

    def with_turn(self, turn: Kept) -> Conversation:
        """With this turn in place of its earlier state, or at the end."""
        turns = tuple(turn if each.id == turn.id else each for each in self.turns)
        return replace(self, turns=turns if turn in turns else (*turns, turn))


class Library(Protocol):
    """What of the library tells about sources."""

    def documents(self) -> list[Entry]: ...
    def facts(self, document_ids: Sequence[str]) -> dict[str, tuple[Fact, ...]]: ...


_FORM = TypeAdapter(Conversation)


def as_json(conversation: Conversation) -> bytes:
    """The whole conversation, without the passages that answers were chosen from."""
    turns = tuple(replace(turn, answer=replace(turn.answer, hits=()) if turn.answer else None) for turn in conversation.turns)
    return _FORM.dump_json(replace(conversation, turns=turns), indent=1)


def from_json(data: bytes) -> Conversation:
    """What ``as_json`` made. Raises ValueError with the reason for anything else."""
    value: Any = json.loads(data)
    if isinstance(value, dict) and isinstance(value.get("schema"), int) and value["schema"] > SCHEMA:
        raise ValueError("it was written by a newer version")
    conversation = _FORM.validate_json(data)
    if not conversation.turns:
        raise ValueError("it holds no question")
    return conversation


def sources_of(library: Library, citations: Sequence[Citation]) -> dict[str, Source]:
    """What each cited document is now, by id; those that the library does not have are left out."""
    wanted = {citation.document_id for citation in citations}
    if not wanted:
        return {}
    entries = {entry.id: entry for entry in library.documents() if entry.id in wanted}
    facts = library.facts(sorted(entries))
    return {id: _source(entry, facts.get(id, ())) for id, entry in entries.items()}


def _source(entry: Entry, facts: Sequence[Fact]) -> Source:
    publisher = next((fact.value for fact in facts if fact.field == "inspectorate"), "")
    address = entry.source if entry.source.startswith(("http://", "https://")) else ""
    return Source(publisher, entry.service, entry.published, address)


def now() -> datetime:
    """The time to keep with a question, in UTC."""
    return datetime.now(UTC)


def name_for(question: str) -> str:
    """A conversation's name by its first question: one line, cut at a word."""
    line = " ".join(question.split())
    return line if len(line) <= 80 else line[:80].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def plain_text(text: str) -> str:
    """The text with what no file can hold (half a character) replaced by “?”."""
    return text.encode("utf-8", "replace").decode("utf-8")
