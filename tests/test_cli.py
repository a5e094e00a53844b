"""The command line's contract: JSON shapes, exit codes, one clear sentence for bad input."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs ``assistant`` on a library of two sample press releases."""
    home = tmp_path_factory.mktemp("cli")

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ui.cli", "--home", str(home), *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, env={**os.environ, "COLUMNS": "200"})

    added = call("add", *(str(p) for p in SAMPLES.iterdir() if p.suffix in (".md", ".txt")))
    assert added.returncode == 0 and "2 added" in added.stdout, added
    return call


@pytest.mark.weights
def test_the_json_of_search_ask_and_documents_keeps_its_shape(run: Run) -> None:
    hits = json.loads(run("search", "unpaid work", "--limit", "2", "--json").stdout)
    assert len(hits) == 2 and set(hits[0]) == {"document", "title", "page", "text", "score"}
    answer = json.loads(run("ask", "Who owned Northmarch CRC?", "--json").stdout)
    assert {"status", "text", "citations", "coverage", "ms"} <= set(answer) and answer["status"] == "answered"
    assert set(answer["citations"][0]) == {"number", "document", "title", "page", "quote", "start", "end"}
    assert answer["coverage"] is None and answer["ms"]["total"] > 0
    listed = json.loads(run("documents", "--json").stdout)
    assert {"document", "title", "pages", "passages", "added"} <= set(listed[0])


@pytest.mark.weights
@pytest.mark.parametrize(
    ("words", "said"),
    [(("add", "/no/such/place"), "There is no file"), (("ask", "  "), "empty"), (("remove", "nothing.pdf"), "no document"),
     (("search", "x", "--limit", "0"), "limit"), (("ask", "x?", "--service", "Northmerch"), "Northmarch"),
     (("search", "x", "--since", "soon"), "“since” is no day"), (("ask", "x?", "--since", "2020", "--until", "2019"), "Swap them")],
)  # fmt: skip
def test_bad_input_exits_with_2_and_a_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.weights
def test_filters_let_only_a_part_of_the_library_answer(run: Run) -> None:
    one, other = (entry for entry in json.loads(run("documents", "--json").stdout))
    assert one["published"] and other["published"] and one["published"][:4] != other["published"][:4]
    for entry in (one, other):
        year = entry["published"][:4]
        hits = json.loads(run("search", "probation", "--since", year, "--until", year, "--json").stdout)
        assert {hit["document"] for hit in hits} == {entry["document"]}
        answer = json.loads(run("ask", "What did inspectors say?", "--since", year, "--until", year, "--json").stdout)
        assert {c["document"] for c in answer["citations"]} <= {entry["document"]}
        assert [r for r in answer["understood"]["restrictions"] if r["by_hand"]] == [
            {"field": "time", "value": f"from {year}", "subject": "", "by_hand": True}]  # fmt: skip


@pytest.mark.weights
def test_a_refusal_is_an_answer_and_a_failed_file_is_named(run: Run, tmp_path: Path) -> None:
    assert json.loads(run("ask", "Who won the football league in 1974?", "--json").stdout)["status"] == "not_found"
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4")
    done = run("add", str(tmp_path))
    assert done.returncode == 2 and "broken.pdf" in done.stdout and "damaged" in done.stdout


@pytest.mark.weights
def test_status_and_rebuild_agree(run: Run) -> None:
    before = json.loads(run("status", "--json").stdout)
    assert run("rebuild").returncode == 0
    after = json.loads(run("status", "--json").stdout)
    assert after["problems"] == [] and after["vectors"] == before["vectors"] == after["passages"]


ORDER = ["corpus", "index", "assistant", "ui"]
HOMES = {"chromadb": "index/vectors.py", "sqlalchemy": ("index/catalogue.py", "index/facts.py", "index/schema.py"), "pypdf": "corpus/pdf.py", "pypdfium2": ("corpus/pdf.py", "corpus/picture.py"),
         "trafilatura": "corpus/html.py", "docx": ("corpus/docx.py", "ui/filing_docx.py"), "reportlab": "ui/filing_pdf.py", "sentencex": "corpus/sentences.py", "ir_measures": "assistant/evaluate/scoring.py",
         "scipy": "assistant/evaluate/summary.py", "jinja2": "assistant/evaluate/report.py", "rapidfuzz": "assistant/names.py", "xlsxwriter": "ui/exporting.py",
         "langchain": "assistant/chat_model.py", "xllamacpp": "assistant/local_model.py", "httpx": "assistant/model_server.py", "tenacity": "assistant/model_stream.py", "json_repair": "assistant/statements.py"}  # fmt: skip


@pytest.mark.parametrize("file", [str(f.relative_to(ROOT)) for room in ORDER for f in sorted((ROOT / room).rglob("*.py"))])
def test_each_room_knows_only_the_rooms_before_it_and_each_vendor_has_one_home(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    names = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    later = set(ORDER[ORDER.index(file.split("/")[0]) + 1 :])
    assert not names & later
    for vendor in names & set(HOMES):
        assert file in HOMES[vendor], f"{vendor} belongs in {HOMES[vendor]}"


@pytest.mark.weights
def test_an_answer_is_exported_by_the_ending_of_the_file(run: Run, tmp_path: Path) -> None:
    for name, begins in (("a.md", b"# Who owned"), ("a.docx", b"PK"), ("a.pdf", b"%PDF")):
        assert run("ask", "Who owned Northmarch CRC?", "--export", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert "Sources" in (tmp_path / "a.md").read_text("utf-8")
    done = run("ask", "Who owned Northmarch CRC?", "--export", str(tmp_path / "a.exe"))
    assert done.returncode == 2 and ".md, .docx and .pdf" in done.stderr
