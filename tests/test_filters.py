"""Filters set by hand and restrictions taken back: what may answer, and that nothing is silently left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.build import Assistant
from assistant.scope import Filters
from assistant.settings import Settings
from assistant.types import Answer
from index.library import Library
from tests.test_tally import items, report

Note = Callable[[str, str], Path]
Y2021 = Filters(since=date(2021, 1, 1), until=date(2021, 12, 31))


@pytest.fixture
def assistant(library: Library, note: Note) -> Assistant:
    """Five inspections of three services (one without a grade, one without a day), a release and a letter of no kind."""
    texts = {
        "ashby-2018.md": report("Ashby CRC", "3 May 2018", "Inadequate", "Inadequate", "Caseloads were far too high."),
        "ashby-2021.md": report("Ashby CRC", "4 June 2021", "Good", "Requires improvement", "Caseloads had come down."),
        "cole-2021.md": report("Cole CRC", "2 May 2021", "Inadequate", "Inadequate", "Caseloads were manageable at Cole."),
        "dene-2021.md": report("Dene CRC", "8 August 2021", "", "", "Caseloads were not looked at in Dene."),
        "dene-undated.md": "# Inspection of Dene CRC\n\nHM Inspectorate of Probation\n\n| Standard | Rating |\n| --- | --- |\n"
        "| Overall rating | Good |\n\nCaseloads were falling.\n",
        "ashby-release.md": "# Ashby CRC rated ‘Good’\n\nPress release\n\nPublished 4 June 2021\n\nHM Inspectorate of Probation. Ashby CRC has been "
        "rated ‘Good’. Caseloads had come down, said the inspector.",
    }
    library.add([note(name, text) for name, text in texts.items()])
    return Assistant(library, Settings(home=library.home, sureness=0.2))


def names(assistant: Assistant, filters: Filters) -> set[str]:
    """The files that the filters let through."""
    within = assistant.within(filters)
    entries = assistant.library.documents()
    return {entry.name for entry in entries if within is None or entry.id in within}


def chips(answer: Answer) -> list[tuple[str, str, bool]]:
    assert answer.understood
    return [(one.field, one.value, one.by_hand) for one in answer.understood.restrictions]


def test_each_filter_lets_through_what_it_says(assistant: Assistant) -> None:
    assert names(assistant, Filters()) == {entry.name for entry in assistant.library.documents()}
    assert names(assistant, Filters(services=("Cole",))) == {"cole-2021.md"}
    assert names(assistant, Filters(kinds=("press release",))) == {"ashby-release.md"}
    assert names(assistant, Y2021) == {"ashby-2021.md", "cole-2021.md", "dene-2021.md", "ashby-release.md"}
    assert names(assistant, Filters(grades=("Inadequate",))) == {"ashby-2018.md", "cole-2021.md"}
    assert names(assistant, Filters(services=("Ashby",), grades=("Good",))) == {"ashby-2021.md", "ashby-release.md"}
    assert assistant.services() == ["Ashby", "Cole", "Dene"]


def test_a_grade_can_be_of_one_thing_that_was_judged(assistant: Assistant) -> None:
    subject = next(name for name in assistant.findings().subjects if "taff" in name)
    assert names(assistant, Filters(subject=subject, grades=("Requires improvement",))) == {"ashby-2021.md", "ashby-release.md"}


def test_an_answer_comes_only_from_what_the_filters_let_through(assistant: Assistant) -> None:
    wide = assistant.ask("Were caseloads manageable?")
    narrow = assistant.ask("Were caseloads manageable?", filters=Filters(services=("Cole",)))
    assert len({hit.entry.name for hit in wide.hits}) > 1
    assert {c.document for c in narrow.citations} == {"cole-2021.md"} and {hit.entry.name for hit in narrow.hits} == {"cole-2021.md"}
    assert chips(narrow) == [("service", "Cole", True)]


def test_a_service_set_by_hand_is_whom_the_question_is_about(assistant: Assistant) -> None:
    assert assistant.ask("How was it rated?", filters=Filters(services=("Cole",))).text.startswith("Cole (2 May 2021): overall Inadequate")


def test_a_question_about_what_the_filters_leave_out_is_refused_and_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("How was Ashby rated?", filters=Filters(services=("Cole",)))
    assert answer.status == "not_found" and not answer.citations
    assert answer.text == "Your filters let none of the documents on Ashby through. Take a filter back to ask them."
    assert chips(answer) == [("service", "Ashby", False), ("service", "Cole", True)]
    again = assistant.ask("How was Ashby rated in 2018?", filters=Y2021)
    assert again.status == "not_found" and again.text.startswith("Within your filters there is no document on Ashby from 2018.")


def test_a_count_is_within_the_filters_and_names_what_nobody_can_tell_of(assistant: Assistant) -> None:
    answer = assistant.ask("Which services were rated Good?", filters=Y2021)
    assert items(answer) == ["Ashby"] and answer.coverage
    assert set(answer.coverage["unknown"]) == {"dene-2021.md", "dene-undated.md"}  # type: ignore[call-overload]
    assert "within your filters" in answer.text and "dene-undated.md" in answer.text
    assert items(assistant.ask("Which services were rated Good?")) == ["Ashby", "Dene"]


def test_a_change_is_counted_against_inspections_before_the_filtered_years(assistant: Assistant) -> None:
    answer = assistant.ask("Which services improved?", filters=Y2021)
    assert items(answer) == ["Ashby"] and answer.text.endswith("The earlier inspection may be one that your filters leave out.")
    assert "filters" not in assistant.ask("Which services improved?").text


def test_words_are_looked_for_only_in_what_the_filters_let_through(assistant: Assistant) -> None:
    every = assistant.ask("Which documents mention caseloads?")
    some = assistant.ask("Which documents mention caseloads?", filters=Y2021)
    found = [{str(item["document"]) for item in answer.coverage["items"]} for answer in (every, some) if answer.coverage]  # type: ignore[attr-defined]
    assert len(found[0]) == 6 and found[1] == {"ashby-2021.md", "cole-2021.md", "dene-2021.md", "ashby-release.md"}
    assert some.coverage and some.coverage["unknown"] == ["dene-undated.md"]


def test_a_filter_of_kind_counts_what_is_of_that_kind(assistant: Assistant) -> None:
    answer = assistant.ask("Which services were rated Good?", filters=Filters(kinds=("press release",)))
    assert {c.document for c in answer.citations} <= {"ashby-release.md"} and items(answer) == ["Ashby"]
    assert "Checked 1 of 5 inspections in the library" in answer.text, "of all that there are, not of those of the kind"


def test_several_services_set_by_hand_are_counted_as_all_services_are(assistant: Assistant) -> None:
    two = Filters(services=("Ashby", "Cole"))
    assert items(assistant.ask("Which services have the lowest rating?", filters=two)) == ["Cole"]
    found = assistant.ask("Which reports mention caseloads?", filters=two)
    assert found.coverage and found.coverage["matched"] == found.coverage["checked"] == 4


def test_what_is_looked_up_is_only_of_publications_within_the_filters(library: Library, note: Note) -> None:
    """A report and its press release are one inspection, and have two days."""
    library.add([
        note("bray.md", report("Bray CRC", "20 December 2020", "Good", "Good")),
        note("bray-release.md", "# Bray CRC rated ‘Good’\n\nPress release\n\nPublished 6 January 2021\n\nHM Inspectorate of Probation. "
             "Bray CRC has been rated ‘Good’."),
        note("cole.md", report("Cole CRC", "2 May 2021", "Inadequate", "Inadequate")),
    ])  # fmt: skip
    assistant = Assistant(library, Settings(home=library.home, sureness=0.2))
    answer = assistant.ask("How was Bray rated?", filters=Y2021)
    assert answer.text.startswith("Bray (6 January 2021): overall Good") and {c.document for c in answer.citations} == {"bray-release.md"}
    assert {c.document for c in assistant.ask("How was Bray rated?").citations} == {"bray.md"}


def test_a_sentence_says_which_services_and_years_the_filters_leave_out(assistant: Assistant) -> None:
    cole = Filters(services=("Cole",))
    both = assistant.ask("What was said of caseloads at Ashby and Cole?", filters=cole)
    assert both.understood and both.understood.said.startswith("Only “Inspection of Cole CRC”")
    assert both.understood.said.endswith("Your filters leave out Ashby.")
    compared = assistant.ask("Compare Ashby and Cole", filters=cole)
    assert "There is no inspection of Ashby within your filters." in compared.text and compared.text.startswith("Within your filters there is")
    assert assistant.ask("How was Ashby rated in 2018?", filters=Y2021).text.endswith("The library has 2018 and 2021.")
    none = assistant.ask("Is there a pool?", everywhere=True, filters=Filters(until=date(2001, 1, 1)))
    assert none.status == "not_found" and none.text.startswith("Your filters let none of the library’s documents through.")


@pytest.mark.parametrize(
    ("question", "lifted", "before", "after"),
    [
        ("Which services were rated Inadequate in 2018?", "time", ["Ashby"], ["Ashby", "Cole"]),
        ("Which services were rated Inadequate in 2021?", "grade:Inadequate", ["Cole"], ["Ashby", "Cole", "Dene"]),
    ],
)
def test_a_restriction_of_a_count_is_taken_back(
    assistant: Assistant, question: str, lifted: str, before: list[str], after: list[str]
) -> None:
    shown = assistant.ask(question)
    assert items(shown) == before and lifted in {one.key for one in shown.understood.restrictions}  # type: ignore[union-attr]
    again = assistant.ask(question, lifted=frozenset({lifted}))
    assert items(again) == after and lifted not in {one.key for one in again.understood.restrictions}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("question", "lifted", "said"),
    [
        ("How many CRCs were rated Good?", "type:Community Rehabilitation Company", "services were rated Good overall:"),
        ("How many re-inspections were rated Good?", "kind:re-inspection", "inspections were rated Good overall:"),
        ("Which judgements of Cole are Inadequate?", "grade:Inadequate", "judgements of Cole (published 2 May 2021):"),
    ],
)
def test_a_count_is_not_said_to_be_of_what_was_taken_back(assistant: Assistant, question: str, lifted: str, said: str) -> None:
    answer = assistant.ask(question, lifted=frozenset({lifted}))
    assert answer.text.splitlines()[0].endswith(said)


def test_a_restriction_of_a_search_is_taken_back(assistant: Assistant) -> None:
    once = assistant.ask("How was Ashby rated in 2018?")
    assert "Inadequate" in once.text and "Good" not in once.text and chips(once) == [("service", "Ashby", False), ("time", "from 2018", False)]
    again = assistant.ask("How was Ashby rated in 2018?", lifted=frozenset({"time"}))
    assert "Inadequate" in again.text and "Good" in again.text and chips(again) == [("service", "Ashby", False)]
    nobody = assistant.ask("What was said of caseloads at Cole?", lifted=frozenset({"service:Cole"}))
    assert nobody.understood and nobody.understood.documents is None and chips(nobody) == []


def test_a_follow_up_does_not_go_back_to_what_the_filters_leave_out(assistant: Assistant) -> None:
    first = assistant.ask("How was Ashby rated?")
    answer = assistant.ask("What about its caseloads?", [first], filters=Filters(services=("Cole",)))
    assert answer.status != "not_found" and {c.document for c in answer.citations} == {"cole-2021.md"}


def test_all_documents_within_filters_are_still_within_filters(assistant: Assistant) -> None:
    answer = assistant.ask("What was found about caseloads at Ashby?", everywhere=True, filters=Filters(services=("Cole",)))
    assert {c.document for c in answer.citations} <= {"cole-2021.md"}


def test_what_comes_near_is_shown_and_is_not_called_an_answer(assistant: Assistant) -> None:
    answer = assistant.ask("How many horses does Cole keep?")
    assert answer.status in ("partial", "not_found") and "horses" not in answer.text
    for c in answer.citations:
        assert assistant.library.page(c.document_id, c.page).text[c.start : c.end] == c.quote


def test_a_refusal_lists_the_nearest_windows_in_their_own_words(assistant: Assistant) -> None:
    answer = assistant.ask("What did Gotham say of caseloads?")
    assert answer.status == "not_found" and "Gotham" in answer.text and not answer.citations and answer.nearest
    for topic in answer.nearest:
        text = assistant.library.page(topic.document_id, topic.page).text[topic.start : topic.end]
        assert topic.name == " ".join(text.split())

