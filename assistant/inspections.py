"""Which documents are one inspection: a report with the press releases on it, told apart from other bodies of the same name.

Takes entries with their Facts and the library's names; gives Findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.findings import Findings, Inspection
from assistant.names import Names
from corpus.types import Fact
from index.types import Entry

REPORTS = ("inspection report", "re-inspection")
_APART = 31
"""A press release comes out at most so many days from its report."""


def findings_of(entries: Sequence[Entry], facts: Mapping[str, tuple[Fact, ...]], names: Names, whole: int = 0) -> Findings:
    """The inspections among these documents, press releases joined to their reports; ``whole`` as in Findings."""
    found, apart = [], []
    releases: list[Inspection] = []
    for entry in entries:
        own = facts.get(entry.id, ())
        name = names.whole_name_of(entry.id) or entry.service
        one = Inspection(entry, name or entry.title, (name or entry.id).casefold(), own)
        if entry.kind == "press release" and name:
            releases.append(one)
        elif (entry.kind in REPORTS and (name or one.judgements)) or (entry.kind in ("other", "letter", "") and one.judgements):
            found.append(one)
        else:
            apart.append(entry)
    found, releases = _told_apart(found, releases)
    joined = _joined(found, releases)
    ordered = sorted(joined, key=lambda one: (one.name.casefold(), one.day or date.min, one.entry.name))
    return Findings(tuple(ordered), tuple(apart), facts, whole)


def _told_apart(*parts: list[Inspection]) -> tuple[list[Inspection], ...]:
    """Bodies of different types that go by one place's name ("Bray CRC", "Bray Youth Justice Service") are different services."""
    types: dict[str, set[str]] = defaultdict(set)
    for one in (one for part in parts for one in part):
        types[one.key] |= {kind} if (kind := one.value("type")) else set()

    def named(one: Inspection) -> Inspection:
        kind = one.value("type")
        if len(types[one.key]) < 2 or not kind:
            return one
        return replace(one, name=f"{one.name} ({kind})", key=f"{one.key} · {kind.casefold()}")

    return tuple([named(one) for one in part] for part in parts)


def _joined(reports: Iterable[Inspection], releases: Sequence[Inspection]) -> list[Inspection]:
    """Each release with the report on the same service nearest to its day; alone where there is none within a month."""
    by_key: dict[str, list[Inspection]] = defaultdict(list)
    for report in reports:
        by_key[report.key].append(report)
    alone = []
    for release in releases:
        near = [(abs((report.day - release.day).days), n) for n, report in enumerate(by_key[release.key]) if report.day and release.day]
        apart, at = min(near, default=(_APART + 1, -1))
        if apart <= _APART:
            report = by_key[release.key][at]
            by_key[release.key][at] = replace(report, others=(*report.others, release.entry))
        elif release.judgements:
            alone.append(release)
    return [*(report for found in by_key.values() for report in found), *alone]
