"""How sure it is that the library answers a question: what was seen, weighed by a fit on open question sets.

Takes what quotes measured; gives a probability. The fit is benchmarks/refusal.py's, kept in evidence.json beside this file.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypedDict

NAMES = ("passage", "sentence", "around", "own", "missing", "lead")


class Fit(TypedDict):
    """A logistic regression: an intercept, and a weight for each of NAMES."""

    intercept: float
    weights: list[float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer. All zeros: nothing was found.

    ``passage`` and ``sentence`` are the best cosines with the question (−1..1); ``around`` and ``own`` the share of the
    question's weighted words in the first quote's passage and in the quote itself, ``missing`` the heaviest word's share
    that is not there (0..1); ``lead`` how far the best passage is ahead. ``settled``: the question named whom it asks
    about, and only those documents were searched; similar passages are then no rivals, and a fit of its own holds.
    ``misfit``: the question waits for something (a grade, a telephone number, a sum) that the quote does not have.
    """

    passage: float = 0.0
    sentence: float = 0.0
    around: float = 0.0
    own: float = 0.0
    missing: float = 0.0
    lead: float = 0.0
    settled: bool = False
    misfit: bool = False

    def vector(self) -> list[float]:
        """What the fit weighs, in the order of NAMES."""
        return [self.passage, self.sentence, self.around, self.own, self.missing, self.lead]

    def probability(self) -> float:
        """That the library answers the question, as fitted: 0 to 1; 0 for a misfit."""
        if self.misfit or not any(self.vector()):
            return 0.0
        fit = fits()["settled" if self.settled else "open"]
        return 1 / (1 + math.exp(-fit["intercept"] - sum(w * x for w, x in zip(fit["weights"], self.vector(), strict=True))))


@cache
def fits() -> dict[str, Fit]:
    """The fits "open" and "settled", as benchmarks/refusal.py wrote them."""
    return json.loads(files("assistant").joinpath("evidence.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
