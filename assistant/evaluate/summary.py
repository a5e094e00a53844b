"""Scores become figures. Takes a run's records; gives each measure by kind with its interval, and how two runs differ.

The only module that imports scipy. Intervals are percentile bootstrap intervals (Efron 1979) of 95 per cent, from 2,000
samples drawn with a fixed seed, so that the same run gives the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from assistant.evaluate.scoring import Record

Statistic = Callable[..., Any]
_SEED, _SAMPLES, _LEVEL = 20_240, 2_000, 0.95
MIN_PAIRS = 5
"""With fewer shared questions no difference is called real."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: ``column`` names the score it is made of, ``percentile`` is None for the mean."""

    name: str
    label: str
    says: str
    column: str = ""
    percentile: float | None = None
    less_is_better: bool = False

    def of(self, values: NDArray[np.float64], axis: int = -1) -> Any:
        """The figure of the values along an axis."""
        return np.mean(values, axis=axis) if self.percentile is None else np.percentile(values, self.percentile, axis=axis)


MEASURES = (
    Measure("answer_correct", "Answered correctly", "share of all questions; a refusal is correct where the documents do not say"),
    Measure("answer_first", "Correct at once", "share of texts that are correct and say no other answer of their kind before"),
    Measure("answer_supported", "Correct with the right source", "share that are correct and cite a document that holds the answer"),
    Measure("said", "A quote holds the answer", "share of questions with evidence, one of whose quotes holds it"),
    Measure("first", "The first quote holds it", "share of questions with evidence whose first quote holds it"),
    Measure("nearest", "Only among the nearest", "share whose evidence is quoted only as what comes nearest", less_is_better=True),
    Measure("document_at_1", "Right document first", "share of questions whose first document found holds the answer"),
    Measure("document_at_5", "Right document in five", "share of questions with a right one among the first five documents"),
    Measure("recall_at_5", "Recall of documents at 5", "mean share of the right documents that are among the first five"),
    Measure("mrr", "Mean reciprocal rank", "mean of 1 / rank of the first right document"),
    Measure("ndcg_at_5", "nDCG at 5", "order of the first five documents, discounted by rank; 1 is the best order"),
    Measure("page_at_5", "Right page in five", "share with the right page among the first five passages, where pages are given"),
    Measure("list_precision", "Precision of lists", "mean share of the names given that are right"),
    Measure("list_recall", "Recall of lists", "mean share of the right names that are given"),
    Measure("list_f1", "F1 of lists", "harmonic mean of precision and recall"),
    Measure("list_exact", "Lists exactly right", "share of lists with every right name and no other"),
    Measure("citation_valid", "Quotes that stand verbatim", "mean share of an answer's citations whose quote stands where it says"),
    Measure("citation_correct", "Citations of right documents", "mean share of an answer's citations that point to a right document"),
    Measure("refusal_precision", "Refusals that are right", "share of refusals given where the documents do not say"),
    Measure("refusal_recall", "Refused where it should", "share of questions without an answer refused, or met with the nearest"),
    Measure("false_refusal", "Refused where it should not", "share of answerable questions that were refused", less_is_better=True),
    Measure("partial", "Answered in part", "share of answerable questions answered only in part", less_is_better=True),
    Measure("failed", "Failed with an error", "share of questions that ended in an error", less_is_better=True),
    Measure("latency_p50", "Time to answer, median (ms)", "half of the answers took no longer", "total_ms", 50, True),
    Measure("latency_p95", "Time to answer, 95th percentile (ms)", "19 of 20 answers took no longer", "total_ms", 95, True),
    Measure("search_p50", "Time to search, median (ms)", "half of the searches took no longer", "search_ms", 50, True),
    Measure("search_p95", "Time to search, 95th percentile (ms)", "19 of 20 searches took no longer", "search_ms", 95, True),
)  # fmt: skip
NAMES = tuple(measure.name for measure in MEASURES)


def summarise(records: Sequence[Record]) -> dict[str, Any]:
    """``{"overall": {measure: {value, n, low, high}}, "kinds": {kind: {…}}}``; a measure that applies to none is left out."""
    return {"overall": _figures(records), "kinds": {kind: _figures(some) for kind, some in by_kind(records).items()}}


def by_kind(records: Iterable[Record]) -> dict[str, list[Record]]:
    """In order of first appearance."""
    kinds: dict[str, list[Record]] = {}
    for record in records:
        kinds.setdefault(record["kind"], []).append(record)
    return kinds


