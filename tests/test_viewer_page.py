"""The source viewer in a real browser: the marked picture, turning, enlarging, with mouse and keyboard, narrow and wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests import test_browser as web
from tests.fake_page import DRAWN

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
browser = web.browser

DARK_UNDER_MARKS = """async () => {
  const img = document.querySelector('.picture img'), canvas = document.createElement('canvas');
  await img.decode();
  canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
  const pen = canvas.getContext('2d');
  pen.drawImage(img, 0, 0);
  const all = img.getBoundingClientRect();
  return [...document.querySelectorAll('.marks span')].map((mark) => {
    const box = mark.getBoundingClientRect(), x = img.naturalWidth / all.width, y = img.naturalHeight / all.height;
    const seen = pen.getImageData((box.left - all.left) * x, (box.top - all.top) * y, box.width * x, box.height * y).data;
    let dark = 0;
    for (let at = 0; at < seen.length; at += 4) dark += seen[at] < 128;
    return dark / (seen.length / 4);
  });
}"""
"""How much of what is under each mark is ink."""
IN_SIGHT = """() => {
  const mark = document.querySelector('.marks span')?.getBoundingClientRect();
  const frame = document.querySelector('.picture')?.getBoundingClientRect();
  return mark && mark.top >= frame.top && mark.bottom <= frame.bottom && mark.left >= frame.left - 1 && mark.left < frame.right
    && mark.top >= 0 && mark.bottom <= innerHeight;
}"""


@pytest.fixture(scope="module")
def drawn(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web._fake("drawn", tmp_path_factory.mktemp("drawn") / "log") as address:
        yield address


def cite(page: Page, number: int) -> None:
    """Opens a citation of the newest answer, and waits until its page is drawn."""
    page.locator(f".turn .cite[data-number='{number}']").first.click()
    page.locator(f"#sources .card.open[data-number='{number}']").wait_for()


def shown(page: Page) -> None:
    page.wait_for_function("(img => img?.complete && img.naturalWidth > 0)(document.querySelector('.picture img'))")


@pytest.mark.parametrize("width", [360, 1920])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_citation_opens_the_page_as_a_picture_with_the_quote_in_sight(
    browser: Browser, drawn: str, width: int, colours: str
) -> None:
    with web.opened(browser, drawn, width=width) as page:
        page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        web.ask(page, "drawn")
        cite(page, 2)
        shown(page)
        page.wait_for_function(IN_SIGHT)
        inked = page.evaluate(DARK_UNDER_MARKS)
        assert len(inked) == 2 and all(0.03 < part < 0.5 for part in inked)
        assert page.locator(".page-text mark").text_content() == DRAWN[1][2]
        assert web.no_sideways_scroll(page)


def test_sizes_and_pages_are_changed_and_the_size_stays(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn) as page:
        web.ask(page, "drawn")
        cite(page, 1)
        shown(page)
        fit = page.locator(".sheet").evaluate("sheet => sheet.clientWidth")
        page.get_by_role("button", name="200 %").click()
        assert abs(page.locator(".sheet").evaluate("sheet => sheet.clientWidth") - 595.28 * 8 / 3) < 2 and fit < 700
        page.wait_for_function(IN_SIGHT)
        page.wait_for_function("document.querySelector('.picture img').currentSrc.includes('scale=3.0')")
        page.get_by_role("button", name="Next page").click()
        page.locator(".where", has_text="Page 11 of 14").wait_for()
        assert page.locator(".marks span").count() == page.locator(".page-text mark").count() == 0
        assert page.get_by_role("button", name="200 %").get_attribute("aria-pressed") == "true"
        page.get_by_role("button", name=re.compile("Back to page 10")).click()
        page.wait_for_function(IN_SIGHT)
        page.get_by_role("button", name="Fit").click()
        page.wait_for_function(IN_SIGHT)
        page.get_by_role("button", name="Next source").click()
        page.locator("#sources .card.open[data-number='2']").wait_for()
        page.wait_for_function("document.querySelectorAll('.marks span').length === 2")
        page.wait_for_function(IN_SIGHT)


def test_the_viewer_needs_no_mouse(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn) as page:
        web.ask(page, "drawn")
        page.locator(".turn .cite").first.press("Enter")
        page.wait_for_function("document.activeElement.matches('.viewer h3')")
        names = []
        for _ in range(14):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))
        for name in ("Next source", "Back to the answer", "Previous page", "Next page", "Fit", "200 %", "Picture of the page", "Text of the page"):
            assert name in names
        turn = page.get_by_role("button", name="Next page")
        for number in (11, 12, 13, 14):
            turn.press("Enter")
            page.locator(".where", has_text=f"Page {number} of 14").wait_for()
            assert page.evaluate("document.activeElement.ariaLabel") == "Next page"
        assert turn.get_attribute("aria-disabled") == "true"
        turn.press("Enter")
        page.get_by_role("button", name="150 %").press("Enter")
        picture = page.get_by_role("region", name="Picture of the page")
        picture.focus()
        page.keyboard.press("PageDown")
        page.wait_for_function("document.querySelector('.picture').scrollTop > 100")


def test_originals_are_opened_at_the_page_and_downloaded(browser: Browser, drawn: str, tmp_path: Path) -> None:
    with web.opened(browser, drawn) as page:
        web.ask(page, "drawn")
        cite(page, 1)
        link = page.get_by_role("link", name="Open the original at page 10")
        assert link.evaluate("link => link.href").endswith("/original#page=10") and link.get_attribute("target") == "_blank"
        cite(page, 4)
        assert page.locator(".picture").count() == 0 and page.locator(".page-text mark").text_content() == DRAWN[3][2]
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the original (HTML").click()
        assert download.value.suggested_filename == DRAWN[3][0]


def test_a_picture_that_fails_gives_way_to_the_text(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn) as page:
        page.route("**/*.webp*", lambda route: route.fulfill(status=404, body="gone"))
        web.ask(page, "drawn")
        cite(page, 1)
        page.get_by_text("This page cannot be drawn.").wait_for()
        assert not page.locator(".picture").is_visible() and page.locator(".page-text mark").is_visible()
        page.unroute("**/*.webp*")
        page.get_by_role("button", name="Next page").click()
        shown(page)
        page.locator(".picture").wait_for()
        assert not page.get_by_text("This page cannot be drawn.").is_visible()


def test_the_page_names_no_other_server_even_below_a_folder(browser: Browser, drawn: str) -> None:
    with web.opened(browser, drawn) as page:
        web.ask(page, "drawn")
        cite(page, 1)
        shown(page)
        sources = page.evaluate("[...document.querySelectorAll('#sources [src], #sources [href]')].map(one => one.getAttribute('src') ?? one.getAttribute('href'))")
        assert len(sources) == 3 and all(source.startswith("source/") for source in sources)


