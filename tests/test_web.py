"""The chat page without a browser: what it shows, what it escapes, and that a failure is never dressed as an answer."""

from __future__ import annotations

import copy
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.holdings import Order, holdings_of
from assistant.types import Answer, Citation
from corpus.types import Block, Page
from index.types import AddReport, FileReport, Progress
from index.words import places
from tests.fake_page import CARE, HOSTILE, LINKS, pretend
from ui.web import app, viewer
from ui.web.about import head_html, passages_html, places_html
from ui.web.chat import Ask
from ui.web.conversation import answer_html, conversation_html, examples_html
from ui.web.listing import Part, ask_removal, none_html, table_html
from ui.web.markup import lasting, notice, told, whole
from ui.web.outcomes import Track, progress_html, report_html
from ui.web.talk import Talk, Turn, as_text
from ui.web.work import Say, pump, stop_all

OURS = "article section header nav dl dt dd code h1 h2 h3 h4 p span div button mark ol ul li bdi blockquote table thead tbody tr th td caption a form label"
ALLOWED = {*OURS.split(" "), "input", "progress", "img"}
"""The tags that our own markup uses."""
OWN = re.compile(r"source/[\w.%-]+/(\d+\.webp\?scale=[\d.]+|original(#page=\d+|\?download=1)?)|(-{0,2}[a-z]+:[\d.]+%?;?)+")
"""The addresses that our own markup fetches, and its places on a picture."""


