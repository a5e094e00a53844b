"""The documents in a real browser: folders and many files added, the list chosen from, a document's page read, by mouse and keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import test_browser as web
from tests.fake_page import DRAWN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
browser = web.browser

DROP_FOLDER = """() => {
  const file = (name) => ({ isFile: true, isDirectory: false, fullPath: `/Dropped/${name}`, file: (done) => done(new File(['text'], name.split('/').pop())) });
  let lots = [[file('a/report.txt'), file('b/report.txt')], [file('.hidden'), file('bad.txt')], []];
  const folder = { isFile: false, isDirectory: true, fullPath: '/Dropped', createReader: () => ({ readEntries: (done) => done(lots.shift()) }) };
  const drop = new Event('drop', { bubbles: true, cancelable: true });
  drop.dataTransfer = { items: [{ webkitGetAsEntry: () => folder }], files: [] };
  document.querySelector('#upload button').dispatchEvent(drop);
}"""
"""A folder is dropped, as a browser tells of one: no script can make a real one."""


@pytest.fixture(scope="module")
def drawn(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web._fake("drawn", tmp_path_factory.mktemp("drawn") / "log") as address:
        yield address


def listed(page: Page) -> None:
    page.get_by_role("tab", name="Documents").click()
    page.locator("table.documents").wait_for()


def test_a_dropped_folder_is_added_with_its_folders_and_each_file_is_seen(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn, width=360) as page:
        listed(page)
        page.evaluate(DROP_FOLDER)
        page.locator("ul.states li", has_text="Dropped/b/report.txt").wait_for()
        page.get_by_text(re.compile("1 skipped, ")).wait_for()
        rows = page.locator("table.outcomes tbody tr")
        assert rows.count() == 3 and "Dropped/bad.txt" in rows.first.inner_text() and web.no_sideways_scroll(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download this report as CSV").click()
        assert 'Dropped/bad.txt,Skipped,,"Not a PDF' in Path(download.value.path()).read_text("utf-8-sig")


def test_a_chosen_folder_is_added_and_too_many_files_are_not_even_uploaded(browser: Browser, drawn: str, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / "chosen" / f"sub {number}").mkdir(parents=True)
        (tmp_path / "chosen" / f"sub {number}" / "same.txt").write_text("text")
    with web.opened(browser, drawn) as page:
        listed(page)
        page.locator("#upload-more input[type=file]").set_input_files(tmp_path / "chosen")
        page.locator("table.outcomes tr", has_text="chosen/sub 2/same.txt").wait_for()
        assert page.locator("table.outcomes tbody tr").count() == 3
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if "/upload" in request.url else None)
        page.evaluate("document.querySelector('[data-most-files]').dataset.mostFiles = '2'")
        page.locator("#upload input[type=file]").set_input_files(web.payloads("1.txt", "2.txt", "3.txt"))
        page.get_by_text("3 files are too many at once, and none was added").wait_for()
        page.evaluate("Object.assign(document.querySelector('[data-most-files]').dataset, { mostFiles: '9', mostMb: '0' })")
        page.locator("#upload input[type=file]").set_input_files(web.payloads("large.txt"))
        page.locator("table.outcomes tr", has_text="large.txt").wait_for()
        assert "It is larger than 200 MB" in page.locator("table.outcomes").inner_text() and sent == []


def test_filters_and_heads_change_the_list_and_are_taken_back(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn) as page:
        listed(page)
        everything = page.locator("table.documents caption").inner_text()
        page.get_by_role("combobox", name="Status and problems").click()
        page.get_by_role("option", name=re.compile("No date found")).click()
        page.locator("table.documents caption", has_text=" of ").wait_for()
        assert "No date found." in page.locator("table.documents tbody tr").first.inner_text()
        page.get_by_role("button", name="Show all documents").click()
        page.locator("table.documents caption", has_text=re.compile(f"^{everything.split()[0]} documents")).wait_for()
        page.get_by_role("button", name="Pages").press("Enter")
        page.locator("th[aria-sort=ascending]", has_text="Pages").wait_for()
        assert page.evaluate("document.activeElement.dataset.column") == "pages"


def test_a_documents_page_is_read_without_a_mouse_and_led_back_from(browser: Browser, drawn: str) -> None:
    for width in (1920, 360):
        with web.opened(browser, drawn, width=width) as page:
            listed(page)
            title = page.locator("table.documents tr", has_text=DRAWN[0][0]).locator("button.title")
            title.press("Enter")
            page.wait_for_function("document.activeElement.matches('#document-head h2')")
            assert not page.locator("table.documents").is_visible() and "document=" in page.url
            page.get_by_role("tab", name="Find in text").press("Enter")
            page.get_by_label("Find in this document").fill("home VISITS were")
            page.locator("#places [data-event=found]").first.press("Enter")
            page.locator("#document-page .marks span").first.wait_for()
            assert page.locator("#document-page mark:not(.hit)").inner_text().casefold() == "home visits were"
            page.get_by_role("button", name="Back to where it was chosen").press("Enter")
            page.wait_for_function("document.activeElement.dataset.event === 'found'")
            page.get_by_role("tab", name="Passages").press("Enter")
            chosen = page.locator("ol.passages li").nth(3)
            chosen.get_by_role("button").press("Enter")
            page.locator("ol.passages li.open").wait_for()
            page.wait_for_function("document.querySelector('#document-page mark:not(.hit)')?.textContent === document.querySelector('li.open blockquote').textContent")
            assert web.no_sideways_scroll(page)
            page.get_by_label("Go to page").fill("14")
            page.get_by_label("Go to page").press("Enter")
            page.locator(".where", has_text="Page 14 of 14").wait_for()
            page.get_by_role("button", name="Back to all documents").press("Enter")
            page.wait_for_function("document.activeElement.matches('button.title')")
            assert "document=" not in page.url and page.locator("table.documents").is_visible()


def test_a_document_has_an_address_and_is_opened_from_a_page_that_cites_it(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn) as page:
        web.ask(page, "drawn")
        page.locator(".turn .cite[data-number='1']").first.click()
        page.get_by_role("button", name="All about this document").click()
        page.locator("#document-head h2", has_text="Eastmere and Saltings").wait_for()
        page.wait_for_function("location.search.includes('document=')")
        page.reload()
        page.locator("#document-head h2", has_text="Eastmere and Saltings").wait_for()
        page.get_by_role("button", name="Remove this document…").click()
        page.get_by_text("Remove 1 document from the library?").wait_for()
        page.get_by_role("button", name="No, keep").click()
        page.get_by_text("Remove 1 document from the library?").wait_for(state="hidden")


def test_ticks_stay_while_a_documents_page_is_looked_at(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn) as page:
        listed(page)
        page.locator("table.documents input[type=checkbox]").nth(1).check()
        page.locator("table.documents button.title").first.click()
        page.get_by_role("button", name="Back to all documents").click()
        page.locator("table.documents").wait_for()
        assert page.locator("table.documents input[type=checkbox]").nth(1).is_checked()
