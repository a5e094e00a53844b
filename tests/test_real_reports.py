"""Facts and counts on real reports, where a folder of them with gold is at hand; they are not part of the repository."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from assistant.build import Assistant
from assistant.evaluate.scoring import scores_of
from assistant.settings import Settings
from corpus.types import Document
from index.embed import HashEmbedder
from index.library import Library
from tests.conftest import ROOT

DATA = Path(os.environ.get("ASSISTANT_REAL_DATA", ROOT.parent / "shared" / "data"))
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (DATA / "reports" / "gold.jsonl").exists(), reason=f"no real reports with gold in {DATA} (ASSISTANT_REAL_DATA)"),
]


def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_of_facts", ROOT / "benchmarks" / "facts.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return benchmark().read_folder(DATA / "reports")  # type: ignore[no-any-return]


def test_fields_are_read_as_gold_has_them(documents: dict[str, Document]) -> None:
    facts = benchmark()
    tallies, differences = facts.compared(documents, facts.read_gold(DATA / "reports"))
    assert len(tallies) == 9 and all(wanted >= 40 for _, _, wanted in tallies.values())
    for field, (right, given, wanted) in tallies.items():
        assert right >= 0.97 * given and right >= 0.97 * wanted, (field, differences)


def test_every_fact_stands_where_it_says(documents: dict[str, Document]) -> None:
    for document in documents.values():
        for fact in document.facts:
            if fact.page:
                assert document.pages[fact.page - 1].text[fact.start : fact.end] == fact.quote


def test_lists_and_counts_are_exact(documents: dict[str, Document], tmp_path: Path) -> None:
    library = Library(tmp_path / "library", HashEmbedder())
    for document in documents.values():  # no passages: judgements alone answer
        library.catalogue.insert(document, [], np.zeros((0, library.embedder.width), np.float32), 1, library.stamp)
        library.catalogue.show(document.id)
    assistant = Assistant(library, Settings(home=library.home))
    lines = (DATA / "questions" / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [item for item in map(json.loads, lines) if item["kind"] in ("list", "count")]
    names = {name for item in asked if isinstance(item["answer"], list) for name in item["answer"]}
    wrong = []
    for item in asked:
        answer = assistant.ask(item["question"])
        told = {"status": answer.status, "text": answer.text, "coverage": answer.coverage, "hits": [], "citations": [], "ms": {}}
        record = {**item, "pages": None, **told}
        if scores_of(record, names)["answer_correct"] < 1:
            wrong.append(item["question"])
    library.close()
    assert len(asked) >= 40 and len(wrong) <= 0.05 * len(asked), wrong
