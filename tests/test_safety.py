"""What documents and readers write does nothing on the page, and nothing leaves its server: one walk through all of it, watched.

The walk is made with the browser's own fence taken away (see ui/web/guard.py), so that escaping alone has to hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests import test_browser as web
from tests import tour
from tests.fake_page import HOSTILE, LINKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
browser = web.browser

ALIVE = """() => [window.pwned, ...[...document.querySelectorAll(
  'img[src="x"], img[onerror], a[href^="javascript" i], .gradio-container script, [href*="evil"], [src*="evil"], .gradio-container b')]
  .filter((one) => one.tagName !== 'B' || /always|^\\.pdf|pwned/.test(one.textContent)).map((one) => one.outerHTML.slice(0, 200))]
  .filter((one) => one !== undefined)"""
"""What of the hostile words has come to life."""
ELSEWHERE = """() => [...document.querySelectorAll('link[href], script[src], img[src], iframe[src], source[src], form[action]')]
  .map((one) => one.href || one.src || one.action).filter((url) => /^(https?|wss?|ftp):/.test(url) && !url.startsWith(location.origin + '/'))"""
"""Addresses of other servers that the page would fetch from, now or when asked to."""


@dataclass
class Walk:
    """What was seen: addresses asked for, what came to life in which state, and where hostile words were shown."""

    asked: list[str] = field(default_factory=list)
    alive: dict[str, list[str]] = field(default_factory=dict)
    elsewhere: dict[str, list[str]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        self.alive[name], self.elsewhere[name] = page.evaluate(ALIVE), page.evaluate(ELSEWHERE)
        if "onerror" in page.locator("body").inner_text():
            self.shown.add(name)


@pytest.fixture(scope="module")
def walk(browser: Browser, toured: str) -> Iterator[Walk]:
    """All states, all tabs, and what else takes words in or gives files out."""
    seen, context = Walk(), browser.new_context(viewport={"width": 1400, "height": 900}, bypass_csp=True, accept_downloads=True)
    context.set_default_timeout(20_000)
    context.on("request", lambda request: seen.asked.append(request.url))
    page = context.new_page()
    page.on("websocket", lambda socket: seen.asked.append(socket.url))
    page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(toured)
    page.get_by_label("Your question").wait_for()
    for state in (*tour.STATES, named, judged, counted, filtered, uploaded, opened):
        state(page)
        seen.look(page, state.__name__)
    for name in tour.tabs(page):
        tour.tab(page, name)
        seen.look(page, f"tab {name}")
    yield seen
    context.close()


def named(page: Page) -> None:
    """A conversation gets a hostile name."""
    tour.conversations(page)
    page.locator("li.talk form input").fill(f'"><b>{HOSTILE}')
    page.keyboard.press("Enter")
    page.locator("li.talk", has_text='"><b>').first.wait_for()


def judged(page: Page) -> None:
    """An answer is judged with a hostile comment, and saved."""
    tour.feedback(page)
    page.get_by_label("Anything else?").fill(HOSTILE + LINKS)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Kept, thank you.").wait_for()
    with page.expect_download():
        page.locator(".turn").get_by_role("button", name="Word").click()


def counted(page: Page) -> None:
    """The table of an answer is ordered, and taken along."""
    tour.table(page)
    page.locator(".answer-table button.order").first.click()
    with page.expect_download():
        page.locator("#conversation a.download").click()


def filtered(page: Page) -> None:
    """Filters offer hostile services and judgements, and one is chosen."""
    tour.findings(page)
    for label in ("Judgement", "Region", "Service"):
        box = page.get_by_role("combobox", name=label, exact=True)
        box.click()
        page.locator(f"#{box.get_attribute('aria-controls')}", has_text="window.pwned").wait_for()
    page.locator(f"#{box.get_attribute('aria-controls')}").get_by_role("option", name="onerror").click()
    page.get_by_text("Checked 1 of 7 inspections").wait_for()
    with page.expect_download():
        page.get_by_role("button", name="Download as CSV").click()


def uploaded(page: Page) -> None:
    """A file with a hostile name is refused, and searched for."""
    tour.documents(page)
    page.locator("#upload input[type=file]").set_input_files(web.payloads("bad <img src=x onerror=window.pwned=1>.txt"))
    page.get_by_text("1 skipped").wait_for()
    page.get_by_label("Find a document").fill(f"{HOSTILE} nowhere")
    page.locator("#documents table").wait_for(state="detached")


def opened(page: Page) -> None:
    """Originals are opened and downloaded."""
    tour.viewer(page)
    with page.context.expect_page() as other:
        page.get_by_role("link", name="Open the original").click()
    other.value.close()
    with page.expect_download():
        page.get_by_role("link", name="Download the original").click()


def test_hostile_words_are_shown_everywhere_and_do_nothing(walk: Walk) -> None:
    assert {name: what for name, what in walk.alive.items() if what} == {} and walk.dialogs == []
    assert {"table", "written", "conversations", "findings", "documents", "named", "filtered", "uploaded"} <= walk.shown


def test_nothing_leaves_the_server_of_the_page(walk: Walk, toured: str) -> None:
    ours = urlsplit(toured).netloc
    reached = [url for url in walk.asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")]  # else it is in the page or the browser
    assert [url for url in reached if urlsplit(url).netloc != ours] == []
    assert len(reached) > 50
    assert {name: what for name, what in walk.elsewhere.items() if what} == {}
