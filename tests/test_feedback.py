"""What readers said of answers: kept whole and without secrets, and drafted as a question set that can be evaluated."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.evaluate.questions import load
from assistant.settings import Settings
from assistant.types import Answer, Understood
from tests.conftest import ROOT
from tests.fake_page import HOSTILE, pretend
from tests.test_browser import OPEN, ask, browser, no_sideways_scroll, opened  # noqa: F401
from tests.test_history import turn
from tests.test_history_page import BROWSER, area, fake, served, started  # noqa: F401
from tests.test_web import Reader, asked, event
from ui.feedback import NAME, Opinion, add, drafts, read
from ui.web.chat import Ask

PLAIN = SimpleNamespace(embedder=None, model=None)
OURS = "article section h2 p span div button ol ul li form fieldset legend label input textarea".split(" ")


def lines(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / NAME).read_text("utf-8").splitlines()]


def test_a_judgement_is_kept_with_question_answer_sources_and_settings(tmp_path: Path) -> None:
    answer = pretend(pause=0.0).ask("What was still open?")
    add(tmp_path, turn("What was still open?", answer=answer), Opinion(False, ("wrong", "forged"), " Two\nlines "), PLAIN)
    (kept,) = lines(tmp_path)
    assert (kept["question"], kept["useful"], kept["reasons"], kept["comment"]) == ("What was still open?", False, ["wrong"], "Two\nlines")
    assert kept["answer"] == answer.text and kept["citations"] == [c.as_json() for c in answer.citations] and kept["status"] == "answered"
    assert kept["settings"]["model"] is None and "home" not in kept["settings"]


def test_no_secret_setting_is_kept(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "secret-home", model="openai:x", model_key="sk-secret", model_url="https://me:secret@host.example/v1")  # type: ignore[arg-type]
    add(tmp_path, turn("Q?"), Opinion(True), settings)
    text = (tmp_path / NAME).read_text("utf-8")
    assert "secret" not in text and "host.example" in text


def test_the_last_word_on_a_turn_counts_and_broken_lines_are_left_out(tmp_path: Path) -> None:
    one, two = turn("One?"), turn("Two?")
    for each, opinion in ((one, Opinion(True)), (two, Opinion(True)), (one, Opinion(False, ("wrong",)))):
        add(tmp_path, each, opinion, PLAIN)
    with (tmp_path / NAME).open("ab") as out:
        out.write(b"[]\n\xff\xfe\n{}\n" + b"[" * 50_000 + b'\n{"turn": "x", "usef')
    add(tmp_path, turn("Half \ud800?"), Opinion(True), PLAIN)
    records, bad = read(tmp_path)
    assert [(r["question"], r["useful"]) for r in records] == [("Two?", True), ("One?", False), ("Half ??", True)] and bad == 5
    assert read(tmp_path / "nowhere") == ([], 0)


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    threads = [threading.Thread(target=add, args=(tmp_path, turn(f"{n}?"), Opinion(True), PLAIN)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read(tmp_path)[0]) == 20


def test_drafts_are_a_question_set_in_which_what_is_not_known_is_marked(tmp_path: Path) -> None:
    answer = pretend(pause=0.0).ask("What was still open?")
    counted = Answer("There were 4 [1].", "answered", coverage={"matched": 4})
    refused = Answer("It does not say.", "not_found", understood=Understood("And it?", "What of Ashby?"))
    for each, useful in (
        (turn("What was still open?", answer=answer), False), (turn("What was still open?", answer=answer), True), (turn("How many?", answer=counted), True),
        (turn("And it?", answer=refused), True), (turn("Wrong?", answer=counted), False), (turn("Broke?", answer=None, state="stopped"), True),
    ):  # fmt: skip
        add(tmp_path, each, Opinion(useful), PLAIN)
    path = tmp_path / "drafts.jsonl"
    path.write_text("".join(json.dumps(draft) + "\n" for draft in drafts(read(tmp_path)[0])), "utf-8")
    questions = {q.question: q for q in load(path).questions}
    assert list(questions) == ["What was still open?", "How many?", "What of Ashby?", "Wrong?", "Broke?"]
    open_ = questions["What was still open?"]
    assert open_.kind == "feedback" and str(open_.answer).startswith("Two actions from the last inspection were still open.")
    assert open_.documents == ("riverside-house-2024.pdf", "press-2024-05.html") and open_.pages == (1, 4)
    assert questions["How many?"].answer == 4 and questions["What of Ashby?"].answer is None
    assert [q.question for q in questions.values() if q.id.endswith("-fill-in")] == ["Wrong?", "Broke?"]


def test_the_command_tells_and_drafts(tmp_path: Path) -> None:
    add(tmp_path, turn("What was open?"), Opinion(False, ("wrong",), "No."), PLAIN)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path), "feedback", *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)

    assert "1 answer judged" in run().stdout and "What was open?  (wrong “No.”)" in run().stdout
    done = run("--export", str(tmp_path / "drafts.jsonl"))
    assert done.returncode == 0 and "1 of them wait" in done.stdout and len(load(tmp_path / "drafts.jsonl").questions) == 1
    assert run("--export", str(tmp_path / "drafts.txt")).returncode == 2


# on the page


def test_a_click_counts_at_once_and_reasons_come_after(area: Ask, fake: Any) -> None:  # noqa: F811
    talk, _ = started(area)
    asked(area, f"evil {HOSTILE}", talk)
    _, shown, said = area.on_judge(talk, event(turn="1", value="no"))
    assert 'aria-pressed="true"' in shown and "What was wrong with it?" in shown and "Kept" in said
    reader = Reader(shown)
    assert reader.tags <= set(OURS) and not reader.handlers
    _, shown, _ = area.on_judged(talk, event(turn="1", reasons=["wrong", "<b>"], comment=[HOSTILE]))
    assert "<form" not in shown and "thank you" in shown
    assert [(r["useful"], r["reasons"]) for r in lines(fake.library.home)] == [(False, []), (False, ["wrong"])]
    assert started(area, talk.token, talk.id)[0].turns[0].rated == "not useful", "it is there after a reload"


@pytest.mark.parametrize("data", [{}, {"turn": "9", "value": "yes"}, {"turn": "1", "value": "maybe"}, {"turn": ["1"], "value": ["yes"]}])
def test_a_forged_judgement_is_none(area: Ask, fake: Any, data: dict[str, object]) -> None:  # noqa: F811
    talk, _ = started(area)
    asked(area, "What was still open?", talk)
    area.on_judge(talk, event(**data))
    area.on_judged(talk, event(**data))
    assert not (fake.library.home / NAME).exists()


def test_a_judgement_that_cannot_be_kept_is_said(area: Ask, fake: Any) -> None:  # noqa: F811
    talk, _ = started(area)
    asked(area, "What was still open?", talk)
    (fake.library.home / NAME).mkdir()
    note, shown, said = area.on_judge(talk, event(turn="1", value="yes"))
    assert "could not be kept" in note and "Kept" not in said


@BROWSER
def test_an_answer_is_judged_without_a_mouse_and_what_was_said_is_kept(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    with served(tmp_path) as address, opened(browser, address, width=360) as page:
        ask(page, OPEN)
        page.get_by_role("button", name="Not useful").press("Enter")
        page.wait_for_function("document.activeElement.matches('.opinion legend')")
        assert page.get_by_role("button", name="Not useful").get_attribute("aria-pressed") == "true" and no_sideways_scroll(page)
        page.get_by_label("Incomplete").press("Space")
        page.get_by_label("Wrong source").press("Space")
        page.get_by_label("Anything else?").fill("It is on page 9 <b>too</b>.")
        page.get_by_role("button", name="Send").press("Enter")
        page.locator(".opinion").wait_for(state="detached")
        last = lines(tmp_path)[-1]
        assert (last["reasons"], last["comment"], last["question"]) == (["incomplete", "source"], "It is on page 9 <b>too</b>.", OPEN)
        ask(page, "What is the weather?")
        assert page.locator(".turn").nth(1).get_by_role("button", name="Not useful").get_attribute("aria-pressed") == "true"
        assert page.locator(".turn").first.get_by_role("button", name="Not useful").get_attribute("aria-pressed") == "false"


@BROWSER
def test_ticks_do_not_pass_from_one_form_to_another(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    with served(tmp_path) as address, opened(browser, address) as page:
        ask(page, OPEN)
        page.get_by_role("button", name="Not useful").click()
        page.locator(".opinion legend", has_text="wrong").wait_for()
        page.locator(".opinion input").first.check()
        page.get_by_label("Anything else?").fill("Only for this one")
        page.get_by_role("button", name="Useful", exact=True).click()
        page.locator(".opinion legend", has_text="good").wait_for()
        page.wait_for_function("document.querySelector('.opinion textarea').value === ''")
        assert page.locator(".opinion input:checked").count() == 0
        page.get_by_label("Complete").check()
        page.locator(".turn .cite").first.click()
        page.locator(".page-text mark").wait_for()
        assert page.get_by_label("Complete").is_checked(), "reading a source loses nothing"
        ask(page, "What is the weather?")
        assert page.locator(".opinion").count() == 0
        page.locator(".turn").first.get_by_role("button", name="Not useful").click()
        page.locator(".opinion legend", has_text="wrong").wait_for()
        assert page.locator(".opinion input:checked").count() == 0
