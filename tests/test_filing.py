"""Answers as files: what a reader of Markdown, Word or PDF sees is what was answered, and nobody's words do anything."""

from __future__ import annotations

import base64
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from assistant.types import Answer, Cell, Citation, Table, Understood
from tests.fake_page import HOSTILE, LINKS, WRITTEN, pretend
from tests.test_browser import OPEN, ask, browser, opened  # noqa: F401
from tests.test_history_page import BROWSER, page_of_two  # noqa: F401
from tests.test_web import event
from ui import filing_pdf
from ui.filing import FORMS, Paper, file_name, paper_of, save
from ui.filing_markdown import md
from ui.record import Kept, Source
from ui.web.saving import saved_html
from ui.web.talk import Talk, Turn

NASTY = f"{HOSTILE} {LINKS} ![x](http://evil.example/y.png) <http://evil.example> https://evil.example www.evil.example =1+1 # h *a* _b_ | c"
QUOTE = "Čapek’s café cost €5 – “dear” …\nand ŵ was said twice."
CITED = (Citation(1, "riverside.pdf", "a1", "Riverside: report", 10, QUOTE, 0, len(QUOTE)), Citation(2, "x<b>.pdf", "c3", NASTY, 2, NASTY, 0, len(NASTY)))
ROWS = tuple((Cell(f"Service {n}"), Cell("Good", 1), Cell("=SUM(A1) " + "word " * 12)) for n in range(120))


def filed() -> Paper:
    answer = Answer(
        "2 of the 3 services [1]:\n• Service 0\n\nOne says: " + NASTY + " [2].", "partial", CITED,
        coverage={"checked": 3, "matched": 2, "unknown": ["dene-2022.pdf"], "items": []}, written=WRITTEN,
        table=Table("Services by grade", ("Service", "Grade", "Passage"), ROWS), understood=Understood("And it?", "And Riverside?", said="Only documents on Riverside."),
    )  # fmt: skip
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    turns = [
        Kept("1", "What of the café? " + NASTY, "done", at, answer, sources={"a1": Source("HM Inspectorate of Cafés", "Riverside", date(2019, 7, 17), "https://example.org/r.pdf")}),
        Kept("2", "Why?", "failed", at, failure="The chat model does not answer."), Kept("3", "Slow?", "stopped", at, Answer("Two act", "answered")),
    ]  # fmt: skip
    return paper_of("Cafés & more", turns)


def text_of_word(data: bytes) -> tuple[str, Any]:
    word = Document(io.BytesIO(data))
    return "\n".join(paragraph.text for paragraph in word.paragraphs), word


