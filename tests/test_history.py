"""Conversations on disk: an answer comes back as it was, whatever became of files, of the library or of another tab."""

from __future__ import annotations

import stat
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evidence import Evidence
from assistant.types import Answer, Cell, Citation, Stated, Table, Understood, Written
from tests.fake_page import WRITTEN, pretend
from ui.record import Conversation, Kept, Source, as_json, from_json, name_for, plain_text, sources_of
from ui.shelf import Shelf, ShelfError, is_token, new_id, new_token

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
CITATIONS = st.builds(Citation, st.integers(1, 99), WORDS, WORDS, WORDS, st.integers(1, 999), WORDS, st.integers(0, 9), st.integers(0, 99))
CELLS = st.builds(Cell, WORDS, st.none() | st.integers(1, 99))
ANSWERS = st.builds(
    Answer, WORDS, st.sampled_from(["answered", "partial", "not_found"]), st.lists(CITATIONS, max_size=3).map(tuple),
    coverage=st.none() | st.fixed_dictionaries({"checked": st.integers(0, 9), "unknown": st.lists(WORDS, max_size=2),
                                                "items": st.lists(st.dictionaries(WORDS, WORDS | st.none(), max_size=2), max_size=2)}),
    ms=st.dictionaries(WORDS, st.floats(0, 1e6), max_size=2),
    understood=st.none() | st.builds(Understood, WORDS, WORDS, since=st.none() | st.dates(), documents=st.none() | st.lists(WORDS, max_size=2).map(tuple),
                                     timed=st.booleans(), said=WORDS),
    evidence=st.none() | st.builds(Evidence, st.floats(-1, 1), named=st.booleans()),
    table=st.none() | st.builds(Table, WORDS, st.just(("A", "B")), st.lists(st.tuples(CELLS, CELLS), max_size=3).map(tuple), st.booleans()),
    written=st.none() | st.builds(Written, WORDS, st.just("statements"), WORDS, st.lists(st.builds(Stated, WORDS, st.just("removed"), st.just(("number: 4",))), max_size=2).map(tuple),
                                  tokens_in=st.none() | st.integers(0, 9)),
)  # fmt: skip
SOURCES = st.dictionaries(WORDS, st.builds(Source, WORDS, WORDS, st.none() | st.dates(), WORDS), max_size=2)
TURNS = st.builds(Kept, WORDS, WORDS, st.sampled_from(["running", "done", "stopped", "failed"]), st.just(NOON), st.none() | ANSWERS, WORDS,
                  st.booleans(), st.booleans(), SOURCES, st.sampled_from(["", "useful", "not useful"]))  # fmt: skip


def turn(question: str, hour: int = 12, **more: object) -> Kept:
    plain = Kept(new_id(), question, "done", NOON.replace(hour=hour), Answer(f"About {question}.", "answered", written=WRITTEN))
    return replace(plain, **more)  # type: ignore[arg-type]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, new_token())


@settings(deadline=None)
@given(st.lists(TURNS, min_size=1, max_size=3))
def test_a_conversation_comes_back_as_it_was(turns: list[Kept]) -> None:
    kept = Conversation(new_id(), "A name", tuple(turns))
    assert from_json(as_json(kept)) == kept


def test_a_kept_answer_is_the_answer_that_was_given(shelf: Shelf) -> None:
    fake = pretend(pause=0.0)
    answer = fake.ask("Please write what was open")
    sources = sources_of(fake.library, answer.citations)
    assert sources["a1"] == Source("", "Riverside House", date(2024, 5, 3), "")
    id, kept = new_id(), turn("What was open?", answer=answer, sources=sources)
    shelf.keep(id, kept)
    assert shelf.read(id) == Conversation(id, "What was open?", (kept,))
    assert shelf.read(id).turns[0].answer == answer


