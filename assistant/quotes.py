"""Answers in the documents' own words: the windows that answer best, verbatim, each with its citation.

Takes Hits and a reader; gives the pieces of an Answer. A window is a sentence with a neighbour that belongs to it, a row of a
table, or an item of a list with the sentence that leads up to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from assistant.types import Answer, AnswerStatus, Citation
from corpus.sentences import Span, spans_of
from corpus.types import Page
from index.embed import Embedder
from index.reader import Reader
from index.search import STOPWORDS, words_of
from index.types import Hit

REFUSAL = "The documents in the library do not say."
NEAREST = "The documents may not answer this. The nearest they come:\n\n"
NOT_COUNTED = "\n\nThese are the passages that come nearest, not a list or a count over all documents."
EMPTY = "The library is empty. Add documents first."
_QUOTES = 3
_BEHIND = 2.5
"""Further quotes may be so far behind the first one's log-odds."""
_READ = 32
"""So many windows are read: what there is no time for is what shares least with the question, in the passages ranked last."""
_SHORT, _LONG = 25, 420
"""Characters: a shorter sentence tells nothing by itself; a window grows no longer than this."""

Frequency = Callable[[str], int]
Pages = Callable[[str, int], Page]


@dataclass(frozen=True, slots=True)
class Quote:
    """A window of a hit's passage, with the log-odds that it answers (higher is better).

    ``page.text[start:end] == text``. ``own`` is the share of the question's words in it, 0 to 1.
    """

    hit: Hit
    start: int
    end: int
    text: str
    kind: str
    score: float = 0.0
    own: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: the question, its vector (unit length), and its words' weights.

    ``must``: stems of rare names in it; passages that have them are read first.
    """

    text: str
    row: NDArray[np.float32]
    weights: dict[str, float]
    must: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, question: str, embedder: Embedder, frequency: Frequency, passages: int, pinned: frozenset[str] = frozenset(),
        *, must: Sequence[str] = (),
    ) -> Asked:  # fmt: skip
        """``pinned`` are the stems of words about whom and when it asks, where the choice of documents settled that."""
        weights = weights_of(question, frequency, passages)
        free = {word: weight for word, weight in weights.items() if stem(word) not in pinned}
        return cls(question, embedder.embed([question])[0], free, stems_of(*must))


def weights_of(question: str, frequency: Frequency, passages: int) -> dict[str, float]:
    """The question's content words, each with its inverse document frequency: ln(1 + (N − n + ½) / (n + ½)).

    A word that the library does not know at all weighs most (Robertson and Spärck Jones's form, as in BM25).
    """
    return {
        word: math.log(1 + (max(passages, n) - n + 0.5) / (n + 0.5)) for word in words_of(question) for n in [frequency(word)]
    }


def coverage(text: str, weights: dict[str, float]) -> float:
    """Which share of the weights stands in the text, words alike but for their endings counted as the same; 0 to 1.

    1 when nothing is asked for but whom and when.
    """
    return _covered({stem(word) for word in re.findall(r"[^\W_]+", text.casefold())}, weights)


def _covered(there: set[str], weights: dict[str, float]) -> float:
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if stem(word) in there) / total if total else 1.0


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its commonest endings: enough to tell that "rated" and "rating" are one."""
    for ending in ("ations", "ation", "ings", "ing", "ers", "er", "ies", "ied", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def choose(asked: Asked, hits: Sequence[Hit], pages: Pages, reader: Reader) -> tuple[list[Quote], Evidence]:
    """The best windows, best first, at most one from a passage, and how much speaks for the first one's answering."""
    hits = sorted(hits, key=lambda hit: not asked.must <= stems_of(hit.passage.embedded)) if asked.must else hits
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    found = [quote for quote, _ in candidates(hits, pages)]
    if not found:
        return [], Evidence()
    # What is worth reading: the search's own order, and the question's words. Both only decide what is left out for time.
    found = [replace(quote, own=coverage(quote.text, asked.weights)) for quote in found]
    found = sorted(found, key=lambda quote: -(quote.own + quote.hit.score / best))[:_READ]
    scores = reader.score(asked.text, [_read_as(quote) for quote in found])
    scored = [replace(quote, score=float(score) + _RANK * quote.hit.score / best) for quote, score in zip(found, scores, strict=True)]
    scored.sort(key=lambda quote: (-quote.score, quote.start))
    first = scored[0]
    evidence = Evidence(
        reader=float(max(scores)), passage=max((hit.similarity for hit in hits if hit.similarity is not None), default=0.0),
        around=coverage(first.hit.passage.embedded, asked.weights),
        named=not asked.must or asked.must <= stems_of(hits[0].passage.embedded),
    )  # fmt: skip
    return [_grown(quote, scored, pages) for quote in _distinct(scored)], evidence


_RANK = 2.0
"""What the search's score (1 for the best hit) adds to a window's log-odds."""


def candidates(hits: Sequence[Hit], pages: Pages) -> Iterator[tuple[Quote, str]]:
    """All windows of these passages before they are read, each with what the reader would be given."""
    for hit in hits:
        for quote in _sentences(hit, pages(hit.entry.id, hit.passage.page)):
            yield quote, _read_as(quote)


def _read_as(quote: Quote) -> str:
    """What the reader is given: the section, and the window on one line."""
    section = quote.hit.passage.section
    text = re.sub(r"\s*\t\s*", ": ", quote.text)
    return " ".join((f"{section}: {text}" if section and section not in text else text).split())


def _sentences(hit: Hit, page: Page) -> Iterator[Quote]:
    """The passage's sentences, rows and items; of headings those that tell something ("Lead inspector: …")."""
    inside = _inside(hit, page)
    told = [s for s in inside if s.kind != "heading" or re.search(r":\s*\S", page.text[s.start : s.end])] or inside
    whole = [s for s in told if s.end - s.start >= _SHORT and not page.text[s.start : s.end].endswith(":")] or told
    for span in whole:
        yield Quote(hit, span.start, span.end, page.text[span.start : span.end], span.kind)


def _inside(hit: Hit, page: Page) -> list[Span]:
    return [s for s in spans_of(page) if s.start >= hit.passage.start and s.end <= hit.passage.end and s.kind != "contents"]


def _grown(quote: Quote, scored: Sequence[Quote], pages: Pages) -> Quote:
    """With the line that leads up to it, or else the sentences beside it as far as there is room, to be understood by itself."""
    page = pages(quote.hit.entry.id, quote.hit.passage.page)
    spans = _inside(quote.hit, page)
    at = next((n for n, span in enumerate(spans) if span.start == quote.start), None)
    if at is None:
        return quote
    start, end = quote.start, quote.end
    of = {one.start: one.score for one in scored if one.hit.passage.id == quote.hit.passage.id}
    before, after = (spans[at - 1] if at else None), (spans[at + 1] if at + 1 < len(spans) else None)
    if before and before.kind != "heading" and page.text[before.start : before.end].endswith(":") and end - before.start <= _LONG:
        start = before.start
    elif quote.kind == "text":
        beside = [span for span in (before, after) if span and span.block == spans[at].block]
        beside.sort(key=lambda span: -of.get(span.start, -99.0))
        for span in beside:
            if max(end, span.end) - min(start, span.start) <= _LONG:
                start, end = min(start, span.start), max(end, span.end)
    return replace(quote, start=start, end=end, text=page.text[start:end])


def _distinct(scored: Sequence[Quote]) -> list[Quote]:
    """The first, and up to two more that are not far behind and say something else, each of another passage."""
    chosen: list[Quote] = []
    for quote in scored:
        if len(chosen) == _QUOTES or quote.score < scored[0].score - _BEHIND:
            break
        words = set(re.findall(r"\w+", quote.text.casefold()))
        if not any(one.hit.passage.id == quote.hit.passage.id or _alike(words, one.text) for one in chosen):
            chosen.append(quote)
    return chosen


def _alike(words: set[str], other: str) -> bool:
    others = set(re.findall(r"\w+", other.casefold()))
    return len(words & others) >= 0.8 * min(len(words), len(others))


def stems_of(*texts: str) -> frozenset[str]:
    """The stems of all words in these texts but the commonest."""
    return frozenset(stem(word) for text in texts for word in re.findall(r"[^\W_]+", text.casefold()) if word not in STOPWORDS)


def pieces_of(quotes: Sequence[Quote], status: AnswerStatus = "answered") -> Iterator[Answer]:
    """One piece a quote: where it stands, the quote, its number. ``partial``: said to be no more than what comes nearest."""
    for number, quote in enumerate(quotes, start=1):
        entry, passage = quote.hit.entry, quote.hit.passage
        shown = re.sub(r"\s*\t\s*", ": ", quote.text)
        lead = "\n\n" if number > 1 else NEAREST if status == "partial" else ""
        citation = Citation(number, entry.name, entry.id, entry.title, passage.page, quote.text, quote.start, quote.end)
        yield Answer(f"{lead}{shown} [{number}]", status, (citation,))
