"""The sample library: what is committed is what the script builds, and each file can be read and says that it is invented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpus" / "samples"
REPORTS = sorted(SAMPLES.glob("*.pdf"))
RELEASES = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".pdf")
EXPECTED = {
    "northmarch-crc-inspection-report-2018.pdf": ("Requires improvement", "11 of 30"),
    "eastmere-and-saltings-crc-inspection-report-2019.pdf": ("Inadequate", "4 of 30"),
    "quillshire-crc-inspection-report-2020.pdf": ("Requires improvement", "14 of 30"),
    "northmarch-crc-inspection-report-2021.pdf": ("Good", "18 of 30"),
    "harrowdale-probation-service-inspection-report-2022.pdf": ("Good", "20 of 30"),
    "port-tamsin-youth-justice-inspection-report-2023.pdf": ("Outstanding", "26 of 30"),
}
FOOTER = "Invented sample document. No such inspectorate, service, place or person exists."
LEADERS = re.compile(r"^(.+?)(?: \.){3,} (\d+)$")

each_report = pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
each_release = pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.name)


def pages(path: Path) -> list[str]:
    """The text of every page, as PDFium reads it, with plain line ends."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]
    finally:
        pdf.close()


def content(path: Path) -> object:
    """A file's bytes; of a Word document the parts, since archives differ with the version of zlib."""
    if path.suffix != ".docx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(entry.filename, entry.date_time, archive.read(entry)) for entry in archive.infolist()]


def contents_lines(text: str) -> Iterator[tuple[str, int]]:
    for line in text.split("\n"):
        if found := LEADERS.match(line):
            yield found[1], int(found[2])


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh build, in another time zone and with another hash seed than the committed one may have had."""
    out = tmp_path_factory.mktemp("samples")
    elsewhere = {**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "scripts.build_samples", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, env=elsewhere, check=True, capture_output=True)
    return out


def test_the_folder_holds_what_the_script_builds_and_nothing_else(rebuilt: Path) -> None:
    assert sorted(path.name for path in SAMPLES.iterdir()) == sorted(path.name for path in rebuilt.iterdir())
    assert {path.name for path in REPORTS} == set(EXPECTED)
    assert sorted(path.suffix for path in RELEASES) == [".docx", ".html", ".md", ".txt"]


@pytest.mark.parametrize("path", [*REPORTS, *RELEASES], ids=lambda path: path.name)
def test_a_second_build_gives_the_same_bytes(path: Path, rebuilt: Path) -> None:
    assert content(path) == content(rebuilt / path.name)


def test_the_library_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 3_000_000


@each_report
def test_a_report_has_eight_to_twenty_pages_of_text(path: Path) -> None:
    texts = pages(path)
    assert 8 <= len(texts) <= 20
    assert all(len(text.split()) >= 80 for text in texts)
    assert sum(len(text.split()) for text in texts) > 4_500


@each_report
def test_a_report_says_on_every_page_that_it_is_invented(path: Path) -> None:
    cover, *rest = pages(path)
    assert "This is an invented sample document." in cover
    assert all(FOOTER in text for text in rest)


@each_report
def test_a_report_states_its_overall_rating_and_score(path: Path) -> None:
    rating, score = EXPECTED[path.name]
    assert f"Overall rating {rating} {score}" in "\n".join(pages(path))


@each_report
def test_the_contents_page_points_at_the_pages_where_headings_stand(path: Path) -> None:
    texts = pages(path)
    entries = list(contents_lines(texts[1]))
    assert len(entries) >= 18
    for heading, number in entries:
        assert heading in texts[number - 1].replace("\n", " "), heading


@each_report
def test_the_outline_and_the_metadata_are_those_of_a_publication(path: Path) -> None:
    pdf = pypdfium2.PdfDocument(path)
    outline = [mark.get_title() for mark in pdf.get_toc()]
    metadata = pdf.get_metadata_dict()
    pdf.close()
    assert "Executive summary" in outline and "3.1 Assessment" in outline
    assert metadata["Title"].startswith("An inspection of ")
    assert metadata["CreationDate"].startswith(f"D:{path.stem[-4:]}")
    assert "invented" in metadata["Author"]


@each_report
def test_the_results_table_breaks_over_two_pages_and_repeats_its_heading(path: Path) -> None:
    texts = pages(path)
    with_rows = [text for text in texts if re.search(r"^[A-Z]\d .+ \d+ \d+ \d+%$", text, re.M)]
    assert len(with_rows) == 2
    assert all("Question Yes Of Per cent" in text for text in with_rows)


@each_report
def test_percentages_in_the_table_follow_from_its_counts(path: Path) -> None:
    rows = re.findall(r"^[A-Z]\d .+ (\d+) (\d+) (\d+)%$", "\n".join(pages(path)), re.M)
    assert len(rows) >= 30
    for yes, of, per_cent in rows:
        assert abs(100 * int(yes) / int(of) - int(per_cent)) <= 0.5


@each_report
def test_the_two_column_page_reads_down_one_column_and_then_the_other(path: Path) -> None:
    page = next(text for text in pages(path)[2:] if "1. The service and its area" in text)
    sides = re.findall(r"^(?:Ownership|Offending|How it is run|The merger)$", page, re.M)
    assert len(sides) == 2 and sides[1] == "Offending"
    lines = re.split(r"[\n\ufffe]", page)  # PDFium joins a hyphenated line to the next one
    assert max(len(line) for line in lines[5:25]) < 65


def test_words_are_hyphenated_at_some_line_ends_and_footnotes_stand_at_the_foot() -> None:
    texts = [text for path in REPORTS for text in pages(path)]
    assert sum(text.count("\ufffe") for text in texts) > 20  # PDFium's sign for a hyphen at the end of a line
    note = next(text for text in texts if "Brackenholt was one of three bidders" in text)
    assert note.index("owns no other CRC.1") < note.index("1\n Brackenholt was one of three bidders")


@each_release
def test_a_press_release_says_that_it_is_invented(path: Path) -> None:
    assert "invented sample" in words(path)


@each_release
def test_a_press_release_has_notes_to_editor(path: Path) -> None:
    assert "Notes to editor" in words(path)


def test_one_press_release_carries_an_embargo() -> None:
    embargoed = [path.name for path in RELEASES if "Embargoed until 00.01 on Wednesday 23 June 2021" in words(path)]
    assert embargoed == ["northmarch-crc-press-release-2021.txt"]


def words(path: Path) -> str:
    """The whole text of a press release, footers included."""
    if path.suffix != ".docx":
        return path.read_text("utf-8")
    document = Document(str(path))
    footers = [line.text for section in document.sections for line in section.footer.paragraphs]
    return "\n".join([*(line.text for line in document.paragraphs), *footers])
