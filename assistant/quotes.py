"""Answers in the documents' own words: the sentences that answer best, verbatim, each with its citation.

Takes Hits; gives the pieces of an Answer, or a refusal when the evidence is too thin.
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
from assistant.expected import Expected, expected_of
from assistant.types import Answer, Citation
from corpus.sentences import spans_of
from corpus.types import Page
from index.embed import Embedder
from index.search import STOPWORDS, words_of
from index.types import Hit

REFUSAL = "The documents in the library do not say."
NOT_COUNTED = "\n\nThese are the passages that come nearest, not a list or a count over all documents."
EMPTY = "The library is empty. Add documents first."
_PASSAGES = 6
_QUOTES = 3
_NEAR = 0.8
"""Further quotes need this share of the best one's score."""
_TIED = 0.5
"""The least share of what a sum or address is asked of that its passage has to speak of."""
_SENTENCES = 32
"""At most so many sentences are compared by meaning: those that share most words with the question."""

Frequency = Callable[[str], int]
Pages = Callable[[str, int], Page]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or table row of a hit's passage, with how well it answers (higher is better).

    ``similarity`` is its cosine with the question, ``own`` the share of the question's words in it, ``around`` the share
    in its passage with the header, both 0 to 1; ``fits`` whether it has what the question waits for.
    """

    hit: Hit
    start: int
    end: int
    text: str
    kind: str
    similarity: float = 0.0
    own: float = 0.0
    around: float = 0.0
    fits: bool = True
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: the question, its vector (unit length), what it waits for, and its words' weights.

    ``settled``: the choice of documents settled whom it asks about; the question's words for that weigh nothing.
    """

    text: str
    row: NDArray[np.float32]
    expected: Expected
    weights: dict[str, float]
    settled: bool = False
    must: frozenset[str] = frozenset()
    """Stems that a passage with its header has to have."""

    @classmethod
    def of(
        cls, question: str, embedder: Embedder, frequency: Frequency, passages: int, pinned: frozenset[str] = frozenset(),
        *, settled: bool = False, must: Sequence[str] = (),
    ) -> Asked:  # fmt: skip
        """``pinned`` are the stems of words about whom and when it asks, where the choice of documents settled that."""
        expected = expected_of(question)
        weights = weights_of(question, frequency, passages)
        free = {word: weight for word, weight in weights.items() if stem(word) not in pinned and not expected.carries(word)}
        return cls(question, embedder.embed([question])[0], expected, free, settled, stems_of(*must))


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


def choose(asked: Asked, hits: Sequence[Hit], pages: Pages, embedder: Embedder) -> tuple[list[Quote], Evidence]:
    """The best quotes, best first, at most one from a passage, and how much speaks for their answering the question."""
    hits = [hit for hit in hits if asked.must <= stems_of(hit.passage.embedded)] if asked.must else hits
    found = [quote for hit in hits[:_PASSAGES] for quote in _sentences(hit, pages(hit.entry.id, hit.passage.page))]
    if not found:
        return [], Evidence()
    shared = [replace(quote, own=coverage(quote.text, asked.weights)) for quote in found]
    shared = sorted(shared, key=lambda quote: -quote.own)[:_SENTENCES]
    rows = embedder.embed([quote.text for quote in shared])
    best = max(hit.score for hit in hits)
    scored = [_scored(quote, float(cosine), asked, best) for quote, cosine in zip(shared, rows @ asked.row, strict=True)]
    scored.sort(key=lambda quote: (-quote.score, quote.start))
    return _distinct(scored), _evidence(asked, hits, scored)


def _scored(quote: Quote, similarity: float, asked: Asked, best: float) -> Quote:
    around = coverage(quote.hit.passage.embedded, asked.weights)
    fits = asked.expected.found_in(quote.text)
    score = similarity + quote.own + 0.3 * around + 0.3 * (quote.hit.score / best if best else 0.0)
    if asked.expected.kind:
        score += 0.35 if fits else -0.5 if asked.expected.hard else 0.0
    if asked.expected.kind == "grade" and fits and quote.own > 0.5 and _tabled(quote.text):
        score += 0.5  # a line of a table of judgements, not a sentence that happens to say "good"
    if asked.expected.kind == "grade" and not asked.weights and re.search(r"\boverall\b", quote.text, re.IGNORECASE):
        score += 0.4  # "What was it rated?" asks for the rating of the whole
    if quote.text.rstrip().endswith(":"):
        score -= 0.5  # what follows the colon would be the answer
    if quote.kind == "heading":
        score -= 0.0 if ":" in quote.text and fits and asked.expected.kind else 0.4
    return replace(quote, similarity=similarity, around=around, fits=fits, score=score)


