"""A run as tables for other programs: its figures by kind, and its questions, as CSV. Takes runs; gives bytes to the page."""

from __future__ import annotations

from typing import Any

from assistant.evaluate.report import OUTCOMES, expected
from assistant.evaluate.runner import Run
from assistant.evaluate.scoring import outcome_of
from assistant.evaluate.summary import MEASURES
from ui.exporting import as_csv

FIGURES = ("Kind", "Measure", "Value", "95% from", "95% to", "Questions", "What it is")
QUESTIONS = (
    "Id", "Kind", "Conversation", "Question", "Understood as", "Expected", "Documents", "Pages", "Outcome", "Answer", "Cited", "Found",
)  # fmt: skip


def figures_csv(run: Run) -> bytes:
    """A row for each measure of each kind, and then of all questions. Shares are 0 to 1, times are milliseconds."""
    summary = run["summary"]
    kinds = [*summary.get("kinds", {}).items(), ("All", summary.get("overall", {}))]
    rows = [
        (kind, m.label, *(repr(f[part]) for part in ("value", "low", "high")), str(f["n"]), m.says)
        for kind, figures in kinds for m in MEASURES if (f := figures.get(m.name))
    ]  # fmt: skip
    return as_csv(rows, FIGURES)


def questions_csv(run: Run) -> bytes:
    """A row for each question in the order of the set, with every score that it has."""
    names = list(dict.fromkeys(name for record in run["questions"] for name in record["scores"]))
    rows = [(*_row(record), *(_score(record["scores"].get(name)) for name in names)) for record in run["questions"]]
    return as_csv(rows, (*QUESTIONS, *names))


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    cited = dict.fromkeys(f"{c['document']}, page {c['page']}" for c in record["citations"])
    found = dict.fromkeys(hit["document"] for hit in record["hits"])
    return (
        record["id"], record["kind"], record["conversation"], record["question"], record["understood"] or "", expected(record["answer"]),
        "; ".join(record["documents"]), "; ".join(map(str, record["pages"])), OUTCOMES[outcome_of(record)], record["text"],
        "; ".join(cited), "; ".join(found),
    )  # fmt: skip


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}" if value < 1000 else f"{value:.0f}"
