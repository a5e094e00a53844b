"""What a chat model did for an answer: what was left out, how statements were checked, what it cost. Markup for conversation.

Takes a Turn; gives HTML. The note is always in sight; all else is folded away until somebody asks for it.
"""

from __future__ import annotations

from assistant.types import Stated, Written
from ui.web.markup import esc, event_button, lasting
from ui.web.talk import Turn

_OUTCOMES = {
    "kept": "supported by what it cites", "recited": "supported by another passage, which is cited now",
    "marked": "not supported, and marked so", "removed": "left out",
}  # fmt: skip
_WHY = {
    "number": "a number", "date": "a date", "grade": "a grade", "name": "a name", "link": "an address",
    "negation": "denied or turned round", "amount": "how much or how many", "speaker": "who says it",
    "certainty": "how certain it is", "meaning": "not in the passages",
}  # fmt: skip


def note_html(turn: Turn) -> str:
    """What was left out of a whole answer, or why it is quotes; empty where there is nothing to say."""
    written = _written(turn)
    return f'<p class="aside note">{esc(written.note)}</p>' if written and written.note else ""


def again_html(turn: Turn) -> str:
    """A button that asks for quotes in place of what a model wrote; empty where it wrote nothing."""
    written = _written(turn)
    if written is None or written.part != "statements" or turn.state != "done":
        return ""
    return event_button("quotes", "Show quotes instead", data={"turn": turn.number})


def record_html(turn: Turn) -> str:
    """How statements were checked and what they cost, folded; empty where no chat model took part."""
    written = _written(turn)
    return _record(written, turn.id) if written else ""


def _written(turn: Turn) -> Written | None:
    return turn.answer.written if turn.answer and turn.state != "running" else None


def _record(written: Written, id: str) -> str:
    heads = {
        "statements": f"Written by {written.model}; every statement checked against its passage",
        "lead": f"Put into words by {written.model}; the result is the library’s", "nothing": f"{written.model} took no part in the text",
    }  # fmt: skip
    rows = "".join(f"<div><dt>{esc(name)}</dt><dd>{esc(value)}</dd></div>" for name, value in _figures(written))
    stated = "".join(_stated(one) for one in written.statements) if written.part != "lead" else ""
    listed = f'<ol class="stated">{stated}</ol>' if stated else ""
    return f'<details class="written" data-fold="{esc(id)}"><summary>{esc(heads[written.part])}</summary><dl>{rows}</dl>{listed}</details>'


def _figures(written: Written) -> list[tuple[str, str]]:
    tokens = f"{written.tokens_in or 0:,} in, {written.tokens_out:,} out" if written.tokens_out is not None else ""
    figures = [
        ("Passages read", f"{written.offered}" if written.offered else ""),
        ("Tokens", tokens),
        ("First word after", lasting(written.first_ms / 1000) if written.first_ms is not None else ""),
        ("At work for", lasting(written.ms / 1000)),
    ]
    return [(name, value) for name, value in figures if value]


def _stated(one: Stated) -> str:
    ways = dict.fromkeys(_WHY.get(why.partition(":")[0], why) for why in one.why)
    why = f" ({'; '.join(ways)})" if ways else ""
    return f'<li class="{one.outcome}"><span>{esc(one.text)}</span> <em>{esc(_OUTCOMES[one.outcome] + why)}</em></li>'