def _anothers(asked: Asked, first: Quote) -> bool:
    """Whether a telephone number, address or sum was found that the passage does not tie to what was asked about."""
    if asked.expected.kind not in ("phone", "email", "link", "money"):
        return False
    rest = {word: weight for word, weight in asked.weights.items() if not asked.expected.names(word)}
    return coverage(first.hit.passage.embedded, rest) < _TIED


def _tabled(text: str) -> bool:
    """Whether it is a label with its value, not a sentence."""
    return len(text) < 140 and not text.rstrip().endswith((".", ";", ","))


def _evidence(asked: Asked, hits: Sequence[Hit], scored: Sequence[Quote]) -> Evidence:
    first = scored[0]
    stems = [stem(word) for word in re.findall(r"[^\W_]+", first.hit.passage.embedded.casefold())]
    similar = sorted((hit.similarity for hit in hits if hit.similarity is not None), reverse=True)
    total = sum(asked.weights.values())
    return Evidence(
        passage=similar[0] if similar else 0.0,
        sentence=max(quote.similarity for quote in scored),
        around=first.around,
        own=first.own,
        settled=asked.settled,
        misfit=(asked.expected.hard and not first.fits) or _anothers(asked, first),
        missing=max((w for word, w in asked.weights.items() if stem(word) not in stems), default=0.0) / total if total else 0.0,
        lead=similar[0] - float(np.mean(similar[1:])) if len(similar) > 1 else 0.0,
    )


def _sentences(hit: Hit, page: Page) -> Iterator[Quote]:
    """The passage's sentences and rows, and headings that tell something ("Lead inspector: …")."""
    inside = [s for s in spans_of(page) if s.start >= hit.passage.start and s.end <= hit.passage.end and s.kind != "contents"]
    told = [span for span in inside if span.kind != "heading" or re.search(r":\s*\S", page.text[span.start : span.end])] or inside
    for span in told:
        yield Quote(hit, span.start, span.end, page.text[span.start : span.end], span.kind)


def _distinct(scored: Sequence[Quote]) -> list[Quote]:
    chosen: list[Quote] = []
    for quote in scored:
        if len(chosen) == _QUOTES or quote.score < _NEAR * scored[0].score:
            break
        words = set(re.findall(r"\w+", quote.text.casefold()))
        # A quote that says less of what was asked, or has no answer of the kind, would only blur the first one.
        if chosen and (quote.around < 0.95 * chosen[0].around or (chosen[0].fits and not quote.fits)):
            continue
        if any(q.hit.passage.id == quote.hit.passage.id or _alike(words, q.text) for q in chosen):
            continue
        chosen.append(quote)
    return chosen


def _alike(words: set[str], other: str) -> bool:
    others = set(re.findall(r"\w+", other.casefold()))
    return len(words & others) >= 0.8 * min(len(words), len(others))


def stems_of(*texts: str) -> frozenset[str]:
    """The stems of all words in these texts but the commonest."""
    return frozenset(stem(word) for text in texts for word in re.findall(r"[^\W_]+", text.casefold()) if word not in STOPWORDS)


def pieces_of(quotes: Sequence[Quote]) -> Iterator[Answer]:
    """One piece a quote: where it stands, the quote, its number."""
    for number, quote in enumerate(quotes, start=1):
        entry, passage = quote.hit.entry, quote.hit.passage
        shown = re.sub(r"\s*\t\s*", ": ", quote.text)
        lead = "" if number == 1 else "\n\n"
        citation = Citation(number, entry.name, entry.id, entry.title, passage.page, quote.text, quote.start, quote.end)
        yield Answer(f"{lead}{shown} [{number}]", "answered", (citation,))
