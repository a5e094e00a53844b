"""How well questions in people's own words are answered: `python benchmarks/reading.py SET.jsonl --home LIBRARY [--fit] [--out RUN.jsonl]`.

A question has `evidence`, places where the answer stands (`{document, page, start, end}`), and an `answer` with `alternatives` in
words. `first`: the first quote shown overlaps a place by six tenths of the shorter one, or has the answer's words. `said`: any
quote shown does, or the text has them. `refused`: no quote is shown though there is an answer. Of questions without an answer:
`claimed` are those that are answered all the same. Each share has its 95% interval (Wilson). `--fit` learns how sure an answer is
(`read` in assistant/evidence.json) from the set, so give it one that nothing is then reported on.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.build import Assistant, open_assistant
from assistant.evidence import NAMES, fits
from assistant.settings import read_settings
from assistant.types import Answer

TARGET = Path(__file__).parents[1] / "assistant" / "evidence.json"


@dataclass(frozen=True)
class Asked:
    """One question and what became of it. ``first`` and ``said`` are None where there is no answer to be found."""

    id: str
    kind: str
    status: str
    first: bool | None
    said: bool | None
    seconds: float
    measures: tuple[float, ...] | None


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def shown(answer: Answer) -> list[tuple[str, int, int, int, str]]:
    """The places that a reader sees quoted: file, page, start, end, text."""
    places = [(c.document, c.page, c.start, c.end, c.quote) for c in answer.citations]
    return places + [(t.document, t.page, t.start, t.end, t.name) for t in answer.nearest]


def answers(place: tuple[str, int, int, int, str], question: dict[str, Any]) -> bool:
    """Whether a quote holds the answer: by its place, or by the answer's words where these are of one of its documents."""
    name, page, start, end, text = place
    for gold in question["evidence"]:
        if (gold["document"], gold["page"]) == (name, page):
            shared = min(end, gold["end"]) - max(start, gold["start"])
            if shared >= 0.6 * min(end - start, gold["end"] - gold["start"]):
                return True
    words = [_folded(one) for one in (question["answer"], *question.get("alternatives", [])) if len(_folded(str(one))) > 1]
    return name in question["documents"] and any(f" {one} " in f" {_folded(text)} " for one in words)


def ask(assistant: Assistant, question: dict[str, Any], history: tuple[Answer, ...]) -> tuple[Asked, Answer]:
    """Asks it, and holds what is shown against what is right."""
    answer = assistant.ask(question["question"], history)
    first = said = None
    if question["answer"] is not None:
        right = [answers(place, question) for place in shown(answer)]
        first, said = bool(right and right[0]), any(right)
    evidence = tuple(answer.evidence.vector()) if answer.evidence else None
    return Asked(question["id"], question["kind"], answer.status, first, said, answer.ms["total"] / 1000, evidence), answer


def share(found: list[bool]) -> str:
    """A share with its interval, "0.62 (0.55-0.69)"; "-" of none."""
    if not found:
        return "-"
    n, p, z = len(found), sum(found) / len(found), 1.96
    middle, spread = (p + z * z / 2 / n) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return f"{p:.2f} ({middle - spread:.2f}-{middle + spread:.2f})"


def line(name: str, records: list[Asked]) -> str:
    """The measures of one kind."""
    told, absent = [r for r in records if r.said is not None], [r for r in records if r.said is None]
    return (
        f"{name:16} n={len(records):4}  first {share([bool(r.first) for r in told])}  said {share([bool(r.said) for r in told])}  "
        f"answered {share([r.status == 'answered' for r in told])}  refused {share([r.status == 'not_found' for r in told])}  "
        f"absent claimed {share([r.status == 'answered' for r in absent])}"
    )


def fit(records: list[Asked]) -> None:
    """Learns the probability that the first quote answers from what the reader and the search saw."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = [(r.measures, bool(r.first)) for r in records if r.measures]
    table, told = np.array([m for m, _ in rows]), np.array([t for _, t in rows])
    model = LogisticRegression(C=1.0, max_iter=5000).fit(table, told)
    kept = dict(fits())
    weights = {name: round(float(weight), 4) for name, weight in zip(NAMES, model.coef_[0], strict=True)}
    kept["read"] = {"intercept": round(float(model.intercept_[0]), 4), "weights": weights}
    TARGET.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print("fitted", kept["read"])


def main() -> None:
    """Reads the arguments, asks, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    assistant = open_assistant(read_settings(home=given.home))
    records, chats, kept = [], defaultdict(tuple), []
    for path in given.sets:
        for row in path.read_text(encoding="utf-8").splitlines():
            question = json.loads(row)
            chat = question.get("conversation", "")
            record, answer = ask(assistant, question, chats[chat] if chat else ())
            chats[chat] = (*chats[chat], answer)
            records.append(record)
            kept.append({"id": record.id, "kind": record.kind, "question": question["question"], "expected": question["answer"],
                         "status": record.status, "first": record.first, "said": record.said, "text": answer.text,
                         "measures": record.measures,
                         "asked_as": answer.understood.question if answer.understood else "", "shown": shown(answer)})  # fmt: skip
    for kind in sorted({record.kind for record in records}):
        print(line(kind, [record for record in records if record.kind == kind]))
    print(line("all", records))
    times = sorted(record.seconds for record in records)
    print(f"seconds: p50 {statistics.median(times):.3f}, p95 {times[int(0.95 * (len(times) - 1))]:.3f}")
    if given.out:
        given.out.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in kept), encoding="utf-8")
    if given.fit:
        fit(records)


if __name__ == "__main__":
    main()
