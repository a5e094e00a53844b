"""The way from a question to an Answer, as LangChain runnables that stream. Takes a Library; gives a Runnable."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant import counting as counts
from assistant import following
from assistant.across import across, asked_of
from assistant.asking import Asking
from assistant.evidence import Evidence
from assistant.findings import Findings
from assistant.lookup import continued, looked_up, lookup_of, whole
from assistant.narrow import counted_among, left_out, lifted, listed
from assistant.nearest import held, topics
from assistant.overview import overview, wanted_of
from assistant.phrase import phrased
from assistant.quotes import EMPTY, NOT_COUNTED, REFUSAL, Asked, Quote, choose, pieces_of, stems_of
from assistant.retriever import LibraryRetriever
from assistant.rewrite import rewritten
from assistant.scope import Filters
from assistant.state import State
from assistant.tally import tally
from assistant.types import Answer, AnswerStatus, Understood, Written
from assistant.understand import Reader
from assistant.vocabulary import Vocabulary
from assistant.when import said
from assistant.write import Ground, Writer, written
from index import reader as reading
from index.library import Library
from index.rerank import Reranker
from index.types import Hit

_POOL = 30
"""So many passages are ordered anew by a reranker."""
_NEAR, _SPOKEN = 0.25, 0.5
"""The least cosine of the best passage, or else share of the question's words in it, at which it is worth showing."""
_MANY = 50
"""Of so many documents the names are no longer taken for granted in a question."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was asked, after what, and whether restrictions read out of it are lifted."""

    question: str
    history: tuple[Answer, ...] = ()
    everywhere: bool = False
    quotes: bool = False
    """Whether the documents are to be quoted though there is a chat model."""
    filters: Filters = Filters()
    """What a reader lets answer."""
    lifted: frozenset[str] = frozenset()
    """Keys of restrictions that a reader took back: they are not read out of the question."""


def pipeline(
    library: Library, state: State, sureness: float, windows: reading.Reader, reranker: Reranker | None = None, limit: int = 10,
    writer: Writer | None = None,
) -> Runnable[Query, Answer]:  # fmt: skip
    """``stream(query)`` gives pieces of an Answer as they are ready, ``invoke`` their sum.

    ``sureness`` is the least probability, as fitted, at which what was read counts as an answer (0 to 1); below it, it is shown as
    what comes nearest. ``windows`` reads question and passages together; ``reranker`` orders the best passages anew, when there is
    one; ``writer`` writes the answers, else they are quotes.
    """

    def understand(query: Query) -> dict[str, Any]:
        return _read(query, state)

    def retrieve(given: dict[str, Any]) -> dict[str, Any]:
        understood: Understood = given["understood"]
        reader: Reader = given["reader"]
        if given["counting"] and not _searched(given["counting"]):
            return given
        asked = _asked(understood, reader, library)
        if given["counting"]:
            return given | {"asked": asked_of(given["counting"], asked, library.embedder)}
        # Where nothing fits what was named, the nearest of all is shown; never what filters leave out.
        within = understood.documents or understood.wider or (understood.documents if reader.scope else None)
        hits = _search(library, asked, within, limit, reranker)
        wanted = "" if given["fact"] or given["everywhere"] else wanted_of(understood)
        told = overview(wanted, understood, given["findings"], library) if wanted else None
        found = {"fact": told, "overview": True} if told else {}
        return given | {"asked": asked, "hits": hits, "search": _since(given["started"])} | found

    def write(states: Iterator[dict[str, Any]]) -> Iterator[Answer]:
        for given in states:
            by = None if given["quotes"] else writer
            given["asking"] = Asking(given["started"]) if by else None
            if given["counting"] or given["fact"]:
                yield from _from_catalogue(given, library, by)
                continue
            if by:
                understood = yield from rewritten(by.model, given["understood"], given["history"], given["reader"], given["asking"])
                given = given if understood == given["understood"] else retrieve(given | {"understood": understood})
            found = choose(given["asked"], given["hits"], library.page, windows)
            if found[1].probability() < sureness and given["understood"].wider and not given["understood"].missing:
                wider, further = _wider(library, given, limit, reranker, windows)
                given, found = (wider, further) if further[1].reader > found[1].reader else (given, found)
            yield from _answer(given, *found, sureness, library, by)

    retrieval = RunnableLambda(understand, name="understand") | RunnableLambda(retrieve, name="retrieve")
    return retrieval | RunnableGenerator(write, name="write")


