"""Filters in Ask, on the page: set, shown as chips, taken back, kept with the question, and cleared with the conversation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gradio as gr
import pytest

from assistant.scope import Filters
from tests.fake_page import HOSTILE, Fake, pretend
from tests.test_browser import ask, browser, free_port, no_sideways_scroll, opened, serving  # noqa: F401
from ui.record import Conversation, as_json, from_json
from ui.web.chat import Ask
from ui.web.narrowing import ANY, chips_html, filters_of, without
from ui.web.talk import How, Talk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSER = pytest.mark.browser
SET = (["Riverside House"], "2024", ANY, [], "Overall", ["Good"])
MEANT = Filters(services=("Riverside House",), since=date(2024, 1, 1), grades=("Good",))


@pytest.fixture
def area() -> Iterator[Ask]:
    with gr.Blocks():
        yield Ask(pretend(pause=0.0).judge())


def event(**data: str) -> Any:
    return SimpleNamespace(_data=data)


def fake(area: Ask) -> Fake:
    found: Any = area.assistant
    assert isinstance(found, Fake)
    return found


def test_what_is_set_is_what_is_asked_within(area: Ask) -> None:
    assert filters_of(*SET) == MEANT
    talk = Talk()
    shown = list(area.on_ask("What was open?", talk, False, None, *SET))
    assert fake(area).narrowed == [(MEANT, frozenset())] and talk.turns[0].how == How(filters=MEANT)
    assert all(chip in shown[-1][4] for chip in ("Service: Riverside House", "Date: since 2024", "Grade: Good"))
    list(area.on_again(talk, event(turn="1")))
    assert fake(area).narrowed[-1] == (MEANT, frozenset()), "asked again as it was asked"


def test_years_the_wrong_way_round_are_taken_the_right_way() -> None:
    turned = filters_of([], "2024", "2019", [], "Overall", [])
    assert (turned.since, turned.until) == (date(2019, 1, 1), date(2024, 12, 31))


def test_a_chip_takes_back_its_own_filter_and_one_button_all(area: Ask) -> None:
    *values, chips = area.narrowing.on_unfilter(event(key="time"), *SET)
    assert [value["value"] for value in values] == [["Riverside House"], ANY, ANY, [], "Overall", ["Good"]]
    assert "since 2024" not in chips and "Riverside House" in chips
    *values, chips = area.narrowing.on_unfilter(event(), *SET)
    assert [value["value"] for value in values] == [[], ANY, ANY, [], "Overall", []] and chips == ""
    assert without(MEANT, "grade:Good") == Filters(services=("Riverside House",), since=date(2024, 1, 1))


def test_what_a_question_was_narrowed_by_is_taken_back_one_by_one(area: Ask) -> None:
    talk = Talk()
    list(area.on_ask("narrow it down", talk, False, None, *SET))
    list(area.on_lift(talk, False, event(turn="1", key="time")))
    assert fake(area).narrowed[-1] == (MEANT, frozenset({"time"})), "what was read from the question; not the filter of the same key"
    shown = list(area.on_lift(talk, False, event(turn="2", key="service:Riverside House")))
    assert fake(area).narrowed[-1][1] == {"time", "service:Riverside House"}
    assert "Not narrowed by Date: from 2024; Service: Riverside House." in shown[-1][4]
    list(area.on_lift(talk, False, event(turn="3", key="time", hand="1")))
    assert fake(area).narrowed[-1][0] == Filters(services=("Riverside House",), grades=("Good",))
    assert list(area.on_lift(talk, False, event(turn="1", key="no such"))) == [] == list(area.on_lift(talk, False, event(turn="x")))


def test_a_question_asked_again_knows_only_what_was_answered_before_it(area: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own answer, or a later one, would make it a follow-up: about a service that it does not name."""
    known: list[tuple[str, ...]] = []
    stream = area.assistant.stream

    def noted(question: str, history: Any = (), **how: Any) -> Any:
        known.append(tuple(one.understood.asked for one in history))
        return stream(question, history, **how)

    monkeypatch.setattr(area.assistant, "stream", noted)
    talk = Talk()
    for question in ("narrow the first", "narrow it down"):
        list(area.on_ask(question, talk, False, None, *SET))
    for again in (area.on_lift(talk, False, event(turn="2", key="time")), area.on_lift(talk, False, event(turn="3", key="time", hand="1")),
                  area.on_widen(talk, False, event(turn="4")), area.on_quotes(talk, event(turn="2"))):  # fmt: skip
        list(again)
    assert known == [(), *[("narrow the first",)] * 5]
    kept = Talk()
    kept.resume(from_json(as_json(Conversation("a" * 32, "n", tuple(turn.kept() for turn in talk.turns)))))
    list(area.on_again(kept, event(turn="4")))
    assert known[-1] == ("narrow the first",)


