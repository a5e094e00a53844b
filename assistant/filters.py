"""Which documents Filters let through in one state of the library. Takes Filters; gives a Scope to understanding and counting.

Of some documents nobody can say whether they are meant (no date, no grade that could be read): those are not searched, and never
counted as a no.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from assistant.findings import Findings, Inspection
from assistant.inspections import REPORTS
from assistant.names import Names
from assistant.scope import Filters, Scope
from index.types import Entry


def scope_of(filters: Filters, entries: Sequence[Entry], findings: Findings, names: Names) -> Scope | None:
    """What the filters let through; None when they restrict nothing."""
    if not filters:
        return None
    judged = {entry.id: one for one in findings.inspections for entry in (one.entry, *one.others)}
    about = {id for name in filters.services for id in names.documents_of(name)}
    tests: list[Callable[[Entry], bool | None]] = []
    if filters.services:
        tests.append(lambda entry: entry.id in about)
    if filters.kinds:
        tests.append(lambda entry: entry.kind in filters.kinds if entry.kind else None)
    if filters.since or filters.until:
        tests.append(lambda entry: _in_time(entry.day, filters))
    if filters.grades:
        tests.append(lambda entry: _graded(entry, judged.get(entry.id), filters))
    told = {entry.id: [test(entry) for test in tests] for entry in entries}
    within = frozenset(id for id, answers in told.items() if all(answers))
    unsure = frozenset(id for id, answers in told.items() if None in answers and False not in answers)
    return Scope(within, unsure)


def _in_time(day: date | None, filters: Filters) -> bool | None:
    return (filters.since or date.min) <= day <= (filters.until or date.max) if day else None


def _graded(entry: Entry, one: Inspection | None, filters: Filters) -> bool | None:
    """Whether the inspection that a document is on was judged so; a document on no inspection was not. A report or release that
    could be joined to none, since neither its service nor a grade could be read, is on one all the same."""
    if one is None:
        return None if entry.kind in (*REPORTS, "press release") else False
    fact = one.judged(filters.subject)
    return fact.value in filters.grades if fact else None