def _read(query: Query, state: State) -> dict[str, Any]:
    """What a question was understood to ask: a count over the library, a fact to be looked up, or else passages to be found."""
    started = time.perf_counter()
    reader, vocabulary, findings = state.narrowed(query.filters, query.lifted)
    query = replace(query, history=_of_filters(query))
    question = _completed(query, vocabulary, reader) or query.question
    understood = replace(reader.understand(question, query.history), asked=query.question)
    graded = " ".join(wording for wording, _ in vocabulary.grades)
    elsewhere = bool(understood.missing) and any(name.casefold() not in graded for name in understood.others)
    counting = found = None
    if not (query.everywhere or elsewhere) and reader.entries:
        counting = _counting(understood, vocabulary, reader, findings)
    if counting or query.everywhere:
        understood = replace(
            understood, documents=_all(reader), wider=(), said="", missing="", whole=understood.whole or counting is not None,
            restrictions=query.filters.restrictions,
        )  # fmt: skip
        if not counting and reader.scope and understood.documents == ():
            understood = replace(understood, missing=left_out((), reader.scope))
        if counting:
            counting = lifted(counting, query.lifted, reader.scope)
            understood = replace(understood, restrictions=counted_among(counting, understood.services, query.filters))
    elif lookup := lookup_of(understood, vocabulary):
        found = looked_up(lookup, understood, findings, reader.scope)
    return {
        "understood": understood, "started": started, "reader": reader, "counting": counting, "vocabulary": vocabulary, "fact": found,
        "history": query.history, "quotes": query.quotes, "findings": findings,
        "everywhere": query.everywhere,
    }  # fmt: skip


def _of_filters(query: Query) -> tuple[Answer, ...]:
    """The conversation so far, without what was about services that the filters now leave out."""
    services = set(query.filters.services)
    return tuple(one for one in query.history if not services or not one.understood or services & set(one.understood.services))


def _all(reader: Reader) -> tuple[str, ...] | None:
    """All documents: None, or the ids of those that the filters let through."""
    return None if reader.scope is None else tuple(entry.id for entry in reader.entries if reader.scope.allows(entry.id))


def _completed(query: Query, vocabulary: Vocabulary, reader: Reader) -> str:
    """A follow-up to a list, a count or a judgement, completed; "" when it is none, or stands by itself."""
    last = query.history[-1].understood if query.history else None
    if last and not last.whole:
        return continued(query.question, last, vocabulary)
    before = _counting(last, vocabulary, reader, vocabulary.findings) if last and last.whole else None
    return following.continued(vocabulary, query.question, before, last.question) if before and last else ""


def _counting(understood: Understood, vocabulary: Vocabulary, reader: Reader, findings: Findings) -> counts.Counting | None:
    """The question as one for the whole library. "Which services …?" means all of several that were set by hand, and names none."""
    found = counts.read(vocabulary, understood, _keys(understood, reader, findings))
    return found or (counts.read(vocabulary, understood, ()) if understood.whole and not understood.named else None)


def _keys(understood: Understood, reader: Reader, findings: Findings) -> tuple[str, ...]:
    """The services that the question names, as findings know them."""
    ids = (id for name in understood.services for id in reader.names.documents_of(name))
    return findings.about(id for id in ids if not reader.names.is_guess(id))


def _searched(counting: counts.Counting) -> bool:
    """Whether it asks for what documents say, and the words for that are no mere rest of a question for grades."""
    if not counting.content or counting.operation not in ("list", "count"):
        return False
    return not counting.choice.grades or counting.about


def _from_catalogue(given: dict[str, Any], library: Library, writer: Writer | None) -> Iterator[Answer]:
    """An answer that the catalogue holds, or that was counted over every document; a chat model may phrase it."""
    answer = _counted(given, library) if given["counting"] else _fact(given, library)
    if writer and answer.status != "not_found" and not given.get("overview"):  # whose sentences are the report's own
        question = given["understood"].question
        answer = yield from phrased(writer.model, question, answer, given["vocabulary"], given["asking"])
    times = {"search": given["search"]} if "search" in given else {}
    yield replace(answer, ms=times | _times(given), understood=given["understood"], written=_record(given, writer))


