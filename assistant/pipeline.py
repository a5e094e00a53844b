"""The way from a question to an Answer, as LangChain runnables that stream. Takes a Library; gives a Runnable."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant.evidence import Evidence
from assistant.names import Names
from assistant.quotes import EMPTY, NOT_COUNTED, REFUSAL, Asked, Quote, choose, pieces_of, stems_of
from assistant.retriever import LibraryRetriever
from assistant.types import Answer, Understood
from assistant.understand import Reader, listed
from assistant.when import said
from index.library import Library
from index.rerank import Reranker
from index.types import Hit

_HEAD = 3000
"""So many characters of a first page are looked through for the name of a service."""
_POOL = 30
"""So many passages are ordered anew by a reranker."""
_MANY = 50
"""Of so many documents the names are no longer taken for granted in a question."""


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
                self._library.catalogue.forget()  # another process may have written
                known = self._library.catalogue.frequency
                names = Names(entries, lambda id: self._library.catalogue.page_text(id, 1)[:_HEAD])
                self._reader, self._generation = Reader(entries, names, known), generation
            return self._reader


def pipeline(library: Library, sureness: float, reranker: Reranker | None = None, limit: int = 10) -> Runnable[Query, Answer]:
    """``stream(query)`` gives pieces of an Answer as they are ready, ``invoke`` their sum.

    ``sureness`` is the least probability, as fitted, at which an answer is given (0 to 1). ``reranker`` orders the best
    passages anew, when there is one.
    """
    state = State(library)

    def understand(query: Query) -> dict[str, Any]:
        started = time.perf_counter()
        reader = state.reader()
        understood = reader.understand(query.question, query.history)
        if query.everywhere:
            understood = replace(understood, documents=None, wider=(), said="", missing="")
        return {"understood": understood, "started": started, "reader": reader}

    def retrieve(given: dict[str, Any]) -> dict[str, Any]:
        understood: Understood = given["understood"]
        reader: Reader = given["reader"]
        asked = _asked(understood, reader, library)
        hits = _search(library, asked, understood.documents, limit, reranker)
        return given | {"asked": asked, "hits": hits, "search": _since(given["started"])}

    def write(states: Iterator[dict[str, Any]]) -> Iterator[Answer]:
        for given in states:
            found = choose(given["asked"], given["hits"], library.page, library.embedder)
            if found[1].probability() < sureness and given["understood"].wider:
                given, found = _wider(library, given, limit, reranker)
            yield from _answer(given, *found, sureness)

    retrieval = RunnableLambda(understand, name="understand") | RunnableLambda(retrieve, name="retrieve")
    return retrieval | RunnableGenerator(write, name="quotes")


def _search(
    library: Library, asked: Asked, documents: Sequence[str] | None, limit: int, reranker: Reranker | None
) -> list[Hit]:
    if documents is not None and not documents:
        return []
    retriever = LibraryRetriever(library=library, limit=_POOL if reranker else limit, within=documents, row=asked.row)
    hits = [document.metadata["hit"] for document in retriever.invoke(asked.text)]
    return reranker.rerank(asked.text, hits)[:limit] if reranker else hits


def _asked(understood: Understood, reader: Reader, library: Library) -> Asked:
    """The question without whom and when, where those are settled by the choice of documents.

    A year that no document was chosen by has to stand in what answers, or a report on another year would.
    """
    passages = sum(entry.passages for entry in reader.entries)
    pinned: frozenset[str] = frozenset()
    if understood.documents is not None:
        chosen = set(understood.documents)
        titles = [entry.service or entry.title for entry in reader.entries if entry.id in chosen] if len(chosen) < _MANY else []
        when = said(understood.since, understood.until) if understood.timed else ""
        pinned = stems_of(*understood.services, *understood.named, *titles, when, "inspection report published")
    since, until = understood.since, understood.until
    year = (str(since.year),) if since and until and since.year == until.year and not understood.timed else ()
    return Asked.of(
        understood.question, library.embedder, reader.known, passages, pinned,
        settled=bool(understood.services) and understood.documents is not None, must=(*understood.others, *year),
    )  # fmt: skip


def _wider(
    library: Library, given: dict[str, Any], limit: int, reranker: Reranker | None
) -> tuple[dict[str, Any], tuple[list[Quote], Evidence]]:
    """The same in the other documents too, when those of the question's date say nothing: a report tells of other years.

    What answers then has to name the date itself.
    """
    understood: Understood = given["understood"]
    said_of = f"Only documents on {listed(understood.services)}." if understood.services else ""
    understood = replace(understood, documents=understood.wider, said=said_of)
    asked = _asked(understood, given["reader"], library)
    hits = _search(library, asked, understood.documents, limit, reranker)
    found = choose(asked, hits, library.page, library.embedder)
    return given | {"understood": understood, "hits": hits}, found


def _answer(given: dict[str, Any], quotes: list[Quote], evidence: Evidence, sureness: float) -> Iterator[Answer]:
    if quotes and evidence.probability() >= sureness:
        yield from pieces_of(quotes)
        last = Answer(NOT_COUNTED, "partial") if given["understood"].whole else Answer("", "answered")
    else:
        text = given["understood"].missing or (REFUSAL if given["reader"].entries else EMPTY)
        last = Answer(text, "not_found")
    times = {"search": given["search"], "total": _since(given["started"])}
    yield replace(last, ms=times, hits=tuple(given["hits"]), understood=given["understood"], evidence=evidence)


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
