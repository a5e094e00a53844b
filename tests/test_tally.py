"""Answers over the whole library: nothing left out, everything cited, and what nobody can tell of is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.build import Assistant
from assistant.findings import Choice
from assistant.settings import Settings
from assistant.types import Answer
from index.embed import HashEmbedder
from index.errors import BadCorrection, UnknownDocument
from index.library import Library
from index.rebuild import rebuild

Note = Callable[[str, str], Path]


def report(service: str, published: str, overall: str, staff: str = "", more: str = "") -> str:
    rows = "".join(f"| {name} | {grade} |\n" for name, grade in (("Staff", staff), ("Overall rating", overall)) if grade)
    table = f"| Standard | Rating |\n| --- | --- |\n{rows}\n" if rows else ""
    return f"# Inspection of {service}\n\nHM Inspectorate of Probation\n\nReport published: {published}\n\n{table}{more}\n"


@pytest.fixture
def assistant(library: Library, note: Note) -> Assistant:
    """Six inspections of four services, one of them without a readable grade, one without a day; and a press release."""
    texts = {
        "ashby-2018.md": report("Ashby CRC", "3 May 2018", "Inadequate", "Inadequate", "Caseloads were far too high."),
        "ashby-2021.md": report("Ashby CRC", "4 June 2021", "Good", "Requires improvement", "Caseloads had come down."),
        "bray-2021.md": report("Bray Youth Justice Service", "9 July 2021", "Requires improvement", "Good"),
        "cole-2019.md": report("Cole CRC", "1 May 2019", "Good", "Good"),
        "cole-2022.md": report("Cole CRC", "2 May 2022", "Inadequate", "Inadequate"),
        "dene-2021.md": report("Dene CRC", "8 August 2021", "", "", "The gardens were tidy."),
        "ashby-release.md": "# Ashby CRC rated ‘Good’\n\nPress release\n\nPublished 4 June 2021\n\nHM Inspectorate of Probation. Ashby CRC has been "
        "rated ‘Good’.\n\nNotes to editor: the CRC supervised 900 people.",
    }
    library.add([note(name, text) for name, text in texts.items()])
    return Assistant(library, Settings(home=library.home))


def items(answer: Answer) -> list[str]:
    assert answer.coverage
    return [str(item["service"]) for item in answer.coverage["items"]]  # type: ignore[attr-defined]


def test_a_release_and_its_report_are_one_inspection(assistant: Assistant) -> None:
    found = assistant.findings().inspections
    assert [(one.name, one.entry.name) for one in found if one.others] == [("Ashby", "ashby-2021.md")]
    assert len(found) == 6


def test_a_count_cites_each_row_and_says_what_was_checked(assistant: Assistant) -> None:
    answer = assistant.ask("How many reports published in 2021 were rated Good?")
    assert answer.status == "answered" and answer.coverage
    assert (answer.coverage["checked"], answer.coverage["matched"], answer.coverage["unknown"]) == (3, 1, ["dene-2021.md"])
    assert items(answer) == ["Ashby"] and "1 has no readable overall grade: dene-2021.md" in answer.text
    (citation,) = answer.citations
    page = assistant.library.page(citation.document_id, citation.page)
    assert page.text[citation.start : citation.end] == citation.quote and "Good" in citation.quote


def test_none_is_an_answer_and_a_year_without_reports_is_a_refusal(assistant: Assistant) -> None:
    none = assistant.ask("Which services were rated Outstanding in 2021?")
    assert none.status == "answered" and items(none) == [] and none.text.startswith("None (0)")
    refused = assistant.ask("How many reports were published in 2009?")
    assert refused.status == "not_found" and "from 2018 to 2022" in refused.text


def test_the_latest_inspection_is_a_services_standing(assistant: Assistant) -> None:
    assert items(assistant.ask("Which services are currently rated Good?")) == ["Ashby"]
    assert items(assistant.ask("Which services were rated Good?")) == ["Ashby", "Cole"]
    assert items(assistant.ask("Which services were rated Good in 2019?")) == ["Cole"]


@pytest.mark.parametrize(
    ("question", "services"),
    [
        ("Which services were rated Inadequate on staffing?", ["Ashby", "Cole"]),
        ("Which CRCs were rated Inadequate since 2020?", ["Cole"]),
        ("Which youth justice services were rated requires improvement or better?", ["Bray"]),
        ("Which services were rated below Good in 2021?", ["Bray"]),
        ("Which services have improved since their last inspection?", ["Ashby"]),
        ("Which services declined?", ["Cole"]),
        ("Which services are worst rated?", ["Cole"]),
        ("Which inadequate services were there in 2022?", ["Cole"]),
    ],
)
def test_lists_are_whole(assistant: Assistant, question: str, services: list[str]) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered" and items(answer) == services
    assert answer.table and len(answer.table.rows) == len(services) and answer.citations


def test_one_service_over_time_standard_by_standard(assistant: Assistant) -> None:
    answer = assistant.ask("What changed at Ashby since the last inspection?")
    assert "Overall: Inadequate [1] → Good [2] (improved)" in answer.text
    assert "Staff: Inadequate [3] → Requires improvement [4] (improved)" in answer.text
    assert [c.document for c in answer.citations] == ["ashby-2018.md", "ashby-2021.md"] * 2


def test_two_services_side_by_side(assistant: Assistant) -> None:
    answer = assistant.ask("Compare Bray and Cole")
    assert answer.table and answer.table.columns == ("Judgement", "Bray 2021", "Cole 2022")
    assert [[cell.text for cell in row] for row in answer.table.rows][0] == ["Overall", "Requires improvement", "Inadequate"]


def test_distribution_and_trend_are_counted_from_cited_rows(assistant: Assistant) -> None:
    spread = assistant.ask("What is the distribution of ratings?")
    assert "• Good: 1 (33%)" in spread.text and spread.coverage and spread.coverage["unknown"] == ["dene-2021.md"]
    trend = assistant.ask("How have ratings changed over the years?")
    assert "• 2021: 1 Good, 1 Requires improvement, 0 Inadequate (of 2)" in trend.text
    assert trend.table and len(trend.table.rows) == 5 == len(trend.citations)


def test_judgements_of_one_service_by_grade(assistant: Assistant) -> None:
    answer = assistant.ask("Which standards were rated Requires improvement at Ashby in 2021?")
    assert answer.coverage and answer.coverage["matched"] == 1 and "Staff: Requires improvement [1]" in answer.text


def test_follow_ups_keep_what_was_counted(assistant: Assistant) -> None:
    first = assistant.ask("Which reports published in 2021 were rated Good?")
    second = assistant.ask("And Requires improvement?", (first,))
    third = assistant.ask("How many?", (first, second))
    fourth = assistant.ask("And in 2018?", (first, second, third))
    assert items(second) == ["Bray"] == items(third) and items(fourth) == []
    assert fourth.understood and fourth.understood.question == "How many reports were rated Requires improvement in 2018?"


@pytest.mark.parametrize(
    "question",
    ["What should Ashby improve?", "Which good practice did inspectors see at Cole?", "What services does Bray offer?", "How many people did Ashby supervise?"],
)
def test_questions_of_what_a_report_says_are_not_counted(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.coverage is None and answer.table is None


def test_words_are_looked_for_in_every_document(assistant: Assistant) -> None:
    answer = assistant.ask("Which reports mention caseloads?")
    assert answer.coverage and answer.coverage["by"] == "words" and answer.coverage["checked"] == 7
    assert sorted(c.document for c in answer.citations) == ["ashby-2018.md", "ashby-2021.md"]
    assert all("aseloads" in c.quote for c in answer.citations)


def test_grades_and_words_together(assistant: Assistant) -> None:
    answer = assistant.ask("Which inadequate reports mention caseloads?")
    assert [c.document for c in answer.citations] == ["ashby-2018.md"]


def test_single_facts_come_from_what_was_stored(assistant: Assistant) -> None:
    answer = assistant.ask("What was Ashby rated?")
    assert answer.text.startswith("Ashby (4 June 2021): overall Good [1]") and "Inadequate [2]" in answer.text
    staff = assistant.ask("And for staff?", (answer,))
    assert staff.understood and staff.understood.question == "How was staff rated at Ashby?" and "Requires improvement" in staff.text
    when = assistant.ask("When was the Bray report published?")
    assert "9 July 2021 [1]" in when.text and when.citations[0].quote == "Report published: 9 July 2021"


# ---- corrections


def named(library: Library, name: str) -> str:
    return next(entry.id for entry in library.documents(held=True) if entry.name == name)


def test_a_correction_counts_is_marked_and_can_be_taken_back(assistant: Assistant) -> None:
    library = assistant.library
    document = named(library, "dene-2021.md")
    library.correct(document, "overall", "good")
    answer = assistant.ask("How many reports published in 2021 were rated Good?")
    assert answer.coverage and answer.coverage["matched"] == 2 and answer.coverage["unknown"] == []
    assert "Dene (published 8 August 2021): Good (corrected by hand)" in answer.text and len(answer.citations) == 1
    assert library.take_back(document, "overall") and not library.take_back(document, "overall")
    assert items(assistant.ask("How many reports published in 2021 were rated Good?")) == ["Ashby"]


def test_a_correction_survives_a_rebuild_and_reading_anew(assistant: Assistant) -> None:
    library = assistant.library
    document = named(library, "cole-2019.md")
    library.correct(document, "published", "7 June 2020")
    library.correct(document, "judgement", "inadequate", "staff")
    library.close()
    rebuild(library.home, HashEmbedder())
    (library.home / "profiles").mkdir()
    (library.home / "profiles" / "new.toml").write_text("name = 'Nobody'\nrecognise = ['Nobody at all']\n", encoding="utf-8")
    again = Library(library.home, HashEmbedder())  # another profile: the facts are read anew
    facts = {(fact.field, fact.subject): fact for fact in again.facts([document])[document]}
    assert facts["published", ""].value == "2020-06-07" and facts["published", ""].corrected
    assert facts["judgement", "Staff"].value == "Inadequate" and facts["overall", ""].value == "Good"
    assert next(e.published.isoformat() for e in again.documents() if e.id == document and e.published) == "2020-06-07"
    again.close()


def test_a_removed_file_that_comes_back_has_its_corrections(library: Library, note: Note) -> None:
    path = note("ashby.md", report("Ashby CRC", "3 May 2018", "Inadequate"))
    library.add([path])
    id = named(library, "ashby.md")
    library.correct(id, "inspector", "Una Hale")
    library.remove([id])
    library.add([path])
    assert [fact.value for fact in library.facts([id])[id] if fact.field == "inspector"] == ["Una Hale"]


@pytest.mark.parametrize(
    ("field", "value", "subject", "said"),
    [
        ("colour", "red", "", "no field 'colour'"), ("overall", "Superb", "", "no grade of this document's scale"),
        ("published", "soon", "", "no day"), ("judgement", "Good", "", "needs what was judged"), ("caseload", "many", "", "no whole number"),
        ("embargo", "17 July 2019", "", "no moment"), ("fieldwork", "spring", "", "no stretch of days"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_one_is_refused_with_an_example(assistant: Assistant, field: str, value: str, subject: str, said: str) -> None:
    library = assistant.library
    with pytest.raises(BadCorrection, match=said):
        library.correct(named(library, "ashby-2018.md"), field, value, subject)
    with pytest.raises(UnknownDocument):
        library.correct("nothing", "overall", "Good")


# ---- embargo


def test_nothing_of_an_embargoed_publication_is_shown_before_its_time(tmp_path: Path, note: Note) -> None:
    clock = [datetime(2030, 3, 1, tzinfo=UTC)]
    library = Library(tmp_path / "held", HashEmbedder(), now=lambda: clock[0])
    release = report("Ashby CRC", "5 March 2030", "Inadequate", "Good") + "\nEmbargoed until 00:01 on 5 March 2030\n\nThe secret was a leaking roof.\n"
    library.add([note("release.md", release), note("cole.md", report("Cole CRC", "1 May 2019", "Good"))])
    assistant = Assistant(library, Settings(home=library.home, sureness=0.0))
    held = named(library, "release.md")
    assert [entry.name for entry in library.documents()] == ["cole.md"]
    assert len(library.documents(held=True)) == 2
    for question in ("Which reports mention the leaking roof?", "Which services were rated Inadequate?", "What was Ashby rated?", "leaking roof secret"):
        answer = assistant.ask(question, everywhere=question == "leaking roof secret")
        shown = answer.text + repr(answer.citations) + repr(answer.hits) + repr(answer.coverage)
        assert "release.md" not in shown and "secret was" not in shown
    assert library.search("leaking roof") == [] or all(hit.entry.id != held for hit in library.search("leaking roof"))
    for opened in (lambda: library.page(held, 1), lambda: library.original(held), lambda: library.catalogue.entry(held)):
        with pytest.raises(UnknownDocument):
            opened()
    assert library.status().documents == 2 and not library.status().problems
    clock[0] = datetime(2030, 3, 5, 0, 2, tzinfo=UTC)  # its time has come, with no restart
    assert items(assistant.ask("Which services were rated Inadequate?")) == ["Ashby"]
    assert "leaking roof" in assistant.ask("Which reports mention the leaking roof?").text
    library.close()


def test_embargoes_can_be_shown_corrected_and_lifted(tmp_path: Path, note: Note) -> None:
    path = note("release.md", report("Ashby CRC", "5 March 2090", "Good") + "\nEmbargoed until 00:01 on 5 March 2090\n")
    library = Library(tmp_path / "held", HashEmbedder())
    library.add([path])
    assert library.documents() == []
    library.correct(named(library, "release.md"), "embargo", "")
    assert [entry.name for entry in library.documents()] == ["release.md"]
    library.correct(named(library, "release.md"), "embargo", "1 January 2095 09:00")
    assert library.documents() == []
    library.close()
    shown = Library(tmp_path / "held", HashEmbedder(), embargo=False)
    assert [entry.name for entry in shown.documents()] == ["release.md"]
    shown.close()


def test_a_choice_leaves_open_what_nobody_can_tell(assistant: Assistant) -> None:
    chosen = assistant.findings().choose(Choice(grades=("Good",), since=datetime(2021, 1, 1).date()))
    assert [one.name for one in chosen.matched] == ["Ashby"] and [one.name for one in chosen.unknown] == ["Dene"]
    assert chosen.total == 6 and len(chosen.checked) == 4


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Which services did not improve?", "not"),
        ("How many reports do not mention caseloads?", "not"),
        ("Which services were rated Good twice?", "twice"),
        ("Which services scored more than 20?", "more than"),
        ("Which services were rated Good for staffing but not overall?", "but"),
    ],
)
def test_what_would_change_a_count_and_is_not_understood_is_refused(assistant: Assistant, question: str, word: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_found" and f"“{word}”" in answer.text and not answer.citations


@pytest.mark.parametrize(
    ("question", "services"),
    [
        ("Which services are not good?", ["Bray", "Cole"]),  # not outstanding either, though that is "not good" too
        ("Which services weren't rated Good in 2021?", ["Bray"]),
        ("Which services were rated no better than requires improvement in 2021?", ["Bray"]),
        ("Which reports from 2018 were rated Inadequate?", ["Ashby"]),
        ("Which services are inadequate?", ["Cole"]),
        ("Which services were rated Inadequate before 2020?", ["Ashby"]),
        ("List good services", ["Ashby", "Cole"]),
    ],
)
def test_negations_and_times_are_heeded(assistant: Assistant, question: str, services: list[str]) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered" and items(answer) == services


def test_a_kind_of_body_that_is_not_there_is_not_counted_as_another(assistant: Assistant) -> None:
    answer = assistant.ask("How many schools were rated Good?")
    assert answer.status == "not_found" and "no schools" in answer.text


def test_words_that_were_not_heeded_are_said(assistant: Assistant) -> None:
    answer = assistant.ask("How many services in the north were rated Good?")
    assert answer.status == "partial" and "Not understood, and not heeded here: “north”" in answer.text


def test_years_named_in_a_comparison_are_compared(assistant: Assistant) -> None:
    answer = assistant.ask("Compare Cole in 2019 with 2022")
    assert answer.table and answer.table.columns == ("Judgement", "2019", "2022")
    assert "no inspection of 2020" in assistant.ask("Compare Cole in 2019 with 2020").text


def test_a_document_that_only_speaks_of_a_service_is_not_counted_as_its_inspection(library: Library, note: Note) -> None:
    library.add([
        note("bury.md", report("Bury Youth Justice Service", "3 May 2018", "Good")),
        note("review.md", "# Annual review\n\nInspection report\n\nLead inspector: Anne Bury\n\nPublished 3 May 2020\n\n"
             "| Standard | Rating |\n| --- | --- |\n| Staff | Good |\n| Services | Good |\n| Overall rating | Outstanding |\n"),
    ])  # fmt: skip
    answer = Assistant(library, Settings(home=library.home)).ask("How many inspections are there of Bury?")
    assert answer.coverage and answer.coverage["matched"] == 1


def test_two_bodies_of_one_place_are_two_services(library: Library, note: Note) -> None:
    library.add([note("crc.md", report("Bray Community Rehabilitation Company", "3 May 2018", "Good")),
                 note("yjs.md", report("Bray Youth Justice Service", "3 May 2021", "Inadequate"))])  # fmt: skip
    answer = Assistant(library, Settings(home=library.home)).ask("Which services declined?")
    assert items(answer) == [] and "0 services" not in answer.text


def test_corrections_follow_a_file_whose_content_changes(library: Library, note: Note) -> None:
    path = note("ashby.md", report("Ashby CRC", "3 May 2018", "Inadequate"))
    library.add([path])
    library.correct(named(library, "ashby.md"), "embargo", "1 January 2090 00:01")
    note("ashby.md", report("Ashby CRC", "3 May 2018", "Inadequate", more="A slip was mended."))
    assert library.add([path]).of("replaced") and library.documents() == []


def test_what_is_held_back_neither_crowds_out_nor_shows_in_a_refusal(tmp_path: Path, note: Note) -> None:
    library = Library(tmp_path / "held", HashEmbedder())
    secret = "\n\n".join(f"Kitchen hygiene was poor in room {n}, said Zorkmid." for n in range(300))
    library.add([note("release.md", f"# Kitchens\n\nEmbargoed until 00:01 on 5 March 2090\n\n{secret}"),
                 note("open.md", "# Kitchens of Cole\n\nThe kitchen hygiene was good. The gardens were tidy.")])  # fmt: skip
    assert [hit.entry.name for hit in library.search("kitchen hygiene")] == ["open.md"]
    assert library.catalogue.frequency("Zorkmid") == 0 and library.catalogue.frequency("hygiene") == 1
    library.close()
