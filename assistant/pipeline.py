"""The way from a question to an Answer, as LangChain runnables that stream. Takes a Library; gives a Runnable."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant.names import Names
from assistant.quotes import EMPTY, REFUSAL, Asked, choose, pieces_of, pinned_words
from assistant.retriever import LibraryRetriever
from assistant.types import Answer, Understood
from assistant.understand import Reader
from assistant.when import said
from index.library import Library


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was asked, after what, and whether restrictions read out of it are lifted."""

    question: str
    history: tuple[Answer, ...] = ()
    everywhere: bool = False


class State:
    """What is known of the library's present state: its names, its words' frequencies. Made anew when it changes."""

    def __init__(self, library: Library) -> None:
        self._library, self._lock = library, threading.Lock()
        self._generation: str | None = None
        self._reader: Reader | None = None

    def reader(self) -> Reader:
        with self._lock:
            generation = self._library.generation
            if self._reader is None or generation != self._generation:
                entries = tuple(self._library.documents())
                known = lru_cache(maxsize=20_000)(self._library.catalogue.frequency)
                names = Names(entries, lambda id: self._library.page(id, 1).text)
                self._reader, self._generation = Reader(entries, names, known), generation
            return self._reader


def pipeline(library: Library, limit: int = 10, sureness: float = 0.5) -> Runnable[Query, Answer]:
    """``stream(query)`` gives pieces of an Answer as they are ready, ``invoke`` their sum.

    ``sureness`` is the least probability, as fitted, at which an answer is given (0 to 1).
    """
    state = State(library)

    def understand(query: Query) -> dict[str, Any]:
        started = time.perf_counter()
        reader = state.reader()
        understood = reader.understand(query.question, query.history)
        if query.everywhere:
            understood = replace(understood, documents=None, said="", missing="")
        return {"understood": understood, "started": started, "reader": reader}

    def retrieve(given: dict[str, Any]) -> dict[str, Any]:
        understood: Understood = given["understood"]
        reader: Reader = given["reader"]
        asked = _asked(understood, reader, library)
        found = []
        if understood.documents != ():
            retriever = LibraryRetriever(library=library, limit=limit, within=understood.documents, row=asked.row)
            found = [document.metadata["hit"] for document in retriever.invoke(asked.text)]
        return given | {"asked": asked, "hits": found, "search": _since(given["started"])}

    def write(states: Iterator[dict[str, Any]]) -> Iterator[Answer]:
        for given in states:
            yield from _answer(library, given, sureness)

    retrieval = RunnableLambda(understand, name="understand") | RunnableLambda(retrieve, name="retrieve")
    return retrieval | RunnableGenerator(write, name="quotes")


def _asked(understood: Understood, reader: Reader, library: Library) -> Asked:
    """The question without whom and when, where those are settled by the choice of documents."""
    passages = sum(entry.passages for entry in reader.entries)
    pinned: frozenset[str] = frozenset()
    if understood.documents is not None:
        titles = [entry.service or entry.title for entry in reader.entries if entry.id in set(understood.documents)]
        shown = said(understood.since, understood.until)
        pinned = pinned_words(*understood.services, *titles, shown, "inspection report published")
    return Asked.of(understood.question, library.embedder, reader.known, passages, pinned)


def _answer(library: Library, given: dict[str, Any], sureness: float) -> Iterator[Answer]:
    understood: Understood = given["understood"]
    hits = given["hits"]
    quotes, evidence = choose(given["asked"], hits, library.page, library.embedder)
    sure = evidence.probability()
    if quotes and sure >= sureness:
        yield from pieces_of(quotes)
        last = Answer("", "answered")
    else:
        text = understood.missing or (REFUSAL if given["reader"].entries else EMPTY)
        last = Answer(text, "not_found")
    times = {"search": given["search"], "total": _since(given["started"])}
    yield replace(last, ms=times, hits=tuple(hits), understood=understood, sureness=round(sure, 3))


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
