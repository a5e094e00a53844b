"""The command ``assistant evaluate``. Takes paths and an Assistant; gives a table, files and an exit code to cli."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from assistant.errors import BadRun
from assistant.evaluate.floors import floor
from assistant.evaluate.questions import load
from assistant.evaluate.report import figure, page
from assistant.evaluate.runner import Run, begin, finish, read_run, writable
from assistant.evaluate.summary import MEASURES, compare

_COLUMNS = {
    "answer_correct": "right", "answer_first": "at once", "document_at_1": "doc@1", "document_at_5": "doc@5",
    "ndcg_at_5": "nDCG@5", "citation_valid": "verbatim", "citation_correct": "cited", "refusal_recall": "refused",
    "false_refusal": "wrongly", "latency_p50": "p50", "latency_p95": "p95",
}  # fmt: skip
_LEGEND = (
    "right: answered correctly, with the 95% interval · at once: correct, and no other answer of its kind said before it",
    "doc@1, doc@5: a right document first, or in the first five · verbatim: quotes that stand where they say",
    "cited: citations of right documents · refused: where it should · wrongly: refused where it should not",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; ``floors`` as they were written."""

    questions: Path
    out: Path
    report: Path | None = None
    compare: Path | None = None
    floors: Sequence[str] = ()
    limit: int | None = None


def command(wanted: Wanted, opened: Callable[[], Any], bar: Callable[[bool], Progress], errors: Console) -> int:
    """The exit code: 0 done, 1 a floor is not met or it was stopped. Raises AssistantError for what cannot be used."""
    questions = load(wanted.questions)
    floors = [floor(text, questions.kinds()) for text in wanted.floors]
    earlier = read_run(wanted.compare) if wanted.compare else None
    _check(wanted)
    assistant = opened()
    if not assistant.library.documents():
        raise BadRun("The library is empty. `assistant add PATH` adds documents.")
    run = begin(assistant, questions, wanted.out, wanted.limit)
    for line in _beginning(run):
        errors.print(line, markup=False)
    try:
        with bar(False) as shown:
            task = shown.add_task("asking", total=None)
            finish(
                assistant, questions, run, wanted.out,
                lambda done, of: shown.update(task, description=f"{done}/{of} questions", completed=done, total=of),
            )  # fmt: skip
    except KeyboardInterrupt:
        errors.print("Stopped. What is done is kept; run the same command again to go on.")
        return 1
    against = compare(run, earlier, wanted.compare.name) if earlier and wanted.compare else None
    if wanted.report:
        wanted.report.write_text(page(run, against), encoding="utf-8", errors="xmlcharrefreplace")
    print("\n".join([*table(run), *(differences(against) if against else [])]))
    missed = [said for wants in floors if (said := wants.missed(run["summary"]))]
    for said in missed:
        errors.print(said, markup=False)
    return 1 if missed else 0


def _check(wanted: Wanted) -> None:
    files = [path.resolve() for path in (wanted.questions, wanted.out, wanted.report, wanted.compare) if path]
    if len(set(files)) < len(files):
        raise BadRun("The question set, --out, --report and --compare must be different files.")
    for path in filter(None, (wanted.out, wanted.report)):
        writable(path)


def _beginning(run: Run) -> list[str]:
    said = []
    if "resumed" in run:
        said.append(f"Going on where it was stopped: {run['resumed']} of {run['set']['asked']} questions are done.")
    if "replaces" in run:
        said.append(f"Starting anew: the file held {run['replaces']}.")
    if lacking := run["not_in_library"]:
        more = ", …" if len(lacking) > 3 else ""
        said.append(f"The library lacks {len(lacking)} of the documents that the questions name: {', '.join(lacking[:3])}{more}.")
    return said


def table(run: Run) -> list[str]:
    """The figures by kind and overall, a line each, and then what the columns are."""
    measures = [measure for measure in MEASURES if measure.name in _COLUMNS]
    kinds = [*run["summary"]["kinds"].items(), ("all", run["summary"]["overall"])]
    rows = [["kind", "n", "right", "95%", *(_COLUMNS[measure.name] for measure in measures[1:])]]
    for kind, figures in kinds:
        right = figures["answer_correct"]
        values = [figure(figures.get(m.name, {}).get("value"), m) for m in measures]
        between = f"{100 * right['low']:.0f}–{100 * right['high']:.0f}%" if right["low"] < right["high"] else "–"
        rows.append([kind, str(right["n"]), values[0], between, *values[1:]])
    return [*aligned(rows), *_LEGEND]


def differences(against: dict[str, Any]) -> list[str]:
    """What changed since the earlier run, measure by measure, and which questions."""
    rows = [["", "n", "before", "now", "difference", "95%", ""]]
    for m in MEASURES:
        if d := against["overall"].get(m.name):
            low, high = (figure(d[end], m, signed=True) for end in ("low", "high"))
            change = figure(d["difference"], m, signed=True)
            rows.append([m.name, str(d["n"]), figure(d["before"], m), figure(d["now"], m), change, f"{low} to {high}", d["verdict"]])
    changes = [f"{words}: {', '.join(against[key])}" for words, key in
               (("Became right", "became_right"), ("Became wrong", "became_wrong")) if against[key]]  # fmt: skip
    head = f"Against {against['name']}, on {against['shared']} shared questions:"
    return ["", head, *against["warnings"], *(aligned(rows) if against["shared"] else []), *changes]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns padded to their widest cell: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [[row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))] for row in rows]
    return ["  ".join(line).rstrip() for line in lines]
