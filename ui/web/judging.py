"""Useful or not: two buttons under an answer, and then a few words more for those who have them. Takes clicks; keeps them by feedback.

A click on one of the two counts at once; the form that follows only adds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ui.feedback import REASONS, Opinion, add
from ui.web.markup import esc, event_button, told, whole
from ui.web.talk import Talk, Turn

if TYPE_CHECKING:
    from assistant.build import Assistant

_ASKED = {"useful": "What was good about it?", "not useful": "What was wrong with it?"}
_VALUES: dict[str, Literal["useful", "not useful"]] = {"yes": "useful", "no": "not useful"}


def judge_html(turn: Turn, talk: Talk) -> str:
    """The two buttons, and the form when this answer is being judged; empty where there is no answer."""
    if turn.state == "running" or turn.answer is None:
        return ""
    buttons = "".join(_choice(turn, value, label) for value, label in (("yes", "Useful"), ("no", "Not useful")))
    thanks = ' <span class="aside">Kept, thank you.</span>' if turn.rated else ""
    form = _form(turn, talk.judgements) if turn.rated and talk.judging == turn.number else ""
    return f'<div class="judge"><p class="foot" role="group" aria-label="Was this answer useful?">{buttons}{thanks}</p>{form}</div>'


def _choice(turn: Turn, value: str, label: str) -> str:
    pressed = str(turn.rated == _VALUES[value]).lower()
    return (
        f'<button type="button" class="chip" data-event="judge" data-turn="{turn.number}" data-value="{value}" '
        f'aria-pressed="{pressed}">{label}</button>'
    )


def _form(turn: Turn, new: int) -> str:
    boxes = "".join(
        f'<label class="chip"><input type="checkbox" name="reasons" value="{esc(key)}"> {esc(label)}</label>'
        for key, label in REASONS[turn.rated].items()
    )
    legend = f'<legend tabindex="-1" data-focus="{new}">{_ASKED[turn.rated]}</legend>'
    comment = '<label>Anything else?<textarea name="comment" rows="3" maxlength="4000"></textarea></label>'
    later = event_button("judge", "No more", data={"turn": turn.number, "value": "later"})
    return (
        f'<form class="opinion" data-sends="judged" data-turn="{turn.number}"><fieldset>{legend}<div class="chips">{boxes}</div></fieldset>'
        f'{comment}<p class="acts"><button type="submit" class="strong">Send</button>{later}</p>'
        '<p class="aside">Kept in your library’s folder with question, answer and sources; nothing is sent anywhere else.</p></form>'
    )


def judged(talk: Talk, chosen: Mapping[str, Any], assistant: Assistant) -> tuple[Turn | None, str]:
    """One of the two buttons, or “No more”: the turn that was judged, None for none, and what went wrong."""
    turn, value = talk.turn(whole(chosen.get("turn"))), str(chosen.get("value"))
    talk.judging = None
    if turn is None or turn.answer is None or turn.state == "running" or value not in _VALUES:
        return None, ""
    turn.rated, talk.judging, talk.judgements = _VALUES[value], turn.number, talk.judgements + 1
    return turn, _kept(turn, Opinion(value == "yes"), assistant)


def explained(talk: Talk, chosen: Mapping[str, Any], assistant: Assistant) -> str:
    """The form was sent. What went wrong; empty when it is kept."""
    turn = talk.turn(whole(chosen.get("turn")))
    talk.judging = None
    if turn is None or not turn.rated:
        return ""
    reasons, comment = chosen.get("reasons"), chosen.get("comment")
    ticked = tuple(map(str, reasons)) if isinstance(reasons, list) else ()
    words = str(comment[0]) if isinstance(comment, list) and comment else ""
    return _kept(turn, Opinion(turn.rated == "useful", ticked, words), assistant)


def _kept(turn: Turn, opinion: Opinion, assistant: Assistant) -> str:
    try:
        add(Path(assistant.library.home), turn.kept(), opinion, assistant.settings)
    except OSError as error:
        return f"What you said could not be kept: {error.strerror or 'another program is writing there'}."
    except Exception as error:
        return told(error, "keeping what you said")
    return ""
