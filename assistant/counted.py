"""The words, citations and coverage of answers that were counted over the library.

Takes a Counting with what was found for it; gives its sentences to tally and changes. Everything that is counted says how
much of the library was checked, and which documents nobody can tell of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from assistant.counting import Counting
from assistant.findings import Choice, Chosen, Findings, Inspection
from assistant.types import Answer, AnswerStatus, Cell, Citation, Table
from assistant.when import said
from corpus.types import Fact

SHOWN = 15
"""So many rows are in the text of an answer; its table has all."""
NAMED = 12
"""So many unreadable files are named in the text; the coverage has all."""


@dataclass
class Notes:
    """Numbers citations as they are needed; the same place has one number."""

    citations: list[Citation] = field(default_factory=list)
    _known: dict[tuple[str, int, int, int], int] = field(default_factory=dict)

    def cite(self, one: Inspection, fact: Fact | None) -> int | None:
        """The number of a fact's place; None where it stands nowhere in the text."""
        if fact is None or not fact.page or not fact.quote:
            return None
        entry = one.entry
        return self.add(Citation(0, entry.name, entry.id, entry.title, fact.page, fact.quote, fact.start, fact.end))

    def add(self, citation: Citation) -> int:
        """The number of a citation's place."""
        place = (citation.document_id, citation.page, citation.start, citation.end)
        if place not in self._known:
            self._known[place] = len(self.citations) + 1
            self.citations.append(replace(citation, number=self._known[place]))
        return self._known[place]

    def mark(self, one: Inspection, fact: Fact | None) -> str:
        """`` [3]``, or nothing."""
        number = self.cite(one, fact)
        return f" [{number}]" if number else ""


def number_said(number: int) -> str:
    return f"{number:,}" if number else "None (0)"


def what_of(counting: Counting) -> str:
    """The inspections that are counted, in words: what they are called, their types, places and time."""
    choice = counting.choice
    words = counting.said
    if choice.types and not counting.typed:
        words += f" ({either(choice.types)})"
    if choice.keys and not counting.services:
        words += " of the service" if len(choice.keys) == 1 else " of these services"
    if choice.regions:
        words += f" in {either(choice.regions)}"
    if choice.providers:
        words += f" of {either(choice.providers)}"
    when = said(choice.since, choice.until)
    if when:
        of_services = "inspected" if choice.basis == "inspected" else "with a report published"
        of_papers = "of work done" if choice.basis == "inspected" else "published"
        words += f" {of_services if counting.services else of_papers} {_time(when)}"
    words += " within your filters" if choice.scope else ""
    return words + (", by the latest inspection of each service," if choice.latest else "")


def _time(when: str) -> str:
    """``said`` after a verb: "in 2018", "on 3 May 2019", "from 2018 to 2020"."""
    if when.startswith("from ") and " to " not in when:
        return "in " + when.removeprefix("from ")
    return "on " + when.removeprefix("of ") if when.startswith("of ") else when


def singular(words: str) -> str:
    """``report published in 2021`` of ``reports published in 2021``: the first word that is a plural of bodies or papers."""
    return re.sub(r"\b(services|reports|inspections|councils|CRCs|providers|documents|prisons|schools|companies|authorities)\b",
                  lambda m: {"companies": "company", "authorities": "authority"}.get(m[0], m[0][:-1]), words, count=1)  # fmt: skip


def covered(counting: Counting, found: Chosen, matched: int) -> str:
    """``Checked 112 of 131 inspections; 9 match; 3 have no readable grade: …``: how much of the library an answer rests on."""
    text = f"Checked {len(found.checked)} of {found.total} inspections in the library; {matched} {'matches' if matched == 1 else 'match'}"
    first, last = counting.choice.years
    outside = sum(not counting.choice.judges(one) and counting.choice.judged(one) is None for one in found.checked)
    if outside:
        when = f"before {first} or after {last}" if first and last else f"after {last}" if last else f"before {first}"
        text += f"; {outside} {'is' if outside == 1 else 'are'} from {when}, when it was not judged"
    if not found.unknown:
        return text + "."
    parts = []
    lacking: dict[str, list[str]] = {}
    for one in found.unknown:
        lacking.setdefault(_lack(one, counting.choice), []).append(one.entry.name)
    for what, names in lacking.items():
        more = f" and {len(names) - NAMED} more (all are in the coverage)" if len(names) > NAMED else ""
        parts.append(f"{len(names)} {'has' if len(names) == 1 else 'have'} no readable {what}: {', '.join(names[:NAMED])}{more}")
    return f"{text}; {'; '.join(parts)}."


