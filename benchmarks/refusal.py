"""Fits, and measures, how well answerable questions are told from unanswerable ones on two open question sets.

    python benchmarks/refusal.py CLAPNQ_FOLDER SQUAD_FILE [--fit] [--questions 1000]

CLAPNQ_FOLDER holds clapnq_dev_answerable.jsonl and clapnq_dev_unanswerable.jsonl; SQUAD_FILE is SQuAD 2.0's
dev-v2.0.json. All passages of a set make one library. The sets are cut in two by title: ``--fit`` learns the weights of
assistant/evidence.json on one half; what is printed is measured on the other half ("held out") and on the whole set,
beside the baseline, the best cosine of question and passage. AUROC of 0.5 is chance, 1 is perfect.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.build import embedder_for
from assistant.evidence import NAMES, Evidence
from assistant.quotes import Asked, choose
from assistant.settings import read_settings
from index.library import Library

TARGET = Path(__file__).parents[1] / "assistant" / "evidence.json"


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

    def table(self) -> NDArray[np.float64]:
        return np.array([e.vector() for e in self.evidence])


def measured(askings: list[Asking], every: list[Asking], home: Path) -> Measured:
    """Makes one library of all passages, asks, and gathers the evidence."""
    library = Library(home / "library", embedder_for(read_settings()))
    folder = home / "texts"
    folder.mkdir(parents=True)
    names: dict[str, str] = {}
    for asking in every:
        if asking.passage not in names:
            name = names[asking.passage] = f"{len(names):05}.html"
            (folder / name).write_text(
                f"<html><head><meta charset='utf-8'><title>{_escaped(asking.title)}</title></head><body><article>"
                f"<p>{_escaped(asking.passage)}</p></article></body></html>", encoding="utf-8",
            )  # fmt: skip
    report = library.add([folder])
    if skipped := report.of("skipped"):
        print(f"{len(skipped)} passages were not read, such as {skipped[0]}")
    passages = sum(entry.passages for entry in library.documents())
    evidence, first = [], []
    for asking in askings:
        asked = Asked.of(asking.question, library.embedder, library.catalogue.frequency, passages)
        hits = library.search(asking.question, 10, row=asked.row)
        evidence.append(choose(asked, hits, library.page, library.embedder)[1])
        first.append(bool(hits) and hits[0].entry.name == names[asking.passage])
    library.close()
    return Measured(
        evidence, np.array([a.answerable for a in askings]), np.array(first),
        np.array([zlib.crc32(a.title.encode()) % 2 == 0 for a in askings]),
    )  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fit(parts: list[Measured]) -> None:
    """Learns the weights on the even halves, each set counting the same, and writes them down."""
    rows = np.vstack([p.table()[p.half] for p in parts])
    told = np.concatenate([p.answerable[p.half] for p in parts])
    counts = np.concatenate([np.full(int(p.half.sum()), 1 / p.half.sum()) for p in parts])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2000, class_weight="balanced"))
    model.fit(rows, told, logisticregression__sample_weight=counts / counts.mean())
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    TARGET.write_text(
        json.dumps({"intercept": [round(intercept, 5)], "weights": [round(float(w), 5) for w in weights]}) + "\n", encoding="utf-8"
    )
    print("fitted:", {name: round(float(w), 2) for name, w in zip(NAMES, weights, strict=True)}, round(intercept, 2))


def lines(name: str, part: Measured) -> Iterator[str]:
    """AUROC of the fit and of the baseline, on the held-out half and on all, and how often the right passage came first."""
    sure = np.array([1 / (1 + np.exp(-_logit(e))) for e in part.evidence])
    near = np.array([e.passage for e in part.evidence])
    for what, which in (("held out", ~part.half), ("all", np.ones(len(part.half), bool))):
        told = part.answerable[which]
        at_half = sure[which] >= 0.5
        yield (
            f"{name:8} {what:9} n={int(which.sum()):5}  AUROC {roc_auc_score(told, sure[which]):.3f}  "
            f"baseline (best cosine) {roc_auc_score(told, near[which]):.3f}  right passage first, answerable "
            f"{part.first[which][told].mean():.3f}, all {part.first[which].mean():.3f}  at 0.5: answered "
            f"{at_half[told].mean():.2f} of answerable, {at_half[~told].mean():.2f} of unanswerable"
        )


def _logit(evidence: Evidence) -> float:
    probability = min(max(evidence.probability(), 1e-9), 1 - 1e-9)
    return float(np.log(probability / (1 - probability)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clapnq", type=Path)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--fit", action="store_true", help="learn assistant/evidence.json anew")
    parser.add_argument("--questions", type=int, default=1000, help="sample of SQuAD's questions")
    given = parser.parse_args()
    every = squad(given.squad)
    sample = random.Random(7).sample(every, min(given.questions, len(every)))
    both = clapnq(given.clapnq)
    with tempfile.TemporaryDirectory(prefix="refusal-") as scratch:
        parts = {
            "clapnq": measured(both, both, Path(scratch) / "clapnq"), "squad2": measured(sample, every, Path(scratch) / "squad2"),
        }  # fmt: skip
    if given.fit:
        fit(list(parts.values()))
        from assistant.evidence import _fit

        _fit.cache_clear()
    for name, part in parts.items():
        print("\n".join(lines(name, part)))


if __name__ == "__main__":
    main()