def _fact(given: dict[str, Any], library: Library) -> Answer:
    """A looked-up fact, each citation with its whole sentence."""
    fact: Answer = given["fact"]
    return replace(fact, citations=tuple(whole(citation, library.page) for citation in fact.citations), hits=tuple(given["hits"]))


def _counted(given: dict[str, Any], library: Library) -> Answer:
    """A question for the whole library, answered from the judgements, or from every document's passages."""
    counting, findings = given["counting"], given["findings"]
    if _searched(counting):
        return across(counting, findings, given["reader"].entries, library, given["asked"])
    return tally(counting, findings)


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
        must=(*understood.others, *year),
    )  # fmt: skip


def _wider(
    library: Library, given: dict[str, Any], limit: int, reranker: Reranker | None, windows: reading.Reader
) -> tuple[dict[str, Any], tuple[list[Quote], Evidence]]:
    """The same in the other documents too, when those of the question's date say nothing: a report tells of other years.

    What answers then has to name the date itself.
    """
    understood: Understood = given["understood"]
    said_of = f"Only documents on {listed(understood.services)}." if understood.services else ""
    if given["reader"].scope and not said_of:
        said_of = "Only documents that your filters let through."
    narrower = tuple(one for one in understood.restrictions if one.field != "time" or one.by_hand)
    understood = replace(understood, documents=understood.wider, said=said_of, restrictions=narrower)
    asked = _asked(understood, given["reader"], library)
    hits = _search(library, asked, understood.documents, limit, reranker)
    return given | {"understood": understood, "hits": hits}, choose(asked, hits, library.page, windows)


def _answer(
    given: dict[str, Any], quotes: list[Quote], evidence: Evidence, sureness: float, library: Library, writer: Writer | None
) -> Iterator[Answer]:
    """What the passages say, written or quoted; a refusal where too little speaks for their answering the question."""
    reader: Reader = given["reader"]
    understood: Understood = given["understood"]
    sure = evidence.named and evidence.probability() >= sureness
    near = bool(quotes) and not understood.missing and (sure or _near(evidence))
    status: AnswerStatus = "answered" if near and sure else "partial" if near else "not_found"
    text = ""
    if status == "not_found":
        text = understood.missing or (_refusal(reader, understood) if reader.entries else EMPTY)
    elif status == "answered" and writer:
        services = tuple({entry.service for entry in reader.entries if entry.service})
        ground = Ground(understood.question, given["hits"], quotes, library.page, library.embedder, given["vocabulary"], services)
        status = yield from written(writer, ground, given["asking"])
    else:
        yield from pieces_of(quotes, status)
    if understood.whole and status != "not_found":
        status, text = "partial", NOT_COUNTED
    times = {"search": given["search"]} | _times(given)
    yield Answer(
        text, status, ms=times, hits=tuple(given["hits"]), understood=understood, evidence=evidence,
        written=_record(given, writer), nearest=topics(quotes) if status == "not_found" else (),
    )  # fmt: skip


def _near(evidence: Evidence) -> bool:
    """Whether what was found is near enough to be shown: unrelated texts have a cosine of about 0.1 to 0.2 with a question."""
    return evidence.passage >= _NEAR or evidence.around >= _SPOKEN


def _refusal(reader: Reader, understood: Understood) -> str:
    """That it is not said, and how much was searched."""
    return "\n\n".join(filter(None, (REFUSAL, held(reader.entries, understood, reader.names))))


def _record(given: dict[str, Any], writer: Writer | None) -> Written | None:
    """What the chat model did for this answer; None where none was asked."""
    asking: Asking | None = given["asking"]
    return asking.record(writer.model) if writer and asking and asking.calls else None


def _times(given: dict[str, Any]) -> dict[str, float]:
    """Milliseconds: ``total``, and ``model`` where one was at work."""
    asking: Asking | None = given["asking"]
    model = {"model": round(asking.ms, 1)} if asking and asking.calls else {}
    return model | {"total": _since(given["started"])}


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
