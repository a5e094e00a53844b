"""Answers in the documents' own words: the sentences that answer best, verbatim, each with its citation.

Takes Hits; gives the pieces of an Answer, or a refusal when the evidence is too thin.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.types import Answer, Citation
from corpus.sentences import spans_of
from corpus.types import Page
from index.embed import Embedder
from index.search import words_of
from index.types import Hit

REFUSAL = "The documents in the library do not say."
EMPTY = "The library is empty. Add documents first."
_PASSAGES = 6
_QUOTES = 3
_NEAR = 0.75
"""Further quotes need this share of the best one's score."""
_SAME_SUBJECT = 0.95
"""And their passages this share of the best one's words: a quote on another service answers another question."""
MIN_COVERAGE = 0.6
"""Least share of the question's content words, weighted by rarity, that a passage with its header must speak of."""
MIN_SIMILARITY = 0.2
"""Least cosine of question and best passage. Both are first settings, to be fitted on open question sets."""

Frequency = Callable[[str], int]
Pages = Callable[[str, int], Page]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or table row of a hit's passage, with how well it answers (higher is better)."""

    hit: Hit
    start: int
    end: int
    text: str
    score: float
    speaks: float = 0.0
    """Which share of the question's words its passage, header included, speaks of: 0 to 1."""


def weights_of(question: str, frequency: Frequency, passages: int) -> dict[str, float]:
    """The question's content words, each with its inverse document frequency: ln(1 + (N − n + ½) / (n + ½)).

    A word that the library does not know at all weighs most (Robertson and Spärck Jones's form, as in BM25).
    """
    return {
        word: math.log(1 + (passages - n + 0.5) / (n + 0.5)) for word in words_of(question) for n in [frequency(word)]
    }


def coverage(text: str, weights: dict[str, float]) -> float:
    """Which share of the weights stands in the text, words alike but for their endings counted as the same; 0 to 1."""
    there = {stem(word) for word in re.findall(r"[^\W_]+", text.casefold())}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if stem(word) in there) / total if total else 0.0


def stem(word: str) -> str:
    """A word without its commonest endings: enough to tell that "rated" and "rating" are one."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def choose(
    question: str, hits: Sequence[Hit], pages: Pages, embedder: Embedder, weights: dict[str, float]
) -> list[Quote]:
    """The best quotes, best first, at most one from a passage; none when the evidence does not carry an answer."""
    if not hits or not _carries(hits, weights):
        return []
    found = [quote for hit in hits[:_PASSAGES] for quote in _sentences(hit, pages(hit.entry.id, hit.passage.page))]
    if not found:
        return []
    asked = embedder.embed([question])[0]
    rows = embedder.embed([quote.text for quote in found])
    best_hit = hits[0].score
    scored = []
    for quote, similarity in zip(found, np.asarray(rows @ asked), strict=True):
        words = coverage(f"{quote.hit.passage.header} {quote.text}", weights)
        own = coverage(quote.text, weights)
        score = float(similarity) + words + 0.5 * own + 0.5 * quote.hit.score / best_hit
        speaks = coverage(quote.hit.passage.embedded, weights)
        scored.append(Quote(quote.hit, quote.start, quote.end, quote.text, score, speaks))
    scored.sort(key=lambda quote: (-quote.score, quote.start))
    return _distinct(scored)


def _carries(hits: Sequence[Hit], weights: dict[str, float]) -> bool:
    best = max(coverage(hit.passage.embedded, weights) for hit in hits[:_PASSAGES])
    nearest = max((hit.similarity or 0.0) for hit in hits[:_PASSAGES])
    return best >= MIN_COVERAGE and nearest >= MIN_SIMILARITY


def _sentences(hit: Hit, page: Page) -> Iterator[Quote]:
    """The passage's sentences and rows; headings only when it has nothing else."""
    inside = [s for s in spans_of(page) if s.start >= hit.passage.start and s.end <= hit.passage.end and s.kind != "contents"]
    told = [span for span in inside if span.kind != "heading"] or inside
    for span in told:
        yield Quote(hit, span.start, span.end, page.text[span.start : span.end], 0.0)


def _distinct(scored: Sequence[Quote]) -> list[Quote]:
    chosen: list[Quote] = []
    for quote in scored:
        if len(chosen) == _QUOTES or quote.score < _NEAR * scored[0].score:
            break
        words = set(re.findall(r"\w+", quote.text.casefold()))
        if chosen and quote.speaks < _SAME_SUBJECT * chosen[0].speaks:
            continue
        if any(q.hit.passage.id == quote.hit.passage.id or _alike(words, q.text) for q in chosen):
            continue
        chosen.append(quote)
    return chosen


def _alike(words: set[str], other: str) -> bool:
    others = set(re.findall(r"\w+", other.casefold()))
    return len(words & others) >= 0.8 * min(len(words), len(others))


def pieces_of(quotes: Sequence[Quote]) -> Iterator[Answer]:
    """One piece a quote: where it stands, the quote, its number."""
    for number, quote in enumerate(quotes, start=1):
        entry, passage = quote.hit.entry, quote.hit.passage
        shown = re.sub(r"\s*\t\s*", ": ", quote.text)
        lead = "" if number == 1 else "\n\n"
        citation = Citation(number, entry.name, entry.id, entry.title, passage.page, quote.text, quote.start, quote.end)
        yield Answer(f"{lead}{shown} [{number}]", "answered", (citation,))
