"""Tells by a cross-encoder whether a text entails a statement. Off unless a setting names one.

Takes pairs of texts; gives probabilities to the assistant's verifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from index.errors import RerankerUnavailable


class CrossEncoderEntailment:
    """A sentence-transformers CrossEncoder for natural language inference, of whose labels one is entailment."""

    def __init__(self, name_or_path: str) -> None:
        """Raises RerankerUnavailable."""
        try:
            self._model: Any = import_module("sentence_transformers").CrossEncoder(name_or_path, device="cpu")
            labels = {str(label).casefold(): int(place) for place, label in self._model.model.config.id2label.items()}
        except Exception as problem:  # the hub's, torch's and the model's own errors share no base
            reason = next(iter(str(problem).strip().splitlines()), type(problem).__name__)
            raise RerankerUnavailable(
                f"The entailment model {name_or_path!r} can't be loaded by sentence-transformers: {reason} Give the folder of a "
                "downloaded cross-encoder or the name of one on the hub in ASSISTANT_ENTAILMENT, or unset it."
            ) from problem
        found = next((place for label, place in labels.items() if label.startswith("entail")), None)
        if found is None:
            raise RerankerUnavailable(
                f"The model {name_or_path!r} has no label for entailment, only {', '.join(sorted(labels))}. Choose a cross-encoder "
                "for natural language inference in ASSISTANT_ENTAILMENT, or unset it."
            )
        self._place = found

    def entails(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Probabilities (0 to 1) that each first text entails the second, by softmax over the model's labels."""
        if not pairs:
            return []
        logits = np.asarray(self._model.predict(list(pairs), show_progress_bar=False, activation_fn=None), np.float64)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [float(row[self._place]) for row in powers / powers.sum(axis=1, keepdims=True)]


def load_entailment(name_or_path: str) -> CrossEncoderEntailment:
    """The cross-encoder of this hub name or folder. Raises RerankerUnavailable."""
    return CrossEncoderEntailment(name_or_path)
