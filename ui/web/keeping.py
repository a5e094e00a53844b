"""Keeps what is asked on the page and finds it again: between a tab's Talk and the shelf of its browser. Translates, no more.

Nothing here stops an answer from being given: what cannot be kept is said, and the answer stays on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.types import Citation
from index.types import Entry
from ui.record import name_for, sources_of
from ui.shelf import Listed, Shelf, ShelfError, new_id
from ui.web.markup import day, told
from ui.web.talk import Talk, Turn

if TYPE_CHECKING:
    from index.library import Library


class Keeper:
    """The shelves of all browsers, by their tokens."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._of = lru_cache(maxsize=256)(lambda token: Shelf(Path(library.home), token))

    def shelf(self, talk: Talk) -> Shelf | None:
        """The shelf of the talk's browser; None before the page has told which that is."""
        return self._of(talk.token) if talk.token else None

    def listed(self, talk: Talk) -> tuple[list[Listed], int]:
        """The browser's conversations with the words searched for, newest first, and how many files could not be read."""
        shelf = self.shelf(talk)
        return shelf.listed(talk.drawer.wanted) if shelf else ([], 0)

    def number(self, talk: Talk) -> int:
        """How many conversations the browser has."""
        shelf = self.shelf(talk)
        return len(shelf.listed()[0]) if shelf else 0

    def begun(self, talk: Talk, turn: Turn) -> str:
        """The conversation that a new turn is kept in: the talk's, which begins with its first turn."""
        if not talk.id:
            talk.id, talk.name = new_id(), name_for(turn.question)
        return talk.id

    def keep(self, talk: Talk, id: str, turn: Turn, *, begin: bool = False) -> str:
        """Writes a turn as it is now; what was deleted meanwhile is not begun again, unless ``begin``.

        What went wrong, as a sentence; empty when it is kept.
        """
        shelf = self.shelf(talk)
        try:
            if turn.citations and not turn.sources:
                turn.sources = sources_of(self.library, turn.citations)
            if shelf:
                shelf.keep(id, turn.kept(), begin=begin)
        except ShelfError as error:
            return f"This answer was not kept. {error}"
        except Exception as error:
            return told(error, "keeping the conversation")
        return ""

    def resume(self, talk: Talk, id: str) -> None:
        """Opens a conversation in the talk, and looks what became of its sources. Raises ShelfError."""
        shelf = self.shelf(talk)
        if shelf is None:
            raise ShelfError("There is no such conversation.")
        talk.resume(shelf.read(id))
        talk.gone = gone_since(self.library.documents(), talk.turns)


def gone_since(entries: Sequence[Entry], turns: Sequence[Turn]) -> dict[str, str]:
    """A sentence for each cited document that is not in the library any more, by id."""
    there = {entry.id for entry in entries}
    cited = {citation.document_id: citation for turn in turns for citation in turn.citations}
    return {id: gone_words(citation, entries) for id, citation in cited.items() if id not in there}


def gone_words(citation: Citation, entries: Sequence[Entry]) -> str:
    """What became of a document, or page, that was cited: another version under its name, or nothing."""
    named = [entry for entry in entries if entry.name == citation.document]
    successor = next((entry for entry in named if entry.id != citation.document_id), None)
    if any(entry.id == citation.document_id for entry in named):
        return "This page of the document is no longer in the library. The quote is as it was when the question was answered."
    if successor is None:
        return "This document is no longer in the library. The quote is as it was when the question was answered."
    return (
        f"The library now has another version of this document, added {day(successor.added)}. "
        "The quote is from the version before, as it was when the question was answered."
    )
