"""The chat page in a real browser: what a reader does with mouse and keyboard, and that nothing leaves this computer.

The page is served by tests/fake_page.py, in a process of its own; one test at the end uses the real application.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
CHROMES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
OPEN = "What was still open at Riverside House?"


def chromium() -> str | None:
    """The browser to use: $CHROMIUM, or one where systems usually keep it; None for none."""
    named = [os.environ.get("CHROMIUM"), *CHROMES, shutil.which("google-chrome"), shutil.which("chromium")]
    return next((path for path in named if path and Path(path).exists()), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
    if not (path := chromium()):
        pytest.skip("no Chromium found: install one, or name it in $CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int, log: Path, patience: float = 120) -> Iterator[str]:
    """The address of a page served by ``command``, which is ended afterwards by its own handle."""
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + patience
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"The page did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def full(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _fake("full", tmp_path_factory.mktemp("full") / "log") as address:
        yield address


@pytest.fixture(scope="module")
def empty(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _fake("empty", tmp_path_factory.mktemp("empty") / "log") as address:
        yield address


@pytest.fixture
def judged(browser: Browser, tmp_path: Path) -> Iterator[str]:
    """A page of its own for each test, since these tests change the library."""
    with _fake("judged", tmp_path / "log") as address:
        yield address


@contextmanager
def _fake(kind: str, log: Path) -> Iterator[str]:
    port = free_port()
    with serving([sys.executable, "tests/fake_page.py", str(port), kind], port, log) as address:
        yield address


@contextmanager
def opened(browser: Browser, address: str, width: int = 1280) -> Iterator[Page]:
    """A page in a context of its own; anything asked of another machine is counted against the test."""
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    elsewhere: list[str] = []
    broken: list[str] = []
    context.on("request", lambda request: elsewhere.append(request.url) if _foreign(request.url) else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: broken.append(f"dialog: {dialog.message}"))
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    yield page
    assert elsewhere == [] and broken == []
    context.close()


def _foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def ask(page: Page, question: str) -> None:
    """Asks, and waits until the newest answer, which is to this question, is whole."""
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    first = page.locator(".turn").first
    first.locator(".asked", has_text=question).wait_for()
    page.wait_for_function("document.querySelector('.turn').getAttribute('aria-busy') === 'false'")


def payloads(*names: str) -> list[FilePayload]:
    """Files to upload, by name."""
    return [{"name": name, "mimeType": "text/plain", "buffer": b"text"} for name in names]


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_question_is_answered_and_its_citation_opens_the_marked_passage(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        page.locator("#examples button", has_text="still open").click()
        page.locator(".turn .badge", has_text="Answered").wait_for()
        assert page.locator("#sources .card").count() == 3
        for number in (1, 2, 3):
            page.locator(f".turn .cite[data-number='{number}']").click()
            page.locator(f"#sources .card.open[data-number='{number}']").wait_for()
            assert (
                page.locator(".page-text mark").text_content() == page.locator(".card.open blockquote").text_content()
            )
            assert page.locator(".viewer h3").text_content() == page.evaluate(
                "`${document.querySelector('.card.open bdi').textContent} — page ${"
                "document.querySelector('.card.open .place').textContent.match(/page (\\d+)/)[1]} of ${"
                "document.querySelector('.card.open .place bdi:last-of-type').textContent}`"
            )


def test_the_marked_passage_is_scrolled_into_view(browser: Browser, full: str) -> None:
    with opened(browser, full, width=360) as page:
        ask(page, OPEN)
        page.locator(".turn .cite").first.click()
        page.locator(".page-text mark").wait_for()
        page.wait_for_function(
            "() => { const m = document.querySelector('mark').getBoundingClientRect(),"
            " b = document.querySelector('.page-text').getBoundingClientRect();"
            " return m.top >= b.top && m.bottom <= b.bottom && m.top >= 0 && m.bottom <= innerHeight }"
        )
        assert no_sideways_scroll(page)


def test_asking_and_opening_a_citation_need_no_mouse(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        page.get_by_label("Your question").focus()
        page.keyboard.type(OPEN)
        page.keyboard.press("Enter")
        page.locator(".turn .badge", has_text="Answered").wait_for()
        name = "Source 1: Riverside House: inspection report, page 4"
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
                break
        page.keyboard.press("Enter")
        page.locator(".page-text mark").wait_for()
        page.wait_for_function("document.activeElement.matches('.viewer h3')")
        page.get_by_role("button", name="Next source").press("Enter")
        page.locator("#sources .card.open[data-number='2']").wait_for()
        page.get_by_role("button", name="Back to the answer").press("Enter")
        assert page.evaluate("document.activeElement.dataset.number") == "2"


def test_hostile_titles_passages_and_questions_do_nothing(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        question = 'evil <img src=x onerror="window.pwned=9"><script>window.pwned=8</script> {{7*7}} ${alert(1)}'
        ask(page, question)
        page.locator(".turn .cite").click()
        page.locator(".page-text mark").wait_for()
        assert page.locator(".page-text mark").text_content() == page.locator(".card.open blockquote").text_content()
        assert page.locator(".turn .asked").text_content() == f"Question 1: {question}"
        page.get_by_role("tab", name="Documents").click()
        page.locator("table.documents tr", has_text="onerror").wait_for()
        assert page.evaluate("window.pwned") is None
        assert page.locator(".gradio-container a[href^='javascript'], .turn img, #sources img, table img").count() == 0


def test_two_readers_never_see_each_others_conversation(browser: Browser, full: str) -> None:
    with opened(browser, full) as one, opened(browser, full) as two:
        ask(one, OPEN)
        ask(two, "What is the weather?")
        one.locator(".turn .cite").first.click()
        one.locator(".page-text mark").wait_for()
        assert one.locator(".turn").count() == two.locator(".turn").count() == 1
        assert "weather" not in one.locator("#conversation").inner_text()
        assert "Not found in the documents" in two.locator("#conversation").inner_text()
        assert two.locator("mark").count() == 0


def test_citations_of_earlier_answers_still_open_their_own_page(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        ask(page, OPEN)
        ask(page, "evil once")
        page.locator(".turn", has_text=OPEN).locator(".cite[data-number='2']").click()
        page.locator(".page-text mark", has_text="told to improve its governance").wait_for()
        page.locator(".turn", has_text="evil once").locator(".cite").click()
        page.locator(".page-text mark", has_text="kitchen was clean").wait_for()


def test_an_answer_can_be_stopped_and_the_next_one_asked(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        page.get_by_label("Your question").fill("a slow one")
        page.keyboard.press("Enter")
        page.locator(".turn .answer", has_text="still open").wait_for()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.locator(".turn .badge", has_text="Stopped").wait_for()
        ask(page, OPEN)
        assert page.locator(".turn .badge").first.inner_text() == "Answered"
        page.get_by_role("button", name="New conversation").click()
        page.locator("#examples button").first.wait_for()
        assert page.locator(".turn").count() == 0


def test_a_slow_answer_does_not_keep_another_reader_waiting(browser: Browser, full: str) -> None:
    with opened(browser, full) as one, opened(browser, full) as two:
        one.get_by_label("Your question").fill("a slow one")
        one.keyboard.press("Enter")
        one.locator(".turn").wait_for()
        ask(two, OPEN)
        assert one.locator(".turn").get_attribute("aria-busy") == "true"
        one.get_by_role("button", name="Stop", exact=True).click()


def test_failures_and_empty_questions_are_said_plainly(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("Type a question first.").wait_for()
        ask(page, "please crash")
        shown = page.locator("#conversation").inner_text()
        assert (
            "Failed" in shown and "Something went wrong" in shown and "secret" not in shown and "Traceback" not in shown
        )
        ask(page, "x" * 400)
        assert no_sideways_scroll(page)


def test_the_answer_is_copied_with_its_citations(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, OPEN)
        page.get_by_role("button", name="Copy answer with citations").click()
        page.get_by_role("button", name="Copied").wait_for()
        assert "[2] Press release: Riverside House, page 1" in page.evaluate("navigator.clipboard.readText()")


def test_an_empty_library_leads_to_adding_and_uploads_tell_their_outcome(browser: Browser, empty: str) -> None:
    with opened(browser, empty, width=360) as page:
        page.get_by_text("Your library is empty").wait_for()
        page.get_by_role("button", name="Add documents").click()
        page.get_by_text("The library is empty. Drop files above").wait_for()
        names = ("one.pdf", "bad <b>two.pdf", "three.pdf")
        page.locator("#upload input[type=file]").set_input_files(payloads(*names))
        page.get_by_text("1 skipped, 2 added").wait_for()
        assert "Not a PDF" in page.locator("table.outcomes tr", has_text="Skipped").inner_text()
        page.locator("table.documents tr", has_text="three.pdf").wait_for()
        assert no_sideways_scroll(page)
        page.get_by_role("tab", name="Ask").click()
        page.locator("#examples button").first.wait_for()


def test_adding_shows_progress_and_stops_safely(browser: Browser, empty: str) -> None:
    with opened(browser, empty) as page:
        page.get_by_role("tab", name="Documents").click()
        page.locator("#upload input[type=file]").set_input_files(payloads("first.txt", "slow.txt"))
        page.get_by_text(re.compile("1 of 2 files")).wait_for()
        page.get_by_role("button", name="Stop adding").click()
        page.get_by_text("Stopped early. 1 added").wait_for()
        assert not page.get_by_role("button", name="Stop adding").is_visible()


def test_only_the_ticked_documents_are_removed_and_ticks_stay_with_theirs(browser: Browser, full: str) -> None:
    with opened(browser, full) as page:
        page.get_by_role("tab", name="Documents").click()
        page.locator("#upload input[type=file]").set_input_files(payloads("extra-1.txt", "extra-2.txt", "extra-3.txt"))
        page.locator("table.documents tr", has_text="extra-3.txt").wait_for()
        page.locator("table.documents tr", has_text="extra-1.txt").locator("input").check()
        page.get_by_role("button", name="Remove ticked").click()
        page.get_by_text("Remove 1 document from the library?").wait_for()
        page.get_by_role("button", name="Yes, remove").click()
        page.locator("table.outcomes .badge", has_text="Removed").wait_for()
        page.locator("table.documents tr", has_text="extra-1.txt").wait_for(state="detached")
        assert page.locator("table.documents input:checked").count() == 0
        page.locator("table.documents tr", has_text="extra-3.txt").locator("input").check()
        page.get_by_label("Find a document").fill("extra")
        page.locator("table.documents caption", has_text=" of ").wait_for()
        assert "extra-3.txt" in page.locator("table.documents tr:has(input:checked)").inner_text()


def findings(page: Page) -> None:
    """Opens the findings, and waits for their table."""
    page.get_by_role("tab", name="Findings").click()
    page.locator("table.inspections").wait_for()


def services(page: Page) -> list[str]:
    return page.locator("table.inspections tbody th").all_inner_texts()


def test_a_grade_is_chosen_and_its_rows_coverage_and_files_follow(browser: Browser, judged: str) -> None:
    with opened(browser, judged) as page:
        findings(page)
        assert len(services(page)) == 6
        page.get_by_role("checkbox", name="Good").check()
        page.get_by_text("Checked 6 of 6 inspections; 2 match; 1 has no readable overall grade: dene-2022.pdf.").wait_for()
        assert services(page) == ["Ashby Court", "Cole Grove"]
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as CSV").click()
        assert download.value.suggested_filename == "findings.csv"
        assert len(Path(download.value.path()).read_text("utf-8-sig").splitlines()) == 3
        page.get_by_role("button", name="Show all inspections").click()
        page.locator("table.inspections", has_text="Bray Lodge").wait_for()
        assert not page.get_by_role("checkbox", name="Good").is_checked()


def test_services_are_searched_by_typing_and_the_rows_follow(browser: Browser, judged: str) -> None:
    with opened(browser, judged) as page:
        findings(page)
        page.get_by_role("combobox", name="Service").click()
        page.keyboard.type("cole")
        page.get_by_role("option", name="Cole Grove").click()
        page.get_by_text("Checked 1 of 6 inspections; 1 matches").wait_for()
        assert services(page) == ["Cole Grove"]


def test_the_source_of_a_row_opens_marked_and_leads_back_without_a_mouse(browser: Browser, judged: str) -> None:
    for width in (1280, 360):
        with opened(browser, judged, width=width) as page:
            findings(page)
            button = page.get_by_role("button", name="Page 1 of bray-2021.pdf, where the grade of Bray Lodge stands")
            button.press("Enter")
            page.locator("#finding-page mark").wait_for()
            assert page.locator("#finding-page mark").text_content() == "Overall\tInadequate"
            page.wait_for_function("document.activeElement.matches('#finding-page h3')")
            assert no_sideways_scroll(page)
            page.get_by_role("button", name="Back to the table").press("Enter")
            page.wait_for_function("document.activeElement.dataset.document === 'bray-2021.pdf'")
            assert page.locator("mark").count() == 0


def test_heads_order_the_table_and_keep_the_focus(browser: Browser, judged: str) -> None:
    with opened(browser, judged) as page:
        findings(page)
        page.get_by_role("button", name="Published").press("Enter")
        page.locator("th[aria-sort=ascending]", has_text="Published").wait_for()
        assert services(page)[0] == "Ashby Court" and services(page)[-1] == "East Mill"
        assert page.evaluate("document.activeElement.dataset.column") == "published"
        page.keyboard.press("Enter")
        page.locator("th[aria-sort=descending]", has_text="Published").wait_for()
        assert services(page)[0] == "Dene Hall" and services(page)[-1] == "East Mill"


def test_a_value_is_corrected_marked_and_taken_back(browser: Browser, judged: str) -> None:
    with opened(browser, judged) as page:
        page.get_by_role("tab", name="Documents").click()
        page.get_by_role("button", name="Bray Lodge: inspection report").click()
        grade = page.locator("table.facts tr", has_text="Overall grade")
        grade.get_by_role("button", name="Page 1").click()
        page.locator("#document-page mark", has_text="Inadequate").wait_for()
        page.get_by_role("button", name="Back to where it was chosen").click()
        assert page.evaluate("document.activeElement.dataset.field") == "overall"
        grade.get_by_role("button", name="Correct").click()
        box = page.get_by_label("Value")
        page.wait_for_function("document.querySelector('#fact-value textarea, #fact-value input').value === 'Inadequate'")
        box.fill("Splendid")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("is no grade of this document's scale").wait_for()
        assert box.input_value() == "Splendid"
        box.fill("Good")
        page.get_by_role("button", name="Save").click()
        grade.get_by_text("corrected", exact=True).wait_for()
        assert "corrected by hand" in grade.inner_text() and box.input_value() == ""
        findings(page)
        assert "corrected by hand" in page.locator("table.inspections tr", has_text="Bray Lodge").inner_text()
        page.get_by_role("tab", name="Documents").click()
        grade.get_by_role("button", name="Take back").click()
        page.get_by_text("Overall grade is again as it was read").wait_for()
        assert "Inadequate" in grade.inner_text() and "corrected" not in grade.inner_text()
        page.get_by_role("button", name="Back to all documents").click()
        page.wait_for_function("document.activeElement.dataset.document === 'bray-2021.pdf'")


def test_a_document_under_embargo_shows_its_file_and_can_be_let_go(browser: Browser, judged: str) -> None:
    with opened(browser, judged, width=360) as page:
        page.get_by_role("tab", name="Documents").click()
        page.locator("table.documents tr", has_text="Under embargo until 17 July 2099, 00:01").wait_for()
        assert "Secret Manor" not in page.locator("body").inner_text()
        page.get_by_role("button", name="Under embargo until").click()
        page.locator("table.facts tr", has_text="Embargo until").wait_for()
        assert page.locator("table.facts tbody tr").count() == 1 and no_sideways_scroll(page)
        page.get_by_role("button", name="There is none").click()
        page.locator("#document-head h2", has_text="Secret Manor").wait_for()
        page.get_by_role("button", name="Back to all documents").click()
        page.locator("table.documents tr", has_text="Secret Manor").wait_for()


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_scrolls_sideways(browser: Browser, full: str, width: int) -> None:
    with opened(browser, full, width=width) as page:
        assert no_sideways_scroll(page)
        ask(page, "evil " + "y" * 395)
        page.locator(".turn .cite").click()
        page.locator(".page-text mark").wait_for()
        assert no_sideways_scroll(page)
        page.get_by_role("tab", name="Documents").click()
        page.locator("table.documents").wait_for()
        assert no_sideways_scroll(page)


def test_ctrl_c_ends_quietly(browser: Browser, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "tests/fake_page.py", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + 120
        while "is ready at" not in log.read_text("utf-8") and process.poll() is None and time.monotonic() < end:
            time.sleep(0.2)
        process.send_signal(2)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    said = log.read_text("utf-8").strip()
    assert said == f"Inspection Assistant is ready at http://127.0.0.1:{port} — press Ctrl-C to stop"


@pytest.mark.weights
def test_a_sample_question_is_answered_and_its_citation_opens_the_marked_passage(
    browser: Browser, tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home")]
    subprocess.run([*program, "add", "corpus/samples"], cwd=ROOT, check=True, capture_output=True, timeout=600)
    port = free_port()
    command = [*program, "chat", "--port", str(port)]
    with serving(command, port, tmp_path / "log", 300) as address, opened(browser, address) as page:
        page.set_default_timeout(120_000)
        page.locator("#examples button").first.click()
        page.locator(".turn .badge", has_text=re.compile("^(Answered|Partly answered)$")).wait_for()
        page.locator(".turn .cite").first.click()
        page.locator(".page-text mark").wait_for()
        assert page.locator(".page-text mark").text_content() == page.locator(".card.open blockquote").text_content()
