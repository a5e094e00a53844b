"""The real application over the sample library, as it looks: pictures of each view in light and dark, wide and narrow.

The pictures are kept in ``run/screenshots`` ($SCREENSHOTS names another folder), to be looked at; each is only taken when what
it should show is there. ``make screenshots`` runs this and puts the three that the README shows into ``docs``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import test_browser as web
from tests import tour

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.weights]
browser = web.browser

FOLDER = Path(os.environ.get("SCREENSHOTS") or web.ROOT / "run" / "screenshots")
WIDE, NARROW = (1440, 1000), (360, 800)
COUNTED = "Which services were rated Good or better for leadership since 2020?"
QUOTED = "What did the report say about home visits at Eastmere?"
MARKED = """() => {
  const mark = document.querySelector('.marks span')?.getBoundingClientRect(), frame = document.querySelector('.picture')?.getBoundingClientRect();
  return mark && mark.width > 20 && mark.top >= Math.max(0, frame.top) && mark.bottom <= Math.min(innerHeight, frame.bottom)
    && mark.left >= frame.left - 1 && mark.right <= frame.right + 1;
}"""
"""Whether the first mark is seen whole, in the picture and in the window."""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tour.real(browser, tmp_path_factory.mktemp("screenshots")) as made:
        yield made


def chat(page: Page) -> None:
    """An answer with a table and an answer in quotes."""
    tour.begin(page)
    web.ask(page, COUNTED)
    web.ask(page, QUOTED)
    assert page.locator(".answer-table tbody tr").count() == 4 and "52 cases" in page.locator(".turn .answer").first.inner_text()


def viewer(page: Page) -> None:
    """The page of that quote, marked."""
    page.locator(".turn .cite").first.click()
    page.wait_for_function("document.querySelector('.picture img')?.naturalWidth > 0")
    page.wait_for_function(MARKED)


def documents(page: Page) -> None:
    tour.documents(page)
    page.get_by_text("10 documents").last.wait_for()


def findings(page: Page) -> None:
    tour.tab(page, "Findings")
    page.get_by_text("Checked 6 of 6 inspections").wait_for()
    page.locator("#trend svg").wait_for()
    assert page.locator("table.inspections tbody tr").count() == 6


def evaluation(page: Page) -> None:
    """The report of a few of the sample questions."""
    tour.tab(page, "Evaluation")
    page.get_by_label("How many questions").fill("12")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("#report-area table.measures").first.wait_for()
    assert page.locator("#report-area table.measures tbody tr.total").first.inner_text().startswith("All")
    page.mouse.move(0, 0)


VIEWS: dict[str, Callable[[Page], None]] = {
    "chat": chat, "viewer": viewer, "findings": findings, "documents": documents, "evaluation": evaluation
}  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_shows_what_it_should_in_every_look(page: Page, view: str) -> None:
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    if view == "viewer":
        chat(page)
    VIEWS[view](page)
    for size, (width, height) in {"wide": WIDE, "narrow": NARROW}.items():
        page.set_viewport_size({"width": width, "height": height})
        if view == "viewer":
            viewer(page)  # it comes into sight again, wherever it stands now
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
            page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=colours == "dark")
            page.wait_for_timeout(200)
            shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (shown == "rgb(255, 255, 255)") == (colours == "light"), shown
            assert web.no_sideways_scroll(page) and page.locator(".notice.error").count() == 0
            if view == "viewer":
                assert page.evaluate(MARKED)
            picture = FOLDER / f"{view}-{size}-{colours}.png"
            page.screenshot(path=picture, full_page=view != "viewer")
            assert picture.stat().st_size > 10_000
    page.emulate_media(color_scheme="light")
