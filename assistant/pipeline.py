"""The way from a question to an Answer, as LangChain runnables that stream. Takes a Library; gives a Runnable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant.quotes import EMPTY, REFUSAL, choose, pieces_of, weights_of
from assistant.retriever import LibraryRetriever
from assistant.types import Answer
from index.library import Library


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was asked, after what, and whether restrictions read out of it are lifted."""

    question: str
    history: tuple[Answer, ...] = ()
    everywhere: bool = False


def pipeline(library: Library, limit: int = 10) -> Runnable[Query, Answer]:
    """``stream(query)`` gives pieces of an Answer as they are ready, ``invoke`` their sum."""
    retriever = LibraryRetriever(library=library, limit=limit)

    def retrieve(query: Query) -> dict[str, Any]:
        started = time.perf_counter()
        found = retriever.invoke(query.question)
        return {"question": query.question, "started": started, "found": found, "search": _since(started)}

    def write(states: Iterator[dict[str, Any]]) -> Iterator[Answer]:
        for state in states:
            yield from _answer(library, state)

    return RunnableLambda(retrieve, name="retrieve") | RunnableGenerator(write, name="quotes")


def _answer(library: Library, state: dict[str, Any]) -> Iterator[Answer]:
    question: str = state["question"]
    hits = [document.metadata["hit"] for document in state["found"]]
    entries = library.documents()
    weights = weights_of(question, library.catalogue.frequency, sum(entry.passages for entry in entries))
    quotes = choose(question, hits, library.page, library.embedder, weights)
    yield from pieces_of(quotes)
    times = {"search": state["search"], "total": _since(state["started"])}
    if quotes:
        yield Answer("", "answered", ms=times, hits=tuple(hits))
    else:
        yield Answer(REFUSAL if entries else EMPTY, "not_found", ms=times, hits=tuple(hits))


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
