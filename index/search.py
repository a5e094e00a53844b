"""Finds passages for a question: by meaning and by words, fused. Takes questions from assistant; gives Hits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.catalogue import Catalogue
from index.embed import Embedder
from index.types import Hit
from index.vectors import Vectors

RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): score = sum of 1 / (k + rank)."""
_DEPTH = 60
STOPWORDS = frozenset(
    """
    a about after all also an and any are as at be been before being between both but by can could did do does
    doing during each for from had has have how i if in into is it its many me more most much my no nor not of
    on or other our out over please said say says she he shall should so some such tell than that the their them
    then there these they this those to under up us was we were what when where which while who whom whose why
    will with would you your
    """.split()  # noqa: SIM905 - a list of words is read more easily as one
)


def words_of(question: str) -> list[str]:
    """The question's content words in order, lower case, once each; all its words when it has no others."""
    words = list(dict.fromkeys(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", question.casefold())))
    words = [re.sub(r"['’]s$", "", word) for word in words]
    return [word for word in words if word not in STOPWORDS] or words


def hybrid(question: str, limit: int, *, catalogue: Catalogue, vectors: Vectors, embedder: Embedder) -> list[Hit]:
    """Up to ``limit`` hits, best first; none for an empty question or library."""
    words = words_of(question)
    if not words or limit < 1:
        return []
    depth = max(_DEPTH, 2 * limit)
    near = vectors.nearest(embedder.embed([question])[0], depth)
    expression = " OR ".join('"' + word.replace('"', '""') + '"' for word in words[:64])
    by_word = catalogue.match(expression, depth)
    return fuse(near, by_word, limit, catalogue)


def fuse(near: Sequence[tuple[str, float]], by_word: Sequence[str], limit: int, catalogue: Catalogue) -> list[Hit]:
    """Reciprocal rank fusion of the two rankings, over visible passages only."""
    visible = catalogue.found(list({id for id, _ in near} | set(by_word)))
    similarity = dict(near)
    dense = {id: rank for rank, id in enumerate((id for id, _ in near if id in visible), start=1)}
    word = {id: rank for rank, id in enumerate((id for id in by_word if id in visible), start=1)}
    scores = {id: sum(1 / (RRF_K + ranks[id]) for ranks in (dense, word) if id in ranks) for id in visible}
    best = sorted(scores, key=lambda id: (-scores[id], dense.get(id, 10**6), id))[:limit]
    return [
        Hit(*visible[id], score=scores[id], similarity=similarity.get(id), dense_rank=dense.get(id), word_rank=word.get(id))
        for id in best
    ]
