"""The documents of a time, or of a place in a sequence. Takes entries and a When; gives entries to understand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from assistant.when import When
from index.types import Entry

_UNDATED = timedelta(days=300)
"""A report that does not say when it was published came out at most so long after its inspection."""


def in_order(entries: Sequence[Entry], order: str, current: Sequence[str]) -> list[Entry]:
    """The latest, first, previous or next of the documents, the last two seen from the current one (else the latest)."""
    dated = sorted((e for e in entries if e.day), key=lambda e: e.day or date.min)
    if not dated:
        return []
    if order in ("latest", "first"):
        day = (dated[-1] if order == "latest" else dated[0]).day
        return [e for e in dated if e.day == day]
    here = next((e for e in dated if e.id in current), dated[-1])
    assert here.day is not None
    others = [e for e in dated if e.day and (e.day < here.day if order == "previous" else e.day > here.day)]
    if not others:
        return []
    day = (others[-1] if order == "previous" else others[0]).day
    return [e for e in others if e.day == day]


def in_time(entries: Sequence[Entry], when: When) -> list[Entry]:
    """The documents of that time: by what the question's date is of, publication before inspection where it is open.

    A document without a day of publication counts as published where it can have been: within months of its inspection.
    """
    since, until = when.since or date.min, when.until or date.max
    published = [e for e in entries if e.published and since <= e.published <= until]
    inspected = [e for e in entries if e.inspected and since <= e.inspected <= until]
    if when.basis == "inspected" and inspected:
        return inspected
    if published:
        return published
    if inspected and when.basis != "published":
        return inspected
    early = since - _UNDATED if since > date.min + _UNDATED else date.min
    likely = [e for e in entries if not e.published and e.inspected and early <= e.inspected <= until]
    if when.since and when.until and likely:
        last = max(e.inspected for e in likely if e.inspected)
        return [e for e in likely if e.inspected == last]
    return likely
