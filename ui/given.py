"""What programs ask for, as the assistant takes it: texts, names, days and numbers, each checked. Gives Filters and values to api.

What cannot be used is refused with one sentence that says what it is, where it stands, and what would do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from assistant.scope import Filters
from ui.record import plain_text

if TYPE_CHECKING:
    from assistant.build import Assistant

LONGEST = 4000
"""Characters that a question or a search may have."""
_OFFERED = 3
_FEW = 8
"""Of at most so many values all are named."""


class BadInput(ValueError):
    """What a program gave cannot be used; the message is fit to show."""


def filters_of(assistant: Assistant, services: object, since: object, until: object, kinds: object, grades: object) -> Filters:
    """The Filters that these come to. Raises BadInput for what the library does not have, and for days that are none."""
    first, last = day_of("since", since), day_of("until", until, last=True)
    for name, given in (("services", services), ("kinds", kinds), ("grades", grades)):
        if given and not texts(name, given):
            raise BadInput(f"“{name}” has only empty texts. Name what may answer, or leave it out to ask all.")
    if first and last and first > last:
        raise BadInput(f"“since” ({first}) is after “until” ({last}). Swap them, or leave one out.")
    return Filters(services_of(assistant, services), first, last, kinds_of(assistant, kinds), grades=grades_of(assistant, grades))


def services_of(assistant: Assistant, given: object) -> tuple[str, ...]:
    """Services by the library's names for them; a document's own wording of its service will do. Raises BadInput."""
    wanted = texts("services", given)
    if not wanted:
        return ()
    known = {name: name for name in assistant.services()}
    entries = assistant.library.documents()
    names = assistant.services_of(entry.id for entry in entries)
    return among("service", wanted, {entry.service: names[entry.id] for entry in entries if entry.service and names[entry.id]} | known)


def kinds_of(assistant: Assistant, given: object) -> tuple[str, ...]:
    """Kinds of documents that the library has. Raises BadInput."""
    wanted = texts("kinds", given)
    return among("kind of document", wanted, _same(e.kind for e in assistant.library.documents() if e.kind)) if wanted else ()


def grades_of(assistant: Assistant, given: object) -> tuple[str, ...]:
    """Grades on the scales in use. Raises BadInput."""
    wanted = texts("grades", given)
    return among("grade", wanted, _same(assistant.findings().grades)) if wanted else ()


def _same(values: Iterable[str]) -> dict[str, str]:
    return {value: value for value in values}


def among(what: str, wanted: Sequence[str], known: dict[str, str]) -> tuple[str, ...]:
    """Each as the library calls it, whatever its capitals. Raises BadInput, naming what comes near, or all if they are few."""
    by_folded = {name.casefold(): meant for name, meant in known.items()}
    for name in wanted:
        if name.casefold() not in by_folded:
            raise BadInput(f"There is no {what} “{_short(name)}” in the library. {_instead(name, sorted(set(known.values())))}")
    return tuple(dict.fromkeys(by_folded[name.casefold()] for name in wanted))


def _instead(name: str, known: Sequence[str]) -> str:
    if not known:
        return "It has none yet."
    if len(known) <= _FEW:
        return f"It has {_quoted(known)}."
    by_folded = {each.casefold(): each for each in known}
    parts = [folded for folded in by_folded if name.casefold() in folded or folded in name.casefold()]
    found = list(dict.fromkeys([*parts, *get_close_matches(name.casefold(), by_folded, _OFFERED)]))[:_OFFERED]
    return f"Did you mean {_quoted([by_folded[each] for each in found], ' or ')}?" if found else "“documents” lists what it has."


def _quoted(names: Sequence[str], last: str = " and ") -> str:
    quoted = [f"“{name}”" for name in names]
    return last.join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def texts(name: str, given: object) -> tuple[str, ...]:
    """A list of texts, without the empty ones; none for null. Raises BadInput."""
    if given is None:
        return ()
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        raise BadInput(f"“{name}” has to be a list of texts, for instance [\"…\"].")
    return tuple(text for each in given if (text := plain_text(each).strip()))


def text(name: str, given: object, longest: int = LONGEST) -> str:
    """A text without control characters and outer blanks, empty for null. Raises BadInput."""
    if given is None:
        return ""
    if not isinstance(given, str):
        raise BadInput(f"“{name}” has to be a text.")
    if len(given) > longest:
        raise BadInput(f"“{name}” is too long: {len(given):,} characters. At most {longest:,} are read.")
    return plain_text(given).strip()


def day_of(name: str, given: object, *, last: bool = False) -> date | None:
    """A day as 2024-07-17, or the first (``last``: the last) of a year as 2024; None for an empty text or null. Raises BadInput."""
    written = text(name, given, 100)
    if not written:
        return None
    if re.fullmatch(r"[12]\d{3}", written):
        return date(int(written), 12, 31) if last else date(int(written), 1, 1)
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        example = "Write it as year-month-day, for instance 2024-07-17, or as a year."
        raise BadInput(f"“{name}” is no day: “{_short(written)}”. {example}") from error


def whole_number(name: str, given: object, least: int, most: int) -> int:
    """A whole number between the two, inclusive. Raises BadInput."""
    if isinstance(given, float) and given.is_integer():
        given = int(given)  # JSON of some programs has no other numbers
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise BadInput(f"“{name}” has to be a whole number from {least:,} to {most:,}.")
    return given


def year_of(given: object) -> Filters:
    """The days of a year; no restriction for 0. Raises BadInput."""
    year = whole_number("year", given, 0, 9999)
    return Filters(since=date(year, 1, 1), until=date(year, 12, 31)) if year else Filters()


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
