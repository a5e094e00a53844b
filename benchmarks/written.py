"""Quotes and written answers side by side: the same questions, asked of the same library without and with the chat model.

    ASSISTANT_MODEL=… python benchmarks/written.py QUESTIONS.jsonl [MORE.jsonl …] --home FOLDER --out FOLDER [--limit 60]

The library in --home has to hold the documents already (``assistant --home FOLDER add …``). The runs are kept in --out, and
go on where they were stopped. ``stray`` counts answers with a number, day or grade that stands neither in a quote that the
answer cites, nor in the title or day of its document, nor in the answer without a model: told by other code than verify's.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from assistant.build import open_assistant
from assistant.errors import AssistantError
from assistant.evaluate.questions import load
from assistant.evaluate.runner import begin, finish
from assistant.evaluate.wording import numbers_in
from assistant.settings import Settings, read_settings
from corpus.dates import stretches

Record = dict[str, Any]
GRADES = ("outstanding", "good", "requires improvement", "inadequate", "adequate", "poor")


def asked(settings: Settings, questions: Path, out: Path, limit: int | None) -> list[Record]:
    """The records of one run."""
    assistant, found = open_assistant(settings), load(questions)

    def show(done: int, of: int) -> None:
        print(f"\r{out.name}: {done} of {of}", end="", file=sys.stderr, flush=True)

    run = begin(assistant, found, out, limit)
    run = run if run.get("finished") else finish(assistant, found, run, out, show)
    print(file=sys.stderr)
    assistant.library.close()
    records: list[Record] = run["questions"]
    return records


def strays(record: Record, plain: Record) -> list[str]:
    """Numbers, days and grades of a written answer that nothing beside it bears out."""
    text = re.sub(r"(?:\[\d+\])+", " ", record["text"])
    ground = "\n".join([plain["text"], *(f"{c['title']}\n{c['quote']}\n{c['document']}" for c in record["citations"])])
    days = [day for s in stretches(re.sub(r"_", " ", ground)) for day in (s.since, s.until)]
    numbers = set(numbers_in(ground)) | {float(number) for number in re.findall(r"\d+", ground)}
    told = [f"{number:g}" for number in numbers_in(text) if number not in numbers]
    told += [text[s.start : s.end] for s in stretches(text) if not any(s.since <= day <= s.until for day in days)]
    return told + [grade for grade in GRADES if re.search(rf"\b{grade}\b", text, re.I) and not re.search(rf"\b{grade}\b", ground, re.I)]


def share(records: Sequence[Record], name: str) -> str:
    values = [record["scores"][name] for record in records if name in record["scores"]]
    return f"{100 * mean(values):.0f}%" if values else "–"


def seconds(records: Sequence[Record]) -> str:
    times = sorted(record["scores"]["total_ms"] / 1000 for record in records if "total_ms" in record["scores"])
    return f"{median(times):.2f}/{times[-1]:.2f}" if times else "–"


def stated(records: Sequence[Record]) -> tuple[int, int]:
    """How many statements the model wrote, and how many of them were not shown for want of support."""
    parts = [record["written"] for record in records if record.get("written")]
    told = [one for written in parts if written["part"] == "statements" for one in written["statements"]]
    return len(told), sum(one["outcome"] in ("removed", "marked") for one in told)


COLUMNS: list[tuple[str, Callable[[list[Record]], str]]] = [
    ("correct", lambda records: share(records, "answer_correct")),
    ("cited valid", lambda records: share(records, "citation_valid")),
    ("cited right", lambda records: share(records, "citation_correct")),
    ("refused right", lambda records: share([r for r in records if r["answer"] is None], "answer_correct")),
    ("refused wrong", lambda records: share(records, "false_refusal")),
    ("s median/max", seconds),
]


def table(quotes: Sequence[Record], written: Sequence[Record]) -> None:
    """One line a kind and mode, then all together."""
    kinds = [*dict.fromkeys(record["kind"] for record in quotes), ""]
    plain = {record["id"]: record for record in quotes}
    print(f"{'kind':18}{'n':>4} {'mode':8}" + "".join(f"{name:>15}" for name, _ in COLUMNS) + f"{'unsupported':>15}{'stray':>7}")
    for kind in kinds:
        for mode, records in (("quotes", quotes), ("written", written)):
            these = [record for record in records if not kind or record["kind"] == kind]
            count, gone = stated(these)
            wrong = [record["id"] for record in these if strays(record, plain[record["id"]])]
            cells = "".join(f"{cell(these):>15}" for _, cell in COLUMNS)
            before = f"{gone} of {count}" if count else "–"
            print(f"{kind or 'all':18}{len(these):>4} {mode:8}{cells}{before:>15}{len(wrong):>7}")


def parts(written: Sequence[Record]) -> str:
    """In how many answers the model took which part."""
    told = [record["written"]["part"] if record.get("written") else "not asked" for record in written]
    return ", ".join(f"{part}: {told.count(part)}" for part in dict.fromkeys(told))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=60, help="of each set")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    try:
        settings = read_settings(home=given.home)
        if not (settings.model or settings.model_url):
            sys.exit("No chat model is set. Set ASSISTANT_MODEL or ASSISTANT_MODEL_URL.")
        quotes: list[Record] = []
        written: list[Record] = []
        for questions in given.questions:
            plain = settings.model_copy(update={"answers": "quotes"})
            quotes += asked(plain, questions, given.out / f"quotes-{questions.stem}.json", given.limit)
            written += asked(settings, questions, given.out / f"written-{questions.stem}.json", given.limit)
    except AssistantError as error:
        sys.exit(str(error))
    table(quotes, written)
    print(f"\nThe model's part: {parts(written)}.")
    without = {record["id"]: record for record in quotes}
    for record in written:
        for stray in strays(record, without[record["id"]]):
            print(f"{record['id']}: {stray!r} stands nowhere in {record['text']!r}")
    for record in written:
        for one in (record.get("written") or {}).get("statements", ()):
            if one["outcome"] in ("removed", "marked"):
                print(f"{record['id']}: {one['outcome']}: {one['text']} ({'; '.join(one['why'])})")


if __name__ == "__main__":
    main()