def _figures(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    figures = {}
    for measure in MEASURES:
        column = measure.column or measure.name
        values = np.array([r["scores"][column] for r in records if column in r["scores"]], dtype=np.float64)
        if values.size:
            value, (low, high) = float(measure.of(values)), interval(measure.of, values)
            figures[measure.name] = {"value": _round(value), "n": int(values.size), "low": _round(low), "high": _round(high)}
    return figures


def interval(statistic: Statistic, *samples: NDArray[np.float64]) -> tuple[float, float]:
    """The bootstrap interval of a statistic; of two samples, drawn in pairs. The value itself when nothing varies."""
    if len(samples[0]) < 2 or all(np.ptp(sample) == 0 for sample in samples):
        value = float(statistic(*samples, axis=-1))
        return value, value
    result = bootstrap(
        samples, statistic, n_resamples=_SAMPLES, confidence_level=_LEVEL, method="percentile",
        paired=len(samples) > 1, vectorized=True, rng=np.random.default_rng(_SEED), batch=200,
    )  # fmt: skip
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


Verdict = Literal["better", "worse", "no real difference"]


def compare(run: dict[str, Any], earlier: dict[str, Any], name: str) -> dict[str, Any]:
    """How a run differs from an earlier one, on the questions they share: same id, same question, same expected answer.

    ``{"name", "started", "warnings", "shared", "overall", "kinds", "became_right", "became_wrong"}``: differences are
    now − before, paired by question; ``warnings`` say what else than the assistant may make a difference.
    """
    old = {record["id"]: record for record in earlier["questions"]}
    both = [(record, old[record["id"]]) for record in run["questions"] if record["id"] in old]
    pairs = [(a, b) for a, b in both if (a["question"], a["answer"]) == (b["question"], b["answer"])]
    kinds = {kind: [(a, old[a["id"]]) for a in some] for kind, some in by_kind(a for a, _ in pairs).items()}
    right = {a["id"]: (a["scores"]["answer_correct"] == 1, b["scores"]["answer_correct"] == 1) for a, b in pairs}
    return {
        "name": name,
        "started": earlier["started"],
        "warnings": _warnings(run, earlier, len(both) - len(pairs)),
        "shared": len(pairs),
        "overall": _differences(pairs),
        "kinds": {kind: _differences(some) for kind, some in kinds.items()},
        "became_right": [id for id, (now, before) in right.items() if now and not before],
        "became_wrong": [id for id, (now, before) in right.items() if before and not now],
    }


def _warnings(run: dict[str, Any], earlier: dict[str, Any], changed: int) -> list[str]:
    said = []
    if run["set"]["sha256"] != earlier["set"]["sha256"]:
        said.append("The earlier run is of another question set; only shared questions are compared.")
    if changed:
        said.append(f"{changed} shared ids ask or expect something else now; they are left out.")
    if run["library"]["fingerprint"] != earlier["library"]["fingerprint"]:
        said.append("The earlier run is of another library: differences may come from the documents.")
    if not earlier.get("finished"):
        said.append("The earlier run was not finished; only what it holds is compared.")
    return said


def _differences(pairs: Sequence[tuple[Record, Record]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for measure in MEASURES:
        column = measure.column or measure.name
        rows = [(a["scores"][column], b["scores"][column]) for a, b in pairs if column in a["scores"] and column in b["scores"]]
        if not rows:
            continue
        now, before = np.array(rows, dtype=np.float64).T
        low, high = interval(_difference_of(measure), now, before)
        was, value = float(measure.of(before)), float(measure.of(now))
        found[measure.name] = {
            "before": _round(was), "now": _round(value), "difference": _round(value - was), "n": len(rows),
            "low": _round(low), "high": _round(high), "verdict": _verdict(measure, low, high, len(rows)),
        }  # fmt: skip
    return found


def _difference_of(measure: Measure) -> Statistic:
    return lambda now, before, axis=-1: measure.of(now, axis) - measure.of(before, axis)


def _verdict(measure: Measure, low: float, high: float, n: int) -> Verdict:
    if n < MIN_PAIRS or low <= 0 <= high:
        return "no real difference"
    return "better" if (low > 0) != measure.less_is_better else "worse"


def _round(value: float) -> float:
    return round(value, 4)
