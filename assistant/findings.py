"""Findings: every inspection that the library knows of, with how it was judged, as rows that can be chosen and counted.

Takes entries and their Facts; gives Inspections to tally (questions) and to the page. A press release and its report are
one inspection; of a service's inspections the newest counts as its standing, and the earlier ones stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from assistant.scope import Scope
from corpus.types import Fact
from index.types import Entry

OVERALL = ""
"""The subject of the judgement of the whole."""

Basis = Literal["published", "inspected", "any"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection: its report, or its press release where there is no report; ``others`` are what else is published on it.

    ``name`` is the service's as the library names it, ``key`` the same for one service, ``facts`` those of ``entry``.
    """

    entry: Entry
    name: str
    key: str
    facts: tuple[Fact, ...] = ()
    others: tuple[Entry, ...] = ()

    def value(self, name: str) -> str:
        """What the publication says of a field; empty when it does not."""
        for fact in self.facts:
            if fact.field == name:
                return fact.value
        return ""

    def judged(self, subject: str = OVERALL) -> Fact | None:
        """The judgement of a subject, of the whole by default; None when the publication has none that could be read."""
        wanted = "judgement" if subject else "overall"
        return next((fact for fact in self.facts if fact.field == wanted and fact.subject == subject), None)

    @property
    def judgements(self) -> tuple[Fact, ...]:
        """All its judgements, that of the whole first."""
        return tuple(fact for fact in self.facts if fact.field in ("overall", "judgement"))

    @property
    def day(self) -> date | None:
        """What it is ordered by in time."""
        return self.entry.day


