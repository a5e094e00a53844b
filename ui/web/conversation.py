"""The conversation as HTML: questions, answers with citation buttons, badges. Takes a Talk; gives markup to chat."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from assistant.types import Citation, Understood
from ui.restrictions import words
from ui.web.answers import lead_of, table_html
from ui.web.judging import judge_html
from ui.web.markup import esc, event_button, lasting
from ui.web.narrowing import chip_html
from ui.web.saving import buttons_html
from ui.web.talk import Talk, Turn, as_text
from ui.web.written import again_html, note_html, record_html

MARKER = re.compile(r"\[(\d{1,4})\]")

BADGES = {
    "answered": ("answered", "Answered"),
    "partial": ("partial", "Partly answered"),
    "not_found": ("not-found", "Not found in the documents"),
    "failed": ("failed", "Failed"),
    "stopped": ("stopped", "Stopped"),
    "running": ("running", "Working"),
}


def conversation_html(talk: Talk) -> str:
    """All turns, newest first; empty for none."""
    if not talk.turns:
        return ""
    turns = "".join(_turn_html(turn, talk) for turn in reversed(talk.turns))
    return f'<section class="conversation" aria-label="Conversation, newest first">{turns}</section>'


def _turn_html(turn: Turn, talk: Talk) -> str:
    kind = "running" if turn.state == "running" else _outcome(turn)
    css, label = BADGES[kind]
    return (
        f'<article class="turn {css}" aria-busy="{str(turn.state == "running").lower()}">'
        f'<h2 class="asked" dir="auto"><span class="unseen">Question {turn.number}: </span>{esc(turn.question)}</h2>'
        f'<p class="state"><span class="badge {css}">{label}</span> <span class="ms">{_time(turn)}</span></p>'
        f"{_understood(turn)}{_body(turn, talk)}{_nearest(turn)}{note_html(turn)}{_foot(turn)}{judge_html(turn, talk)}"
        f"{record_html(turn)}</article>"
    )


def _outcome(turn: Turn) -> str:
    """How the turn ended, as a key of BADGES."""
    if turn.state in ("failed", "stopped") or turn.answer is None:
        return "failed" if turn.state == "failed" else "stopped"
    return turn.answer.status


def _time(turn: Turn) -> str:
    if turn.state == "running":
        return f"{int(time.monotonic() - turn.started)} s"
    total = turn.answer.ms.get("total") if turn.answer else None
    return "" if total is None else f"in {lasting(total / 1000)}"


def _understood(turn: Turn) -> str:
    """What the question was taken to ask, where that is more than its words, and how to take it back."""
    if turn.state != "done":
        return ""
    understood = turn.answer.understood if turn.answer else None
    parts = []
    if understood and understood.question != understood.asked:
        change = event_button("edit", "Change it", data={"turn": turn.number, "full": 1}, spoken="Change the completed question")
        parts.append(f"Asked as: {esc(understood.question)} {change}")
    if understood and understood.said:
        parts.append(esc(understood.said))
    elif turn.how.everywhere and not (understood and understood.missing):
        parts.append("Asked of all documents.")
    if turn.how.lifted:
        parts.append(f"Not narrowed by {esc('; '.join(words(one) for one in turn.how.lifted))}.")
    said = f'<p class="aside understood">{" · ".join(parts)}</p>' if parts else ""
    return said + _narrowed(turn, understood)


def _narrowed(turn: Turn, understood: Understood | None) -> str:
    """What narrowed the question, each to be taken back, and all at once."""
    if understood is None:
        return ""
    chips = "".join(
        chip_html("lift", one, {"turn": turn.number, "key": one.key} | ({"hand": 1} if one.by_hand else {}), "Ask again without")
        for one in understood.restrictions
    )
    wide = event_button("widen", "Ask all documents", data={"turn": turn.number}) if understood.said or understood.missing else ""
    return f'<div class="chips" role="group" aria-label="What narrowed the question">{chips}{wide}</div>' if chips or wide else ""


def _nearest(turn: Turn) -> str:
    """The parts of documents that come near to a question that was not answered."""
    topics = turn.answer.nearest if turn.answer and turn.state == "done" else ()
    items = "".join(
        f"<li>{event_button('near', topic.name, data={'turn': turn.number, 'topic': at})} "
        f'<span class="aside"><bdi>{esc(topic.title)}</bdi>, page {topic.page}</span></li>'
        for at, topic in enumerate(topics)
    )
    return f'<div class="nearest"><p>What comes nearest in the documents:</p><ul>{items}</ul></div>' if items else ""


def _body(turn: Turn, talk: Talk) -> str:
    """The answer's text, or what is to be said instead of one."""
    text = turn.answer.text.strip("\n") if turn.answer else ""
    table = turn.answer.table if turn.answer and turn.state == "done" else None
    text = lead_of(text, table) if table else text
    parts = [f'<div class="answer" dir="auto">{answer_html(turn, text, talk)}</div>'] if text.strip() else []
    if turn.state == "running":
        stage = turn.answer.stage if turn.answer else ""
        if stage or not parts:
            parts.append(f'<p class="waiting">{esc(stage or "Searching the documents…")}</p>')
    if turn.state == "stopped":
        parts.append('<p class="aside">This answer was stopped; it may be incomplete.</p>')
    if turn.state == "failed":
        parts.append(f'<div class="notice error"><p>{esc(turn.failure)}</p></div>')
    if table:
        parts.insert(1, table_html(turn, talk))
    return "".join(parts)


