"""Groups to learn from, of our own questions over reports: `python -m scripts.train_reader.pairs SET.jsonl --home LIBRARY --out FILE`.

The window that answers is one that overlaps the evidence; those that do not are the ones the search finds beside it, in the same
report and in its near-twins. Questions without an answer give groups in which nothing answers.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from assistant.build import embedder_for
from assistant.quotes import Quote, candidates
from assistant.settings import read_settings
from index.library import Library
from scripts.train_reader.examples import MOST_NEGATIVES

GROUPS = 3
"""So many groups of one question, with other windows beside the one that answers."""


def main() -> None:
    """Reads the arguments, searches, writes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("set", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    settings = read_settings(home=given.home)
    library, rng, groups = Library(settings.home, embedder_for(settings)), random.Random(7), []
    ids = {entry.name: entry.id for entry in library.documents()}
    for line in given.set.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question.get("conversation") or question["kind"] == "across":
            continue
        of = {gold["document"] for gold in question["evidence"]}
        hits = library.search(question["question"], 8)
        within = [ids[name] for name in of if name in ids]
        hits = library.search(question["question"], 12, within) + hits if within else hits
        found = {(q.hit.entry.name, q.hit.passage.page, q.start): (q, read) for q, read in candidates(hits, library.page)}.values()
        good = [read for quote, read in found if any(_holds(quote, gold) for gold in question["evidence"])]
        bad = [read for _, read in found if read not in good]
        if (question["answer"] is None) == bool(good) or len(bad) < 2:
            continue
        for _ in range(GROUPS):
            windows = [rng.choice(good)] if good else []
            windows += rng.sample(bad[:40], min(MOST_NEGATIVES, len(bad[:40])))
            groups.append({"question": question["question"], "windows": windows, "answerable": bool(good)})
    given.out.write_text("".join(json.dumps(group) + "\n" for group in groups), encoding="utf-8")
    print(len(groups), "groups")


def _holds(quote: Quote, gold: dict[str, object]) -> bool:
    if (quote.hit.entry.name, quote.hit.passage.page) != (gold["document"], gold["page"]):
        return False
    shared = min(quote.end, int(str(gold["end"]))) - max(quote.start, int(str(gold["start"])))
    return shared >= 0.6 * min(quote.end - quote.start, int(str(gold["end"])) - int(str(gold["start"])))


if __name__ == "__main__":
    main()
