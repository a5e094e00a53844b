"""Fits, and measures, how well answerable questions are told from unanswerable ones on two open question sets.

    python benchmarks/refusal.py CLAPNQ_FOLDER SQUAD_FILE [--fit] [--questions 1000] [--home FOLDER]

CLAPNQ_FOLDER holds clapnq_dev_answerable.jsonl and clapnq_dev_unanswerable.jsonl; SQUAD_FILE is SQuAD 2.0's
dev-v2.0.json. All passages of a set make one library. The sets are cut in two by title: ``--fit`` learns the weights of
assistant/evidence.json on one half; what is printed is measured on the other half ("held out") and on the whole set,
beside the baseline, the best cosine of question and passage. AUROC of 0.5 is chance, 1 is perfect.

Three fits are made: "open" for a search in everything, from both sets; "settled" for a search in the documents that the
question names, from SQuAD's questions asked within one article (a third of them within a wrong one) and from the sample
library's own questions; "speaks" for whether a passage speaks of what is asked at all, from the questions' own passages
and the nearest ones of other titles.
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
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.across import LEVEL, speaks
from assistant.build import embedder_for, open_assistant
from assistant.evidence import NAMES, Evidence, Fit, fits
from assistant.quotes import Asked, choose, coverage, stems_of
from assistant.settings import Settings, read_settings
from index.library import Library

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "assistant" / "evidence.json"
LEAST = Settings.model_fields["sureness"].default
_PASSAGES = 1000
"""Within few documents, a word's rarity is reckoned as in a library of so many passages."""


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


Part = tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]
"""Rows of Evidence's measures, whether each is of an answerable question, and which half it is in."""


@dataclass
class Measured:
    """For each question: the evidence, whether it was answerable, whether its passage came first, which half it is in."""

    evidence: list[Evidence]
    answerable: NDArray[np.bool_]
    first: NDArray[np.bool_]
    half: NDArray[np.bool_]

    def part(self) -> Part:
        return np.array([e.vector() for e in self.evidence]), self.answerable, self.half


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
    found = [_one(library, asking, None) for asking in askings]
    return Measured(
        [evidence for evidence, _ in found], np.array([a.answerable for a in askings]),
        np.array([name == names[a.passage] for a, (_, name) in zip(askings, found, strict=True)]), _halves(askings),
    )  # fmt: skip


def settled(askings: list[Asking], library: Library, names: dict[str, str]) -> Measured:
    """Asks within the documents of one title, as when a question names a service; a third of them of a wrong title."""
    ids = {entry.name: entry.id for entry in library.documents()}
    articles: dict[str, set[str]] = {}
    for asking in askings:
        articles.setdefault(asking.title, set()).add(ids[names[asking.passage]])
    chance, titles = random.Random(11), sorted(articles)
    evidence, told, first = [], [], []
    for number, asking in enumerate(askings):
        wrong = number % 3 == 0
        title = chance.choice([t for t in titles if t != asking.title]) if wrong else asking.title
        seen, name = _one(library, asking, sorted(articles[title]), stems_of(title))
        evidence.append(seen)
        told.append(asking.answerable and not wrong)
        first.append(name == names[asking.passage])
    return Measured(evidence, np.array(told), np.array(first), _halves(askings))


