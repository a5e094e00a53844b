"""What a publication says of itself, as an HTML table, in words for readers. Gives markup to facts and listing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from corpus.types import Fact
from ui.web.inspections import badge
from ui.web.markup import esc, event_button

GRADED = ("overall", "judgement")
LABELS = {"fieldwork": "Inspected (fieldwork)", "published": "Published", "embargo": "Embargo until", "overall": "Overall grade"}
HINTS = {
    "published": "A day, as 17 July 2019 or 2019-07-17.",
    "fieldwork": "Days, as 4 to 15 March 2019, or a month, as March 2019.",
    "embargo": "Day and time, as 17 July 2019 00:01, by the clock of the computer that serves this page.",
    "recommendations": "How many there are, as 12.",
    "caseload": "A whole number, as 1,240.",
    "score": "Points of all points, as 18/36.",
    "kind": "As inspection report, re-inspection, press release, thematic report, letter, other.",
}
"""How a value is written, by field."""


def label(name: str) -> str:
    """What readers call a field."""
    return LABELS.get(name, name.capitalize())


def value_words(fact: Fact) -> str:
    """The value as people write it, an embargo with the offset of its clock; "none" for a correction that says so."""
    try:
        return moment_words(datetime.fromisoformat(fact.value)) if fact.field == "embargo" and fact.value else fact.words or "none"
    except ValueError:
        return fact.value


def typed(fact: Fact) -> str:
    """The value as a person may type it again; an embargo keeps the offset of its clock."""
    return fact.value if fact.field in ("embargo", "score") or not fact.value else value_words(fact)


def moment_words(moment: datetime) -> str:
    """``17 July 2019, 00:01``, with the offset of its clock in brackets where there is one."""
    offset = f"{moment:%z}"
    zone = f" (UTC{offset[:3]}:{offset[3:5]})" if offset else ""
    return f"{_day(moment.date())}, {moment:%H:%M}{zone}"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def held_words(facts: Sequence[Fact]) -> str:
    """What stands in the place of a title under embargo."""
    fact = next((fact for fact in facts if fact.field == "embargo"), None)
    return f"Under embargo until {value_words(fact).split(' (')[0]}" if fact else "Under embargo"


def facts_html(facts: Sequence[Fact], held: str) -> str:
    """The facts, and where each stands. ``held`` stands in for the title under embargo."""
    place = ""
    if held:
        place = "<p>What it says can be read when its embargo ends. Until then only the embargo itself can be corrected or cleared.</p>"
    if not facts:
        return f'{place}<p class="aside">Nothing that it says of itself could be read. What you know can be put in below.</p>'
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Field", "Value", "Where it stands", "Change"))
    rows = "".join(_row(fact, bool(held)) for fact in facts)
    return (
        f'{place}<table class="grid facts"><caption class="unseen">What it says of itself</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(fact: Fact, held: bool) -> str:
    about = f' <span class="aside"><bdi>{esc(fact.subject)}</bdi></span>' if fact.subject else ""
    value = badge(fact) if fact.field in GRADED and fact.value else f"<bdi>{esc(value_words(fact))}</bdi>"
    mark = ' <span class="badge corrected">corrected</span>' if fact.corrected else ""
    rule = f'<span class="rule">{esc(fact.rule)}</span>' if fact.rule and not fact.corrected and fact.rule != where_words(fact) else ""
    return (
        f'<tr{" class=corrected" if fact.corrected else ""}><th scope="row">{esc(label(fact.field))}{about}</th>'
        f'<td data-label="Value">{value}{mark}</td><td data-label="Where it stands">{_place(fact, held)}{rule}</td>'
        f'<td data-label="Change" class="change">{_changes(fact)}</td></tr>'
    )


def _place(fact: Fact, held: bool) -> str:
    """The button that opens the page; words where there is none to open. Pages under embargo stay closed."""
    if not fact.page or held:
        return f"<span>{esc(where_words(fact))}</span>"
    return _button("source", f"Page {fact.page}", f"Page {fact.page}, where this stands: {_named(fact)}", fact)


def where_words(fact: Fact) -> str:
    """Where a value comes from that has no place on a page, or none to be shown."""
    if fact.corrected:
        return "corrected by hand"
    if fact.page:
        return f"page {fact.page}"
    return fact.rule if fact.rule in ("file name", "declared in the file") else "not in the text"


def _changes(fact: Fact) -> str:
    amend = _button("amend", "Correct", f"Correct: {_named(fact)}", fact)
    return amend + (_button("undo", "Take back", f"Take back the correction: {_named(fact)}", fact) if fact.corrected else "")


def _button(event: str, text: str, name: str, fact: Fact) -> str:
    return event_button(event, text, data={"field": fact.field, "subject": fact.subject}, spoken=name)


def _named(fact: Fact) -> str:
    """A fact's field, and what was judged, for those who hear the page."""
    return f"{label(fact.field)}, {fact.subject}" if fact.subject else label(fact.field)
