"""How near in meaning a passage must come to a statement: a fit on labelled pairs, kept in support.json beside this file.

Takes what verify measured; gives a level. The fit is benchmarks/verification.py's.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Support:
    """A logistic regression over cosine, share of words, and their number; ``least`` is the level that is enough."""

    intercept: float
    cosine: float
    covered: float
    least: float

    @classmethod
    def kept(cls) -> Support:
        """The fit that comes with the product."""
        return _kept()

    @staticmethod
    def forget() -> None:
        """Reads the file anew the next time."""
        _kept.cache_clear()

    def level(self, cosine: float, covered: float, words: int) -> float:
        """The probability that a window supports a part of a statement, 0 to 1, as fitted.

        ``cosine`` is that of the two texts (−1..1), ``covered`` the share of the part's words and items that stand in the window.
        A part without ``words`` besides its items and names says nothing that could be far off.
        """
        if not words:
            return 1.0
        return 1 / (1 + math.exp(-(self.intercept + self.cosine * cosine + self.covered * covered)))


@cache
def _kept() -> Support:
    return Support(**json.loads(files("assistant").joinpath("support.json").read_text(encoding="utf-8")))
