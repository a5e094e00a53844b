"""Shows a run to people. Takes a run, and how it differs from an earlier one; gives one self-contained HTML page.

The only module that imports jinja2. Everything a question, an answer or a passage says is escaped, and the page's own
policy lets it load nothing and run nothing but its own script.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.evaluate.runner import Run
from assistant.evaluate.scoring import Record, outcome_of
from assistant.evaluate.summary import MEASURES, MIN_PAIRS, Measure, by_kind

OUTCOMES = {
    "right": "right",
    "wrong": "wrong answer",
    "refused": "refused, though the documents say",
    "answered": "answered, though the documents do not say",
    "failed": "ended in an error",
}
_BY_NAME = {measure.name: measure for measure in MEASURES}
COLUMNS = tuple(
    _BY_NAME[name] for name in (
        "answer_correct", "answer_first", "document_at_1", "document_at_5", "citation_correct", "refusal_recall", "false_refusal",
        "latency_p50",
    )
)  # fmt: skip
"""The measures of the table by kind."""
_CHARTS = ("answer_correct", "document_at_1")
_BINS = 24
_FEW = 30


def page(run: Run, against: dict[str, Any] | None = None) -> str:
    """The page of a finished run; ``against`` is what ``compare`` gives."""
    environment = Environment(
        loader=PackageLoader("assistant.evaluate", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"figure": figure, "expected": expected}
    css, script = (files("assistant.evaluate").joinpath(name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    views = [_view(number, record) for number, record in enumerate(run["questions"], start=1)]
    return environment.get_template("report.html.j2").render(
        run=run, against=against, verdict=verdict(run), against_verdict=against_verdict(against) if against else [],
        measures=MEASURES, columns=COLUMNS, charts=[_BY_NAME[name] for name in _CHARTS],
        counts=Counter(record["kind"] for record in run["questions"]), times=_histogram(run["questions"]),
        wrong=[v for v in views if v["outcome"] != "right"], right=[v for v in views if v["outcome"] == "right"],
        numbers={view["record"]["id"]: view for view in views}, outcomes=OUTCOMES, min_pairs=MIN_PAIRS,
        css=Markup(css), script=Markup(script), css_hash=_hash(css), script_hash=_hash(script),
    )  # fmt: skip


def figure(value: float | None, measure: Measure, *, signed: bool = False) -> str:
    """A value as people read it: "84%", "0.71", "120 ms"; "–" for none."""
    if value is None:
        return "–"
    sign = "+" if signed and value > 0 else "−" if signed and value < 0 else ""
    size = abs(value) if signed else value
    if measure.percentile is not None:
        return f"{sign}{size:,.0f} ms"
    return f"{sign}{size:.2f}" if measure.name in ("mrr", "ndcg_at_5") else f"{sign}{100 * size:.0f}%"


def expected(answer: Any) -> str:
    """What was expected, in words."""
    if answer is None:
        return "A refusal: the documents do not say."
    if isinstance(answer, list):
        return " · ".join(answer) if answer else "None (an empty list)."
    return f"{answer:g}" if isinstance(answer, float) else str(answer)


def verdict(run: Run) -> list[str]:
    """What came of it, in plain sentences, the most important first."""
    records, overall = run["questions"], run["summary"]["overall"]
    outcomes = Counter(map(outcome_of, records))
    correct = overall["answer_correct"]
    first = f"{outcomes['right']} of {len(records)} questions were answered correctly ({correct['value']:.0%})."
    range_ = f" For other questions of the same sorts, expect between {correct['low']:.0%} and {correct['high']:.0%}."
    said = [first + (range_ if correct["low"] < correct["high"] else "")]
    said += _on_refusals(records, outcomes)
    if "citation_valid" in overall:
        said.append(f"{overall['citation_valid']['value']:.0%} of quotes stand word for word where they say.")
    if "citation_correct" in overall:
        said.append(f"{overall['citation_correct']['value']:.0%} of citations point to a document that holds the answer.")
    if "latency_p50" in overall:
        p50, p95 = overall["latency_p50"]["value"], overall["latency_p95"]["value"]
        said.append(f"Half of the answers took at most {p50:,.0f} ms, 19 of 20 at most {p95:,.0f} ms.")
    said += _on_kinds(records)
    if outcomes["failed"]:
        said.append(f"Ended in an error, which counts as wrong: {outcomes['failed']}.")
    if len(records) < _FEW:
        said.append(f"With only {len(records)} questions these figures are rough.")
    return said


def _on_refusals(records: Sequence[Record], outcomes: Counter[str]) -> list[str]:
    must = [record for record in records if record["answer"] is None]
    refused = sum(record["status"] == "not_found" for record in must)
    said = []
    if must:
        said.append(f"Questions that the documents do not answer: {len(must)}. Refused, as they should be: {refused}.")
    if answerable := len(records) - len(must):
        said.append(f"Questions that they answer: {answerable}. Refused all the same: {outcomes['refused']}. "
                    f"Answered wrongly: {outcomes['wrong']}.")  # fmt: skip
    return said


def _on_kinds(records: Sequence[Record]) -> list[str]:
    shares = {kind: [outcome_of(r) == "right" for r in some] for kind, some in by_kind(records).items()}
    worst = min(shares, key=lambda kind: sum(shares[kind]) / len(shares[kind]))
    if len(shares) < 2 or all(shares[worst]):
        return []
    return [f"The weakest kind is “{worst}”: {sum(shares[worst])} of {len(shares[worst])} right."]


def against_verdict(against: dict[str, Any]) -> list[str]:
    """How a run compares with an earlier one, in a plain sentence; ``against`` is what ``compare`` gives."""
    if not against["shared"]:
        return ["The earlier run shares no question with this one, so that nothing can be compared."]
    correct = against["overall"]["answer_correct"]
    said = {
        "better": "Answers are better than in the earlier run",
        "worse": "Answers are worse than in the earlier run",
        "no real difference": "There is no real difference in correct answers from the earlier run",
    }[correct["verdict"]]
    shares = f"{correct['now']:.0%} against {correct['before']:.0%} on the {against['shared']} questions they share"
    return [f"{said}: {shares}. {len(against['became_right'])} became right, {len(against['became_wrong'])} became wrong."]


def _view(number: int, record: Record) -> dict[str, Any]:
    outcome = outcome_of(record)
    return {"anchor": f"q{number}", "record": record, "outcome": outcome, "label": OUTCOMES[outcome]}


def _histogram(records: Sequence[Record]) -> dict[str, Any] | None:
    """Counts of answers by time, in equal steps from 0 to the longest; None without times."""
    times = [record["scores"]["total_ms"] for record in records if "total_ms" in record["scores"]]
    if not times or not max(times):
        return None
    counts = Counter(min(_BINS - 1, int(time / max(times) * _BINS)) for time in times)
    return {"longest": max(times), "counts": [counts[step] for step in range(_BINS)], "most": max(counts.values())}


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
