"""The source viewer without a browser: boxes that cover the quote, what is shown, and what is said when a file fails."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pypdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.types import Citation
from corpus.errors import Corrupt
from corpus.picture import characters_of, draw, sight
from corpus.read import Limits, read
from corpus.studio import Studio
from corpus.types import Page
from tests.fake_page import DRAWN, HOSTILE, SAMPLES, pretend
from tests.test_real_reports import DATA
from tests.test_web import Reader, harmless
from tests.under_boxes import letters, under
from ui.web import viewer
from ui.web.chat import Ask
from ui.web.talk import Talk

REPORT = SAMPLES / DRAWN[0][0]


@pytest.fixture
def fake() -> Iterator[Any]:
    """The stand-in for the assistant with the samples."""
    made = pretend(pause=0.0).keep_samples()
    yield made
    made.library.originals.close()


def page_in(path: Path, number: int) -> Page:
    return read(path.read_bytes(), path.name, str(path), Limits()).pages[number - 1]


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def cited(fake: Any, which: int) -> Citation:
    name, page, quote = DRAWN[which]
    found: Citation = fake.cite(which + 1, fake.drawn[name], page, quote)
    return found


# boxes


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.pdf")), ids=lambda path: path.stem[:20])
def test_the_text_under_the_boxes_is_the_marked_text(path: Path) -> None:
    for page in read(path.read_bytes(), path.name, str(path), Limits()).pages:
        for block in page.blocks[::3]:
            boxes = sight(path, page.number, characters_of(page, block.start, block.end)).boxes
            quote = page.text[block.start : block.end]
            assert letters(under(path, page.number, boxes)) == letters(quote), (page.number, quote)


def test_a_line_is_one_box_and_boxes_follow_the_lines() -> None:
    page = page_in(REPORT, 10)
    start = page.text.index(DRAWN[1][2])
    boxes = sight(REPORT, 10, characters_of(page, start, start + len(DRAWN[1][2]))).boxes
    assert len(boxes) == 2 and boxes[0].top < boxes[1].top and boxes[1].left < boxes[0].left
    assert sight(REPORT, 10, []).boxes == () and sight(REPORT, 10, [(10**6, 5)]).boxes == ()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_boxes_fit_the_picture_of_turned_and_cropped_pages(tmp_path: Path, rotation: int, cropped: bool) -> None:
    plain, path = tmp_path / "plain.pdf", tmp_path / "turned.pdf"
    canvas = Canvas(str(plain), pagesize=(400, 300))
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(90, 200, "HHHHHHHHHH")
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.pages[0].rotate(rotation)
    if cropped:
        writer.pages[0].cropbox = pypdf.generic.RectangleObject((50, 60, 380, 290))
    writer.write(path)
    page = page_in(path, 1)
    seen = sight(path, 1, characters_of(page, 0, len(page.text)))
    picture = Image.open(io.BytesIO(draw(path, 1, 2.0))).convert("L")
    size = (330, 230) if cropped else (400, 300)
    assert (seen.width, seen.height) == (size if rotation % 180 == 0 else size[::-1])
    left, top, right, bottom = picture.point(lambda value: 255 if value < 128 else 0).getbbox() or (0, 0, 0, 0)
    (box,) = seen.boxes
    x, y = box.left * picture.width, box.top * picture.height
    wide, high = box.width * picture.width, box.height * picture.height
    assert x - 2 <= left and right <= x + wide + 2 and y - 2 <= top and bottom <= y + high + 2
    assert wide * high < 2.2 * (right - left) * (bottom - top), "no larger than a line is"


def test_a_huge_page_is_drawn_smaller(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    canvas = Canvas(str(path), pagesize=(14_000, 9_000))
    canvas.drawString(90, 200, "Small words.")
    canvas.save()
    drawn = Image.open(io.BytesIO(draw(path, 1, 3.0)))
    assert max(drawn.size) <= 8_000 and drawn.width * drawn.height <= 24_100_000


# the process that draws


def stubborn() -> None:
    time.sleep(60)


def dying() -> None:
    os._exit(3)


def failing() -> None:
    raise RuntimeError("a secret detail")


def test_a_file_that_hangs_or_crashes_the_drawing_is_said_to_be_damaged_and_the_next_is_drawn() -> None:
    studio = Studio(seconds=0.3)
    for harm in (stubborn, dying, failing):
        with pytest.raises(Corrupt, match="its file is damaged"):
            studio.work(harm)
    drawing = studio.work(os.getpid)
    assert drawing != os.getpid()
    os.kill(drawing, signal.SIGKILL)  # as a system short of memory does
    while studio._process and studio._process.is_alive():
        time.sleep(0.01)
    assert studio.work(os.getpid) != drawing
    studio.close()


# what is shown


def test_the_cited_page_is_a_picture_with_the_quote_marked_and_its_text(fake: Any) -> None:
    html = viewer.page_of(fake.library, cited(fake, 1))
    id = fake.drawn[REPORT.name]
    assert f'src="source/{id}/10.webp?scale=1.5"' in html and html.count('<span style="left:') == 2
    assert Reader(html).marked == DRAWN[1][2] and harmless(html)
    assert 'aria-label="Next page"' in html and "Page 10 of 14" in html
    assert f'href="source/{id}/original#page=10"' in html and f'href="source/{id}/original?download=1"' in html


def test_word_and_html_files_show_their_text_and_can_be_downloaded(fake: Any) -> None:
    for which in (2, 3):
        html = viewer.page_of(fake.library, cited(fake, which))
        assert Reader(html).marked == DRAWN[which][2] and "<img" not in html and "data-zoom" not in html
        assert "Open the original" not in html and "Download the original" in html


def test_pages_are_turned_to_the_ends_and_back_to_the_mark(fake: Any) -> None:
    with gr.Blocks(analytics_enabled=False):
        ask = Ask(fake)
    talk = Talk()
    list(ask.on_ask("drawn", talk))
    ask.on_open(talk, event(turn="1", number="1"))
    side = ask.on_leaf(talk, event(page="11"))
    assert "Page 11 of 14" in side and "<mark>" not in side and '<span style="left:' not in side
    assert "Back to page 10, which is cited" in side
    last = ask.on_leaf(talk, event(page="14"))
    assert 'aria-disabled="true" aria-label="Next page"' in last and 'data-page="13"' in last
    assert Reader(ask.on_leaf(talk, event(page="10"))).marked == DRAWN[0][2]
    for forged in ({"page": "99"}, {"page": "0"}, {"page": "-1"}, {"page": [1]}, {}):
        assert "<mark>" not in ask.on_leaf(talk, event(page="11")) and ask.on_leaf(talk, event(**forged))
    _, side = ask.on_open(talk, event(turn="1", number="2"))
    assert Reader(side).marked == DRAWN[1][2], "another citation turns to its own page"


def test_a_damaged_or_lost_original_leaves_the_text_and_a_sentence(fake: Any, tmp_path: Path) -> None:
    id, broken = fake.drawn[REPORT.name], tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    fake.library.files[id] = broken
    html = viewer.page_of(fake.library, cited(fake, 0))
    assert "damaged" in html and "Its text is shown instead." in html and Reader(html).marked == DRAWN[0][2]
    fake.library.files.pop(id)
    html = viewer.page_of(fake.library, cited(fake, 0))
    assert "no longer in the library. Its text is shown" in html and "<a " not in html and Reader(html).marked == DRAWN[0][2]


def test_a_page_without_known_places_is_drawn_and_marked_in_the_text(fake: Any) -> None:
    page = fake.library.pages[fake.drawn[REPORT.name], 10]
    fake.library.pages[fake.drawn[REPORT.name], 10] = Page(10, page.text)
    html = viewer.page_of(fake.library, cited(fake, 0))
    assert "<img" in html and "marked in the text" in html and '<span style="left:' not in html


def test_hostile_names_and_ids_are_escaped(fake: Any) -> None:
    id = fake.library.keep(REPORT)
    entry = fake.library.entries.pop(id)
    hostile = f'"/../{HOSTILE}'
    fake.library.entries[hostile] = type(entry)(**{**{name: getattr(entry, name) for name in entry.__slots__}, "id": hostile, "name": HOSTILE})
    fake.library.pages[hostile, 10], fake.library.files[hostile] = fake.library.pages[id, 10], REPORT
    html = viewer.page_of(fake.library, Citation(1, HOSTILE, hostile, HOSTILE, 10, "x", 0, 1))
    shown = viewer.viewer_html(Citation(1, HOSTILE, hostile, HOSTILE, 10, "x", 0, 1), html, "", 1)
    assert "<img" in html and harmless(shown)


# real reports


@pytest.mark.shared
@pytest.mark.skipif(not (DATA / "reports" / "gold.jsonl").exists(), reason=f"no real reports in {DATA} (ASSISTANT_REAL_DATA)")
def test_boxes_cover_the_words_of_five_quotes_in_each_of_twenty_real_reports() -> None:
    wrong = []
    paths = sorted((DATA / "reports").glob("*.pdf"))[::5][:20]
    for path in paths:
        pages = [page for page in read(path.read_bytes(), path.name, str(path), Limits()).pages if len(page.text) > 400]
        for nth in range(5):
            page = pages[nth * len(pages) // 5]
            blocks = [block for block in page.blocks if block.kind in ("text", "item", "row") and block.end - block.start > 30]
            block = blocks[(7 * nth + 3) % len(blocks)]
            boxes = sight(path, page.number, characters_of(page, block.start, block.end)).boxes
            if letters(under(path, page.number, boxes)) != letters(page.text[block.start : block.end]):
                wrong.append((path.name, page.number, page.text[block.start : block.end]))
    assert len(paths) == 20 and not wrong, wrong
