"""The real application over the sample library, in a real browser: what a person does in a day, from the first question to the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests import test_browser as web
from tests import tour

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.weights]
browser = web.browser
VISITS = "What did the report say about home visits at Eastmere?"
LARCH = b"# Inspection of Larch House\n\nInspection report\n\nReport published: 3 May 2021\n\nStaff were kind to people, and people said so.\n"


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with tour.real(browser, tmp_path_factory.mktemp("real")) as made:
        yield made


def newest(page: Page) -> str:
    """The newest turn as it reads."""
    return page.locator(".turn").first.inner_text()


def test_an_answer_is_checked_narrowed_followed_up_and_taken_along(page: Page) -> None:
    tour.begin(page)
    web.ask(page, VISITS)
    assert "made in four, 8 per cent" in newest(page) and "Service: Eastmere and Saltings" in newest(page)
    page.locator(".turn .cite").first.click()
    page.wait_for_function("document.querySelector('.picture img')?.naturalWidth > 0 && document.querySelector('.marks span')")
    assert page.locator(".page-text mark").inner_text() == page.locator(".card.open blockquote").inner_text()
    page.get_by_role("button", name="Next page").click()
    page.get_by_text("Page 11 of 14").wait_for()
    page.get_by_role("button", name="Back to page 10").click()
    web.ask(page, "And what was it rated?")
    assert "Asked as: " in newest(page) and "overall Inadequate" in newest(page)
    page.get_by_role("button", name="Change the completed question").click()
    page.wait_for_function("document.querySelector('#question textarea').value.includes('Eastmere')")
    web.ask(page, "Which services were rated Good since 2020?")
    assert "2 of the 4 services" in newest(page) and "Checked 4 of 6 inspections" in newest(page)
    page.locator(".turn").first.locator(".chip", has_text="Date: since 2020").click()
    page.locator(".turn", has_text="Not narrowed by Date: since 2020").wait_for()
    page.wait_for_function("document.querySelector('.turn').getAttribute('aria-busy') === 'false'")
    assert "Checked 6 of 6 inspections" in newest(page)
    for name, ending in (("Markdown", ".md"), ("Word", ".docx"), ("PDF", ".pdf")):
        with page.expect_download() as taken:
            page.locator(".turn").first.get_by_role("button", name=name).click()
        assert taken.value.suggested_filename.endswith(ending)


def test_what_was_found_and_what_should_improve_come_from_the_right_report(page: Page) -> None:
    tour.begin(page)
    web.ask(page, "What did inspectors find at Northmarch?")
    assert "Northmarch (published 23 June 2021) was judged:" in newest(page) and "Overall before that: Requires improvement" in newest(page)
    web.ask(page, "What should it improve?")
    assert "clear the backlog of unpaid work" in newest(page)


def test_filters_hold_and_a_refusal_opens_what_comes_near(page: Page) -> None:
    tour.begin(page)
    page.get_by_role("button", name="Filters").first.click()
    page.locator("#ask-grade").get_by_text("Outstanding", exact=True).click()
    page.locator("#ask-chips .chip", has_text="Grade: Outstanding").wait_for()
    web.ask(page, "How many services are there?")
    assert "1 service within your filters" in newest(page) and "Checked 1 of 6 inspections" in newest(page)
    assert page.locator(".answer-table tbody tr").first.inner_text().startswith("Port Tamsin")
    web.ask(page, "How was Eastmere rated?")
    assert "Your filters let none of the documents on Eastmere and Saltings through." in newest(page)
    page.get_by_role("button", name="New conversation").click()
    page.locator("#ask-chips .chip").wait_for(state="detached")
    web.ask(page, "What did Gotham say of caseloads?")
    assert "Not found in the documents" in newest(page) and "Gotham" in newest(page)
    page.locator(".nearest button").first.click()
    page.locator(".viewer mark").first.wait_for()


def test_a_conversation_is_judged_and_there_after_a_reload(page: Page) -> None:
    tour.begin(page)
    web.ask(page, VISITS)
    page.get_by_role("button", name="Useful", exact=True).click()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Kept, thank you.").wait_for()
    before = page.locator(".turn .answer").first.inner_text()
    page.reload()
    page.locator(".turn .badge", has_text="Answered").wait_for()
    assert page.locator(".turn .answer").first.inner_text() == before
    page.locator(".turn .cite").first.click()
    page.locator(".page-text mark").wait_for()


def test_a_document_is_added_read_corrected_counted_and_removed(page: Page) -> None:
    tour.documents(page)
    page.locator("#upload input[type=file]").first.set_input_files([
        {"name": "larch.md", "mimeType": "text/markdown", "buffer": LARCH}, {"name": "no.pdf", "mimeType": "application/pdf", "buffer": b"MZ"},
    ])  # fmt: skip
    page.get_by_text("1 skipped, 1 added").wait_for()
    assert "It is named .pdf but is no PDF." in page.locator("#report").inner_text()
    page.get_by_label("Find a document").fill("larch")
    page.get_by_text("1 of 11 documents").last.wait_for()
    page.locator("table.documents button.title").click()
    page.locator("table.facts").wait_for()
    page.get_by_role("tab", name="Passages").click()
    page.locator("ol.passages [data-event=passage]").first.click()
    page.locator("#document-page mark").first.wait_for()
    page.get_by_role("button", name="Remove this document").click()
    page.get_by_role("button", name="Yes, remove").click()
    page.get_by_text("1 removed").wait_for()


def test_findings_are_filtered_and_open_their_source(page: Page) -> None:
    tour.tab(page, "Findings")
    page.get_by_text("Checked 6 of 6 inspections; 6 match").wait_for()
    page.locator("#by-grade").get_by_text("Inadequate", exact=True).click()
    page.get_by_text("Checked 6 of 6 inspections; 1 match").wait_for()
    page.locator("table.inspections [data-event=source]").first.click()
    page.locator("#finding-page mark").first.wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download as CSV").click()
    assert taken.value.suggested_filename == "findings.csv"


def test_a_question_set_is_asked_and_its_report_taken(page: Page) -> None:
    tour.tab(page, "Evaluation")
    page.get_by_label("How many questions").fill("10")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("#report-area table.measures").first.wait_for()
    assert "of 10 questions were answered correctly" in page.locator(".verdict").inner_text()
    with page.expect_download() as taken:
        page.get_by_text("Run (JSON)").click()
    assert taken.value.suggested_filename.endswith("run.json")