def answer_html(turn: Turn, text: str, talk: Talk) -> str:
    """The text with each ``[n]`` that has a citation as a button; every other bracket stays plain text."""
    parts: list[str] = []
    last = 0
    for marker in MARKER.finditer(text):
        if citation := turn.citation(int(marker.group(1))):
            parts += [esc(text[last : marker.start()]), _cite(turn, citation, talk)]
            last = marker.end()
    return "".join([*parts, esc(text[last:])])


def _cite(turn: Turn, citation: Citation, talk: Talk) -> str:
    here = talk.shown == turn.number and talk.opened == citation.number
    name = esc(f"Source {citation.number}: {citation.title}, page {citation.page}")
    data = f'data-event="cite" data-turn="{turn.number}" data-number="{citation.number}"'
    current = " aria-current=true" if here else ""
    return f'<button type="button" class="cite" {data} aria-label="{name}"{current}>[{citation.number}]</button>'


def _foot(turn: Turn) -> str:
    """What can be done with a question, and with an answer that is there."""
    if turn.state == "running":
        return ""
    data, buttons = {"turn": turn.number}, ""
    if turn.answer and turn.answer.text.strip():
        label = "Copy answer with citations" if turn.citations else "Copy answer"
        buttons = event_button("copy", label, data={"copy": as_text(turn)})
    if turn.citations:
        buttons += event_button("show", f"Sources ({len(turn.citations)})", data=data)
    buttons += event_button("again", "Ask again", data=data) + event_button("edit", "Edit the question", data=data)
    saving = buttons_html("Save as", turn.number, "this answer")
    return f'<p class="foot">{buttons}{again_html(turn)}</p><p class="foot">{saving}</p>'


def examples_html(questions: Sequence[str]) -> str:
    """Example questions as buttons; empty for none."""
    items = "".join(f"<li>{event_button('example', q, 'example', {'question': q})}</li>" for q in questions)
    head = '<h2 class="small">Questions your documents can answer</h2>'
    return f'{head}<ul class="examples">{items}</ul>' if items else ""


def first_steps(max_mb: int) -> str:
    """What an empty library says."""
    return (
        '<div class="empty"><h2>Your library is empty</h2>'
        "<p>Add the reports and press releases that you want to ask about: PDF, Word (.docx), HTML, plain text or "
        f"Markdown, or a zip of these. Files of up to {max_mb} MB are read; scans need text recognition first.</p>"
        f"<p>{event_button('goto', 'Add documents', 'strong', {'tab': 'Documents'})}</p>"
        "<p>Your documents are kept on this computer.</p></div>"
    )