def samples(home: Path) -> Measured:
    """The question set over the sample library: the only reports among the sets, so all of it is learned from."""
    assistant = open_assistant(read_settings(home=home))
    assistant.library.add([ROOT / "corpus" / "samples"])
    evidence, told, chats = [], [], {}
    for line in (ROOT / "docs" / "sample-questions.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        history = chats.get(item.get("conversation"), ())
        answer = assistant.ask(item["question"], history)
        if item.get("conversation"):
            chats[item["conversation"]] = (*history, answer)
        if answer.evidence and answer.understood and answer.understood.services:
            evidence.append(answer.evidence)
            told.append(item["answer"] is not None)
    assistant.library.close()
    return Measured(evidence, np.array(told), np.zeros(len(told), bool), np.ones(len(told), bool))


def speaking(askings: list[Asking], library: Library, names: dict[str, str]) -> Part:
    """Of each question its own passage, which speaks of what is asked, and the passage of another title that comes nearest.

    Rows of Evidence's measures (all but two of them 0), whether the passage is the question's own, and the question's half.
    """
    passages = library.catalogue.passage_count()
    title_of = {names[a.passage]: a.title for a in askings}
    rows, own, halves = [], [], []
    for asking in askings:
        asked = Asked.of(asking.question, library.embedder, library.catalogue.frequency, passages)
        other = next((h for h in library.search(asking.question, 30, row=asked.row) if title_of.get(h.entry.name) != asking.title), None)
        texts = [(asking.passage, True)] + ([(other.passage.text, False)] if other else [])
        vectors = library.embedder.embed([text for text, _ in texts])
        for (text, mine), vector in zip(texts, vectors, strict=True):
            rows.append(Evidence(passage=float(vector @ asked.row), around=coverage(text, asked.weights)).vector())
            own.append(mine)
            halves.append(zlib.crc32(asking.title.encode()) % 2 == 0)
    return np.array(rows), np.array(own), np.array(halves)


def _one(
    library: Library, asking: Asking, within: list[str] | None, pinned: frozenset[str] = frozenset()
) -> tuple[Evidence, str]:
    passages = sum(entry.passages for entry in library.documents()) if within is None else _PASSAGES
    asked = Asked.of(asking.question, library.embedder, library.catalogue.frequency, passages, pinned, settled=within is not None)
    hits = library.search(asking.question, 10, within, row=asked.row)
    return choose(asked, hits, library.page, library.embedder)[1], hits[0].entry.name if hits else ""


def _halves(askings: list[Asking]) -> NDArray[np.bool_]:
    return np.array([zlib.crc32(asking.title.encode()) % 2 == 0 for asking in askings])


def learned(parts: list[Part]) -> Fit:
    """Weights from the first halves; each set counts the same, and in each the answerable as much as the others."""
    rows = np.vstack([table[half] for table, _, half in parts])
    told = np.concatenate([answerable[half] for _, answerable, half in parts])
    counts = np.concatenate([np.where(y, 0.5 / max(1, y.sum()), 0.5 / max(1, (~y).sum())) for y in (a[half] for _, a, half in parts)])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=5000))
    model.fit(rows, told, logisticregression__sample_weight=counts * len(told) / counts.sum())
    weights = model[1].coef_[0] / np.where(rows.std(axis=0) > 0, model[0].scale_, np.inf)  # what never varies weighs nothing
    intercept = float(model[1].intercept_[0] - (weights * model[0].mean_).sum())
    return {"intercept": round(intercept, 4), "weights": [round(float(w), 4) for w in weights]}


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
    parser.add_argument("--fit", action="store_true", help="learn assistant/evidence.json anew")
    parser.add_argument("--questions", type=int, default=1000, help="sample of SQuAD's questions")
    parser.add_argument("--home", type=Path, help="keep the libraries here, to be faster the next time")
    given = parser.parse_args()
    every = squad(given.squad)
    sample = random.Random(7).sample(every, min(given.questions, len(every)))
    both = clapnq(given.clapnq)
    with tempfile.TemporaryDirectory(prefix="refusal-") as scratch:
        home = given.home or Path(scratch)
        library, names = library_of(both, home / "clapnq")
        parts = {"clapnq": measured(both, library, names)}
        answerable = [asking for asking in both if asking.answerable]
        spoken = [speaking(answerable, library, names)]
        library.close()
        library, names = library_of(every, home / "squad2")
        parts |= {"squad2": measured(sample, library, names), "settled": settled(sample, library, names)}
        spoken.append(speaking([asking for asking in sample if asking.answerable], library, names))
        library.close()
        parts["samples"] = samples(home / "samples")
    if given.fit:
        fit = {
            "open": learned([parts["clapnq"].part(), parts["squad2"].part()]),
            "settled": learned([parts["settled"].part(), parts["samples"].part()]), "speaks": learned(spoken),
        }  # fmt: skip
        TARGET.write_text(json.dumps(fit, indent=1) + "\n", encoding="utf-8")
        fits.cache_clear()
        for name, found in fit.items():
            print(f"fitted {name}:", dict(zip(NAMES, found["weights"], strict=True)), found["intercept"])
    for name, part in parts.items():
        print("\n".join(lines(name, part)))
    for name, (rows, own, half) in zip(("clapnq", "squad2"), spoken, strict=True):
        sure = np.array([speaks(row[0], row[2]) for row in rows])[~half]
        mine, others = (sure[own[~half]] >= LEVEL).mean(), (sure[~own[~half]] >= LEVEL).mean()
        print(f"{name:8} speaks of it, held out n={len(sure)}  AUROC {roc_auc_score(own[~half], sure):.3f}  at {LEVEL}: "
              f"{mine:.2f} of the own passages, {others:.2f} of the nearest others")  # fmt: skip


if __name__ == "__main__":
    main()
