"""What a run must reach. Takes METRIC=VALUE as written; tells which of them a summary does not meet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import BadSetting
from assistant.evaluate.summary import MEASURES, NAMES, Measure


@dataclass(frozen=True, slots=True)
class Floor:
    """The least value of a measure, of one kind or (``kind`` empty) of all; the greatest where less is better."""

    measure: Measure
    kind: str
    value: float

    def missed(self, summary: dict[str, Any]) -> str:
        """Why a summary does not meet it, as a sentence; empty when it does. What was not measured is not met."""
        figures = summary["kinds"].get(self.kind, {}) if self.kind else summary["overall"]
        name = f"{self.kind}.{self.measure.name}" if self.kind else self.measure.name
        if self.measure.name not in figures:
            return f"{name} was not measured: no question that was asked has it."
        value = figures[self.measure.name]["value"]
        if self.measure.less_is_better:
            return f"{name} is {value:g}, over {self.value:g}." if value > self.value else ""
        return f"{name} is {value:g}, under {self.value:g}." if value < self.value else ""


def floor(text: str, kinds: Sequence[str]) -> Floor:
    """``answer_correct=0.8``, or of one kind ``rating.answer_correct=0.9``. Raises BadSetting."""
    left, sign, right = text.rpartition("=")
    kind, _, name = left.strip().rpartition(".")
    try:
        value = float(right)
    except ValueError:
        value = math.nan
    if not sign or not math.isfinite(value):
        raise BadSetting(f"--fail-under {text!r} is not METRIC=VALUE, such as answer_correct=0.8.")
    if name not in NAMES:
        raise BadSetting(f"There is no metric {name!r} (in --fail-under {text!r}). There are: {', '.join(NAMES)}.")
    if kind and kind not in kinds:
        raise BadSetting(f"There is no kind {kind!r} of question (in --fail-under {text!r}). There are: {', '.join(kinds)}.")
    return Floor(next(measure for measure in MEASURES if measure.name == name), kind, value)
