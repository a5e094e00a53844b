"""Finds passages for a question: by meaning and by words, fused. Takes questions from assistant; gives Hits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.embed import Embedder
from index.types import Hit
from index.vectors import Vectors

MEANING = 0.6
"""The share of meaning in the fused score, the rest is words': a convex combination of scores, each over its best (Bruch, Gai
and Ingber, ACM TOIS 2023). Against reciprocal rank fusion, on open sets: benchmarks/fusion.py."""
_DEPTH = 60
_EACH = 4
"""At most so many of the best hits are of one document, unless the search is in a few documents anyway."""
_FEW = 3
_EXACT = 20
"""Of at most so many documents all passages are compared."""
_COMMON = 0.4
"""A word in more than this share of all passages is not looked up."""
_MANY = 400
"""For more documents than this, it is faster to look deeper in all of them and leave the others out afterwards."""
STOPWORDS = frozenset(
    """
    a about after all also an and any are as at be been before being between both but by can could did do does
    doing during each for from had has have how i if in into is it its many me more most much my no nor not of
    on or other our out over please said say says she he shall should so some such tell than that the their them
    then there these they this those to under up us was we were what when where which while who whom whose why
    will with would you your get gets got happen happened take taken takes took
    """.split()
)


def words_of(question: str) -> list[str]:
    """The question's content words in order, lower case, once each; all its words when it has no others."""
    words = list(dict.fromkeys(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", question.casefold())))
    words = [re.sub(r"['’]s$", "", word) for word in words]
    return [word for word in words if word not in STOPWORDS] or words


def hybrid(
    question: str, limit: int, *, catalogue: Catalogue, vectors: Vectors, embedder: Embedder,
    within: Sequence[str] | None = None, row: NDArray[np.float32] | None = None,
) -> list[Hit]:  # fmt: skip
    """Up to ``limit`` hits, best first; none for an empty question or library. ``row`` is the question's vector, if known."""
    words = words_of(question)
    if not words or limit < 1:
        return []
    depth = max(_DEPTH, 2 * limit)
    beyond = depth + catalogue.held_passages()  # what nobody may see must not crowd out what they may
    wide = within is not None and len(within) > _MANY
    row = embedder.embed([question])[0] if row is None else row
    near = (
        _compared(row, depth, within, catalogue)
        if within is not None and len(within) <= _EXACT
        else vectors.nearest(row, max(10 * depth, beyond) if wide else beyond, None if wide else within)
    )
    expression = " OR ".join('"' + word.replace('"', '""') + '"' for word in _telling(words[:64], catalogue))
    by_word = catalogue.match(expression, depth, within)
    few = within is not None and len(within) <= _FEW
    hits = fuse(near, by_word, 3 * limit, catalogue, set(within) if wide and within else None)
    return _joined(_once(hits if few else _spread(hits)), catalogue)[:limit]


def _compared(row: NDArray[np.float32], limit: int, within: Sequence[str], catalogue: Catalogue) -> list[tuple[str, float]]:
    """The passages of a few documents by their cosine, every one compared: quicker than a filtered search in an index."""
    found = [(id, float(c)) for ids, _, rows in catalogue.vectors(within) for id, c in zip(ids, rows @ row, strict=True)]
    return sorted(found, key=lambda item: -item[1])[:limit]


def _telling(words: Sequence[str], catalogue: Catalogue) -> list[str]:
    """Without the words that most passages have: they take long to look up, and BM25 gives them next to no weight."""
    common = _COMMON * catalogue.passage_count()
    return [word for word in words if catalogue.frequency(word) <= common] or list(words)


def fuse(
    near: Sequence[tuple[str, float]], by_word: Sequence[tuple[str, float]], limit: int, catalogue: Catalogue,
    within: set[str] | None = None,
) -> list[Hit]:  # fmt: skip
    """The two rankings as one, over visible passages (of the documents ``within``) only.

    ``near`` has cosines, ``by_word`` BM25 scores. A passage that one search did not reach counts there as its last one
    (cosine) or as nothing (words). Scores are from 0 to 1.
    """
    matched = dict(by_word)  # visible, and within, as the catalogue gave them
    others = catalogue.visible([id for id, _ in near if id not in matched])
    visible = {*matched, *(id for id, document in others.items() if within is None or document in within)}
    similarity = {id: cosine for id, cosine in near if id in visible}
    dense = {id: rank for rank, id in enumerate(similarity, start=1)}
    word = {id: rank for rank, id in enumerate(matched, start=1)}
    nearest, last = max(similarity.values(), default=0.0), min(similarity.values(), default=0.0)
    strongest = max(matched.values(), default=0.0)
    scores = {
        id: MEANING * _over(max(0.0, similarity.get(id, last)), nearest) + (1 - MEANING) * _over(matched.get(id, 0.0), strongest)
        for id in visible
    }
    best = sorted(scores, key=lambda id: (-scores[id], dense.get(id, 10**6), id))[:limit]
    found = catalogue.found(best)
    return [
        Hit(*found[id], score=scores[id], similarity=similarity.get(id), dense_rank=dense.get(id), word_rank=word.get(id))
        for id in best
        if id in found
    ]


def _over(value: float, best: float) -> float:
    return value / best if best > 0 else 0.0


def _spread(hits: Sequence[Hit]) -> list[Hit]:
    """The same hits, a document's fifth and later ones behind the others'."""
    seen: Counter[str] = Counter()
    first: list[Hit] = []
    later: list[Hit] = []
    for hit in hits:
        seen[hit.entry.id] += 1
        (first if seen[hit.entry.id] <= _EACH else later).append(hit)
    return first + later


def _once(hits: Sequence[Hit]) -> list[Hit]:
    """One hit for each wording: what is repeated word for word in a document, or in its double, is left out."""
    seen: set[tuple[str, str, str]] = set()
    kept = []
    for hit in hits:
        key = (hit.entry.title, str(hit.entry.day), re.sub(r"\W+", " ", hit.passage.text.casefold()).strip())
        if key not in seen:
            kept.append(hit)
        seen.add(key)
    return kept


def _joined(hits: Sequence[Hit], catalogue: Catalogue) -> list[Hit]:
    """Hits that follow each other on a page become one, at the better one's place; at most two."""
    at: dict[tuple[str, int, int], int] = {}
    kept: list[Hit] = []
    whole: set[int] = set()
    for hit in hits:
        p = hit.passage
        place = next((at[key] for key in _edges(hit) if key in at and at[key] not in whole), None)
        if place is not None:
            other = kept[place]
            text = catalogue.page_text(p.document_id, p.page)
            start, end = min(p.start, other.passage.start), max(p.end, other.passage.end)
            if not text[min(p.end, other.passage.end) : max(p.start, other.passage.start)].strip():
                joined = replace(other.passage, start=start, end=end, text=text[start:end], tokens=p.tokens + other.passage.tokens)
                kept[place] = replace(other, passage=joined)
                whole.add(place)
                continue
        kept.append(hit)
        at[p.document_id, p.page, p.start] = at[p.document_id, p.page, -p.end] = len(kept) - 1
    return kept


def _edges(hit: Hit) -> list[tuple[str, int, int]]:
    """Where a neighbour would end or begin: one to three characters of white space away."""
    p = hit.passage
    return [(p.document_id, p.page, p.end + gap) for gap in (1, 2, 3)] + [(p.document_id, p.page, gap - p.start) for gap in (1, 2, 3)]
