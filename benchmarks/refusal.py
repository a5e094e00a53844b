"""Measures how well answerable questions are told from unanswerable ones on two open question sets.

    python benchmarks/refusal.py CLAPNQ_FOLDER SQUAD_FILE [--questions 1000] [--home FOLDER]

CLAPNQ_FOLDER holds clapnq_dev_answerable.jsonl and clapnq_dev_unanswerable.jsonl; SQUAD_FILE is SQuAD 2.0's
dev-v2.0.json. All passages of a set make one library. Beside the baseline, the best cosine of question and passage. AUROC
of 0.5 is chance, 1 is perfect. Neither set is learned from: the fit is benchmarks/reading.py's.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from assistant.build import embedder_for
from assistant.evidence import Evidence
from assistant.quotes import Asked, choose
from assistant.settings import Settings, read_settings
from index.library import Library
from index.reader import Reader, load_reader

LEAST = Settings.model_fields["sureness"].default


@dataclass(frozen=True)
class Asking:
    """A question, the passage it was asked of (title and text), and whether that passage answers it."""

    question: str
    title: str
    passage: str
    answerable: bool


def clapnq(folder: Path) -> list[Asking]:
    """300 answerable and 300 unanswerable questions."""
    found = []
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        for line in (folder / f"clapnq_dev_{name}.jsonl").read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            passage = item["passages"][0]
            found.append(Asking(item["input"], passage["title"], passage["text"], answerable))
    return found


def squad(file: Path) -> list[Asking]:
    """All questions of SQuAD 2.0's development set."""
    return [
        Asking(qa["question"], article["title"].replace("_", " "), paragraph["context"], not qa["is_impossible"])
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]


@dataclass
class Measured:
    """For each question: the evidence, whether it was answerable, whether its passage came first, which half it is in."""

    evidence: list[Evidence]
    answerable: NDArray[np.bool_]
    first: NDArray[np.bool_]
    half: NDArray[np.bool_]


def library_of(every: list[Asking], home: Path) -> tuple[Library, dict[str, str]]:
    """One library of all passages, and each passage's file name."""
    library = Library(home / "library", embedder_for(read_settings()))
    folder = home / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for asking in every:
        if asking.passage not in names:
            name = names[asking.passage] = f"{len(names):05}.html"
            (folder / name).write_text(
                f"<html><head><meta charset='utf-8'><title>{escape(asking.title)}</title></head><body><article>"
                f"<p>{escape(asking.passage)}</p></article></body></html>", encoding="utf-8",
            )  # fmt: skip
    report = library.add([folder])
    if skipped := report.of("skipped"):
        print(f"{len(skipped)} passages were not read, such as {skipped[0]}")
    return library, names


def measured(askings: list[Asking], library: Library, names: dict[str, str]) -> Measured:
    """Asks in the whole library, and gathers the evidence."""
    reader = load_reader(None, library.embedder)
    found = [_one(library, asking, reader) for asking in askings]
    return Measured(
        [evidence for evidence, _ in found], np.array([a.answerable for a in askings]),
        np.array([name == names[a.passage] for a, (_, name) in zip(askings, found, strict=True)]), _halves(askings),
    )  # fmt: skip


def _one(library: Library, asking: Asking, reader: Reader) -> tuple[Evidence, str]:
    asked = Asked.of(asking.question, library.embedder, library.catalogue.frequency, library.catalogue.passage_count())
    hits = library.search(asking.question, 10, row=asked.row)
    return choose(asked, hits, library.page, reader)[1], hits[0].entry.name if hits else ""


def _halves(askings: list[Asking]) -> NDArray[np.bool_]:
    return np.array([zlib.crc32(asking.title.encode()) % 2 == 0 for asking in askings])


def lines(name: str, part: Measured) -> Iterator[str]:
    """AUROC of the fit and of the baseline, on the held-out half and on all, and how often the right passage came first."""
    sure = np.array([e.probability() for e in part.evidence])
    near = np.array([e.passage for e in part.evidence])
    for what, which in (("held out", ~part.half), ("all", np.ones(len(part.half), bool))):
        told = part.answerable[which]
        if told.all() or not told.any():
            continue
        yield (
            f"{name:8} {what:9} n={int(which.sum()):5}  AUROC {roc_auc_score(told, sure[which]):.3f}  "
            f"baseline (best cosine) {roc_auc_score(told, near[which]):.3f}  right passage first: answerable "
            f"{part.first[which][told].mean():.3f}, all {part.first[which].mean():.3f}  answered at {LEAST}: "
            f"{(sure[which] >= LEAST)[told].mean():.2f} of answerable, {(sure[which] >= LEAST)[~told].mean():.2f} of the others"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clapnq", type=Path)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=1000, help="sample of SQuAD's questions")
    parser.add_argument("--home", type=Path, help="keep the libraries here, to be faster the next time")
    given = parser.parse_args()
    every = squad(given.squad)
    sample = random.Random(7).sample(every, min(given.questions, len(every)))
    both = clapnq(given.clapnq)
    with tempfile.TemporaryDirectory(prefix="refusal-") as scratch:
        home = given.home or Path(scratch)
        for name, asked, askings in (("clapnq", both, both), ("squad2", every, sample)):
            library, names = library_of(asked, home / name)
            print("\n".join(lines(name, measured(askings, library, names))))
            library.close()


if __name__ == "__main__":
    main()
