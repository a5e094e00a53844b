"""Findings and facts on the page, without a browser: what is counted, shown, written out, corrected, and what stays hidden."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import gradio as gr
import pytest

from assistant.findings import Choice, Findings
from corpus.types import Fact
from index.errors import LibraryError
from tests.fake_page import HOSTILE, SCALE, Fake, pretend
from tests.test_web import ALLOWED, Reader
from ui.coverage import choice_words, coverage_of
from ui.exporting import HEADS, as_csv, as_xlsx, rows_of
from ui.web import charts
from ui.web.documents import Documents, Shelf
from ui.web.factlist import facts_html, held_words, value_words
from ui.web.facts import Sheet
from ui.web.findings import ANY, FindingsArea, View
from ui.web.inspections import Order, between, coverage_html, ordered, rows_for, shade, table_html

ALL: list[Any] = [[], "Overall", [], ANY, ANY, [], [], [], False]
"""The filters as the page begins."""
COVERAGE, PLOTS, SPREAD, TREND, NUMBERS, BY_YEAR, DOWNLOADS, CSV, XLSX, TABLE, BESIDE, SIDE = range(12)


@pytest.fixture
def fake() -> Fake:
    """Inspections of five services, one document under embargo, and the three documents that every fake has."""
    return pretend(pause=0.0).judge()  # type: ignore[no-any-return]


@pytest.fixture
def area(fake: Fake) -> Iterator[FindingsArea]:
    with gr.Blocks(analytics_enabled=False):
        yield FindingsArea(fake)  # type: ignore[arg-type]


@pytest.fixture
def documents(fake: Fake) -> Iterator[Documents]:
    with gr.Blocks(analytics_enabled=False):
        yield Documents(fake)  # type: ignore[arg-type]


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def wanted(**changes: object) -> list[Any]:
    """The filters, some of them set: keys, subject, grades, since, until, types, regions, inspectorates, latest."""
    names = ("keys", "subject", "grades", "since", "until", "types", "regions", "inspectorates", "latest")
    return [changes.get(name, value) for name, value in zip(names, ALL, strict=True)]


def names_in(table: object) -> list[str]:
    """The services of a table, in its order."""
    return [part.split("</bdi>")[0] for part in str(table).split('<th scope="row"><bdi>')[1:]]


def harmless(html: str) -> bool:
    reader = Reader(html)
    return reader.tags <= ALLOWED | {"details", "summary"} and not reader.handlers


# what is counted


def test_the_coverage_says_what_was_checked_what_matches_and_what_could_not_be_read(area: FindingsArea) -> None:
    shown = area.on_filter(View(), *wanted(grades=["Good"]))
    assert "Checked 6 of 6 inspections; 2 match; 1 has no readable overall grade: <bdi>dene-2022.pdf</bdi>." in shown[COVERAGE]
    assert names_in(shown[TABLE]) == ["Ashby Court", "Cole Grove"]


def test_without_grades_all_match_and_those_without_one_are_named(area: FindingsArea) -> None:
    shown = area.on_filter(View(), *ALL)
    assert "6 match; 1 of these has no readable overall grade: <bdi>dene-2022.pdf</bdi>." in shown[COVERAGE]
    assert len(names_in(shown[TABLE])) == 6 and "not read" in shown[TABLE]


def test_undated_inspections_are_unknown_when_years_are_chosen(area: FindingsArea) -> None:
    shown = area.on_filter(View(), *wanted(since="2020", until="2021"))
    assert "Checked 3 of 6 inspections; 2 match; 1 has no day that could be read" in shown[COVERAGE]
    assert "east-undated.pdf" in shown[COVERAGE] and names_in(shown[TABLE]) == ["Bray Lodge", "Cole Grove"]
    assert "first year is after the last" in area.on_filter(View(), *wanted(since="2021", until="2020"))[COVERAGE]


def test_one_part_of_the_judgement_and_the_latest_of_each_service(area: FindingsArea) -> None:
    shown = area.on_filter(View(), *wanted(subject="Leadership", latest=True))
    said = shown[COVERAGE]
    assert "Checked 5 of 6 inspections, each service’s latest; 3 match; 2 have no grade for “Leadership” that could be read" in said
    assert names_in(shown[TABLE]) == ["Ashby Court", "Bray Lodge", "Dene Hall"] and "the judgement: Leadership" in shown[TABLE]


def test_more_than_five_unreadable_files_are_folded_away(fake: Fake) -> None:
    for number in range(6):
        fake.library.judge(f"n{number}.pdf", f"Home {number}", "2020-01-01", "", "Good")
    found = fake.findings()
    html = coverage_html(coverage_of(Choice(grades=("Good",)), found.choose(Choice(grades=("Good",)))))
    assert "7 have no readable overall grade (listed below)." in html and html.count("<li>") == 7 and "<details>" in html


def test_no_match_and_an_empty_library_are_said_in_a_sentence(area: FindingsArea) -> None:
    shown = area.on_filter(View(), *wanted(keys=["cole grove"], grades=["Inadequate"]))
    assert "0 match" in shown[COVERAGE] and "No inspection matches" in shown[COVERAGE] and shown[TABLE] == ""
    with gr.Blocks(analytics_enabled=False):
        empty = FindingsArea(pretend(full=False)).refreshed(View())
    assert any("No inspections yet" in str(part) for part in empty)


def test_filters_offer_what_the_library_has_and_forget_what_it_has_not(area: FindingsArea, fake: Fake) -> None:
    view = View(choice=Choice(keys=("gone", "cole grove"), grades=("Superb", "Good"), since=date(1999, 1, 1), subject="Catering"))
    shown = area.refreshed(view)
    assert view.choice == Choice(keys=("cole grove",), grades=("Good",))
    assert [choice for choice, _ in shown[1].choices] == ["Ashby Court", "Bray Lodge", "Cole Grove", "Dene Hall", "East Mill"]
    assert [part.visible for part in shown[6:9]] == [False] * 3, "no publication says its type, region or inspectorate"


def test_a_failure_is_a_message_and_hides_what_would_be_stale(area: FindingsArea, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Findings:
        raise LibraryError("The catalogue can't be read.")

    monkeypatch.setattr(fake, "findings", broken)
    shown = area.on_filter(View(), *ALL)
    assert "The catalogue can&#x27;t be read." in shown[COVERAGE] and shown[TABLE] == ""
    assert any("can&#x27;t be read" in str(part) for part in area.refreshed(View()))


# the table and the page of a row


def test_heads_order_the_rows_both_ways_and_the_unknown_comes_last(area: FindingsArea) -> None:
    view = View()
    table, *_ = area.on_sort(view, event(column="grade"))
    assert names_in(table)[0] == "East Mill" and names_in(table)[-2:] == ["Bray Lodge", "Dene Hall"]
    assert 'class="by-grade" aria-sort="ascending"' in table
    table, *_ = area.on_sort(view, event(column="grade"))
    assert names_in(table)[0] == "Bray Lodge" and names_in(table)[-1] == "Dene Hall" and 'aria-sort="descending"' in table
    area.on_sort(view, event(column="<b>"))
    assert view.order == Order("grade", True)


def test_the_grade_before_is_compared_on_one_scale_only(fake: Fake) -> None:
    rows = {row.one.entry.name: row for row in rows_for(fake.findings(), fake.findings().inspections, "")}
    assert rows["ashby-2022.pdf"].turned == "improved" and rows["ashby-2019.pdf"].turned == ""
    row = rows["ashby-2022.pdf"]
    assert row.fact and replace(row, fact=replace(row.fact, scale=("Good", "Poor"))).turned == ""
    assert [replace(row, fact=Fact("overall", grade, scale=SCALE)).turned for grade in SCALE[2:]] == ["same", "declined"]


def test_the_source_of_a_row_opens_with_the_quote_marked_and_closes_to_its_row(area: FindingsArea, fake: Fake) -> None:
    view = View()
    table, beside, side = area.on_source(view, event(document="bray-2021.pdf"))
    assert beside.visible and Reader(side).marked == "Overall\tInadequate"
    assert Reader(side).page == fake.library.page("bray-2021.pdf", 1).text and 'aria-current="true"' in table
    table, beside, side = area.on_shut(view)
    assert not beside.visible and side == "" and 'data-document="bray-2021.pdf" data-focus="2"' in table


@pytest.mark.parametrize("data", [{}, {"document": "nothing"}, {"document": "dene-2022.pdf"}, {"document": "secret-2026.pdf"}, {"document": ["a"]}])
def test_a_forged_click_opens_no_page(area: FindingsArea, data: dict[str, object]) -> None:
    assert area.on_source(View(), event(**data))[2] == ""


def test_a_corrected_grade_says_so_and_has_no_page(area: FindingsArea, fake: Fake) -> None:
    fake.library.correct("bray-2021.pdf", "overall", "Good")
    shown = area.on_filter(View(), *wanted(keys=["bray lodge"]))
    assert "corrected by hand" in shown[TABLE] and 'data-event="source"' not in shown[TABLE]


def test_only_what_is_drawn_is_cut_and_it_is_said(fake: Fake) -> None:
    one = fake.findings().inspections[0]
    html = table_html(rows_for(fake.findings(), [one] * 700, ""), "", Order())
    assert html.count("<tr>") == 501 and "the first 500 are drawn here" in html and "download all 700" in html


def test_hostile_words_do_nothing_in_findings_and_facts(fake: Fake) -> None:
    fake.library.judge(HOSTILE, HOSTILE, "2020-01-01", "Good", "")
    fake.library.correct(HOSTILE, "overall", "Inadequate")
    fake.library.read[HOSTILE] += [Fact("region", HOSTILE, rule=HOSTILE), Fact("judgement", HOSTILE, subject=HOSTILE, rule=HOSTILE)]
    found = fake.findings()
    chosen = found.choose(Choice(subject=HOSTILE))
    rows = rows_for(found, found.inspections, HOSTILE)
    views = [
        coverage_html(coverage_of(Choice(subject=HOSTILE), chosen)), table_html(rows, HOSTILE, Order()),
        *charts.numbers_html(rows, charts.grades_in(found.inspections, HOSTILE, ())),
        facts_html(fake.library.facts([HOSTILE])[HOSTILE], ""), facts_html((), HOSTILE),
    ]  # fmt: skip
    assert [view for view in views if not harmless(view)] == []


# the plots


def test_plots_follow_the_choice_and_years_between_are_not_left_out(fake: Fake) -> None:
    found = fake.findings()
    rows = rows_for(found, found.inspections, "")
    grades = charts.grades_in(found.inspections, "", found.grades)
    assert charts.by_grade(rows, grades) == [("Outstanding", 1), ("Good", 2), ("Requires improvement", 1), ("Inadequate", 1)]
    assert charts.by_year(rows, grades) == [(2019, [0, 0, 1, 0]), (2020, [0, 1, 0, 0]), (2021, [0, 0, 0, 1]), (2022, [0, 1, 0, 0])]
    numbers, years = charts.numbers_html(rows, grades)
    assert "1 inspection with no grade that could be read left out." in numbers and "no day that could be read left out" in years
    spread, trend = charts.plots(rows, grades)
    assert spread.value["data"][0] == ["Outstanding", 1] and len(trend.value["data"]) == 16


def test_a_grade_is_coloured_by_its_place_on_a_scale_of_any_length() -> None:
    assert [shade(grade, SCALE) for grade in SCALE] == [0, 1, 4, 5]
    assert [shade(grade, ("Met", "Partly met", "Not met")) for grade in ("Met", "Partly met", "Not met")] == [0, 4, 5]
    assert shade("Good", ()) is None and shade("A", tuple("ABCDEFGH")) is None


# what is taken along


def test_the_files_hold_exactly_the_rows_that_match(area: FindingsArea) -> None:
    shown = area.on_filter(View(), *wanted(grades=["Good", "Inadequate"]))
    with open(shown[CSV], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Service"] for row in rows] == names_in(shown[TABLE]) == ["Ashby Court", "Bray Lodge", "Cole Grove"]
    assert rows[1] == dict(zip(HEADS, ("Bray Lodge", "", "", "2021-02-03", "", "", "Overall", "Inadequate", "Jo Bray", "bray-2021.pdf", "1",
                                       "Overall\tInadequate", "no", "", ""), strict=True))  # fmt: skip
    assert rows[0]["Previous grade"] == "Requires improvement" and rows[0]["Previous published"] == "2019-03-04"
    with zipfile.ZipFile(shown[XLSX]) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        assert "Checked 6 of 6 inspections; 3 match; 1 has no readable overall grade: dene-2022.pdf." in texts
        assert "Grades: Good, Inadequate" in texts and book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 4


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " ="])
def test_words_are_never_taken_for_a_formula(fake: Fake, start: str) -> None:
    name = start + 'HYPERLINK("http://x";"y")'
    found = fake.findings()
    one = replace(found.inspections[0], name=name)
    rows = rows_of(found, [one], "")
    written = next(csv.DictReader(io.StringIO(as_csv(rows).decode("utf-8-sig"), newline="")))
    assert written["Service"] == f"'{name}"
    with zipfile.ZipFile(io.BytesIO(as_xlsx(rows, [name]))) as book:
        sheets = b"".join(book.read(part) for part in book.namelist() if "worksheets/sheet" in part)
        assert b"<f>" not in sheets and b"hyperlink" not in sheets


def test_what_was_chosen_is_written_down() -> None:
    choice = Choice(keys=("a",), grades=("Good",), since=date(2019, 1, 1), latest=True, regions=("North",))
    said = choice_words(choice, {"a": "Ashby Court"})
    assert said == ["Service: Ashby Court", "Judgement: Overall", "Grades: Good", "Years: 2019 to ", "Region: North",
                    "Only each service’s latest inspection"]  # fmt: skip


def test_days_are_written_short_and_whole() -> None:
    assert between(date(2014, 6, 2), date(2014, 6, 25)) == "2–25 Jun 2014"
    assert between(date(2018, 12, 28), date(2019, 1, 4)) == "28 Dec 2018–4 Jan 2019"
    assert between(date(2019, 2, 28), date(2019, 3, 4)) == "28 Feb–4 Mar 2019" and between(None, date(2019, 3, 4)) == "4 Mar 2019"
    assert between(date(2018, 7, 1), date(2018, 7, 31)) == "Jul 2018" and between(date(2019, 3, 1), date(2019, 4, 30)) == "Mar–Apr 2019"
    assert value_words(Fact("published", "2019-07-17")) == "17 July 2019"
    assert value_words(Fact("fieldwork", "2019-03-04/2019-03-15")) == "4 March 2019 to 15 March 2019"
    assert value_words(Fact("embargo", "2019-07-17T00:01+01:00")) == "17 July 2019, 00:01 (UTC+01:00)"
    assert value_words(Fact("published", "some day")) == "some day"
    assert held_words([Fact("embargo", "2019-07-17T00:01+01:00")]) == "Under embargo until 17 July 2019, 00:01"


# the facts of a document


class Opened:
    """What is shown when a document was chosen."""

    def __init__(self, documents: Documents, id: str) -> None:
        self.sheet = Sheet()
        values = documents.on_open(Shelf(), self.sheet, event(document=id))
        for name, value in zip(NAMES, values, strict=True):
            setattr(self, name, value)


NAMES = ("above below confirm asked panel head side page passages tabs find found "
         "note table field subject value").split()  # fmt: skip


def opened(documents: Documents, id: str) -> Any:
    return Opened(documents, id)


def test_facts_tell_where_they_stand_and_open_the_page(documents: Documents) -> None:
    shown = opened(documents, "ashby-2019.pdf")
    assert shown.panel.visible and shown.above.visible == "hidden" and shown.note == ""
    assert "4 March 2019" in shown.table and "file name" in shown.table
    assert 'data-event="source" data-field="overall"' in shown.table and not shown.subject.visible
    page = documents.document.on_source(shown.sheet, event(field="overall", subject=""))
    assert Reader(page).marked == "Overall\tRequires improvement"
    assert documents.document.on_source(shown.sheet, event(field="nothing")) == gr.skip()
    assert not documents.on_leave(Shelf(), shown.sheet)[4].visible and shown.sheet.id == ""


def test_a_correction_is_marked_counts_everywhere_and_is_taken_back(documents: Documents, area: FindingsArea) -> None:
    sheet, facts = opened(documents, "bray-2021.pdf").sheet, documents.document.facts
    note, table, *_, value = facts.on_save(sheet, "overall", None, "Good")
    assert "Saved. Overall grade: Good." in note and "corrected</span>" in table and 'data-event="undo"' in table and value == ""
    assert "Corrected by hand." in documents.document.redrawn(sheet)[0] and "Corrected by hand." in documents.listed(Shelf())
    assert "Bray Lodge" in names_in(area.on_filter(View(), *wanted(grades=["Good"]))[TABLE])
    note, table, *_ = facts.on_undo(sheet, event(field="overall", subject=""))
    assert "Taken back. Overall grade is again as it was read." in note and "corrected</span>" not in table
    assert "Bray Lodge" not in names_in(area.on_filter(View(), *wanted(grades=["Good"]))[TABLE])


def test_a_value_that_cannot_be_one_is_refused_and_stays_typed(documents: Documents) -> None:
    sheet, facts = opened(documents, "bray-2021.pdf").sheet, documents.document.facts
    note, *rest = facts.on_save(sheet, "published", None, "soon")
    assert "is no day" in note and 'class="notice error"' in note and all(part == gr.skip() for part in rest)
    assert "no grade of this document" in facts.on_save(sheet, "overall", None, "Splendid")[0]
    assert "Type the value first" in facts.on_save(sheet, "overall", None, "  ")[0]
    assert "needs what was judged" in facts.on_save(sheet, "judgement", None, "Good")[0]


def test_that_there_is_none_can_be_said_and_taken_back(documents: Documents) -> None:
    sheet, facts = opened(documents, "bray-2021.pdf").sheet, documents.document.facts
    note, table, *_ = facts.on_none(sheet, "inspector", None)
    assert "Inspector: there is none." in note and "Jo Bray" not in table
    note, table, *_ = facts.on_undo_field(sheet, "inspector", None)
    assert "Taken back" in note and "Jo Bray" in table
    assert "There was no correction" in facts.on_undo_field(sheet, "inspector", None)[0]


def test_the_form_follows_the_field_and_the_row_that_is_corrected(documents: Documents) -> None:
    sheet, facts = opened(documents, "ashby-2019.pdf").sheet, documents.document.facts
    subject, value = facts.on_field(sheet, "judgement", None)
    assert subject.visible and ("Leadership", "Leadership") in subject.choices and "Outstanding, Good" in value.info
    field, subject, value = facts.on_amend(sheet, event(field="judgement", subject="Leadership"))
    assert (field, subject.value, value.value) == ("judgement", "Leadership", "Good")
    assert facts.on_amend(sheet, event(field="kind")) == (gr.skip(),) * 3


def test_a_document_that_is_gone_says_so(documents: Documents, fake: Fake) -> None:
    sheet = opened(documents, "bray-2021.pdf").sheet
    fake.library.remove(["bray-2021.pdf"])
    assert "no longer in the library" in documents.document.on_source(sheet, event(field="overall"))
    gone = opened(documents, "bray-2021.pdf")
    assert "no longer in the library" in gone.head and 'data-event="leave"' in gone.head and "no longer" in gone.note
    assert not gone.side.visible


# what is under embargo


def test_under_embargo_only_the_file_and_the_moment_are_shown(documents: Documents, area: FindingsArea, fake: Fake) -> None:
    table = documents.listed(Shelf())
    assert "Under embargo until 17 July 2099, 00:01" in table and "secret-2026.pdf" in table and "1 of them under embargo" in table
    shown, page = opened(documents, "secret-2026.pdf"), documents.document
    _, asked, _ = documents.on_choose(Shelf(), event(ids=["secret-2026.pdf"]))
    tries = [page.on_source(shown.sheet, event(field="embargo")), page.on_leaf(shown.sheet, event(page="1")),
             *page.on_find(shown.sheet, "manor"), page.on_found(shown.sheet, event(page="1", start="0", end="6")),
             *page.on_passage(shown.sheet, event(passage="secret-2026.pdf-0")), page.on_lot(shown.sheet, event(at="0"))]  # fmt: skip
    everywhere = [table, *documents.on_filter(Shelf(), "manor", *["Any"] * 4), *vars(shown).values(), asked, *tries,
                  *documents.refreshed(Shelf()), *area.refreshed(View())]  # fmt: skip
    told = [*everywhere, *(getattr(view, "choices", "") for view in everywhere)]
    assert not any("Secret Manor" in str(view) or "1 Dec 2026" in str(view) for view in told)
    assert not shown.side.visible and "when its embargo ends" in shown.passages and "original" not in shown.head
    assert "None of" in documents.on_filter(Shelf(), "manor", *["Any"] * 4)
    assert [value for _, value in shown.field.choices] == ["embargo"]


def test_an_embargo_can_be_cleared_and_the_document_removed(documents: Documents, fake: Fake) -> None:
    sheet = opened(documents, "secret-2026.pdf").sheet
    note, table, *_ = documents.document.facts.on_none(sheet, "embargo", None)
    assert "there is none" in note and "Inadequate" in table and "Secret Manor" in documents.listed(Shelf())
    head, side, *_ = documents.document.redrawn(sheet)
    assert "Secret Manor: inspection report" in head and side.visible
    fake.library.hold("other.pdf", "2099-01-01T09:00+00:00")
    shelf = Shelf()
    documents.on_choose(shelf, event(ids=["other.pdf"]))
    assert "1 removed" in str(documents.on_remove(shelf, Sheet())[2]) and "other.pdf" not in fake.library.entries


def test_rows_that_are_equal_stay_as_they_were(fake: Fake) -> None:
    found = fake.findings()
    rows = rows_for(found, found.inspections, "")
    assert [row.one.name for row in ordered(rows, Order("inspector"))] == [row.one.name for row in rows]
