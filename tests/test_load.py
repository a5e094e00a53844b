"""Many at once, and the first view: what benchmarks/chats.py and benchmarks/first_view.py measure, small, with generous limits."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.fake_page import pretend
from tests.test_browser import browser, free_port, opened  # noqa: F401
from ui.shelf import Shelf
from ui.web import app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST = 6000
"""Milliseconds until the question box takes a question; half a second or so on a machine that does nothing else."""


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """They can be imported; what they import from each other is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    yield
    for name in ("chats", "first_view", "page_server"):
        sys.modules.pop(name, None)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A page's address, and where it keeps conversations."""
    port = free_port()
    made = app.launched(pretend(pause=0.01, home=tmp_path), "127.0.0.1", port)
    yield f"http://127.0.0.1:{port}", tmp_path
    made.close(verbose=False)


def test_twenty_chats_at_once_lose_nothing_and_each_sees_its_own(benchmarks: None, page: tuple[str, Path]) -> None:
    import chats  # type: ignore[import-not-found]

    address, home = page
    served = chats.PageOf(address)
    people: list[Any] = [chats.Chat(f"Person {chr(65 + number)}") for number in range(20)]
    threads = [threading.Thread(target=chats.talk, args=(served, person, 0)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for person in people:
        assert person.failures == [] and len(person.times) == len(person.signs) == len(person.questions)
        assert all(question in person.shown for question in person.questions)
        assert not any(other.service in person.shown for other in people if other is not person)
        shelf = Shelf(home, person.token)
        (listed,) = shelf.listed()[0]
        kept = shelf.read(listed.id).turns
        assert [turn.question for turn in kept] == person.questions
        assert all(turn.state == "done" and turn.answer and len(turn.answer.citations) == 3 for turn in kept)


@pytest.mark.browser
def test_the_page_can_soon_be_used(benchmarks: None, browser: Browser, page: tuple[str, Path]) -> None:  # noqa: F811
    import first_view  # type: ignore[import-not-found]

    with opened(browser, page[0]) as warm:  # what the server makes once is made
        warm.locator("#examples button").first.wait_for()
    context = browser.new_context()
    cold = context.new_page()
    cold.add_init_script(first_view.WATCH)
    cold.goto(page[0], wait_until="commit")
    cold.wait_for_function("window.seen && seen.box && seen.examples")
    seen = cold.evaluate("seen")
    context.close()
    assert 0 < seen["box"] <= LONGEST and seen["examples"] <= LONGEST