def test_turns_of_two_tabs_are_both_kept_and_a_turn_takes_its_own_place(shelf: Shelf) -> None:
    id, one, two = new_id(), turn("One?", state="running"), turn("Two?", 13)
    for each in (one, two, replace(one, state="stopped")):
        shelf.keep(id, each)
    assert [(t.question, t.state) for t in shelf.read(id).turns] == [("One?", "stopped"), ("Two?", "done")]


def test_many_writers_lose_nothing(shelf: Shelf) -> None:
    id = new_id()
    threads = [threading.Thread(target=shelf.keep, args=(id, turn(f"{n}?"))) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shelf.read(id).turns) == 12
    assert {path.suffix for path in shelf.folder.iterdir()} <= {".json", ".lock"}, "no part of a file is left"


def test_conversations_are_listed_newest_first_and_found_by_words_of_questions_and_answers(shelf: Shelf) -> None:
    for hour, question in ((9, "Medicines at Ashby"), (11, "Staff at Bray"), (10, "ÉCOLE audits")):
        shelf.keep(new_id(), turn(question, hour))
    assert [each.name for each in shelf.listed()[0]] == ["Staff at Bray", "ÉCOLE audits", "Medicines at Ashby"]
    assert [each.name for each in shelf.listed("école")[0]] == ["ÉCOLE audits"]
    assert [each.name for each in shelf.listed("about staff")[0]] == ["Staff at Bray"], "“about” stands in the answer"
    assert shelf.listed("staff ashby") == ([], 0)


def test_a_conversation_is_renamed_and_deleted(shelf: Shelf) -> None:
    id = new_id()
    shelf.keep(id, turn("What was open?"))
    shelf.rename(id, "  Riverside,\n first look ")
    shelf.keep(id, turn("And then?", 13))
    assert shelf.read(id).name == "Riverside, first look"
    with pytest.raises(ShelfError, match="empty"):
        shelf.rename(id, " \n ")
    shelf.delete(id)
    shelf.delete(id)
    assert shelf.listed() == ([], 0)
    with pytest.raises(ShelfError, match="no longer here"):
        shelf.read(id)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema": 99}', b'{"id": "x", "name": "y", "turns": []}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_skipped_counted_and_never_overwritten(shelf: Shelf, data: bytes) -> None:
    good, bad = new_id(), new_id()
    shelf.keep(good, turn("Good?"))
    path = shelf.folder / f"{bad}.json"
    path.write_bytes(data)
    lines, damaged = shelf.listed()
    assert [each.id for each in lines] == [good] and damaged == 1
    for change in (lambda: shelf.read(bad), lambda: shelf.keep(bad, turn("More?")), lambda: shelf.rename(bad, "x")):
        with pytest.raises(ShelfError, match="damaged"):
            change()
    assert path.read_bytes() == data


def test_another_browser_sees_nothing_and_ids_lead_nowhere_else(tmp_path: Path) -> None:
    mine, other = Shelf(tmp_path, new_token()), Shelf(tmp_path, new_token())
    id = new_id()
    mine.keep(id, turn("Secret?"))
    assert other.listed() == ([], 0)
    for tried in (id, "../" + mine.folder.name + "/" + id, "", "x" * 32, id.upper() + "/"):
        with pytest.raises(ShelfError):
            other.read(tried)
    assert stat.S_IMODE(mine.folder.stat().st_mode) == 0o700


def test_what_cannot_be_written_is_said_and_what_was_there_stays(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    id = new_id()
    shelf.keep(id, turn("One?"))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ShelfError, match="No space left"):
        shelf.keep(id, turn("Two?"))
    assert [each.question for each in shelf.read(id).turns] == ["One?"]
    assert not list(shelf.folder.glob("*.part"))


def test_small_words() -> None:
    assert is_token(new_token()) and not any(map(is_token, ("", "short", "a" * 31 + "/", None, 7, "ä" * 40)))
    assert name_for("What\n was   open?") == "What was open?" and len(name_for("word " * 40)) < 82
    assert plain_text("half \ud800 here") == "half ? here"
