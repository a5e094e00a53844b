"""Conversations on the page: there after a reload and a restart, seen by their own browser only, and every word of them escaped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import pytest

from tests.fake_page import HOSTILE, entry_of, pretend
from tests.test_browser import OPEN, ask, browser, free_port, no_sideways_scroll, opened, serving  # noqa: F401
from tests.test_web import Reader, asked, event, harmless
from ui.shelf import new_token
from ui.web.chat import Ask
from ui.web.history import day_group
from ui.web.talk import Talk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSER = pytest.mark.browser


@pytest.fixture
def fake() -> Any:
    return pretend(pause=0.0)


@pytest.fixture
def area(fake: Any) -> Ask:
    with gr.Blocks(analytics_enabled=False):
        return Ask(fake)


def started(area: Ask, token: object = None, where: str = "") -> tuple[Talk, Any]:
    """A tab as it is after the page was opened."""
    talk = Talk()
    return talk, area.on_start(talk, token, where)


def listing(area: Ask, talk: Talk) -> str:
    talk.drawer.open = True
    return str(area.drawer.drawn(talk)[1])


# without a browser


def test_a_new_browser_gets_a_token_and_a_known_one_keeps_its_own(area: Ask) -> None:
    token = new_token()
    assert started(area)[1][0] != started(area)[1][0]
    assert started(area, token)[1][0] == token
    assert started(area, "../../etc")[1][0] != "../../etc"


def test_a_conversation_is_resumed_with_its_answers_and_goes_on(area: Ask, fake: Any) -> None:
    talk, _ = started(area)
    asked(area, "What was still open?", talk)
    asked(area, "please fail", talk)
    again, shown = started(area, talk.token, talk.id)
    assert "still open" in shown[2] and "The chat model does not answer." in shown[2] and 'class="card' not in shown[3]
    assert [(t.question, t.state, t.answer and t.answer.citations) for t in again.turns] == [
        (t.question, t.state, t.answer and t.answer.citations) for t in talk.turns
    ]
    asked(area, "And then?", again)
    assert fake.asked[-1] == ("And then?", 1, False) and len(area.keeper.shelf(talk).read(talk.id).turns) == 3  # type: ignore[union-attr]


def test_an_answer_stopped_or_cut_off_is_kept_as_it_was() -> None:
    with gr.Blocks(analytics_enabled=False):
        area = Ask(pretend(pause=0.02))
    talk, _ = started(area)
    stream = area.on_ask("a slow one", talk)
    while "Two actions" not in str(next(stream)[4]):
        pass
    assert started(area, talk.token, talk.id)[0].turns[0].state == "stopped", "even when it was never ended"
    stream.close()  # type: ignore[attr-defined]
    again, shown = started(area, talk.token, talk.id)
    assert again.turns[0].state == "stopped" and "Two actions" in shown[2] and talk.stop is None


def test_another_browser_sees_nothing(area: Ask) -> None:
    talk, _ = started(area)
    asked(area, "What was still open?", talk)
    other, shown = started(area, new_token(), talk.id)
    assert not other.turns and shown[2] == "" and "is gone" in shown[1]
    assert "still open" not in listing(area, other) and "still open" in listing(area, talk)
    area.drawer.resumed(other, talk.id)
    other.drawer.dropping = talk.id
    area.drawer.dropped(other, talk.id)
    assert not other.turns and "still open" in listing(area, talk)


def test_a_conversation_is_renamed_found_and_deleted_after_one_question(area: Ask) -> None:
    talk, _ = started(area)
    asked(area, "What was still open?", talk)
    area.on_clear(talk)
    asked(area, "What is the weather?", talk)
    area.drawer.on_toggle(talk)
    area.drawer.on_rename(talk, event(id=talk.id))
    assert 'value="What is the weather?"' in area.drawer.drawn(talk)[1]
    assert "it is empty" in area.drawer.on_named(talk, event(id=talk.id, name=[" "]))[1]
    assert "Sun &amp; rain" in area.drawer.on_named(talk, event(id=talk.id, name=["Sun & rain"]))[1] and talk.name == "Sun & rain"
    found = area.drawer.on_find("ACTIONS open", talk)[1]
    assert "still open" in found and "Sun" not in found
    assert "None has all these words" in area.drawer.on_find("zebra", talk)[1]
    area.drawer.on_find("", talk)
    assert area.drawer.dropped(talk, talk.id) == "", "nothing goes that was not asked about"
    assert "It cannot be brought back" in area.drawer.on_drop(talk, event(id=talk.id))[1]
    assert area.drawer.dropped(talk, talk.id) == "Conversation deleted" and not talk.turns
    assert "Sun" not in listing(area, talk) and "still open" in listing(area, talk)


def test_a_conversation_deleted_while_it_is_answered_stays_deleted() -> None:
    with gr.Blocks(analytics_enabled=False):
        area = Ask(pretend(pause=0.02))
    talk, _ = started(area)
    stream = area.on_ask("a slow one", talk)
    while "Two actions" not in str(next(stream)[4]):
        pass
    talk.drawer.dropping = talk.id
    assert area.drawer.dropped(talk, talk.id) == "Conversation deleted"
    rest = list(stream)
    assert not talk.turns and rest[-1][4] == "" and area.keeper.number(talk) == 0


def test_what_became_of_a_source_is_said(area: Ask, fake: Any) -> None:
    talk, _ = started(area)
    asked(area, "What was still open?", talk)
    quote = talk.turns[0].citations[0].quote
    fake.library.remove(["a1"])
    fake.library.pages.clear()
    again, shown = started(area, talk.token, talk.id)
    assert shown[3].count("no longer in the library") == 2 and "another version" not in shown[3]
    assert quote.split("\n")[0] in shown[3], "the quote stays as it was"
    fake.library.entries["a3"] = entry_of("a3", "riverside-house-2024.pdf", "New", 1)
    assert "another version of this document, added 20 Nov 2026" in area.on_open(again, event(turn="1", number="1"))[1]
    assert "another version" in started(area, talk.token, talk.id)[1][3]


def test_a_question_is_asked_again_or_put_back_into_the_box(area: Ask, fake: Any) -> None:
    talk, _ = started(area)
    for question in ("What was still open?", "please fail", "And then?"):
        asked(area, question, talk)
    list(area.on_again(talk, event(turn="2")))
    assert fake.asked[-1] == ("please fail", 1, False) and len(talk.turns) == 4, "it knows what it knew then"
    assert area.on_edit(talk, event(turn="2")) == "please fail"
    assert list(area.on_again(talk, event(turn="x"))) == []


def test_one_citation_is_copied_in_a_standard_form(area: Ask) -> None:
    talk, shown = asked(area, "What was still open?")
    line = "Riverside House: inspection report, 3 May 2024, page 4: “Audits were not always followed up, and two actions from the last"
    assert line in shown[-1][5] and 'aria-label="Copy citation 1: Riverside House' in shown[-1][5]


def test_a_disk_that_is_full_takes_no_answer_away(area: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    talk, _ = started(area)
    monkeypatch.setattr("os.fsync", full)
    _, shown = asked(area, "What was still open?", talk)
    assert "This answer was not kept." in shown[-1][2] and "No space left" in shown[-1][2] and "Answered" in shown[-1][4]


def test_a_damaged_conversation_is_told_and_does_no_harm(area: Ask) -> None:
    talk, _ = started(area)
    asked(area, "What was still open?", talk)
    (area.keeper.shelf(talk).folder / f"{'0' * 32}.json").write_text("{")  # type: ignore[union-attr]
    assert "1 conversation could not be read" in listing(area, talk)
    assert area.drawer.resumed(talk, "0" * 32) == "" and "damaged" in listing(area, talk) and talk.turns


def test_hostile_names_and_questions_are_plain_text(area: Ask) -> None:
    talk, _ = started(area)
    asked(area, f"evil {HOSTILE}", talk)
    asked(area, "half a character \ud800", talk)
    area.drawer.on_named(talk, event(id=talk.id, name=[f'"><b>{HOSTILE}']))
    views = [listing(area, talk), str(area.drawer.on_rename(talk, event(id=talk.id))[1]), str(area.drawer.on_drop(talk, event(id=talk.id))[1]),
             str(area.drawer.drawn(talk)[2])]  # fmt: skip
    assert [view for view in views if Reader(view).handlers or not harmless(view)] == []


def test_conversations_are_grouped_by_day() -> None:
    now = datetime(2026, 11, 23, 0, 5)
    days = (datetime(2026, 11, 23, 0, 1), datetime(2026, 11, 22, 23, 59), datetime(2026, 11, 17), datetime(2026, 11, 16), datetime(2025, 1, 2))
    assert [day_group(day, now) for day in days] == ["Today", "Yesterday", "Last seven days", "November 2026", "January 2025"]


# in a browser


@contextmanager
def served(home: Path, port: int = 0) -> Iterator[str]:
    port = port or free_port()
    with serving([sys.executable, "tests/fake_page.py", str(port), "full", str(home)], port, home / "log") as address:
        yield address


@pytest.fixture(scope="module")
def page_of_two(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: F811
    with served(tmp_path_factory.mktemp("history")) as address:
        yield address


def conversations(page: Page) -> list[str]:
    """Opens the drawer, if need be, and gives the names in it."""
    page.get_by_role("button", name="onversations (").wait_for()
    if page.locator("#history-list").count() == 0:
        page.get_by_role("button", name="Conversations (").click()
    page.locator("#history-list section").wait_for()
    return page.locator("#history-list .talk-title").all_inner_texts()


@BROWSER
def test_a_conversation_is_there_after_a_reload_and_after_a_restart(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    port = free_port()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    with served(tmp_path, port) as address:
        page.goto(address)
        ask(page, OPEN)
        before = page.locator(".turn .answer").inner_text()
        page.reload()
        page.locator(".turn .badge", has_text="Answered").wait_for()
        assert page.locator(".turn .answer").inner_text() == before and page.locator("#examples button").count() == 0
    with served(tmp_path, port) as address:
        page.goto(address)
        page.locator(".turn .badge", has_text="Answered").wait_for()
        page.locator(".turn .cite").first.click()
        page.locator(".page-text mark").wait_for()
        ask(page, "And then it?")
        fresh = context.new_page()
        fresh.goto(address)
        assert conversations(fresh) == [OPEN] and fresh.locator(".turn").count() == 0, "a new tab begins anew"
        fresh.locator("#history-list").get_by_role("button", name=OPEN, exact=True).click()
        fresh.locator(".turn").nth(1).wait_for()
        fresh.wait_for_function("document.activeElement.matches('.talk-name')")
    context.close()


@BROWSER
def test_a_page_that_is_left_keeps_the_question(browser: Browser, page_of_two: str) -> None:  # noqa: F811
    with opened(browser, page_of_two) as page:
        page.get_by_label("Your question").fill("a slow one")
        page.keyboard.press("Enter")
        page.locator(".turn .answer", has_text="still open").wait_for()
        page.wait_for_function("sessionStorage.getItem('conversation')")
        page.reload()
        page.locator(".turn .asked", has_text="a slow one").wait_for()
        page.locator(".turn .badge", has_text="Stopped").wait_for()
        page.get_by_role("button", name="Edit the question").click()
        page.wait_for_function("document.querySelector('#question textarea').value === 'a slow one'")
        assert page.evaluate("document.activeElement.matches('#question textarea')")


@BROWSER
@pytest.mark.parametrize("width", [1280, 360])
def test_a_conversation_is_renamed_searched_and_deleted_without_a_mouse(browser: Browser, page_of_two: str, width: int) -> None:  # noqa: F811
    with opened(browser, page_of_two, width=width) as page, opened(browser, page_of_two) as other:
        ask(page, OPEN)
        page.get_by_role("button", name="New conversation").press("Enter")
        page.locator("#examples button").first.wait_for()
        ask(page, "What is the weather?")
        page.get_by_role("button", name="Conversations (2)").press("Enter")
        page.wait_for_function("document.activeElement.matches('#history-head h2')")
        assert conversations(page) == ["What is the weather?", OPEN] and no_sideways_scroll(page)
        page.get_by_role("button", name=f"Rename {OPEN}").press("Enter")
        page.wait_for_function("document.activeElement.matches('#history-list input')")
        page.keyboard.type("Riverside <b>first</b>")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Rename Riverside <b>first</b>").wait_for()
        page.get_by_label("Find a conversation").fill("two actions")
        page.locator("#history-list li").nth(1).wait_for(state="detached")
        assert conversations(page) == ["Riverside <b>first</b>"]
        page.get_by_label("Find a conversation").fill("")
        page.locator("#history-list li").nth(1).wait_for()
        page.get_by_role("button", name="Delete What is the weather?").press("Enter")
        page.locator(".really", has_text="It cannot be brought back").wait_for()
        page.locator(".really").get_by_role("button", name="Delete").press("Enter")
        page.locator(".turn").wait_for(state="detached")
        assert conversations(page) == ["Riverside <b>first</b>"] and no_sideways_scroll(page)
        page.get_by_role("button", name="Close the list of conversations").press("Enter")
        page.locator("#history-list").wait_for(state="detached")
        ask(other, OPEN)
        assert conversations(other) == [OPEN], "another browser has its own"


@BROWSER
def test_one_citation_is_copied(browser: Browser, page_of_two: str) -> None:  # noqa: F811
    with opened(browser, page_of_two) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, OPEN)
        page.get_by_role("button", name="Copy citation 2").click()
        page.locator("#sources").get_by_text("Copied").wait_for()
        said = page.evaluate("navigator.clipboard.readText()")
        assert said == "Press release: Riverside House, 3 May 2024, page 1: “Riverside House told to improve its governance” (press-2024-05.html)"
        assert page.locator("mark").count() == 0, "the card itself was not chosen"
