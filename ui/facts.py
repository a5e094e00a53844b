"""Facts on the command line: what documents say of themselves, shown, corrected, taken back. Takes words; calls the library."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.findings import Findings
from corpus.types import FIELDS, Fact
from index.errors import BadCorrection
from index.library import Library
from index.types import Entry

_ASSIGNED = re.compile(r"(?P<field>[a-z_ ]+?)(?::(?P<subject>[^=]+))?=(?P<value>.*)", re.DOTALL)


def shown(library: Library) -> tuple[list[Entry], dict[str, tuple[Fact, ...]]]:
    """All documents with their facts. Of what is under embargo only the file and the embargo: a title can give it away."""
    open_ids = {entry.id for entry in library.documents()}
    told = library.facts(blanks=True)
    entries = []
    for entry in library.documents(held=True):
        if entry.id not in open_ids:
            told[entry.id] = tuple(fact for fact in told.get(entry.id, ()) if fact.field == "embargo")
            until = "".join(fact.words for fact in told[entry.id])
            entry = replace(entry, title=f"(under embargo until {until})", service="", kind="", published=None, inspected=None)
        entries.append(entry)
    return entries, told


def linked(findings: Findings) -> dict[str, list[str]]:
    """The file names of what else is published on the same inspection (a report's press release, a release's report), by id."""
    found: dict[str, list[str]] = {}
    for one in findings.inspections:
        every = [one.entry, *one.others]
        for entry in every if one.others else ():
            found[entry.id] = [other.name for other in every if other.id != entry.id]
    return found


Links = Mapping[str, Sequence[str]]


def facts_json(entries: Sequence[Entry], facts: Mapping[str, Sequence[Fact]], links: Links) -> list[dict[str, Any]]:
    """``[{"document", "id", "title", "linked": [file names], "facts": [{"field", "value", "page", "quote", "rule", …}]}]``."""
    return [
        {
            "document": e.name, "id": e.id, "title": e.title, "linked": list(links.get(e.id, ())),
            "facts": [fact_json(fact) for fact in facts.get(e.id, ())],
        }
        for e in entries
    ]  # fmt: skip


def fact_json(fact: Fact) -> dict[str, Any]:
    """A fact for scripts; ``page`` is None where it does not stand in the text."""
    found: dict[str, Any] = {"field": fact.field, "value": fact.value}
    if fact.subject:
        found["subject"] = fact.subject
    if fact.scale:
        found["scale"] = list(fact.scale)
    place = {"page": fact.page, "start": fact.start, "end": fact.end, "quote": fact.quote} if fact.page else {"page": None}
    return found | place | {"rule": fact.rule, "corrected": fact.corrected}


def facts_text(entries: Sequence[Entry], facts: Mapping[str, Sequence[Fact]], links: Links) -> str:
    """Each document with its facts, one a line, and where each stands."""
    lines = []
    for entry in entries:
        lines.append(f"{entry.name}\n    {entry.title}")
        lines += [f"    on the same inspection: {name}" for name in links.get(entry.id, ())]
        for fact in facts.get(entry.id, ()):
            where = f"page {fact.page}" if fact.page else fact.rule
            name = f"{fact.field} · {fact.subject}" if fact.subject else fact.field
            lines.append(f"    {name}: {fact.words or 'none'}  ({where}{', corrected' if fact.corrected and fact.page else ''})")
    return "\n".join(lines)


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
                field, _, subject = word.partition("=")[0].partition(":")
                field = field.strip().replace("_", " ")
                if field not in FIELDS:
                    raise BadCorrection(f"There is no field {field!r}. Fields are {', '.join(FIELDS)}.")
                gone = library.take_back(entry.id, field, subject.strip())
                lines.append(f"{entry.name}: {word} {'is as it was read again' if gone else 'was not corrected'}.")
        return lines
    wanted = assigned(words)
    for entry in entries:
        for field, subject, value in wanted:
            library.check(entry.id, field, value, subject)
    for entry in entries:
        for field, subject, value in wanted:
            kept = library.correct(entry.id, field, value, subject)
            name = f"{field} · {kept.subject}" if kept.subject else field
            lines.append(f"{entry.name}: {name} is {kept.words or 'none'} (corrected).")
    return lines