def test_filters_are_kept_with_the_question(area: Ask) -> None:
    talk = Talk()
    list(area.on_ask("narrow it down", talk, False, None, *SET))
    list(area.on_lift(talk, False, event(turn="1", key="time")))
    kept = from_json(as_json(Conversation("a" * 32, "n", tuple(turn.kept() for turn in talk.turns))))
    again = Talk()
    again.resume(kept)
    assert [turn.how for turn in again.turns] == [turn.how for turn in talk.turns] and again.turns[1].how.lifted


def test_a_new_conversation_has_no_filters(area: Ask) -> None:
    values = area.on_clear(Talk())[-7:]
    assert [value["value"] for value in values[:-1]] == [[], ANY, ANY, [], "Overall", []] and values[-1] == ""


def test_a_filter_stays_set_when_the_library_loses_what_it_names(area: Ask) -> None:
    offered = area.narrowing.offered(["Riverside House", "Gone Manor"], "1999", ANY, ["leaflet"], "Overall", ["Good"])
    assert {"Dene Hall", "Gone Manor"} <= {*offered[0]["choices"]} and "1999" in offered[1]["choices"] and "leaflet" in offered[3]["choices"]
    assert not any("value" in each for each in offered), "what is being chosen at this moment is left alone"
    assert "Secret Manor" not in str(offered), "what is under embargo is not offered"


def test_names_in_chips_are_plain_text() -> None:
    html = chips_html(Filters(services=(HOSTILE,)))
    assert "<img" not in html and "<script" not in html and "&lt;" in html


def test_a_topic_that_comes_near_opens_its_page_marked(area: Ask) -> None:
    talk = Talk()
    shown = list(area.on_ask("What of the weather?", talk))
    assert "What comes nearest in the documents" in shown[-1][4]
    _, side = area.on_open(talk, event(turn="1", topic="0"))
    text = fake(area).library.pages["a1", 4].text
    assert f"<mark>{text[:17]}" in side.replace('<span class="block-heading">', "") and "it does not answer it" in side
    assert area.on_open(talk, event(turn="1", topic="7"))[1] == side, "no such topic: nothing changes"


# in a browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, folder = free_port(), tmp_path_factory.mktemp("filters")
    with serving([sys.executable, "tests/fake_page.py", str(port), "judged", str(folder)], port, folder / "log") as served:
        yield served


@BROWSER
@pytest.mark.parametrize("width", [360, 1440])
def test_filters_are_set_and_taken_back_in_the_browser(browser: Browser, address: str, width: int) -> None:  # noqa: F811
    with opened(browser, address, width=width) as page:
        page.get_by_role("button", name="Filters").click()
        page.locator("#ask-grade").get_by_text("Good", exact=True).click()
        page.locator("#ask-service input").click()
        page.keyboard.type("Dene")
        page.keyboard.press("Enter")
        page.locator("#ask-chips .chip", has_text="Service: Dene Hall").wait_for()
        page.keyboard.press("Escape")
        assert no_sideways_scroll(page)
        ask(page, "narrow: what was open?")
        chips = page.locator("#conversation .chip[data-event=lift]")
        assert [text.rstrip("×").strip() for text in chips.all_inner_texts()] == [
            "Service: Riverside House", "Date: from 2024", "Service: Dene Hall", "Grade: Good"]  # fmt: skip
        chips.nth(1).click()
        page.locator(".turn", has_text="Not narrowed by Date: from 2024").wait_for()
        assert no_sideways_scroll(page)
        page.get_by_role("button", name="Take back the filter Grade: Good").click()
        page.locator("#ask-chips .chip", has_text="Grade").wait_for(state="detached")
        assert not page.locator("#ask-grade input:checked").count()
        page.get_by_role("button", name="New conversation").click()
        page.locator("#ask-chips .chip").wait_for(state="detached")


@BROWSER
def test_what_comes_near_is_opened_and_left_by_keyboard(browser: Browser, address: str) -> None:  # noqa: F811
    with opened(browser, address) as page:
        ask(page, "What of the weather?")
        page.locator(".nearest button").focus()
        page.keyboard.press("Enter")
        page.locator(".viewer mark").wait_for()
        page.get_by_role("button", name="Back to the answer").focus()
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.matches('.nearest button')")


@BROWSER
def test_a_record_stays_unfolded_when_a_source_is_opened(browser: Browser, address: str) -> None:  # noqa: F811
    with opened(browser, address) as page:
        ask(page, "write what was open")
        page.locator("details.written summary").click()
        page.locator(".turn .cite").first.click()
        page.locator(".viewer mark").wait_for()
        assert page.locator("details.written").get_attribute("open") is not None
        ask(page, "write once more")
        assert page.locator("details.written[open]").count() == 1, "the other one is folded"
