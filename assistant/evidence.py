"""How sure it is that the library answers a question: what the reader and the search saw, weighed by a fit.

Takes what quotes measured; gives a probability. The fits are benchmarks/reading.py's, kept in evidence.json beside this file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypedDict

NAMES = ("reader", "passage", "around")


class Fit(TypedDict):
    """A logistic regression: an intercept, and a weight for each of NAMES."""

    intercept: float
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer. All zeros: nothing was found.

    ``reader`` is the best window's log-odds, ``passage`` the best cosine of a passage with the question (−1..1), ``around`` the
    share of the question's weighted words in the first quote's passage (0..1).
    ``named``: a passage has all rare names and years of the question.
    """

    reader: float = 0.0
    passage: float = 0.0
    around: float = 0.0
    named: bool = True

    def vector(self) -> list[float]:
        """What the fit weighs, in the order of NAMES."""
        return [self.reader, self.passage, self.around]

    def probability(self) -> float:
        """That the first window answers the question, as fitted: 0 to 1; 0 where nothing was found."""
        return weighed("read", dict(zip(NAMES, self.vector(), strict=True))) if any(self.vector()) else 0.0


def weighed(name: str, seen: Mapping[str, float]) -> float:
    """The probability by the fit of this name; what was not seen counts as 0."""
    fit = fits()[name]
    return 1 / (1 + math.exp(-fit["intercept"] - sum(weight * seen.get(what, 0.0) for what, weight in fit["weights"].items())))


@cache
def fits() -> dict[str, Fit]:
    """"read": that the first window answers; "speaks": that a passage is about what is asked."""
    return json.loads(files("assistant").joinpath("evidence.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
