"""Reading and splitting: where text stands, what is left out, and that nothing is longer than the embedder reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import first_date
from corpus.errors import Corrupt, Empty, Unreadable, WrongType
from corpus.layout import pages_of
from corpus.lines import HYPHEN, Line, Sheet
from corpus.publication import fieldwork_of, published_by_name, published_of, service_of
from corpus.read import Limits, read
from corpus.sentences import spans_of
from corpus.split import split
from corpus.types import Document, Page
from index.embed import HashEmbedder
from tests.conftest import SAMPLES

COUNT = HashEmbedder().count_tokens


def line(text: str, x: float, y: float, size: float = 12.0, bold: bool = False, source: int = 0) -> Line:
    return Line(text, source, x, y, x + 6 * len(text), y + size * 1.2, size, bold)


def opened(path: Path) -> Document:
    return read(path.read_bytes(), path.name, str(path), Limits())


def test_running_headers_and_page_numbers_are_left_out() -> None:
    sheets = [
        Sheet(n, 842, (line("Inspection of Somewhere", 72, 800), line(f"Finding number {n} stands here.", 72, 500), line(str(n), 500, 30)))
        for n in range(1, 6)
    ]
    assert [page.text for page in pages_of(sheets)] == [f"Finding number {n} stands here." for n in range(1, 6)]


def test_a_value_beside_a_label_of_two_lines_is_one_table_row() -> None:
    lines = (line("The impact of leaders on", 72, 500), line("practice with families", 72, 486), line("Good", 400, 493))
    page = pages_of([Sheet(1, 842, lines)])[0]
    assert page.text == "The impact of leaders on practice with families\tGood"
    assert page.blocks[0].kind == "row"


def test_a_hyphen_at_a_line_end_is_mended_and_a_real_one_kept() -> None:
    body = (line("The inspec" + HYPHEN, 72, 500), line("tion was of a multi" + HYPHEN, 72, 486), line("agency team; many an agency is multi.", 72, 472))
    assert pages_of([Sheet(1, 842, body)])[0].text == "The inspection was of a multi-agency team; many an agency is multi."


def test_runs_say_which_characters_of_the_file_the_text_is() -> None:
    page = pages_of([Sheet(1, 842, (line("First line", 72, 500, source=10), line("and second", 72, 486, source=40)))])[0]
    file_text = " " * 10 + "First line" + " " * 20 + "and second"
    for run in page.runs:
        assert page.text[run.start : run.start + run.length] == file_text[run.source : run.source + run.length]


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda p: p.name)
def test_every_passage_of_the_samples_stands_where_it_says_and_fits_the_embedder(path: Path) -> None:
    document = opened(path)
    passages = split(document, COUNT, 256)
    pages = {page.number: page for page in document.pages}
    assert passages
    for p in passages:
        assert pages[p.page].text[p.start : p.end] == p.text
        assert COUNT([p.embedded])[0] + 2 == p.tokens <= 256
    assert len({p.id for p in passages}) == len(passages)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.pdf")), ids=lambda p: p.name)
def test_no_sentence_of_a_sample_report_is_lost_by_splitting(path: Path) -> None:
    document = opened(path)
    passages = split(document, COUNT, 256)
    for page in document.pages:
        for span in spans_of(page):
            if span.kind != "contents":
                covered = any(p.page == page.number and p.start < span.end and span.start < p.end for p in passages)
                assert covered, page.text[span.start : span.end]


@given(st.text(alphabet="abc .!?\n\t-é漢\u00a0", min_size=1, max_size=3000), st.integers(20, 80))
def test_any_text_splits_into_passages_that_fit_and_stand_where_they_say(text: str, limit: int) -> None:
    try:
        document = read(text.encode(), "x.txt", "x.txt", Limits())
    except Unreadable:
        return
    for p in split(document, COUNT, limit):
        assert document.pages[0].text[p.start : p.end] == p.text
        assert p.tokens <= limit


def test_headings_go_with_what_follows_and_name_the_section() -> None:
    text = "# Report\n\n" + "\n\n".join(f"## Part {n}\n\n" + f"Sentence of part {n} goes on. " * 30 for n in (1, 2))
    passages = split(read(text.encode(), "x.md", "x.md", Limits()), COUNT, 256)
    second = next(p for p in passages if p.section == "Part 2")
    assert second.text.startswith("Part 2") and "Part 2" in second.header


def test_a_web_page_gives_its_article_and_not_its_navigation() -> None:
    document = opened(next(SAMPLES.glob("*.html")))
    assert "cookie" not in document.pages[0].text.casefold()
    assert "52 cases" in document.pages[0].text


def test_a_word_document_keeps_its_table_rows_together() -> None:
    document = opened(next(SAMPLES.glob("*.docx")))
    page = document.pages[0]
    assert any(b.kind == "row" and "\t" in page.text[b.start : b.end] for b in page.blocks)


def test_lines_of_contents_become_no_passage() -> None:
    document = opened(next(SAMPLES.glob("northmarch*2018.pdf")))
    contents = [(p.number, b) for p in document.pages for b in p.blocks if b.kind == "contents"]
    assert len(contents) > 5
    passages = split(document, COUNT, 256)
    assert not any(p.page == n and p.start < b.end and b.start < p.end for n, b in contents for p in passages)


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.pdf", Empty), (b"   ", "a.txt", Empty), (b"<html>", "a.pdf", Corrupt), (b"%PDF-1.4", "a.pdf", Corrupt),
        (b"MZ", "a.exe", WrongType), (b"PK\x03\x04zz", "a.docx", Corrupt), (b"\0\1\2\3" * 50, "a.txt", Corrupt),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so(data: bytes, name: str, error: type[Unreadable]) -> None:
    with pytest.raises(error) as raised:
        read(data, name, name, Limits())
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("on 17 July 2019 00.01", date(2019, 7, 17)), ("2019-07-17", date(2019, 7, 17)), ("March 2020", date(2020, 3, 1)),
     ("the 31 February 2020", date(2020, 2, 1)), ("in 2019", None)],
)  # fmt: skip
def test_dates_are_read(text: str, expected: date | None) -> None:
    assert first_date(text) == expected


def test_publication_and_fieldwork_dates_are_told_apart() -> None:
    page = read(b"Visit\n\nInspection dates: 9 to 13 March 2026\n\nReport published: 8 May 2026", "a.txt", "a", Limits()).pages
    fieldwork, published = fieldwork_of(page), published_of(page)
    assert fieldwork and published
    assert (fieldwork[1].since, fieldwork[1].until, published[1].since) == (date(2026, 3, 9), date(2026, 3, 13), date(2026, 5, 8))
    assert page[0].text[published[1].start : published[1].end] == "8 May 2026"


@pytest.mark.parametrize(
    ("title", "service"),
    [("Inspection of Moorland local authority services", "Moorland local authority services"), ("A thematic review of courts", ""),
     ("An inspection of probation services: Northmarch CRC", "Northmarch CRC"), ("Moorland Council – Inspection of homes", "Moorland Council"),
     ("Harbour Lane Re-Inspection", "Harbour Lane"), ("Harbour Lane re-inspection report", "Harbour Lane"),
     ("Harbour and Moor probation service: good in parts", "Harbour and Moor probation service")],
)  # fmt: skip
def test_the_service_is_taken_from_titles_that_name_one(title: str, service: str) -> None:
    assert service_of(title) == service


@pytest.mark.parametrize(
    ("name", "inspected", "found"),
    [
        ("harbour-lane-2024-07-12.pdf", date(2024, 4, 26), date(2024, 7, 12)),
        ("harbour_lane_2024_07_12_a1.pdf", date(2024, 4, 26), None),  # a number, not a date as dates are written
        ("harbour-lane-12-july-2024.pdf", date(2024, 4, 26), date(2024, 7, 12)),
        ("scan-2024-07-12.pdf", date(2018, 4, 26), None),  # years after the inspection: when it was scanned
        ("harbour-lane-2024-07-12.pdf", date(2024, 8, 1), None),
        ("harbour-lane-2023-07-12.pdf", None, date(2023, 7, 12)),
        ("harbour-lane-2011-07-12.pdf", None, None),  # a year that the text does not name
        ("harbour-lane-2099-07-12.pdf", None, None),
        ("harbour-lane.pdf", date(2024, 4, 26), None),
    ],
)  # fmt: skip
def test_a_day_of_publication_in_the_name_counts_where_the_text_bears_it_out(name: str, inspected: date | None, found: date | None) -> None:
    page = Page(1, "Inspection of Harbour Lane. Work done in 2023.")
    assert published_by_name(name, (page,), inspected, today=date(2026, 1, 1)) == found
