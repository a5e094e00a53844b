"""Answers: verbatim, cited, streamed, and silent when the documents are silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.build import Assistant, open_assistant
from assistant.errors import BadSetting
from assistant.quotes import coverage, weights_of
from assistant.retriever import LibraryRetriever
from assistant.settings import Settings, read_settings
from assistant.types import Answer
from index.library import Library
from tests.conftest import SAMPLES


@pytest.fixture
def assistant(library: Library, note: Callable[[str, str], Path], tmp_path: Path) -> Assistant:
    note("moor.txt", "Inspection of Moor End\n\nInspectors rated Moor End as Inadequate. Records of medicines were missing.")
    note("harbour.txt", "Inspection of Harbour Lane\n\nInspectors rated Harbour Lane as Good. Staff felt well supported.")
    library.add([tmp_path / "in"])
    return Assistant(library, Settings(home=library.home))


def test_an_answer_quotes_verbatim_and_says_where(assistant: Assistant) -> None:
    answer = Assistant(assistant.library, Settings(home=assistant.library.home, sureness=0)).ask("How did inspectors rate Moor End?")
    assert answer.status == "answered" and "Inadequate" in answer.text
    assert answer.citations[0].document == "moor.txt"
    for c in answer.citations:
        assert assistant.library.page(c.document_id, c.page).text[c.start : c.end] == c.quote
        assert f"[{c.number}]" in answer.text


def test_pieces_of_a_streamed_answer_add_up_to_the_whole(assistant: Assistant) -> None:
    pieces = list(assistant.stream("How did inspectors rate Moor End?"))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole + piece
    asked = assistant.ask("How did inspectors rate Moor End?")
    assert (whole.text, whole.citations, whole.status) == (asked.text, asked.citations, asked.status)
    assert len(pieces) > 1 and pieces[-1].ms["total"] > 0


@pytest.mark.parametrize("question", ["What is the capital of France?", "Who won the football league in 1974?", "zxqv"])
def test_what_the_documents_do_not_say_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_found" and answer.citations == ()


def test_an_empty_library_says_that_it_is_empty(library: Library) -> None:
    answer = Assistant(library, Settings(home=library.home)).ask("Anything?")
    assert answer.status == "not_found" and "empty" in answer.text


def test_the_retriever_is_a_langchain_retriever(assistant: Assistant) -> None:
    found = LibraryRetriever(library=assistant.library, limit=1).invoke("Harbour Lane staff")
    assert [d.metadata["document"] for d in found] == ["harbour.txt"]


def test_a_word_that_the_library_does_not_know_weighs_most() -> None:
    weights = weights_of("rated Atlantis", lambda word: 50 if word == "rated" else 0, 100)
    assert coverage("It was rated Good", weights) < 0.2 < 0.9 < coverage("Atlantis: rating", weights)


def test_pieces_add_up_with_the_later_status() -> None:
    whole = Answer("a", "answered", ms={"search": 1.0}) + Answer("b", "partial", ms={"total": 2.0})
    assert (whole.text, whole.status, whole.ms) == ("ab", "partial", {"search": 1.0, "total": 2.0})


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MAX_FILE_MB", "many")
    with pytest.raises(BadSetting, match="ASSISTANT_MAX_FILE_MB"):
        read_settings()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The sample library with the real embedder."""
    made = open_assistant(read_settings(home=tmp_path_factory.mktemp("samples")))
    made.library.add([SAMPLES])
    yield made
    made.library.close()


@pytest.mark.weights
@pytest.mark.parametrize(
    ("question", "words", "document"),
    [
        ("How many home visits were needed and made at Eastmere?", "52", "eastmere"),
        ("How long does vetting take in Harrowdale?", "21 weeks", "harrowdale"),
        ("Who owned Northmarch CRC?", "Brackenholt Justice Services", "northmarch"),
        ("Which share of appointments did children north of the harbour miss in Port Tamsin?", "19 per cent", "port-tamsin"),
        ("How many people in Quillshire had not begun their unpaid work?", "503", "quillshire"),
    ],
)
def test_sample_questions_are_answered_from_the_right_documents(samples: Assistant, question: str, words: str, document: str) -> None:
    answer = samples.ask(question)
    assert answer.status == "answered" and words in answer.text
    assert document in next(c.document for c in answer.citations if words in c.quote)
    for c in answer.citations:
        assert samples.library.page(c.document_id, c.page).text[c.start : c.end] == c.quote


@pytest.mark.weights
def test_a_question_on_one_service_is_not_answered_from_another(samples: Assistant) -> None:
    answer = samples.ask("How many home visits were needed and made at Eastmere?")
    assert {c.document.split("-")[0] for c in answer.citations} == {"eastmere"}


@pytest.mark.weights
def test_no_stored_passage_is_longer_than_the_embedder_reads(samples: Assistant) -> None:
    library = samples.library
    pieces, vectors = library.catalogue.stored(library.catalogue.passage_ids())
    counts = library.embedder.count_tokens([p.embedded for p in pieces])
    assert max(counts) + 2 <= library.embedder.max_tokens
    assert all(vector and len(vector) == 4 * library.embedder.width for vector in vectors)
