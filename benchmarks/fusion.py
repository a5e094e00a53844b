"""How two rankings, by meaning and by words, are best made one: the right passage first, on two open question sets.

    python benchmarks/fusion.py CLAPNQ_FOLDER SQUAD_FILE [--questions 1000] [--home FOLDER]

Beside each other, in one run: meaning alone, words alone (BM25), reciprocal rank fusion (k = 60), and the convex
combination of scores that index/search.py uses, at several shares of meaning. Files as for benchmarks/refusal.py.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from refusal import Asking, clapnq, library_of, squad

from index.search import words_of

Ranked = list[tuple[str, float]]


def fused(near: Ranked, words: Ranked, share: float) -> dict[str, float]:
    """As index.search.fuse scores them."""
    cosines, matched = dict(near), dict(words)
    nearest, last, strongest = max(cosines.values()), min(cosines.values()), max(matched.values(), default=1.0)
    return {
        id: share * cosines.get(id, last) / nearest + (1 - share) * matched.get(id, 0.0) / strongest for id in cosines | matched
    }


def by_rank(near: Ranked, words: Ranked) -> dict[str, float]:
    """Reciprocal rank fusion."""
    scores: dict[str, float] = {}
    for ranking in (near, words):
        for rank, (id, _) in enumerate(ranking, start=1):
            scores[id] = scores.get(id, 0.0) + 1 / (60 + rank)
    return scores


WAYS: dict[str, Callable[[Ranked, Ranked], dict[str, float]]] = {
    "meaning alone": lambda near, words: dict(near),
    "words alone": lambda near, words: dict(words) or dict(near),
    "reciprocal rank fusion": by_rank,
    **{f"combination, {s:.0%} meaning": lambda near, words, s=s: fused(near, words, s) for s in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)},
}


def measure(name: str, askings: list[Asking], every: list[Asking], home: Path) -> None:
    """Prints, for each way, how often the passage asked of comes first."""
    library, names = library_of(every, home)
    of = {id: entry.name for entry in library.documents() for id in library.catalogue.passage_ids(entry.id)}
    rows = library.embedder.embed([asking.question for asking in askings])
    right = dict.fromkeys(WAYS, 0)
    for asking, row in zip(askings, rows, strict=True):
        near = library.nearest(row, 60)
        words = library.catalogue.match(" OR ".join(f'"{word}"' for word in words_of(asking.question)), 60)
        for way, scores in WAYS.items():
            scored = scores(near, words)
            right[way] += of[max(scored, key=lambda id: scored[id])] == names[asking.passage]
    for way, count in right.items():
        print(f"{name:8} {way:28} right passage first {count / len(askings):.3f}  (n={len(askings)})")
    library.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clapnq", type=Path)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=1000, help="sample of SQuAD's questions")
    parser.add_argument("--home", type=Path, help="keep the libraries here, to be faster the next time")
    given = parser.parse_args()
    every, both = squad(given.squad), clapnq(given.clapnq)
    with tempfile.TemporaryDirectory(prefix="fusion-") as scratch:
        home = given.home or Path(scratch)
        measure("clapnq", both, both, home / "clapnq")
        measure("squad2", random.Random(7).sample(every, min(given.questions, len(every))), every, home / "squad2")


if __name__ == "__main__":
    main()
