"""The documents on the page, without a browser: adding, the list, removing, and a document's own page."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.holdings import PROBLEM, Order, Wanted, holdings_of, offered, ordered
from corpus.types import Fact, Page
from index.library import Library
from index.words import places
from tests.fake_page import CARE, HOSTILE, LINKS, SCALE, Fake, entry_of, pretend
from tests.test_web import Reader, harmless
from ui.web.adding import BUSY, Desk
from ui.web.documents import ANY, Documents, Shelf
from ui.web.facts import Sheet
from ui.web.listing import MOST, Part, table_html
from ui.web.uploads import DIVIDER, MOST_FILES, place, safe_parts

NO_FILTER = [ANY] * 4


@pytest.fixture
def fake() -> Fake:
    return pretend(pause=0.0)  # type: ignore[no-any-return]


@pytest.fixture
def documents(fake: Fake) -> Iterator[Documents]:
    with gr.Blocks(analytics_enabled=False):
        yield Documents(fake)  # type: ignore[arg-type]


@pytest.fixture
def upload(tmp_path: Path) -> Callable[..., list[str]]:
    """Uploads as Gradio keeps them: each in a folder of its own."""

    def keep(*names: str) -> list[str]:
        kept = []
        for number, name in enumerate(names):
            path = tmp_path / "uploads" / f"{len(list(tmp_path.rglob('*')))}-{number}" / name
            path.parent.mkdir(parents=True)
            path.write_bytes(b"%PDF")
            kept.append(str(path))
        return kept

    return keep


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


# adding


def test_an_upload_tells_what_became_of_each_file_and_leaves_no_copy(documents: Documents, upload: Any, tmp_path: Path) -> None:
    paths = upload("one.pdf", "bad.pdf", "riverside-house-2024.pdf")
    shown = list(documents.adder.on_add(paths, Desk()))
    assert "1 skipped, 1 added, 1 unchanged in" in shown[-1][3] and "Not a PDF" in shown[-1][3]
    assert any("of 3 files" in str(step[1]) and "pages a second" in str(step[1]) for step in shown)
    assert shown[0][0] is None and not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_each_file_is_seen_to_wait_to_be_read_and_to_be_done(documents: Documents, upload: Any) -> None:
    desk, shown = Desk(), ""
    for step in documents.adder.on_add(upload("a.pdf", "bad.pdf", "slow.pdf", "z.pdf"), desk):
        shown += str(step[1])
        if ">Reading</span> <bdi>slow.pdf" in shown:
            documents.adder.on_stop(desk)
    for badge, name in (("waiting", "z.pdf"), ("running", "slow.pdf"), ("skipped", "bad.pdf"), ("added", "a.pdf")):
        word = {"running": "Reading"}.get(badge, badge.capitalize())
        assert f'<li><span class="badge {badge}">{word}</span> <bdi>{name}</bdi>' in shown, (badge, name)


def test_a_report_that_names_a_skipped_file_can_be_taken_as_csv(documents: Documents, upload: Any) -> None:
    last = list(documents.adder.on_add(upload("bad.pdf", "=1+1.pdf"), Desk()))[-1]
    rows = list(csv.reader(Path(last[4].value["path"] if isinstance(last[4].value, dict) else last[4].value).read_text("utf-8-sig").splitlines()))
    assert last[4].visible and rows[0] == ["File", "Outcome", "Pages", "Why"] and ["'=1+1.pdf", "Added", "3", ""] in rows
    assert ["bad.pdf", "Skipped", "", "Not a PDF, whatever its name says."] in rows
    assert not list(documents.adder.on_add(upload("fine.pdf"), Desk()))[-1][4].visible


def test_a_folder_keeps_its_folders_and_nothing_leads_out_of_it(documents: Documents, fake: Fake, upload: Any, tmp_path: Path) -> None:
    names = [f"North{DIVIDER}report.pdf", f"South{DIVIDER}report.pdf", f"..{DIVIDER}..{DIVIDER}..{DIVIDER}evil.pdf", f"{DIVIDER}etc{DIVIDER}passwd"]
    shown = list(documents.adder.on_add(upload(*names), Desk()))[-1][3]
    assert all(f"<bdi>{name}</bdi>" in shown for name in ("North/report.pdf", "South/report.pdf", "evil.pdf", "etc/passwd"))
    root = tmp_path / "uploads"
    assert len(fake.library.paths) == 4 and all(path.is_relative_to(root) for path in fake.library.paths)


@pytest.mark.parametrize(
    ("name", "parts"),
    [("a.pdf", ("a.pdf",)), ("../../a.pdf", ("a.pdf",)), ("/etc/passwd", ("etc", "passwd")), ("C:\\x\\a.pdf", ("C:", "x", "a.pdf")),
     ("a\x00b.pdf", ("ab.pdf",)), ("..", ("file",)), ("", ("file",)), (f"x{DIVIDER}..{DIVIDER}. .{DIVIDER}y", ("x", "y")),
     (".htaccess", (".htaccess",))],
)  # fmt: skip
def test_the_parts_of_a_name_lead_nowhere_else(name: str, parts: tuple[str, ...]) -> None:
    assert safe_parts(name) == parts


def test_very_long_names_are_cut_and_keep_their_ending() -> None:
    assert [len(part.encode()) for part in safe_parts(f"{'ü' * 300}.pdf")] == [200] and safe_parts(f"{'x' * 300}.pdf")[0].endswith("x.pdf")
    assert len(safe_parts(f"a.{'y' * 400}")[0]) == 200


def test_uploads_of_one_name_are_put_side_by_side_and_a_missing_one_is_reported(tmp_path: Path, upload: Any) -> None:
    paths = [Path(path) for path in upload("report.pdf", "report.pdf", "gone.pdf")]
    paths[2].unlink()
    lost = place([*paths, paths[0]], tmp_path / "in")
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"report.pdf", "report (2).pdf"}
    assert [(file.name, file.outcome) for file in lost] == [("gone.pdf", "skipped")]


def test_a_folder_with_the_name_of_a_file_gets_another(tmp_path: Path, upload: Any) -> None:
    assert place([Path(path) for path in upload("x", f"x{DIVIDER}a.pdf")], tmp_path / "in") == []
    assert {str(path.relative_to(tmp_path / "in")) for path in (tmp_path / "in").rglob("*") if path.is_file()} == {"x", "x (2)/a.pdf"}


def test_a_real_library_takes_an_uploaded_folder_and_names_what_it_cannot_read(library: Library, fake: Fake, tmp_path: Path) -> None:
    fake.library = library  # type: ignore[assignment]
    with gr.Blocks(analytics_enabled=False):
        adder = Documents(fake).adder  # type: ignore[arg-type]
    kept = []
    for number, (name, data) in enumerate({
        f"R{DIVIDER}n{DIVIDER}report.txt": b"Harbour Lane was rated Good by inspectors.", f"R{DIVIDER}s{DIVIDER}report.txt": b"Moor End was rated Inadequate.",
        "fake.pdf": b"<html>not a pdf</html>", "tool.exe": b"MZ\x90\x00", "fake.zip": b"no zip", "empty.txt": b"", "photo.docx": b"\x89PNG\r\n",
    }.items()):  # fmt: skip
        path = tmp_path / "uploads" / str(number) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        kept.append(str(path))
    shown = list(adder.on_add(kept, Desk()))[-1][3]
    assert "5 skipped, 2 added" in shown and "R/n/report.txt" in shown
    assert {entry.source for entry in library.documents()} == {"upload:R/n/report.txt", "upload:R/s/report.txt"}
    assert all(said in shown for said in ("is no PDF", "Files of this type are not read", "no zip file", "It is empty (0 bytes)"))


def test_too_many_files_are_refused_in_one_sentence_and_none_is_kept(documents: Documents, fake: Fake, upload: Any) -> None:
    paths = [*upload("a.pdf"), *(f"/nowhere/{number}.pdf" for number in range(MOST_FILES))]
    shown = list(documents.adder.on_add(paths, Desk()))
    assert len(shown) == 1 and "1,001 files are too many at once, and none was added; at most 1,000" in shown[0][3]
    assert not fake.library.paths and not Path(paths[0]).exists()
    assert "1,234 files are too many" in documents.adder.on_left(Desk(), event(count=1234))[0]


def test_files_that_the_browser_did_not_upload_are_reported_with_the_others(documents: Documents, upload: Any) -> None:
    desk = Desk()
    assert documents.adder.on_left(desk, event(files=["big/film.pdf"], more=True)) == (gr.skip(), gr.skip())
    last = list(documents.adder.on_add(upload("one.pdf"), desk))[-1][3]
    assert "1 skipped, 1 added" in last and "big/film.pdf" in last and "larger than 200 MB" in last and not desk.left
    alone, _ = documents.adder.on_left(desk, event(files=[HOSTILE], more=False))
    assert "1 skipped" in alone and harmless(alone)


@pytest.mark.parametrize("data", [{}, {"files": "x"}, {"files": []}, {"count": "many"}, {"count": -1}])
def test_a_forged_report_of_the_browser_says_nothing(documents: Documents, data: dict[str, object]) -> None:
    assert documents.adder.on_left(Desk(), event(**data)) == (gr.skip(), gr.skip())


def test_a_second_upload_waits_for_the_first(documents: Documents, fake: Fake, upload: Any) -> None:
    desk = Desk()
    steps = documents.adder.on_add(upload("slow.pdf"), desk)
    next(steps)
    assert list(documents.adder.on_add(upload("two.pdf"), desk))[0][3].count(BUSY) == 1
    documents.adder.on_stop(desk)
    list(steps)
    assert "two.pdf" not in [path.name for path in fake.library.paths]


def test_a_locked_library_is_said_to_be_locked(documents: Documents, upload: Any) -> None:
    paths = upload("locked.pdf")
    shown = list(documents.adder.on_add(paths, Desk()))
    assert "Another process is writing" in shown[-1][3] and not Path(paths[0]).exists()


def test_an_add_stops_safely_and_says_how_many_were_not_reached(documents: Documents, upload: Any) -> None:
    desk = Desk()
    steps = documents.adder.on_add(upload("one.pdf", "slow.pdf", "two.pdf"), desk)
    next(steps)
    while "1 of 3" not in str(next(steps)[1]):
        pass
    documents.adder.on_stop(desk)
    last = list(steps)[-1]
    assert "Stopped early. 1 added, 2 not reached" in last[3] and desk.stop is None


# the list


def test_the_list_is_found_by_every_word_and_by_kind_service_and_year(fake: Fake, documents: Documents) -> None:
    fake.judge()
    assert "2 of 10 documents" in documents.on_filter(Shelf(), "ASHBY report", *NO_FILTER)
    assert "None of 10 documents" in documents.on_filter(Shelf(), "zebra", *NO_FILTER)
    shelf = Shelf()
    assert "6 of 10 documents" in documents.on_filter(shelf, "", "inspection report", ANY, ANY, ANY)
    assert "1 of 10 documents" in documents.on_filter(shelf, "", "inspection report", "Ashby Court", "2022", ANY)
    assert documents.refreshed(shelf)[0] == gr.skip(), "what is being typed is left alone"
    shown = documents.on_reset(shelf)
    assert shown[0] == ""
    assert shown[0] == "" and [each.value for each in shown[1:5]] == [ANY] * 4 and "10 documents" in shown[-1]
    assert ("Inspection report (6)", "inspection report") in shown[1].choices and ("2022 (2)", "2022") in shown[3].choices


def test_what_is_wrong_with_a_document_is_said_and_can_be_chosen(fake: Fake, documents: Documents) -> None:
    fake.judge()
    shown = documents.refreshed(Shelf())
    states = {value: label for label, value in shown[4].choices}
    assert states["undated"] == "No date found (2)" and states["held"] == "Under embargo (1)" and states[PROBLEM].startswith("With a problem (")
    table = documents.on_filter(Shelf(), "", ANY, ANY, ANY, "undated")
    assert "2 of 10 documents" in table and "No date found." in table and "East Mill" in table and "Ashby" not in table
    assert "Secret" not in documents.on_filter(Shelf(), "", ANY, ANY, ANY, "held")


def test_a_filter_that_nothing_is_left_of_is_taken_back(fake: Fake, documents: Documents) -> None:
    fake.judge()
    shelf = Shelf(Wanted(service="Cole Grove"))
    assert "1 of 10" in documents.listed(shelf)
    fake.library.remove(["cole-2020.pdf"])
    assert documents.refreshed(shelf)[2].value == ANY and "9 documents" in documents.listed(shelf)


def test_rows_tell_what_each_document_holds(fake: Fake, documents: Documents) -> None:
    fake.judge()
    row = next(row for row in documents.listed(Shelf()).split("<tr>") if "ashby-2019.pdf" in row)
    assert 'data-label="Judgements">2<' in row and 'data-label="Pages">1<' in row and "Requires improvement" in row and "4 Mar 2019" in row


def test_states_are_those_of_the_facts() -> None:
    report = entry_of("r", "r.pdf", "R", 2, kind="inspection report")
    graded = Fact("overall", "Good", 1, 0, 4, "Good", scale=SCALE)

    def states(entry: Any, *facts: Fact, **more: Any) -> tuple[str, ...]:
        return holdings_of([entry], {entry.id: facts}, more.get("held", ()), more.get("lost", ()))[0].states

    assert states(replace(report, service="S"), graded) == ()
    assert states(report) == ("unnamed", "unjudged") and states(replace(report, kind="thematic report"), graded) == ()
    assert states(replace(report, published=None, service="S"), graded) == ("undated",)
    assert states(replace(report, published=None, inspected=date(2020, 1, 1), service="S"), graded) == ("unpublished",)
    assert states(replace(report, kind="", notices=("Page 4 has no text.",))) == ("noted", "kindless")
    assert states(replace(report, service="S"), replace(graded, corrected=True), lost={"r"}) == ("lost", "corrected")
    assert states(report, graded, held={"r"}, lost={"r"}) == ("held", "lost")


def test_heads_order_the_rows_both_ways_and_the_unknown_comes_last(fake: Fake, documents: Documents) -> None:
    fake.judge()
    shelf = Shelf()
    table = documents.on_sort(shelf, event(column="overall"))
    assert 'aria-sort="ascending"' in table and table.index("east-undated") < table.index("ashby-2022") < table.index("bray-2021") < table.index("dene-2022")
    assert documents.on_sort(shelf, event(column="overall")).index("bray-2021") < table.index("dene-2022")
    assert shelf.order == Order("overall", True) and documents.on_sort(shelf, event(column="<b>")) and shelf.order.column == "overall"
    days = [one.entry.published for one in ordered(holdings_of(fake.library.documents(), {}, (), ()), Order("published", True))]
    assert days[-2:] == [None, None] and days[:-2] == sorted(days[:-2], reverse=True)  # type: ignore[type-var]


def test_a_long_list_is_turned_and_says_where_it_is(fake: Fake, documents: Documents) -> None:
    for number in range(247):
        fake.library.entries[f"n{number}"] = entry_of(f"n{number}", f"{number:03}.pdf", f"Report {number:03}", 2)
    shelf = Shelf()
    first = documents.listed(shelf)
    assert first.count('<td class="tick">') == MOST == 100 and "250 documents; 1 to 100 are shown" in first and 'data-at="100"' in first
    last = documents.on_lot(shelf, event(at="200"))
    assert "201 to 250 are shown" in last and last.count('<td class="tick">') == 50 and 'data-at="100"' in last and "data-focus" in last
    assert "1 to 100 are shown" in documents.on_lot(shelf, event(at="9999999")) and "1 to 100" in documents.on_lot(shelf, event(at="<b>"))
    assert "data-event=\"lot\"" not in documents.on_filter(shelf, "riverside", *NO_FILTER)


def test_five_thousand_documents_are_listed_quickly(fake: Fake) -> None:
    entries = [entry_of(str(n), f"{n}.pdf", f"Report {n}", 2, f"Service {n % 400}") for n in range(5000)]
    rows = holdings_of(entries, {}, (), ())
    assert len(offered(rows)["service"]) == 400
    found = ordered([row for row in rows if Wanted("report 77").meets(row)], Order("published"))
    assert len(table_html(found[:MOST], Order(), Part(0, len(found), 5000))) < 200_000


# removing


def test_a_removal_is_asked_about_first_and_only_known_documents_go(documents: Documents, fake: Fake) -> None:
    shelf = Shelf()
    _, question, _ = documents.on_choose(shelf, event(ids=["a1", "nonsense", 7]))
    assert "Remove 1 document from the library?" in str(question) and len(fake.library.entries) == 3
    assert "1 removed" in str(documents.on_remove(shelf, Sheet())[2]) and set(fake.library.entries) == {"b2", "c3"}
    documents.on_remove(shelf, Sheet())
    assert set(fake.library.entries) == {"b2", "c3"}, "a second click removes nothing"


def test_a_document_is_removed_from_its_own_page_which_is_left(documents: Documents, fake: Fake) -> None:
    shelf, sheet = Shelf(), Sheet()
    documents.on_open(shelf, sheet, event(document="b2"))
    assert "Remove 1 document" in documents.on_choose(shelf, event(document="b2"))[1]
    confirm, _, said, above, below, panel, *_ = documents.on_remove(shelf, sheet)
    assert "1 removed" in said and above.visible is below.visible is True and not panel.visible and not confirm.visible and not sheet.id


@pytest.mark.parametrize("data", [{}, {"ids": []}, {"ids": "a1"}, {"ids": None}, {"document": ["a1"]}])
def test_nothing_ticked_asks_for_a_tick(documents: Documents, data: dict[str, object]) -> None:
    assert "Tick the documents" in str(documents.on_choose(Shelf(), event(**data))[2])


def test_keeping_removes_nothing(documents: Documents, fake: Fake) -> None:
    shelf = Shelf()
    documents.on_choose(shelf, event(ids=["a1"]))
    documents.on_keep(shelf)
    documents.on_remove(shelf, Sheet())
    assert len(fake.library.entries) == 3


# a document's own page


def test_a_documents_page_tells_what_it_is_and_opens_at_its_first_page(documents: Documents, fake: Fake) -> None:
    id = fake.keep_samples().drawn["eastmere-and-saltings-crc-inspection-report-2019.pdf"]
    sheet = Sheet()
    head, side, *_ = documents.on_open(Shelf(), sheet, event(document=id))[5:]
    assert all(f"<dt>{name}</dt>" in head for name in ("File", "Holds", "Added", "Fingerprint", "Published")) and id in head
    assert f'href="source/{id}/original"' in head and 'data-event="remove"' in head and side.visible and harmless(head)
    page = documents.document.on_leaf(sheet, event(page=["3"]))
    assert "Page 3 of 14" in page and "Page 14 of 14" in documents.document.on_leaf(sheet, event(page="900"))
    assert documents.document.on_leaf(sheet, event(page="<b>")) == gr.skip()


def test_words_are_found_in_the_text_and_a_place_is_marked_exactly(documents: Documents, fake: Fake) -> None:
    sheet = Sheet()
    documents.on_open(Shelf(), sheet, event(document="a1"))
    found, _ = documents.document.on_find(sheet, "staff  KNEW how")
    assert "30 places on 1 page." in found and found.count('data-event="found"') == 30
    start = CARE.index("Staff knew")
    page = documents.document.on_found(sheet, event(page="4", start=str(start), end=str(start + 14)))
    assert Reader(page).marked.startswith("Staff knew how") and page.count('<mark class="hit">') == 29 and page.count("<mark>") == 1
    assert "stands on none of its 1 page" in documents.document.on_find(sheet, "zebra")[0]
    assert "<mark" not in documents.document.on_find(sheet, "")[0]


@pytest.mark.parametrize("data", [{}, {"page": "4"}, {"page": "4", "start": "5", "end": "5"}, {"page": "4", "start": "5", "end": "99999999"},
                                  {"page": "4", "start": "9", "end": "5"}])  # fmt: skip
def test_a_forged_place_marks_nothing(documents: Documents, data: dict[str, object]) -> None:
    sheet = Sheet()
    documents.on_open(Shelf(), sheet, event(document="a1"))
    assert documents.document.on_found(sheet, event(**data)) == gr.skip()


def test_hostile_words_that_are_looked_for_do_nothing(documents: Documents, fake: Fake) -> None:
    sheet = Sheet()
    documents.on_open(Shelf(), sheet, event(document="c3"))
    for words in (HOSTILE, LINKS, "(.*)+$", "\\", "[", "always"):
        assert all(view == gr.skip() or harmless(view) for view in documents.document.on_find(sheet, words))
    assert "1 place on 1 page" in documents.document.on_find(sheet, "<b>always</b>")[0]


def test_a_passage_is_marked_on_its_page_and_long_lists_are_turned(documents: Documents, fake: Fake) -> None:
    sheet = Sheet()
    values = documents.on_open(Shelf(), sheet, event(document="a1"))
    total = len(fake.library.passages("a1"))
    assert f"{total} passages, as they are searched; 1 to 50 are shown" in values[8]
    listed, page = documents.document.on_passage(sheet, event(passage="a1-4"))
    assert Reader(page).marked == fake.library.passages("a1")[4].text and 'aria-current="true"' in listed
    assert f"51 to {total} are shown" in documents.document.on_lot(sheet, event(at="50"))
    assert documents.document.on_passage(sheet, event(passage="b2-0")) == (gr.skip(), gr.skip())


def test_places_stand_where_they_say_however_they_are_typed() -> None:
    pages = [Page(1, "The council’s\nwell-run homes. THE COUNCIL'S homes – run well."), Page(2, "straße STRASSE İstanbul councils")]
    found = places(pages, "the council's")
    assert [(p.page, p.quote) for p in found] == [(1, "The council’s"), (1, "THE COUNCIL'S")]
    assert all(pages[p.page - 1].text[p.start : p.end] == p.quote for p in found + places(pages, "i") + places(pages, "well–run"))
    assert places(pages, "  ") == [] and len(places(pages, "homes - run")) == 1 and len(places([Page(1, "a" * 500)], "a" * 300)) == 2