def text_of_pdf(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def shown(markdown: str) -> str:
    """What a reader of the Markdown sees, as plain text; fails when anything in it is active."""
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(markdown)
    inside = [child for token in tokens for child in token.children or ()]
    assert {t.type for t in (*tokens, *inside)}.isdisjoint({"html_block", "html_inline", "link_open", "image", "code_inline", "fence", "code_block", "em_open"})
    return " ".join("\n".join(c.content if c.type == "text" else "\n" for c in token.children or ()) for token in tokens if token.type == "inline")


EXPECTED = (
    "Cafés & more", "What of the café?", "Partly answered", "Asked as: And Riverside?", "Only documents on Riverside.", "2 of the 3 services [1]:",
    "1 statement of the chat model left out", "Coverage: 3 checked, 2 matched.", "Nothing could be told of 1: dene-2022.pdf.",
    "Riverside: report, HM Inspectorate of Cafés, 17 July 2019, page 10", "riverside.pdf", "and ŵ was said twice.", "The answer failed: The chat model does not answer.",
    "This answer was stopped", "Two act",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_says_everything_that_the_answer_said(form: str) -> None:
    data = save(filed(), form)
    if form == "md":
        text = shown(data.decode("utf-8"))
    elif form == "docx":
        text = text_of_word(data)[0]
    else:
        text = " ".join(text_of_pdf(data))
    flat = re.sub(r"\s+", " ", text)
    assert [said for said in EXPECTED if said not in flat] == []
    assert flat.count("Čapek’s café cost €5 – “dear” …") == 1 and "• Service 0" not in flat, "the table says it"


def test_nobodys_words_are_markup_in_markdown() -> None:
    text = save(filed(), "md").decode("utf-8")
    assert re.sub(r"\s+", "", NASTY) in re.sub(r"\s+", "", shown(text))
    assert not re.search(r"(?<!\\)<|https?://|www\.", text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
@example("1. a")
@example("- a")
@example("\\*a*\\")
@example("&lt; &#60; ~~x~~ a|b $x$")
@example("a\n===\n# b")
def test_any_line_of_markdown_is_shown_as_it_stands(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(md(text))
    inside = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"} and {c.type for c in inside} <= {"text", "text_special"}
    assert "".join(c.content for c in inside).split() == text.split()


def test_a_word_file_has_the_table_its_head_on_each_page_and_no_fields_of_others() -> None:
    text, word = text_of_word(save(filed(), "docx"))
    table = word.tables[0]
    assert len(table.rows) == 121 and [c.text for c in table.rows[1].cells][:2] == ["Service 0", "Good [1]"]
    assert NASTY in text and QUOTE in text and word.core_properties.title == "Cafés & more"
    xml = word.element.xml
    assert "w:hyperlink" not in xml and "w:instr" not in xml and xml.count("w:tblHeader") == 1 and "PAGE" in word.sections[0].footer._element.xml


def test_a_pdf_goes_over_pages_with_the_heads_again_and_page_numbers() -> None:
    data = save(filed(), "pdf")
    pages = text_of_pdf(data)
    assert len(pages) > 3 and all(f"Page {n}" in page for n, page in enumerate(pages, start=1))
    assert sum("Passage" in page for page in pages) >= 3 and "Service 119" in "".join(pages)
    reader = PdfReader(io.BytesIO(data))
    assert reader.metadata and reader.metadata.title == "Cafés & more"
    assert not any(page.get("/Annots") for page in reader.pages)


def test_a_character_that_no_font_has_is_shown_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing_pdf, "_WIDER", ())
    filing_pdf._fonts.cache_clear()
    try:
        assert filing_pdf._safe("ŵ & č\x00") == "[U+0175] &amp; č[U+FFFD]"
        turn = Kept("1", "Ж 日本 ŵ č €", "done", datetime.now(UTC), Answer("Yes \x07.", "answered"))
        assert "[U+0416] [U+65E5][U+672C] [U+0175] č €" in text_of_pdf(save(paper_of("T", [turn]), "pdf"))[0]
    finally:
        filing_pdf._fonts.cache_clear()


def test_a_cell_longer_than_a_page_and_characters_no_file_can_hold_do_no_harm() -> None:
    table = Table("T\x00", ("A",), ((Cell("long " * 3000),), (Cell("x" * 3000 + "\x0b\ufffe"),)))
    turn = Kept("1", "Q\x01?", "done", datetime.now(UTC), Answer("T\x02", "answered", table=table))
    for form in FORMS:
        assert save(paper_of("Q\x01?", [turn]), form)


@pytest.mark.parametrize(("title", "name"), [
    ("What was open at Čapek’s, in 2019?", "What-was-open-at-Čapek-s-in-2019.pdf"), ("../../etc/passwd", "etc-passwd.pdf"), ("<>:\"/\\|?*\x00", "answer.pdf"),
    ("x" * 300, "x" * 60 + ".pdf"), ("word " * 40, "-".join(["word"] * 12) + ".pdf"),
])  # fmt: skip
def test_a_file_is_named_by_its_question_and_safely(title: str, name: str) -> None:
    assert file_name(title, "pdf") == name


def test_a_link_holds_the_answer_or_the_conversation_and_nothing_that_was_forged() -> None:
    answer = pretend(pause=0.0).ask("What was still open?")
    talk = Talk(turns=[Turn(1, "One?", "done", answer), Turn(2, "Two?", "done", answer), Turn(3, "Three?")], name="My talk")
    one, both = saved_html(talk, {"form": "md", "turn": "1"}), saved_html(talk, {"form": "md"})
    assert 'download="One.md"' in one and 'download="My-talk.md"' in both and 'data-save="2"' in both
    text = base64.b64decode(re.search(r"base64,([^\"]+)", both)[1]).decode()  # type: ignore[index]
    assert "## One?" in text and "## Two?" in text and "Three" not in text
    for forged in ({"form": "exe"}, {"form": "md", "turn": "3"}, {"form": "md", "turn": "x"}, {}):
        assert saved_html(talk, event(**forged)._data) == ""


@BROWSER
def test_an_answer_and_a_conversation_are_taken_as_files(browser: Any, page_of_two: str) -> None:  # noqa: F811
    with opened(browser, page_of_two, width=360) as page:
        ask(page, OPEN)
        taken = {}
        for label in ("Markdown", "Word", "PDF"):
            with page.expect_download() as download:
                page.get_by_role("button", name=f"Save this answer as {label}").click()
            taken[download.value.suggested_filename] = download.value.path().read_bytes()
        name = "What-was-still-open-at-Riverside-House"
        assert list(taken) == [f"{name}.md", f"{name}.docx", f"{name}.pdf"]
        texts = [shown(taken[f"{name}.md"].decode()), text_of_word(taken[f"{name}.docx"])[0], "".join(text_of_pdf(taken[f"{name}.pdf"]))]
        for text in texts:
            assert "Press release: Riverside House, 3 May 2024, page 1" in text and "still open [1]" in text
        ask(page, "What is the weather?")
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the conversation as Word").press("Enter")
        text, _ = text_of_word(download.value.path().read_bytes())
        assert OPEN in text and "Not found in the documents" in text
        page.locator("#saved a").wait_for()
        page.get_by_role("button", name="New conversation").click()
        page.locator("#saved a").wait_for(state="detached")
