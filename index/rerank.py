"""Orders passages anew with a cross-encoder, which reads question and passage together. Off unless a setting names one.

Takes Hits from search; gives the same Hits in another order to the pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from index.errors import RerankerUnavailable
from index.types import Hit


class Reranker(Protocol):
    """Anything that orders hits for a question."""

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same hits, best first."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder with one score a pair."""

    def __init__(self, name_or_path: str) -> None:
        """Raises RerankerUnavailable."""
        try:
            library = import_module("sentence_transformers")
            self._model: Any = library.CrossEncoder(name_or_path, num_labels=1, device="cpu")
        except Exception as problem:  # the hub's, torch's and the model's own errors share no base
            reason = next(iter(str(problem).strip().splitlines()), type(problem).__name__)
            raise RerankerUnavailable(
                f"The reranker {name_or_path!r} can't be loaded by sentence-transformers: {reason} Give the folder of a "
                "downloaded cross-encoder or the name of one on the hub in ASSISTANT_RERANKER, or unset it."
            ) from problem

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same hits, best first; ``score`` is then the cross-encoder's, as a probability (0 to 1)."""
        if not hits:
            return []
        logits = self._model.predict([(question, hit.passage.embedded) for hit in hits], show_progress_bar=False, activation_fn=None)
        scores = np.asarray(logits, np.float64).reshape(-1)
        if scores.min() < 0 or scores.max() > 1:
            scores = 1 / (1 + np.exp(-scores))
        ordered = sorted(zip(scores, range(len(hits)), strict=True), key=lambda pair: (-pair[0], pair[1]))
        return [replace(hits[place], score=float(score)) for score, place in ordered]


def load_reranker(name_or_path: str) -> Reranker:
    """The cross-encoder of this hub name or folder. Raises RerankerUnavailable."""
    return CrossEncoderReranker(name_or_path)
