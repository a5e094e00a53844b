"""Facts on the command line: what documents say of themselves, shown, corrected, taken back. Takes words; calls the library."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from corpus.types import FIELDS, Fact
from index.errors import BadCorrection
from index.library import Library
from index.types import Entry

_ASSIGNED = re.compile(r"(?P<field>[a-z ]+?)(?::(?P<subject>[^=]+))?=(?P<value>.*)", re.DOTALL)


def facts_json(entries: Sequence[Entry], facts: Mapping[str, Sequence[Fact]]) -> list[dict[str, Any]]:
    """``[{"document", "title", "embargoed", "facts": [{"field", "value", "page", "start", "end", "quote", "rule", …}]}]``."""
    return [{"document": e.name, "id": e.id, "title": e.title, "facts": [fact_json(fact) for fact in facts.get(e.id, ())]} for e in entries]


def fact_json(fact: Fact) -> dict[str, Any]:
    """A fact for scripts; ``page`` is None where it does not stand in the text."""
    found: dict[str, Any] = {"field": fact.field, "value": fact.value}
    if fact.subject:
        found["subject"] = fact.subject
    if fact.scale:
        found["scale"] = list(fact.scale)
    place = {"page": fact.page, "start": fact.start, "end": fact.end, "quote": fact.quote} if fact.page else {"page": None}
    return found | place | {"rule": fact.rule, "corrected": fact.corrected}


def facts_text(entries: Sequence[Entry], facts: Mapping[str, Sequence[Fact]]) -> str:
    """Each document with its facts, one a line, and where each stands."""
    lines = []
    for entry in entries:
        lines.append(f"{entry.name}\n    {entry.title}")
        for fact in facts.get(entry.id, ()):
            where = f"page {fact.page}" if fact.page else fact.rule
            name = f"{fact.field} · {fact.subject}" if fact.subject else fact.field
            lines.append(f"    {name}: {shown(fact)}  ({where}{', corrected' if fact.corrected and fact.page else ''})")
    return "\n".join(lines)


def shown(fact: Fact) -> str:
    """A value as people write it: "17 July 2019", "4 March 2019 to 15 March 2019", "17 July 2019, 00:01"."""
    if fact.field == "embargo":
        at = datetime.fromisoformat(fact.value)
        return f"{at.day} {at:%B %Y, %H:%M}"
    if fact.field in ("published", "fieldwork"):
        days = [date.fromisoformat(part) for part in fact.value.split("/")]
        return " to ".join(f"{day.day} {day:%B %Y}" for day in days)
    return fact.value


def assigned(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """``field=value`` and ``judgement:what=grade`` as (field, subject, value). Raises BadCorrection."""
    found = []
    for word in words:
        match = _ASSIGNED.fullmatch(word)
        field = match["field"].strip().replace("_", " ") if match else ""
        if not match or field not in FIELDS:
            raise BadCorrection(
                f"{word!r} says no field and value. Write it as published=2019-07-17 or judgement:Leadership=Good. "
                f"Fields are {', '.join(FIELDS)}."
            )
        found.append((field, (match["subject"] or "").strip(), match["value"].strip()))
    return found


def correct(library: Library, entries: Sequence[Entry], words: Sequence[str], *, take_back: bool) -> list[str]:
    """Sets (or takes back) each, in each of the documents; a line for each. Raises BadCorrection before setting any."""
    lines = []
    if take_back:
        for entry in entries:
            for word in words:
                field, _, subject = word.partition(":")
                gone = library.take_back(entry.id, field.strip(), subject.strip())
                lines.append(f"{entry.name}: {word} {'is as it was read again' if gone else 'was not corrected'}.")
        return lines
    wanted = assigned(words)
    for entry in entries:
        for field, subject, value in wanted:
            kept = library.correct(entry.id, field, value, subject)
            name = f"{field} · {kept.subject}" if kept.subject else field
            lines.append(f"{entry.name}: {name} is {shown(kept) if kept.value else 'none'} (corrected).")
    return lines
