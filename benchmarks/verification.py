"""How well statements that a report does not support are told from those that it does, against labelled pairs.

    python benchmarks/verification.py FOLDER … [--fit]

verification.jsonl, beside this file, holds statements, each with the place of the passage that it cites: supported ones,
and ones made wrong in one of eight ways (another number, date, grade or name, a negation, another service, an opinion told
as a fact, two statements merged into one). The FOLDERs hold the reports, which are not part of the repository; pairs of
documents that are not there are left out. ``--fit`` learns assistant/support.json on the development half: how near a
statement's own passage comes in meaning, against a passage of another document. ``recall`` is the share of a way's
statements that were found out, ``precision`` the share of unsupported ones among the statements of this way and the
supported ones that were called unsupported.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.build import embedder_for
from assistant.settings import read_settings
from assistant.support import Support
from assistant.verify import Offered, Verifier
from corpus.pool import read_all
from corpus.read import Limits, Source, find
from corpus.split import split
from corpus.types import Document, Passage
from index.embed import Embedder
from index.types import Entry

ROOT = Path(__file__).parents[1]
PAIRS = Path(__file__).with_suffix(".jsonl")
TARGET = ROOT / "assistant" / "support.json"
GRADES = ("outstanding", "good", "requires improvement to be good", "requires improvement", "require improvement", "inadequate")
KEPT = 0.95
"""The level that is enough lets through this share of the development half's supported statements."""


@dataclass(frozen=True)
class Pair:
    """A statement and the place that it cites; ``way`` is how it was made wrong, empty for a supported one."""

    id: str
    half: str
    document: str
    page: int
    start: int
    end: int
    statement: str
    supported: bool
    way: str


class Reports:
    """The documents that pairs are about, read once, and verifiers for their passages."""

    def __init__(self, documents: dict[str, Document], embedder: Embedder) -> None:
        self.documents, self._embedder = documents, embedder
        self._services = sorted({document.service for document in documents.values() if document.service})
        self._passages: dict[str, list[Passage]] = {}

    def offered(self, pair: Pair) -> Offered:
        """The passage that a pair cites, with its document."""
        document = self.documents[pair.document]
        if pair.document not in self._passages:
            self._passages[pair.document] = split(document, self._embedder.count_tokens, self._embedder.max_tokens)
        pieces = self._passages[pair.document]
        return Offered(_entry(document), _piece(pieces, pair), document.pages[pair.page - 1])

    def verifier(self, offered: Sequence[Offered], support: Support | None = None) -> Verifier:
        return Verifier(self._embedder, offered, GRADES, self._services, support)


def _piece(pieces: Sequence[Passage], pair: Pair) -> Passage:
    return next(piece for piece in pieces if piece.page == pair.page and piece.start == pair.start)


def _entry(document: Document) -> Entry:
    d = document
    return Entry(d.id, d.name, d.source, d.media, d.title, d.service, d.published, len(d.pages), 0, 0, datetime.now(UTC), (), d.inspected)


def load(folders: Sequence[Path], embedder: Embedder) -> tuple[list[Pair], Reports]:
    """The pairs whose documents are in the folders or among the samples, and these documents."""
    pairs = [Pair(**json.loads(line)) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    wanted = {pair.document for pair in pairs}
    places = [*(folder for folder in folders if folder.is_dir()), ROOT / "corpus" / "samples"]
    sources = [item for item in find(places, Limits()) if isinstance(item, Source) and item.name in wanted]
    read = {source.name: found for source, found in read_all(sources, Limits(), workers=2) if isinstance(found, Document)}
    return [pair for pair in pairs if pair.document in read], Reports(read, embedder)


def judged(pairs: Sequence[Pair], reports: Reports) -> list[bool]:
    """Whether the verifier supports each."""
    return [reports.verifier([reports.offered(pair)]).check(pair.statement, [0]).supported for pair in pairs]


def fitted(pairs: Sequence[Pair], reports: Reports) -> Support:
    """Weights and level from supported pairs: each against its own passage, and against one of another document."""
    own, other, least = [], [], []
    chance = random.Random(5)
    for pair in pairs:
        stranger = chance.choice([one for one in pairs if one.document != pair.document])
        verifier = reports.verifier([reports.offered(pair), reports.offered(stranger)])
        own.append([one for one in verifier.measured(pair.statement, 0) if one[2]])
        other += [one for one in verifier.measured(pair.statement, 1) if one[2]]
    near = [one for parts in own for one in parts]
    rows = np.array([one[:2] for one in [*near, *other]])
    model = LogisticRegression(class_weight="balanced", max_iter=5000).fit(rows, [1] * len(near) + [0] * len(other))
    weights = [round(float(weight), 3) for weight in (model.intercept_[0], *model.coef_[0])]
    support = Support(*weights, least=0.5)
    least = [min((support.level(*part) for part in parts), default=1.0) for parts in own]
    return Support(*weights, least=round(float(np.quantile(least, 1 - KEPT)), 3))


def table(half: str, pairs: Sequence[Pair], supported: Sequence[bool]) -> str:
    """A line for each way, one for all of them, and the share of supported statements that were kept."""
    held = [kept for pair, kept in zip(pairs, supported, strict=True) if pair.supported]
    lost = held.count(False)
    lines = [f"{half}: {len(pairs)} pairs", f"{'way':12} pairs  recall  precision"]
    ways = [*sorted({pair.way for pair in pairs if pair.way}), "all"]
    for way in ways:
        kept = [kept for pair, kept in zip(pairs, supported, strict=True) if not pair.supported and way in (pair.way, "all")]
        found = kept.count(False)
        share = found / (found + lost) if found + lost else 0.0
        lines.append(f"{way:12} {len(kept):5}  {found / len(kept):6.3f}  {share:9.3f}")
    return "\n".join([*lines, f"supported    {len(held):5}  kept {sum(held) / len(held):.3f}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--fit", action="store_true", help="learn assistant/support.json anew")
    parser.add_argument("--half", choices=("development", "held_out"), help="only this half")
    given = parser.parse_args()
    if not any(folder.is_dir() for folder in given.folders):
        print(f"No reports in {', '.join(map(str, given.folders))}: name the folders that hold them.", file=sys.stderr)
        raise SystemExit(2)
    pairs, reports = load(given.folders, embedder_for(read_settings()))
    print(f"{len(reports.documents)} documents, {len(pairs)} pairs")
    if given.fit:
        support = fitted([pair for pair in pairs if pair.supported and pair.half == "development"], reports)
        TARGET.write_text(json.dumps(asdict(support), indent=1) + "\n", encoding="utf-8")
        Support.forget()
        print("fitted", asdict(support))
    for half in [given.half] if given.half else ["development", "held_out"]:
        some = [pair for pair in pairs if pair.half == half]
        if some:
            print("\n" + table(half, some, judged(some, reports)))


if __name__ == "__main__":
    main()
