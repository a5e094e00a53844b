"""How sure it is that the library answers a question: what was seen, weighed by a fit on open question sets.

Takes what quotes measured; gives a probability. The fit is benchmarks/refusal.py's, kept in evidence.json beside this file.
"""

from __future__ import annotations

import json
import math
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer. All zeros: nothing was found.

    ``passage`` and ``sentence`` are the best cosines with the question (−1..1); ``around`` and ``own`` the share of the
    question's weighted words in the first quote's passage and in the quote itself, ``pairs`` the share of its neighbouring
    words that are neighbours there too, ``missing`` the heaviest word's share that is not there (0..1); ``fits`` is 1 when
    the quote has the kind of answer waited for, −1 when not, 0 for no kind; ``lead`` how far the best passage is ahead.
    """

    passage: float = 0.0
    sentence: float = 0.0
    around: float = 0.0
    own: float = 0.0
    pairs: float = 0.0
    fits: float = 0.0
    missing: float = 0.0
    lead: float = 0.0

    def vector(self) -> list[float]:
        """What the fit weighs: each figure, and the products of meaning with words."""
        plain: list[float] = list(astuple(self))
        return [*plain, self.passage * self.around, self.sentence * self.own]

    def probability(self) -> float:
        """That the library answers the question: 0 to 1, as fitted."""
        fit = _fit()
        if self == Evidence():
            return 0.0
        total = fit["intercept"][0] + sum(w * x for w, x in zip(fit["weights"], self.vector(), strict=True))
        return 1 / (1 + math.exp(-total))


NAMES = [*(field.name for field in fields(Evidence)), "passage*around", "sentence*own"]


@cache
def _fit() -> dict[str, list[float]]:
    return json.loads(files("assistant").joinpath("evidence.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
