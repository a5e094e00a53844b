"""What a question is understood to ask: of whom, of when, and what a follow-up goes back to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.names import Names
from assistant.types import Answer, Citation, Understood
from assistant.understand import Reader
from assistant.when import When, asked_for, when_of
from index.types import Entry

WORDS = {"north", "derby", "mercia", "overall", "rated", "who", "led", "lead", "inspector", "grade", "staff", "training", "waiting", "people", "good"}


def entry(id: str, service: str, published: date | None, inspected: date | None = None, title: str = "") -> Entry:
    return Entry(id, f"{id}.pdf", f"/in/{id}.pdf", "pdf", title or f"Inspection of {service}", service, published, 10, 40, 1000,
                 datetime(2026, 1, 1, tzinfo=UTC), (), inspected)  # fmt: skip


LIBRARY = (
    entry("c18", "Camber Borough Council", date(2018, 11, 19), date(2018, 10, 19)),
    entry("c23", "Camber local authority children’s services", date(2023, 10, 27), date(2023, 9, 15)),
    entry("kh19", "Kingsholm upon Hurr City Council", date(2019, 5, 17)),
    entry("h23", "Hurr local authority children’s services", date(2023, 1, 13)),
    entry("ww", "Warnickshire and West Mercia CRC", date(2019, 7, 17)),
    entry("nl22", "North Lindsay", None, date(2022, 10, 14)),
    entry("bd", "London Borough of Barling and Dagnam", date(2021, 3, 1)),
    entry("re", "", date(2017, 6, 13), title="Camber Re-Inspection"),
)


def known(word: str) -> int:
    return 10 if word.casefold() in WORDS else 0


@pytest.fixture
def reader() -> Reader:
    return Reader(LIBRARY, Names(LIBRARY), known)


@pytest.mark.parametrize(
    ("question", "since", "until", "order"),
    [
        ("What was published in July 2024?", date(2024, 7, 1), date(2024, 7, 31), ""),
        ("And in 2019?", date(2019, 1, 1), date(2019, 12, 31), ""),
        ("reports between 2018 and 2020", date(2018, 1, 1), date(2020, 12, 31), ""),
        ("the 2018-19 report", date(2018, 1, 1), date(2019, 12, 31), ""),
        ("inspected since 2020", date(2020, 1, 1), None, ""),
        ("anything before 2019", None, date(2018, 12, 31), ""),
        ("on 17 July 2019", date(2019, 7, 17), date(2019, 7, 17), ""),
        ("on 2019-07-17", date(2019, 7, 17), date(2019, 7, 17), ""),
        ("rated last year", date(2025, 1, 1), date(2025, 12, 31), ""),
        ("Who led the previous inspection?", None, None, "previous"),
        ("And the one before?", None, None, "previous"),
        ("What was the latest rating?", None, None, "latest"),
        ("Of 2019 people, how many waited?", None, None, ""),
        ("In May they said so", None, None, ""),
        ("on 31 February 2020", date(2020, 2, 1), date(2020, 2, 29), ""),
    ],
)  # fmt: skip
def test_times_are_read(question: str, since: date | None, until: date | None, order: str) -> None:
    when = when_of(question, today=date(2026, 5, 1))
    assert (when.since, when.until, when.order) == (since, until, order)


def test_a_date_is_certain_only_where_it_belongs_to_a_report_or_a_judgement() -> None:
    assert when_of("How was it rated in 2018?").certain and when_of("the report published in 2018").basis == "published"
    assert not when_of("How many people were waiting in March 2020?").certain


def test_a_stretch_of_time_is_said_as_people_ask_it() -> None:
    assert asked_for(date(2018, 1, 1), date(2018, 12, 31)) == "in 2018"
    assert asked_for(date(2024, 7, 1), date(2024, 7, 31)) == "in July 2024"
    assert asked_for(date(2019, 7, 17), date(2019, 7, 17)) == "on 17 July 2019"
    assert asked_for(date(2020, 1, 1), None) == "since 2020" and When().dated is False


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("How was Camber rated?", {"c18", "c23", "re"}),
        ("How was camber rated?", {"c18", "c23", "re"}),
        ("What about Cambr?", {"c18", "c23", "re"}),
        ("Kingsholm upon Hurr", {"kh19", "h23"}),
        ("What did Hurr do?", {"kh19", "h23"}),
        ("Kingsholm?", {"kh19"}),
        ("B&D staff", {"bd"}),
        ("Barling & Dagnam", {"bd"}),
        ("What did WWM CRC do?", {"ww"}),
        ("Warnicks unpaid work", {"ww"}),
        ("West Mercia", {"ww"}),
        ("North Lindsay", {"nl22"}),
        ("Lindsay", set()),  # another place: what is left out tells them apart
        ("Gotham", set()),
        ("Cambor", set()),  # one letter for another makes another place
        ("Derby", set()),  # a word the library knows is no slip of another
    ],
)  # fmt: skip
def test_names_are_the_librarys_own(reader: Reader, question: str, documents: set[str]) -> None:
    found = reader.names.mentions(question, known)
    assert {id for mention in found for id in mention.documents} >= documents
    assert bool(found) == bool(documents)


def test_a_name_takes_the_kind_of_body_with_it(reader: Reader) -> None:
    mention = reader.names.mentions("What grade did Camber children's services get?", known)[0]
    assert "What grade did Camber children's services get?"[mention.start : mention.end] == "Camber children's services"


def test_a_named_service_and_date_leave_one_document(reader: Reader) -> None:
    understood = reader.understand("What grade did Camber get in October 2023?")
    assert understood.documents == ("c23",) and "27 October 2023" in understood.said


def test_a_report_without_a_day_of_publication_is_found_by_its_inspection(reader: Reader) -> None:
    assert reader.understand("What grade did North Lindsay get in the report published in December 2022?").documents == ("nl22",)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What grade did Camber get in the report published in 2009?", ("Camber", "2009", "2018", "2023")),
        ("What grade did Gotham get?", ("Gotham", "Camber")),
        ("Who led the inspection before?", ()),
    ],
)  # fmt: skip
def test_what_the_library_does_not_have_is_said_with_what_it_has(reader: Reader, question: str, words: tuple[str, ...]) -> None:
    understood = reader.understand(question)
    assert all(word in understood.missing for word in words)
    assert (understood.documents == ()) == bool(words)


def test_a_date_of_what_is_told_only_prefers_documents(reader: Reader) -> None:
    understood = reader.understand("How many people were waiting in Camber in 2018?")
    assert understood.documents == ("c18",) and set(understood.wider) == {"c18", "c23", "re"}


def answered(reader: Reader, question: str, history: tuple[Answer, ...] = (), *, document: str = "") -> Answer:
    understood = reader.understand(question, history)
    id = document or (understood.documents or ("",))[0]
    cited = (Citation(1, id, id, id, 1, "x", 0, 1),) if understood.documents else ()
    return Answer("x", "answered" if cited else "not_found", cited, understood=understood)


@pytest.mark.parametrize(
    ("question", "complete", "documents"),
    [
        ("Who was the lead inspector?", "Who was the lead inspector – Camber in October 2023?", {"c23"}),
        ("And what was it graded in 2018?", "What was Camber graded in 2018?", {"c18"}),
        ("And in 2018?", "What grade did Camber get in 2018?", {"c18"}),
        ("What about North Lindsay?", "What grade did North Lindsay get?", {"nl22"}),
        ("And the one before?", "What grade did Camber get in the inspection before?", {"c18"}),
        ("What were its staff told?", "What were Camber’s staff told in October 2023?", {"c23"}),
        ("What grade did Kingsholm upon Hurr get in 2019?", "What grade did Kingsholm upon Hurr get in 2019?", {"kh19"}),
    ],
)  # fmt: skip
def test_follow_ups_are_completed_from_the_conversation(reader: Reader, question: str, complete: str, documents: set[str]) -> None:
    first = answered(reader, "What grade did Camber get in October 2023?")
    understood = reader.understand(question, (first,))
    assert (understood.question, set(understood.documents or ())) == (complete, documents)


def test_a_question_about_the_whole_library_is_left_as_it_is(reader: Reader) -> None:
    first = answered(reader, "What grade did Camber get in October 2023?")
    assert reader.understand("Which services were rated Good?", (first,)) == Understood(*["Which services were rated Good?"] * 2, whole=True)


def test_a_refused_turn_does_not_become_the_subject(reader: Reader) -> None:
    first = answered(reader, "What grade did Camber get in October 2023?")
    refused = answered(reader, "What grade did Gotham get?", (first,))
    assert refused.status == "not_found"
    assert reader.understand("Who was the lead inspector?", (first, refused)).documents == ("c23",)
