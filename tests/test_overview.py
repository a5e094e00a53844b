"""What is asked first of a service: what inspectors found, and what it should improve. From judgements, and from the report's own parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from assistant.build import Assistant
from assistant.overview import _heading
from assistant.scope import Filters
from assistant.settings import Settings
from assistant.types import Answer
from corpus.types import Block, Page
from index.library import Library
from tests.test_tally import report

Note = Callable[[str, str], Path]
PARTS = """
## Summary

The service has come a long way since its last inspection, and people are safer. Read on for:

## Recommendations

The service should:

- write down after every visit who was present and what was seen
- settle an address for each person before release.

## 1. The service and its area

- Inspectors who visited the service find that this is no recommendation at all.
"""


@pytest.fixture
def assistant(library: Library, note: Note) -> Assistant:
    """Two inspections of one service, one of another whose report has no such parts, and one without a grade."""
    texts = {
        "ashby-2018.md": report("Ashby CRC", "3 May 2018", "Inadequate", "Inadequate", "## Recommendations\n\n- improve the old roof of the office\n"),
        "ashby-2021.md": report("Ashby CRC", "4 June 2021", "Good", "Requires improvement", PARTS),
        "cole-2021.md": report("Cole CRC", "2 May 2021", "Inadequate", "Inadequate", "The lead inspector was Jo Cole. Inspectors improve nothing."),
        "dene-2021.md": report("Dene CRC", "8 August 2021", "", "", "Gardens were tidy."),
    }
    library.add([note(name, text) for name, text in texts.items()])
    return Assistant(library, Settings(home=library.home, sureness=0.99))


def stands(assistant: Assistant, answer: Answer) -> bool:
    return bool(answer.citations) and all(
        assistant.library.page(c.document_id, c.page).text[c.start : c.end] == c.quote for c in answer.citations
    )


@pytest.mark.parametrize(
    "question",
    ["What did inspectors find at Ashby?", "What does the latest report on Ashby say?", "Tell me about Ashby", "Summarise the findings for Ashby", "What were the key findings at Ashby?"],
)  # fmt: skip
def test_what_was_found_is_the_judgements_the_summary_and_what_was_before(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered" and stands(assistant, answer)
    lines = answer.text.splitlines()
    assert lines[0] == "Ashby (published 4 June 2021) was judged:" and lines[1].startswith("• Overall: Good [1]")
    assert lines[2].startswith("• Staff: Requires improvement [2]")
    assert "The service has come a long way since its last inspection, and people are safer. [3]" in lines and "Read on for" not in answer.text
    if "latest" not in question:
        assert lines[-1].startswith("Overall before that: Inadequate (published 3 May 2018) [4]")


def test_what_should_be_better_is_what_stands_under_the_heading_for_it_and_no_more(assistant: Assistant) -> None:
    for question in ("What should Ashby improve?", "What are the recommendations for Ashby?", "What does Ashby need to do better?"):
        answer = assistant.ask(question)
        assert stands(assistant, answer) and answer.text.splitlines() == [
            "The report on Ashby (published 4 June 2021) says under “Recommendations”:",
            "• write down after every visit who was present and what was seen [1]",
            "• settle an address for each person before release. [2]",
        ], question
    assert "old roof" in assistant.ask("What are the recommendations for Ashby in 2018?").text
    filtered = assistant.ask("What should it improve?", filters=Filters(services=("Ashby",), grades=("Inadequate",)))
    assert "old roof" in filtered.text and {c.document for c in filtered.citations} == {"ashby-2018.md"}


@pytest.mark.parametrize(
    ("heading", "advice"),
    [("What needs to improve?", True), ("What does the school need to do to improve?", True), ("Areas for improvement", True), ("Key concerns", True),
     ("Requirements", True), ("Action the trust must take to improve", True), ("Priority action", True), ("Improvements since the last inspection", False),
     ("Progress against the recommendations of 2018", False), ("What the school does well and what it needs to do better", False),
     ("Improvements", False)],
)  # fmt: skip
def test_headings_of_advice_are_told_from_those_of_what_was_done(library: Library, note: Note, heading: str, advice: bool) -> None:
    more = f"## {heading}\n\n- record every visit on the same day\n\n## Leadership\n\nLeaders need to improve their oversight.\n\n- the rota was kept\n"
    library.add([note("ashby.md", report("Ashby CRC", "4 June 2021", "Good", "", more))])
    text = Assistant(library, Settings(home=library.home, sureness=0.99)).ask("What should Ashby improve?").text
    assert (f"says under “{heading.rstrip('?')}”:\n• record every visit on the same day [1]" in text) is advice and "rota" not in text


def test_a_library_of_one_document_answers_as_a_large_one_does(library: Library, note: Note) -> None:
    library.add([note("ashby.md", report("Ashby CRC", "4 June 2021", "Good", "", PARTS))])
    alone = Assistant(library, Settings(home=library.home, sureness=0.99))
    assert alone.ask("How was Ashby rated?").text.startswith("Ashby (4 June 2021): overall Good [1]")
    assert "was judged:" in alone.ask("What did inspectors find at Ashby?").text


@pytest.mark.parametrize(("kind", "text"), [("heading", "What needs to improve?1"), ("row", "What needs to improve?\t1"), ("heading", "What needs to improve:")])
def test_the_mark_of_a_footnote_is_no_part_of_a_heading(kind: Literal["heading", "row"], text: str) -> None:
    assert _heading(Page(1, text), Block(kind, 0, len(text))) == "What needs to improve"
    assert _heading(Page(1, "Staff\tGood"), Block("row", 0, 10)) is None and _heading(Page(1, text), Block("text", 0, len(text))) is None


def test_a_corrected_grade_is_marked(assistant: Assistant) -> None:
    entry = next(entry for entry in assistant.library.documents() if entry.name == "ashby-2021.md")
    assistant.library.correct(entry.id, "overall", "Outstanding")
    assert "• Overall: Outstanding (corrected by hand)\n" in assistant.ask("What did inspectors find at Ashby?").text


def test_a_report_without_such_parts_is_searched_as_ever(assistant: Assistant) -> None:
    found = assistant.ask("What did inspectors find at Cole?")
    assert found.text.startswith("Cole (published 2 May 2021) was judged:") and "words of the report" not in found.text
    assert assistant.ask("What should Cole improve?").status == "partial"
    assert "was judged" not in assistant.ask("What did inspectors find at Dene?").text


@pytest.mark.parametrize(
    "question",
    ["What did inspectors find about staff at Ashby?", "Did Ashby improve?", "What did inspectors find?", "What did inspectors find at Ashby and Cole?",
     "Has Ashby improved since 2018?", "What did Ofsted find at Ashby?"],
)  # fmt: skip
def test_a_question_that_asks_for_more_or_less_is_none_of_the_two(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert "was judged:" not in answer.text and "says under" not in answer.text


def test_examples_are_questions_that_the_library_answers(assistant: Assistant) -> None:
    asked = assistant.examples()
    assert len(asked) == 4 and asked[3].startswith("Which services were rated ")
    assert [assistant.ask(question).status for question in asked[:2]] == ["answered", "answered"]