class Reader(HTMLParser):
    """The tags, the event attributes, and the text within ``mark`` and ``div.page-text``."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.within: list[str] = []
        self.marked, self.page = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        acting = [(name, value or "") for name, value in attrs if name.startswith("on") or name in ("href", "src", "style")]
        self.handlers += [name for name, value in acting if name.startswith("on") or not OWN.fullmatch(value)]
        if tag not in ("input", "progress", "img"):
            self.within.append("page" if ("class", "page-text") in attrs else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        self.marked += data if "mark" in self.within else ""
        self.page += data if "page" in self.within else ""


def harmless(html: str) -> bool:
    """Whether the HTML holds only our own tags, and nothing that acts or fetches."""
    reader = Reader(html)
    return reader.tags <= ALLOWED and not reader.handlers


@pytest.fixture
def fake() -> Any:
    """The stand-in for the assistant, without pauses."""
    return pretend(pause=0.0)


@pytest.fixture
def ask(fake: Any) -> Iterator[Ask]:
    with gr.Blocks(analytics_enabled=False):
        yield Ask(fake)


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def asked(ask: Ask, question: str, talk: Talk | None = None) -> tuple[Talk, list[Sequence[Any]]]:
    talk = talk or Talk()
    return talk, list(ask.on_ask(question, talk))


# asking


def test_an_answer_streams_and_ends_with_its_status_and_time(ask: Ask) -> None:
    talk, shown = asked(ask, "What was still open?")
    assert "Searching the documents" in shown[0][4]
    last = shown[-1]
    assert "Answered" in last[4] and "in 0.8 s" in last[4] and last[4].count('class="cite"') == 3
    assert 'aria-label="Source 1: Riverside House: inspection report, page 4"' in last[4]
    assert "press-2024-05.html" in last[5] and "Answered. Sources: 3" in last[6]
    assert talk.stop is None


def test_what_was_understood_is_shown_and_can_be_taken_back(ask: Ask) -> None:
    talk, shown = asked(ask, "Was it narrow?")
    assert "Asked as: Was Riverside House narrow?" in shown[-1][4] and "Only documents on Riverside House." in shown[-1][4]
    assert 'data-event="widen" data-turn="1"' in shown[-1][4]
    wider = list(ask.on_widen(talk, False, event(turn="1")))
    assert "Asked of all documents." in wider[-1][4] and len(talk.turns) == 2
    assert list(ask.on_widen(talk, False, event(turn="x"))) == []


def test_a_written_answer_says_what_was_left_out_and_what_it_cost(ask: Ask) -> None:
    talk, shown = asked(ask, "Please write what was open")
    assert any("small model reads 6 passages…" in parts[4] for parts in shown[:-1] if isinstance(parts[4], str))
    last = shown[-1][4]
    assert "1 statement of the chat model left out" in last and "Written by small model" in last and "1,200 in, 80 out" in last
    assert 'class="removed"' in last and "left out (a number; not in the passages)" in last and "All 40 audits were lost." in last
    assert "<img" not in last and "reads 6 passages" not in last
    assert "left out" in as_text(talk.turns[0])


def test_quotes_can_be_had_instead_of_a_written_answer(ask: Ask) -> None:
    talk, shown = asked(ask, "Please write what was open")
    assert 'data-event="quotes" data-turn="1"' in shown[-1][4]
    again = list(ask.on_quotes(talk, event(turn="1")))
    assert len(talk.turns) == 2 and talk.turns[1].quotes and 'data-event="quotes" data-turn="2"' not in again[-1][4]
    assert list(ask.on_quotes(talk, event(turn="x"))) == []


def test_a_conversation_hands_over_the_whole_answers_before(ask: Ask) -> None:
    talk, _ = asked(ask, "What was open?")
    asked(ask, "please fail", talk)
    asked(ask, "And then?", talk)
    assert ask.assistant.asked[-3:] == [("What was open?", 0, False), ("please fail", 1, False), ("And then?", 1, False)]  # type: ignore[attr-defined]


def test_an_empty_question_is_answered_with_a_message_and_no_turn(ask: Ask) -> None:
    talk, shown = asked(ask, "  \n ")
    assert len(shown) == 1 and "Type a question first." in shown[0][2] and not talk.turns


def test_an_empty_library_says_what_to_do_and_asks_nothing() -> None:
    with gr.Blocks(analytics_enabled=False):
        ask = Ask(pretend(full=False))
    talk, shown = asked(ask, "Anything?")
    assert "add documents first" in shown[0][2] and not talk.turns
    assert "Your library is empty" in ask.suggestions() and "200 MB" in ask.suggestions()


def test_a_refusal_looks_different_from_an_answer_and_from_a_failure(ask: Ask) -> None:
    talk, _ = asked(ask, "What is the weather?")
    asked(ask, "please fail", talk)
    html = conversation_html(talk)
    assert "Not found in the documents" in html and "turn not-found" in html
    assert "turn failed" in html and "The chat model does not answer." in html
    assert html.index("please fail") < html.index("weather"), "the newest comes first"


def test_an_unforeseen_failure_is_logged_and_its_details_are_not_shown(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        talk, shown = asked(ask, "please crash")
    assert "Something went wrong while answering" in shown[-1][4] and "secret" not in str(shown)
    assert "not found" not in conversation_html(talk).casefold()
    assert "a secret detail" in caplog.text and "Traceback" in caplog.text


def test_stop_ends_the_answer_and_keeps_what_is_there() -> None:
    with gr.Blocks(analytics_enabled=False):
        ask = Ask(pretend(pause=0.02))
    talk = Talk()
    stream = ask.on_ask("a slow one", talk)
    shown = next(stream)
    while "still open" not in str(shown[4]):
        shown = next(stream)
    ask.on_stop(talk)
    rest = list(stream)
    assert len(rest) <= 2 and "Stopped" in rest[-1][4] and "still open" in rest[-1][4]
    assert talk.turns[0].state == "stopped" and talk.stop is None


def test_a_second_question_waits_for_the_first(ask: Ask) -> None:
    talk = Talk()
    talk.begin("the first")
    _, shown = asked(ask, "the second", talk)
    assert "An answer is being written" in shown[0][2] and len(talk.turns) == 1


def test_clear_forgets_everything_and_stops_what_runs(ask: Ask) -> None:
    talk = Talk()
    _, stop = talk.begin("a question")
    parts = ask.on_clear(talk)
    assert stop.is_set() and not talk.turns and parts[4] == "" and "examples" in str(parts[3])


def test_each_tab_has_a_conversation_of_its_own(ask: Ask) -> None:
    one, two = copy.deepcopy(ask.talk.value), copy.deepcopy(ask.talk.value)
    asked(ask, "What was still open?", one)
    assert one.turns and not two.turns and not ask.talk.value.turns


def test_only_brackets_with_a_citation_become_buttons() -> None:
    turn = Turn(1, "q", answer=Answer("", "answered", (Citation(2, "f.pdf", "d", "T", 3, "q", 0, 1),)))
    html = answer_html(turn, "No [1], yes [2], no [02x] or [99999].", Talk())
    assert html.count("<button") == 1 and "No [1], yes <button" in html and "[02x] or [99999]." in html


def test_a_very_long_answer_is_shown_whole(ask: Ask) -> None:
    _, shown = asked(ask, "a long one")
    assert shown[-1][4].count("Paragraph 59") == 2 * 3, "once to read, once to copy"


def test_the_copied_text_has_the_answer_and_its_sources(ask: Ask) -> None:
    talk, _ = asked(ask, "What was still open?")
    text = as_text(talk.turns[0])
    assert "still open [1]." in text and "Sources\n[1] Riverside House: inspection report, page 4 (riverside" in text


# sources


def test_the_marked_passage_is_the_quote_and_the_page_is_whole(ask: Ask) -> None:
    talk, _ = asked(ask, "What was still open?")
    for citation in talk.turns[0].citations:
        _, side = ask.on_open(talk, event(turn="1", number=str(citation.number)))
        assert Reader(side).marked == citation.quote
        assert Reader(side).page == ask.assistant.library.page(citation.document_id, citation.page).text
    assert CARE in Reader(side).page and "Riverside House: inspection report</bdi><span class=\"unseen\"> — </span><span class=\"of\">page 4 of" in side


def test_headings_that_cross_the_passage_change_no_character() -> None:
    page = Page(1, "One\r\nTwo\nThree & <four>\n", (Block("heading", 0, 8), Block("row", 8, 20)))
    citation = Citation(1, "f", "d", "T", 1, page.text[2:12], 2, 12)
    reader = Reader(viewer.text_html(page, (citation.start, citation.end)))
    assert (reader.page, reader.marked) == (page.text, citation.quote)


def test_a_page_that_changed_is_shown_without_a_mark(fake: Any) -> None:
    fake.library.pages["a1", 4] = Page(4, "Other words now.")
    html = viewer.page_of(fake.library, Citation(1, "f", "a1", "T", 4, "quoted", 0, 6))
    assert "no longer the one that was quoted" in html and "<mark>" not in html


def test_citations_of_earlier_answers_open_their_own_pages(ask: Ask) -> None:
    talk, _ = asked(ask, "What was still open?")
    asked(ask, "evil", talk)
    _, side = ask.on_open(talk, event(turn="1", number="2"))
    assert "Press release: Riverside House" in side and "Previous source" in side and "Next source" in side
    conversation, side = ask.on_open(talk, event(turn="2", number="1"))
    assert "Previous source" not in side and conversation.count("aria-current") == 1


def test_a_document_that_is_gone_is_said_to_be_gone(ask: Ask, fake: Any) -> None:
    talk, _ = asked(ask, "What was still open?")
    fake.library.pages.clear()
    _, side = ask.on_open(talk, event(turn="1", number="1"))
    assert "no longer in the library" in side and "<mark>" not in side and 'class="card' in side


@pytest.mark.parametrize("data", [{}, {"turn": "9", "number": "1"}, {"turn": "1", "number": "77"}, {"turn": "<b>"},
                                  {"turn": "1", "number": "1e3"}, {"turn": [1], "number": {"a": 1}}])  # fmt: skip
def test_a_forged_click_opens_nothing(ask: Ask, data: dict[str, object]) -> None:
    talk, _ = asked(ask, "What was still open?")
    _, side = ask.on_open(talk, event(**data))
    assert "<mark>" not in side


def test_showing_the_sources_of_an_earlier_answer_closes_the_page(ask: Ask) -> None:
    talk, _ = asked(ask, "What was still open?")
    ask.on_open(talk, event(turn="1", number="1"))
    _, side = ask.on_open(talk, event(turn="1"))
    assert "<mark>" not in side and side.count('<li class="card') == 3


# safety


def test_hostile_words_do_nothing_anywhere(ask: Ask, fake: Any) -> None:
    talk, _ = asked(ask, f"evil {HOSTILE} {LINKS}")
    conversation, side = ask.on_open(talk, event(turn="1", number="1"))
    file = FileReport(HOSTILE, HOSTILE, "skipped", LINKS)
    entries, track = fake.library.documents(), Track()
    track.heed([Progress(1, 2, 1, 2, 1, 1, 1.0, file, ((HOSTILE, HOSTILE), (LINKS, LINKS)), (LINKS,))])
    rows = holdings_of(entries, {}, (), ())
    views = [
        conversation, side, table_html(rows, Order(), Part(0, 3, 3)), none_html(3, 0), examples_html([HOSTILE]),
        report_html(AddReport((file,))), progress_html(track, False), ask_removal(entries, 1),
        *(head_html(row, fake.library.facts([row.entry.id])[row.entry.id], 1) for row in rows),
        places_html(places(fake.library.all_pages("c3"), "kitchen"), HOSTILE, 2), places_html((), HOSTILE, 2),
        passages_html(fake.library.passages("c3"), 0, "c3-1"), notice(HOSTILE, "error"), app.banner_html(fake),
    ]  # fmt: skip
    assert [view for view in views if not harmless(view)] == []
    assert Reader(side).marked == talk.turns[0].citations[0].quote


def test_the_style_and_the_script_name_no_other_server() -> None:
    folder = Path(app.__file__).parent
    for name in ("page.css", "page.js", "upload.js"):
        text = (folder / name).read_text("utf-8")
        assert "http" not in text and "@import" not in text and "innerHTML" not in text


# the rest


def test_what_was_said_is_handed_over_before_the_failure() -> None:
    def work(say: Say[int], stop: threading.Event) -> None:
        say(1)
        say(2)
        raise ValueError("over")

    got: list[int] = []
    with pytest.raises(ValueError, match="over"):
        for news in pump(work, threading.Event(), 1.0):
            got += news
    assert got == [1, 2]


def test_silence_is_told_as_silence_and_shutdown_stops_all_work() -> None:
    stop = threading.Event()

    def work(say: Say[int], stop: threading.Event) -> None:
        stop.wait(10)

    news = pump(work, stop, 0.01)
    assert next(news) == []
    started = time.monotonic()
    stop_all(wait=5)
    assert stop.is_set() and time.monotonic() - started < 5 and list(news) in ([], [[]])


def test_small_words() -> None:
    assert [lasting(s) for s in (0.84, 42.4, 185, 7800)] == ["0.8 s", "42 s", "3 min 5 s", "2 h 10 min"]
    assert [whole(v) for v in ("3", 3, "-3", "³", None, "9" * 30)] == [3, 3, None, None, None, None]
    assert notice("") == "" and "log" in told(KeyError("x"), "trying")


def test_a_port_in_use_is_named_with_what_to_do(fake: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"Port {port} .* PORT={port + 1}"):
            app.serve(fake, "127.0.0.1", port)


def test_programs_get_ask_and_nothing_else(fake: Any) -> None:
    from gradio_client import Client  # type: ignore[import-untyped]
    from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

    page = app.build(fake)
    _, address, _ = page.launch(
        prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", share=False, ssr_mode=False
    )
    try:
        client = Client(address, verbose=False)
        assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/ask"]
        answer = client.predict("What was still open?", api_name="/ask")
        assert {"status", "text", "citations", "coverage", "ms", "understood"} <= set(answer) and answer["status"] == "answered"
        assert list(answer["citations"][0]) == ["number", "document", "title", "page", "quote", "start", "end"]
        assert client.predict("the weather", api_name="/ask")["status"] == "not_found"
        for question, said in (("", "it is empty"), ("fail", "The chat model"), ("crash", "Something went wrong")):
            with pytest.raises(AppError, match=said):
                client.predict(question, api_name="/ask")
    finally:
        page.close(verbose=False)