@dataclass(frozen=True, slots=True)
class Choice:
    """Which inspections are meant; what is empty or None restricts nothing. Days are inclusive.

    ``grades`` are those that ``subject`` (OVERALL, or what is judged) may have. ``latest`` leaves of each service only the
    newest of those that the rest of the choice allows before grades are looked at.
    """

    keys: tuple[str, ...] = ()
    subject: str = OVERALL
    also: tuple[str, ...] = ()
    """Other names of the subject, under other inspectorates; an inspection without the subject is judged by these."""
    years: tuple[int | None, int | None] = (None, None)
    """The first and last year in which the subject is judged, where the profile says so: before and after, no grade of it is
    missing."""
    grades: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    basis: Basis = "any"
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    inspectorates: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    word: str = ""
    """A word that a service's names, titles or type have to bear out ("school"); folded, in the singular."""
    latest: bool = False
    scope: Scope | None = None
    """What filters set by hand let through."""

    def asked(self) -> list[tuple[str, tuple[str, ...]]]:
        """What is asked for besides grades and days: names of fields, each with the values that will do."""
        every = (("key", self.keys), ("kind", self.kinds), ("type", self.types), ("region", self.regions),
                 ("provider", self.providers), ("inspectorate", self.inspectorates))  # fmt: skip
        return [(name, allowed) for name, allowed in every if allowed]

    def judges(self, one: Inspection) -> bool:
        """Whether the subject was judged at all in the inspection's year."""
        first, last = self.years
        return not one.day or (first or 0) <= one.day.year <= (last or 9999)

    def judged(self, one: Inspection) -> Fact | None:
        """The judgement of the subject, by whichever of its names the inspection has."""
        found = (one.judged(subject) for subject in (self.subject, *self.also))
        return next((fact for fact in found if fact), None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a Choice found. ``matched`` and ``unknown`` are parts of ``checked``, all by name and day.

    ``unknown`` are those whose judgement, or what else was asked for (a day, a type, a region), could not be read: nobody
    can say whether they match. ``total`` counts the inspections that there are.
    """

    checked: tuple[Inspection, ...] = ()
    matched: tuple[Inspection, ...] = ()
    unknown: tuple[Inspection, ...] = ()
    total: int = 0


@dataclass
class Findings:
    """The inspections of one state of the library, by name and day. Made with ``inspections.findings_of``."""

    inspections: tuple[Inspection, ...] = ()
    apart: tuple[Entry, ...] = ()
    """Documents that are no inspection of one service (thematic reviews, letters, what nobody could tell)."""
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    """Of every document, by id."""
    whole: int = 0
    """How many inspections the library has, where these are those of some kinds of documents; 0 where these are all."""
    _by_key: dict[str, list[Inspection]] = field(default_factory=dict)
    _values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for inspection in self.inspections:
            self._by_key.setdefault(inspection.key, []).append(inspection)

    def about(self, document_ids: Iterable[str]) -> tuple[str, ...]:
        """The keys of the services that these documents are about."""
        wanted = set(document_ids)
        return tuple(dict.fromkeys(one.key for one in self.inspections if one.entry.id in wanted)) if wanted else ()

    def of(self, key: str) -> list[Inspection]:
        """A service's inspections, oldest first; those without a day before all."""
        return self._by_key.get(key, [])

    def before(self, inspection: Inspection) -> Inspection | None:
        """The service's inspection before this one; None for the first, or where the days are not known."""
        earlier = self.earlier(inspection)
        return earlier[-1] if earlier else None

    def earlier(self, inspection: Inspection) -> list[Inspection]:
        """The service's inspections before this one, oldest first."""
        return [one for one in self.of(inspection.key) if one.day and inspection.day and one.day < inspection.day]

    def choose(self, choice: Choice) -> Chosen:
        """The inspections that the choice means, those of them that match its grades, and those of which nobody can say."""
        checked: list[Inspection] = []
        undated: list[Inspection] = []  # and those that do not say of what type, or where
        since, until = choice.since or date.min, choice.until or date.max
        timed, asked = bool(choice.since or choice.until), choice.asked()
        for one in self.inspections:
            allowed = choice.scope.allows(one.entry.id) if choice.scope else True
            if allowed is False or (choice.word and choice.word not in self.called[one.key]):
                continue
            days = _days(one.entry, choice.basis) if timed else []
            if days and not any(since <= day <= until for day in days):
                continue
            fits = _fits(one, asked)
            if fits is not False:
                (undated if fits is None or allowed is None or (timed and not days) else checked).append(one)
        if choice.latest:
            newest = {one.key: one for one in checked}  # they are in order of day
            checked = [one for one in checked if newest[one.key] is one]
        judged = {id(one): choice.judged(one) for one in checked}
        wanted = bool(choice.grades or choice.subject)
        matched = [
            one for one in checked if not wanted or ((fact := judged[id(one)]) and (not choice.grades or fact.value in choice.grades))
        ]
        unknown = [*(one for one in checked if wanted and not judged[id(one)] and choice.judges(one)), *undated]
        return Chosen((*checked, *undated), tuple(matched), tuple(unknown), self.total)

    @property
    def total(self) -> int:
        """How many inspections the library has."""
        return self.whole or len(self.inspections)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """What is judged in these inspections (that of the whole left out), the commonest first."""
        counts: dict[str, int] = defaultdict(int)
        for one in self.inspections:
            for fact in one.judgements:
                if fact.subject:
                    counts[fact.subject] += 1
        return tuple(sorted(counts, key=lambda subject: (-counts[subject], subject)))

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """The grades on the scales in use, best first, the commonest scale first."""
        scales: dict[tuple[str, ...], int] = defaultdict(int)
        for one in self.inspections:
            for fact in one.judgements:
                scales[fact.scale or (fact.value,)] += 1
        ordered = sorted(scales, key=lambda scale: -scales[scale])
        return tuple(dict.fromkeys(grade for scale in ordered for grade in scale))

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a field ("type", "region", "provider", "inspectorate"), in alphabetical order."""
        if name not in self._values:
            self._values[name] = tuple(sorted({value for one in self.inspections if (value := one.value(name))}))
        return self._values[name]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of the inspections (of publication, else of fieldwork), newest first."""
        return tuple(sorted({one.day.year for one in self.inspections if one.day}, reverse=True))

    @cached_property
    def called(self) -> dict[str, str]:
        """All that each service is called, by its key: names, titles and types of its publications, folded."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in self.inspections:
            found[one.key] += [one.name, one.entry.service, one.entry.title, one.value("type")]
        return {key: " ".join(texts).casefold() for key, texts in found.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """Each service's name by its key."""
        return {one.key: one.name for one in self.inspections}


def _fits(one: Inspection, asked: Sequence[tuple[str, tuple[str, ...]]]) -> bool | None:
    """Whether it is one of those meant, days apart; None where it does not say what it would have to say for that."""
    open_to = False
    for name, allowed in asked:
        value = one.key if name == "key" else one.entry.kind if name == "kind" else one.value(name)
        if value and value not in allowed:
            return False
        open_to = open_to or not value
    return None if open_to else True


def _days(entry: Entry, basis: Basis) -> list[date]:
    """The days by which it can be asked for: publication; else, or where it is asked for, fieldwork."""
    if basis == "inspected":
        return [entry.inspected] if entry.inspected else []
    if basis == "published" or entry.published:
        return [entry.published] if entry.published else []
    return [entry.inspected] if entry.inspected else []