def _lack(one: Inspection, choice: Choice) -> str:
    """What an inspection does not say that it would have to say, to tell whether it matches."""
    for name, wanted in (
        ("type", choice.types),
        ("region", choice.regions),
        ("provider", choice.providers),
        ("inspectorate", choice.inspectorates),
    ):
        if wanted and not one.value(name):
            return name
    if (choice.since or choice.until) and not one.day:
        return "day of publication"
    if choice.scope and choice.scope.allows(one.entry.id) is None:
        return "date, kind or grade that the filters ask for"
    return f"judgement of “{choice.subject}”" if choice.subject else "overall grade"


def caption(counting: Counting, number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}: {what_of(counting)}"


def answer_of(
    lines: Iterable[str], notes: Notes, found: Chosen, matched: Sequence[Inspection], table: Table | None, choice: Choice,
    status: AnswerStatus = "answered",
) -> Answer:  # fmt: skip
    return Answer("\n".join(lines), status, tuple(notes.citations), coverage=coverage_of(found, matched, choice), table=table)


def coverage_of(found: Chosen, matched: Sequence[Inspection], choice: Choice) -> dict[str, object]:
    """What an answer says of its coverage to programs."""
    items = [
        {"service": one.name, "document": one.entry.name, "published": one.entry.published.isoformat() if one.entry.published else None,
         "grade": fact.value if (fact := choice.judged(one)) else None}
        for one in matched
    ]  # fmt: skip
    return {
        "checked": len(found.checked), "matched": len(matched), "unknown": [one.entry.name for one in found.unknown],
        "total": found.total, "items": items,
    }  # fmt: skip


def nothing(counting: Counting, findings: Findings) -> Answer:
    """No inspection is of the kind that is asked about: a refusal, with what there is."""
    if not findings.inspections:
        return Answer("The library holds no inspection whose service or judgements could be read.", "not_found")
    years = f", from {min(findings.years)} to {max(findings.years)}" if findings.years else ""
    asked = what_of(replace(counting, choice=replace(counting.choice, latest=False)))
    if choice_has := findings.choose(replace(counting.choice, grades=())).checked:
        return _unreadable(counting, findings, choice_has)
    text = f"The library has no {asked}. It has {findings.total} inspections{years}."
    return Answer(text, "not_found", coverage={"checked": 0, "matched": 0, "unknown": [], "total": findings.total, "items": []})


def _unreadable(counting: Counting, findings: Findings, checked: Sequence[Inspection]) -> Answer:
    """A refusal: there are such inspections, and of none of them a grade could be read."""
    names = [one.entry.name for one in checked]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    text = f"Of none of the {len(names)} {what_of(counting)} a grade could be read: {', '.join(names[:NAMED])}{more}."
    coverage = {"checked": len(names), "matched": 0, "unknown": names, "total": findings.total, "items": []}
    return Answer(text, "not_found", coverage=coverage)


def when_of_it(one: Inspection) -> str:
    day = one.entry.published
    if day:
        return f" (published {day.day} {day:%B %Y})"
    return f" (inspected {one.entry.inspected:%B %Y})" if one.entry.inspected else " (no date)"


def year_of(one: Inspection) -> str:
    return str(one.day.year) if one.day else ""


def iso(one: Inspection) -> str:
    return one.day.isoformat() if one.day else ""


def marked(cell: Cell) -> str:
    return f" [{cell.cite}]" if cell.cite else ""


def either(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else "".join(words)


def grade_cell(one: Inspection, fact: Fact | None, notes: Notes) -> Cell:
    """A grade with its citation, marked where somebody corrected it; empty for none."""
    return Cell(fact.value + (" (corrected by hand)" if fact.corrected else ""), notes.cite(one, fact)) if fact else Cell("")
