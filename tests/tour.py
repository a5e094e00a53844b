"""The states of the page that are looked at and checked for access, each reached as a reader reaches it. For tests only.

They are driven on tests/fake_page.py with samples, judgements and hostile words. A tab that is not named here is still
visited: see ``tabs``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tests import test_browser as web
from tests.fake_page import HOSTILE
from tests.test_browser import ask

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

@contextmanager
def real(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page of the real application, over the sample library, kept in the folder."""
    program = [sys.executable, "-m", "ui.cli", "--home", str(folder / "home")]
    subprocess.run([*program, "add", "corpus/samples"], cwd=web.ROOT, check=True, capture_output=True, timeout=600)
    port = web.free_port()
    with web.serving([*program, "chat", "--port", str(port)], port, folder / "log", 300) as address, web.opened(browser, address) as page:
        page.set_default_timeout(60_000)
        yield page


State = Callable[["Page"], None]
_waiting: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()
LONG = "Which of the things that were still open at Riverside House after the last inspection were closed before the next one, and by whom? " * 3


def tabs(page: Page) -> list[str]:
    """The names of all tabs, in their order."""
    return [name.strip() for name in page.get_by_role("tablist").first.get_by_role("tab").all_inner_texts()]


def tab(page: Page, name: str) -> None:
    """Opens a tab, and waits until what it asks for has come."""
    _watch(page)
    page.get_by_role("tablist").first.get_by_role("tab", name=name, exact=True).click()
    page.locator(f"[role=tab][aria-selected=true]:text-is('{name}')").wait_for()
    settle(page)


def settle(page: Page) -> None:
    """Waits until nothing is asked of the server any more; what comes late would undo what a test does meanwhile."""
    calm = 0
    for _ in range(200):
        page.wait_for_timeout(50)
        calm = 0 if _waiting[page] else calm + 1
        if calm == 5:
            return
    raise AssertionError(f"still waiting for {[request.url for request in _waiting[page]]}")


def _watch(page: Page) -> None:
    if page in _waiting:
        return
    asked = _waiting[page] = set()
    page.on("request", lambda request: asked.add(request) if "/run/" in request.url else None)
    page.on("requestfinished", lambda request: asked.discard(request))
    page.on("requestfailed", lambda request: asked.discard(request))


def begin(page: Page) -> None:
    """Ask as it is when nothing was asked."""
    tab(page, "Ask")
    if page.locator("#history").is_visible():
        page.locator("#history").get_by_role("button", name="Close").first.click()
        page.locator("#history").wait_for(state="hidden")
    if page.locator(".turn").count():  # else the answer to this click could empty the box after the next question is typed
        page.get_by_role("button", name="New conversation").click()
        page.locator(".turn").first.wait_for(state="detached")
    page.locator("#examples button").first.wait_for()


def empty_question(page: Page) -> None:
    begin(page)
    page.get_by_label("Your question").fill("")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("Type a question first.").wait_for()


def viewer(page: Page) -> None:
    begin(page)
    ask(page, "drawn")
    page.locator(".turn .cite[data-number='2']").click()
    page.locator("#sources .card.open[data-number='2']").wait_for()
    page.wait_for_function("document.querySelector('.picture img')?.naturalWidth > 0")


def refusal_and_failure(page: Page) -> None:
    begin(page)
    ask(page, f"What is the weather? {LONG}")
    ask(page, "please fail")


def table(page: Page) -> None:
    begin(page)
    ask(page, "table")
    page.locator(".answer-table").wait_for()


def written(page: Page) -> None:
    begin(page)
    ask(page, f"write, narrow: {HOSTILE}")
    page.locator("details.written summary").click()


def feedback(page: Page) -> None:
    begin(page)
    ask(page, "evil")
    page.get_by_role("button", name="Not useful").click()
    page.locator("form.opinion").wait_for()


def conversations(page: Page) -> None:
    begin(page)
    ask(page, f"evil {HOSTILE}")
    page.get_by_role("button", name="Conversations").first.click()
    page.locator("li.talk").first.wait_for()
    page.locator("li.talk").get_by_role("button", name="Rename").first.click()
    page.locator("li.talk form input").wait_for()


def findings(page: Page) -> None:
    tab(page, "Findings")
    page.get_by_role("button", name="Show all inspections").click()
    settle(page)
    page.get_by_text("Checked 7 of 7 inspections; 7 match").wait_for()
    page.locator("#spread svg").wait_for()


def no_finding(page: Page) -> None:
    findings(page)
    page.get_by_role("checkbox", name="Outstanding").check()
    page.get_by_role("checkbox", name="Only each").check()
    page.locator("#coverage", has_text="Checked").wait_for()


def finding_page(page: Page) -> None:
    findings(page)
    page.locator("table.inspections [data-event=source]").first.click()
    page.locator("#finding-page mark").wait_for()


def documents(page: Page) -> None:
    """The list, also where a document was open."""
    tab(page, "Documents")
    back = page.get_by_role("button", name="Back to all documents")
    if back.first.is_visible():
        back.first.click()
    page.locator("table.documents").wait_for()


def facts(page: Page) -> None:
    """What one document says of itself, with the page where it stands."""
    documents(page)
    page.locator("table.documents tr", has_text="Bray Lodge").locator("[data-event=facts], [data-event=document]").first.click()
    page.locator("table.facts").wait_for()
    page.locator("table.facts [data-event=source]").first.click()
    page.locator(":is(#facts-page, #document-page) mark").first.wait_for()


def removal(page: Page) -> None:
    documents(page)
    page.locator("table.documents input[type=checkbox]").first.check()
    page.get_by_role("button", name="Remove ticked").click()
    page.get_by_text("from the library?").wait_for()


def filtered(page: Page) -> None:
    """Filters open and set, chips under an answer, and what comes near to another question."""
    begin(page)
    if not page.locator("#ask-grade").is_visible():
        page.get_by_role("button", name="Filters").first.click()
    page.locator("#ask-grade").get_by_text("Good", exact=True).click()
    page.locator("#ask-chips .chip").first.wait_for()
    ask(page, "narrow it down")
    ask(page, "What of the weather?")
    page.locator(".nearest button").first.click()
    page.locator(".viewer mark").first.wait_for()


def passages(page: Page) -> None:
    """A document's passages, one of them open on its page."""
    documents(page)
    page.locator("table.documents tr", has_text="Bray Lodge").locator("[data-event=document]").first.click()
    page.get_by_role("tab", name="Passages").click()
    page.locator("ol.passages [data-event=passage]").first.click()
    page.locator("#document-page mark").first.wait_for()


def report(page: Page) -> None:
    """What came of two questions of a set."""
    tab(page, "Evaluation")
    page.get_by_label("How many questions").fill("2")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("#report-area table.measures").first.wait_for()
    settle(page)


STATES: tuple[State, ...] = (
    begin, empty_question, viewer, refusal_and_failure, table, written, feedback, conversations, filtered, findings, no_finding,
    finding_page, documents, facts, passages, removal, report,
)  # fmt: skip
