"""Answers over the whole library: lists, counts, the best and worst, distributions and trends, from the stored judgements.

Takes a Counting and the Findings; gives an Answer in which each row cites the place it was read from, with its coverage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.changes import changed, compared
from assistant.counted import (
    SHOWN,
    Notes,
    answer_of,
    caption,
    coverage_of,
    covered,
    either,
    grade_cell,
    iso,
    nothing,
    number_said,
    singular,
    what_of,
    when_of_it,
)
from assistant.counting import Counting
from assistant.findings import OVERALL, Choice, Chosen, Findings, Inspection
from assistant.types import Answer, Cell, Table
from corpus.types import Fact


def tally(counting: Counting, findings: Findings) -> Answer:
    """The answer; ``not_found`` when there is no inspection of the kind that is asked about."""
    work = {
        "list": _listed, "count": _listed, "standards": _standards, "compare": compared, "change": changed,
        "extremes": _extremes, "distribution": _distribution, "trend": _trend, "unclear": _unclear,
    }  # fmt: skip
    return work[counting.operation](counting, findings)


def _unclear(counting: Counting, findings: Findings) -> Answer:
    """A refusal: something in the question would change the count, and was not understood."""
    words = ", ".join(f"“{word}”" for word in counting.content)
    text = (
        f"This cannot be counted as it is asked: {words} was not understood. Lists and counts go by grade, by what was judged, by year, "
        "type of service, region and provider. Ask for one thing at a time."
    )
    return Answer(text, "not_found", coverage={"checked": 0, "matched": 0, "unknown": [], "total": len(findings.inspections), "items": []})


def _listed(counting: Counting, findings: Findings) -> Answer:
    found = findings.choose(counting.choice)
    if not found.checked:
        return nothing(counting, findings)
    return rows_answer(counting, found, found.matched)


def rows_answer(counting: Counting, found: Chosen, matched: Sequence[Inspection], lead: str = "") -> Answer:
    """A list or count of these inspections as text, table and citations."""
    notes = Notes()
    choice = counting.choice
    rows = [_row(one, choice, notes) for one in matched]
    number = len({one.key for one in matched}) if counting.services else len(matched)
    lines = [lead or _sentence(counting, found, number)]
    shown = matched[:SHOWN]
    lines += [f"• {one.name}{when_of_it(one)}{_grade(one, choice)}{notes.mark(one, _basis(one, choice))}" for one in shown]
    if len(matched) > len(shown):
        lines.append(f"… and {len(matched) - len(shown)} more; the table has all {len(matched)}.")
    if counting.content:
        words = ", ".join(f"“{word}”" for word in counting.content)
        lines.append(f"\nNot understood, and not heeded here: {words}.")
    lines.append("\n" + covered(counting, found, len(matched)))
    columns = ("Service", "Published", "Judgement", "Grade", "Document")
    table = Table(caption(counting, len(matched)), columns, tuple(rows)) if rows else None
    answer = answer_of(lines, notes, found, matched, table, choice, "partial" if counting.content else "answered")
    return replace(answer, coverage={**(answer.coverage or {}), "matched": number})


def _row(one: Inspection, choice: Choice, notes: Notes) -> tuple[Cell, ...]:
    fact = choice.judged(one)
    grade = grade_cell(one, fact, notes)
    day = Cell(iso(one), None if fact and grade.cite else notes.cite(one, _basis(one, choice)))
    return Cell(one.name), day, Cell((fact.subject if fact else choice.subject) or "Overall"), grade, Cell(one.entry.name)


def _basis(one: Inspection, choice: Choice) -> Fact | None:
    """The fact that puts an inspection on a list: its judgement, or where none is asked for, its day or name."""
    wanted = ("published", "fieldwork", "service", "kind")
    return choice.judged(one) or next((f for name in wanted for f in one.facts if f.field == name and f.page), None)


def _sentence(counting: Counting, found: Chosen, number: int) -> str:
    """``7 of the 16 services inspected in 2022 were rated Good.``, as far as the words of the question go."""
    choice = counting.choice
    asked = bool(choice.grades or choice.subject)
    unknown = {one.entry.id for one in found.unknown}
    known = [one for one in found.checked if (choice.judged(one) if asked else one.entry.id not in unknown)]
    base = len({one.key for one in known}) if counting.services else len(known)
    what = what_of(counting)
    if not choice.grades and not choice.subject:
        return f"{number_said(number)} {singular(what) if number == 1 else what}{':' if number else '.'}"
    verb = "was" if number == 1 else "were"
    grades = either(choice.grades) or "judged"
    subject = f" for “{choice.subject}”" if choice.subject else " overall"
    what = singular(what) if base == 1 else what
    return f"{number_said(number)} of the {base} {what} {verb} rated {grades}{subject}{':' if number else '.'}"


def _grade(one: Inspection, choice: Choice) -> str:
    fact = choice.judged(one)
    return f": {fact.value}{' (corrected by hand)' if fact.corrected else ''}" if fact else ""


def _standards(counting: Counting, findings: Findings) -> Answer:
    """Which judgements of the services named have one of the grades."""
    choice = counting.choice
    found = findings.choose(replace(choice, grades=(), subject=OVERALL, also=()))
    if not found.checked:
        return nothing(counting, findings)
    notes, lines, rows, number = Notes(), [], [], 0
    for one in found.checked:
        facts = [fact for fact in one.judgements if fact.subject and (not choice.grades or fact.value in choice.grades)]
        number += len(facts)
        every = f"the {sum(bool(f.subject) for f in one.judgements)} judgements of {one.name}{when_of_it(one)}"
        are = f"{len(facts)} of {every} {'is' if len(facts) == 1 else 'are'} {either(choice.grades)}{':' if facts else '.'}"
        lines.append(are if choice.grades else f"{every[0].upper()}{every[1:]}:")
        lines += [f"• {fact.subject}: {fact.value}{notes.mark(one, fact)}" for fact in facts]
        rows += [(Cell(one.name), Cell(iso(one)), Cell(fact.subject), Cell(fact.value, notes.cite(one, fact))) for fact in facts]
    table = Table(f"{number} judgements", ("Service", "Published", "Judgement", "Grade"), tuple(rows)) if rows else None
    coverage = coverage_of(found, found.checked, choice) | {
        "matched": number, "items": [{"name": row[2].text, "service": row[0].text, "grade": row[3].text} for row in rows]}  # fmt: skip
    return Answer("\n".join(lines), "answered", tuple(notes.citations), coverage=coverage, table=table)


def _extremes(counting: Counting, findings: Findings) -> Answer:
    """Those with the best (or worst) grade that any of them has; by score where the question asks for it."""
    choice = counting.choice
    found = findings.choose(replace(choice, grades=()))
    judged = [(one, fact) for one in found.checked if (fact := choice.judged(one)) and fact.rank is not None]
    if not judged:
        return nothing(counting, findings)
    end = max if counting.last else min
    share = [(fact.rank or 0) / max(1, len(fact.scale) - 1) for _, fact in judged]
    best = end(share)
    grades = tuple(dict.fromkeys(fact.value for (_, fact), part in zip(judged, share, strict=True) if part == best))
    matched = [one for (one, _), part in zip(judged, share, strict=True) if part == best]
    word = "lowest" if counting.last else "highest"
    unread = tuple(one for one in found.checked if choice.judged(one) is None)
    whole = replace(found, unknown=tuple(dict.fromkeys([*found.unknown, *unread])))
    asked = replace(counting, choice=replace(choice, grades=grades))
    subject = f" for “{choice.subject}”" if choice.subject else " overall"
    have = f"{len(matched)} of the {len(judged)} {what_of(counting)} {'has' if len(matched) == 1 else 'have'} it:"
    lead = f"The {word} grade{subject} among them is {either(grades)}; {have}"
    return rows_answer(asked, whole, matched, lead)


def _distribution(counting: Counting, findings: Findings) -> Answer:
    choice = replace(counting.choice, grades=())
    found = findings.choose(choice)
    judged = [(one, fact) for one in found.checked if (fact := choice.judged(one))]
    if not judged:
        return nothing(counting, findings)
    counts = Counter(fact.value for _, fact in judged)
    order = [grade for grade in findings.grades if grade in counts]
    of = f" for “{choice.subject}”" if choice.subject else " overall"
    lines = [f"How the {len(judged)} {what_of(counting)} were rated{of}:"]
    lines += [f"• {grade}: {counts[grade]} ({100 * counts[grade] / len(judged):.0f}%)" for grade in order]
    ones = sorted((one for one, _ in judged), key=lambda one: order.index(f.value) if (f := choice.judged(one)) else 99)
    return _counted(counting, found, ones, lines, choice)


def _trend(counting: Counting, findings: Findings) -> Answer:
    choice = replace(counting.choice, grades=(), latest=False)
    found = findings.choose(choice)
    judged = [(one, fact) for one in found.checked if (fact := choice.judged(one)) and one.day]
    if not judged:
        return nothing(counting, findings)
    wanted = counting.choice.grades or tuple(g for g in findings.grades if any(fact.value == g for _, fact in judged))
    years = Counter((one.day.year, fact.value) for one, fact in judged if one.day)
    of = f" for “{choice.subject}”" if choice.subject else " overall"
    lines = [f"Grades{of} by year of publication:"]
    for year in sorted({year for year, _ in years}):
        total = sum(n for (y, _), n in years.items() if y == year)
        lines.append(f"• {year}: " + ", ".join(f"{years[year, grade]} {grade}" for grade in wanted) + f" (of {total})")
    ones = sorted((one for one, fact in judged if fact.value in wanted), key=lambda one: one.day or date.min)
    return _counted(counting, found, ones, lines, choice)


def _counted(counting: Counting, found: Chosen, ones: Sequence[Inspection], lines: list[str], choice: Choice) -> Answer:
    """Figures with the rows that they were counted from in the table, each cited."""
    unread = tuple(one for one in found.checked if choice.judged(one) is None)
    whole = replace(found, unknown=tuple(dict.fromkeys([*found.unknown, *unread])))
    asked = replace(counting, choice=replace(choice, grades=("any",)))
    notes = Notes()
    rows = tuple(_row(one, choice, notes) for one in ones)
    lines = [*lines, "", covered(asked, whole, len(ones))]
    table = Table(caption(counting, len(ones)), ("Service", "Published", "Judgement", "Grade", "Document"), rows, listed=False)
    return answer_of(lines, notes, whole, ones, table, choice)
