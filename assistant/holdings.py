"""Holdings: what each document of the library holds and what is wrong with it, as rows to find, choose and order.

Takes entries and their Facts; gives Holdings to the page. Of a document under embargo the entry has to be masked before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.inspections import REPORTS
from corpus.types import Fact
from index.types import Entry

STATES = {
    "held": "Under embargo", "lost": "Original missing", "noted": "Remarks on its reading", "kindless": "Kind not known",
    "undated": "No date found", "unpublished": "No day of publication found", "unnamed": "No service found",
    "unjudged": "No judgement found", "corrected": "Corrected by hand",
}  # fmt: skip
"""What can be said of a document besides what it holds, in words; all but two are problems."""
FINE = ("held", "corrected")
PROBLEM = "problem"
"""Chooses every document that has a problem, whichever."""
_OF_ONE_SERVICE = (*REPORTS, "press release")
_UNRANKED = 1_000


@dataclass(frozen=True, slots=True)
class Holding:
    """A document, how many judgements were read from it, the one of the whole, and which of STATES apply."""

    entry: Entry
    judgements: int = 0
    overall: Fact | None = None
    states: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Those of its states that somebody may want to mend."""
        return tuple(state for state in self.states if state not in FINE)

    @property
    def year(self) -> str:
        """Of publication, else of the inspection; empty when neither is known."""
        return str(self.entry.day.year) if self.entry.day else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which holdings are meant: all ``words`` stand in title, file name, service or kind; what is empty restricts nothing."""

    words: str = ""
    kind: str = ""
    service: str = ""
    year: str = ""
    state: str = ""

    def meets(self, one: Holding) -> bool:
        entry = one.entry
        if (self.kind and entry.kind != self.kind) or (self.service and entry.service != self.service):
            return False
        if (self.year and one.year != self.year) or (self.state == PROBLEM and not one.problems):
            return False
        if self.state not in ("", PROBLEM) and self.state not in one.states:
            return False
        told = f"{entry.title}\n{entry.name}\n{entry.service}\n{entry.kind}".casefold()
        return all(word in told for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Order:
    """Which of COLUMNS the rows are ordered by, and whether downwards."""

    column: str = "title"
    down: bool = False


def holding_of(entry: Entry, facts: Sequence[Fact], *, held: bool = False, lost: bool = False) -> Holding:
    """One document's. Of one that is ``held`` back by an embargo, facts are not looked at; ``lost`` when its file is gone."""
    if held:
        return Holding(entry, states=tuple(state for state, is_so in (("held", True), ("lost", lost)) if is_so))
    judged = [fact for fact in facts if fact.field in ("overall", "judgement")]
    found = {
        "lost": lost, "noted": bool(entry.notices), "kindless": not entry.kind, "undated": entry.day is None,
        "unpublished": entry.published is None and entry.day is not None,
        "unnamed": not entry.service and entry.kind in _OF_ONE_SERVICE,
        "unjudged": not judged and entry.kind in REPORTS, "corrected": any(fact.corrected for fact in facts),
    }  # fmt: skip
    overall = next((fact for fact in judged if fact.field == "overall"), None)
    return Holding(entry, len(judged), overall, tuple(state for state, is_so in found.items() if is_so))


def holdings_of(
    entries: Sequence[Entry], facts: Mapping[str, Sequence[Fact]], held: Collection[str], lost: Collection[str]
) -> list[Holding]:
    """All of them in the order of the entries; ``held`` and ``lost`` are ids."""
    return [holding_of(each, facts.get(each.id, ()), held=each.id in held, lost=each.id in lost) for each in entries]


COLUMNS: dict[str, tuple[str, Callable[[Holding], Any]]] = {
    "title": ("Title and file", lambda one: one.entry.title.casefold()),
    "service": ("Service", lambda one: one.entry.service.casefold()),
    "kind": ("Kind", lambda one: one.entry.kind),
    "published": ("Published", lambda one: one.entry.published),
    "pages": ("Pages", lambda one: one.entry.pages),
    "passages": ("Passages", lambda one: one.entry.passages),
    "judgements": ("Judgements", lambda one: one.judgements),
    "overall": ("Overall", lambda one: one.overall),
    "added": ("Added", lambda one: one.entry.added),
}
"""What the rows can be ordered by: the head of the column, and what is compared."""


def ordered(rows: Sequence[Holding], order: Order) -> list[Holding]:
    """The rows by a column, rows that are equal there as they were; what is not known comes last both ways."""
    value = COLUMNS[order.column][1] if order.column in COLUMNS else COLUMNS["title"][1]

    def key(one: Holding) -> tuple[Any, ...]:
        found = value(one)
        if isinstance(found, Fact):
            return (_UNRANKED if found.rank is None else found.rank, found.value)
        return (found,)

    known = [one for one in rows if value(one)]
    return sorted(known, key=key, reverse=order.down) + [one for one in rows if not value(one)]


def offered(rows: Sequence[Holding]) -> dict[str, list[tuple[str, int]]]:
    """What there is to choose from, each value with how many documents have it: ``kind`` and ``service`` by name, ``year``
    newest first, ``state`` in the order of STATES with PROBLEM before them."""
    kinds, services = (Counter(value) for value in ((r.entry.kind for r in rows), (r.entry.service for r in rows)))
    years, states = Counter(row.year for row in rows), Counter(state for row in rows for state in row.states)
    any_problem = sum(bool(row.problems) for row in rows)
    return {
        "kind": sorted((kind, number) for kind, number in kinds.items() if kind),
        "service": sorted(((name, number) for name, number in services.items() if name), key=lambda item: item[0].casefold()),
        "year": sorted(((year, number) for year, number in years.items() if year), reverse=True),
        "state": [(PROBLEM, any_problem)][: 1 if any_problem else 0] + [(state, states[state]) for state in STATES if states[state]],
    }  # fmt: skip
