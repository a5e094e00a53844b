"""Judgements compared: services side by side, one service over time, and who got better or worse since the time before.

Takes a Counting and the Findings from tally; gives Answers in which every grade cites the place it was read from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.counted import (
    NAMED,
    SHOWN,
    Notes,
    answer_of,
    coverage_of,
    covered,
    grade_cell,
    iso,
    marked,
    nothing,
    number_said,
    when_of_it,
    year_of,
)
from assistant.counting import Counting
from assistant.findings import OVERALL, Choice, Chosen, Findings, Inspection
from assistant.narrow import listed
from assistant.types import Answer, Cell, Table
from corpus.types import Fact


def compared(counting: Counting, findings: Findings) -> Answer:
    """Inspections side by side: of several services the latest of each, of one service all that are meant, or of years named."""
    choice = counting.choice
    single = len(choice.keys) == 1
    found = findings.choose(replace(choice, grades=(), subject=OVERALL, also=(), latest=choice.latest and not single))
    ones = [one for one in found.checked if one.judgements]
    if counting.years:
        ones = [one for one in ones if one.day and one.day.year in counting.years]
    if not ones:
        return nothing(counting, findings)
    missing = [findings.names.get(key, key) for key in choice.keys if key not in {one.key for one in ones}]
    gone = [year for year in counting.years if not any(one.day and one.day.year == year for one in ones)]
    notes = Notes()
    table = _side_by_side(ones, notes, (choice.subject, *choice.also) if choice.subject else ())
    heads = [f"{one.name}{when_of_it(one)}" for one in ones]
    one_alone = "Within your filters there is" if choice.scope else "The library has"
    lines = [f"{listed(heads)}:"] if len(ones) > 1 else [f"{one_alone} one inspection of this kind: {heads[0]}."]
    for row in table.rows:
        cells = (f"{name} {cell.text or 'no grade read'}{marked(cell)}" for name, cell in zip(table.columns[1:], row[1:], strict=True))
        lines.append(f"• {row[0].text}: {'; '.join(cells)}")
    lines += [f"There is no inspection of {name} {'within your filters' if choice.scope else 'of that time'}." for name in missing]
    lines += [f"There is no inspection of {year} among them." for year in gone]
    lines.append("\n" + covered(replace(counting, choice=replace(choice, subject=OVERALL, grades=())), found, len(ones)))
    return answer_of(lines, notes, found, ones, table, choice, "partial" if missing or gone or len(ones) < 2 else "answered")


def _side_by_side(ones: Sequence[Inspection], notes: Notes, only: Sequence[str] = ()) -> Table:
    """A row for what is judged, a column for each inspection."""
    subjects = list(only[:1]) if only else list(dict.fromkeys(fact.subject for one in ones for fact in one.judgements))
    subjects.sort(key=lambda subject: subject != OVERALL)
    rows = []
    for subject in subjects:
        names = only or (subject,)
        facts = [next((fact for name in names if (fact := one.judged(name))), None) for one in ones]
        rows.append((Cell(subject or "Overall"), *(grade_cell(one, fact, notes) for one, fact in zip(ones, facts, strict=True))))
    several = len({one.key for one in ones}) > 1
    columns = tuple(f"{one.name} {year_of(one)}".strip() if several else year_of(one) or one.entry.name for one in ones)
    if len(set(columns)) < len(columns):
        columns = tuple(f"{name} ({one.entry.name})" for name, one in zip(columns, ones, strict=True))
    return Table("Judgements side by side", ("Judgement", *columns), tuple(rows))


def changed(counting: Counting, findings: Findings) -> Answer:
    """What became of judgements between an inspection and the one before: of one service in full, else those that moved."""
    choice = counting.choice
    found = findings.choose(replace(choice, grades=(), subject=OVERALL, also=(), latest=True))
    pairs = [(_baseline(one, choice, findings), one) for one in found.checked]
    if not found.checked:
        return nothing(counting, findings)
    answer = _history(counting, found, pairs[0][0], pairs[0][1]) if len(choice.keys) == 1 else _moved(counting, found, pairs)
    beyond = choice.scope is not None and any(was and not choice.scope.allows(was.entry.id) for was, _ in pairs)
    return replace(answer, text=f"{answer.text} {_BEYOND}") if beyond else answer


_BEYOND = "The earlier inspection may be one that your filters leave out."


def _baseline(one: Inspection, choice: Choice, findings: Findings) -> Inspection | None:
    """What an inspection is compared with: the first since the day that was named, else the one before.

    Where one thing that is judged is asked for, only inspections that judged it count.
    """
    earlier = [other for other in findings.earlier(one) if not choice.subject or choice.judged(other)]
    since = [other for other in earlier if choice.since and other.day and other.day >= choice.since]
    return since[0] if since else earlier[-1] if earlier else None


def _history(counting: Counting, found: Chosen, before: Inspection | None, now: Inspection) -> Answer:
    if before is None:
        text = f"The library has no earlier inspection of {now.name} to compare with{when_of_it(now)}."
        return Answer(text, "not_found", coverage=coverage_of(found, [], counting.choice))
    notes = Notes()
    choice = counting.choice
    table = _side_by_side([before, now], notes, (choice.subject, *choice.also) if choice.subject else ())
    lines = [f"{now.name}, from the inspection{when_of_it(before)} to the one{when_of_it(now)}:"]
    changes = []
    for row in table.rows:
        was, is_ = row[1], row[2]
        subject = "" if row[0].text == "Overall" else row[0].text
        change = direction(before.judged(subject), now.judged(subject))
        changes.append((*row, Cell(change)))
        if was.text and is_.text:
            lines.append(f"• {row[0].text}: {was.text}{marked(was)} → {is_.text}{marked(is_)} ({change or 'not on the same scale'})")
        else:
            told = is_ if is_.text else was
            lines.append(
                f"• {row[0].text}: {told.text}{marked(told)}, a grade only {'in the later' if is_.text else 'in the earlier'} inspection"
            )
    lines.append("\nWhat was judged, and under which name, has changed between some years; only the same judgement is compared.")
    whole = replace(table, columns=(*table.columns, "Change"), rows=tuple(changes))
    both = replace(found, checked=(before, now), unknown=())
    return answer_of(lines, notes, both, [before, now], whole, choice)


def _moved(counting: Counting, found: Chosen, pairs: Sequence[tuple[Inspection | None, Inspection]]) -> Answer:
    choice, notes = counting.choice, Notes()
    judged = [(was, now, choice.judged(was) if was else None, choice.judged(now)) for was, now in pairs]
    told = [(was, now, a, b, direction(a, b)) for was, now, a, b in judged if was]
    known = [item for item in told if item[4]]
    wanted = [item for item in known if (item[4] == counting.direction if counting.direction else item[4] != "unchanged")]
    alone, unsure = [now for was, now in pairs if not was], [item[1] for item in told if not item[4]]
    what = {"improved": "improved", "declined": "declined", "unchanged": "stayed the same"}.get(counting.direction, "changed")
    subject = f"“{choice.subject}”" if choice.subject else "the overall grade"
    whose = f"{len(known)} {counting.said if counting.services and len(known) != 1 else 'service' if len(known) == 1 else 'services'}"
    lines = [f"{number_said(len(wanted))} of the {whose} with an earlier inspection {what} in {subject}{':' if wanted else '.'}"]
    if not known:
        lines = ["No service has an earlier inspection in the library to compare its latest with."]
    rows = [_step(was, now, a, b, way, notes) for was, now, a, b, way in wanted if a and b]
    for name, first, before, last, after, _ in rows[:SHOWN]:
        steps = (f"{cell.text} ({day.text[:4]}){marked(cell)}" for day, cell in ((first, before), (last, after)))
        lines.append(f"• {name.text}: {' → '.join(steps)}")
    if len(rows) > SHOWN:
        lines.append(f"… and {len(rows) - SHOWN} more; the table has all {len(rows)}.")
    lines.append(_compared_of(found, alone, unsure))
    columns = ("Service", "Before", "Grade before", "Latest", "Latest grade", "Change")
    table = Table(f"{len(rows)} {'service' if len(rows) == 1 else 'services'} that {what}", columns, tuple(rows)) if rows else None
    whole = replace(found, unknown=(*unsure, *found.unknown))
    return answer_of(lines, notes, whole, [now for _, now, *_ in wanted], table, choice)


def _step(was: Inspection, now: Inspection, a: Fact, b: Fact, way: str, notes: Notes) -> tuple[Cell, ...]:
    """A row: the judgement before and the latest, each with its day and place."""
    before, after = grade_cell(was, a, notes), grade_cell(now, b, notes)
    return Cell(now.name), Cell(iso(was)), before, Cell(iso(now)), after, Cell(way)


def _compared_of(found: Chosen, alone: Sequence[Inspection], unsure: Sequence[Inspection]) -> str:
    """What was compared with what, and what could not be."""
    text = f"\nChecked the latest inspection of {len(found.checked)} services against an earlier one"
    if alone:
        text += f"; {len(alone)} {'has' if len(alone) == 1 else 'have'} no earlier one in the library"
    if unsure:
        text += f"; {len(unsure)} cannot be compared: {', '.join(one.entry.name for one in unsure[:NAMED])}"
        text += f" and {len(unsure) - NAMED} more (all are in the coverage)" if len(unsure) > NAMED else ""
    return text + "."


def direction(was: Fact | None, now: Fact | None) -> str:
    """``improved``, ``declined`` or ``unchanged``; empty where either is missing, or the grades are on no common scale."""
    if not was or not now:
        return ""
    if was.value == now.value:
        return "unchanged"
    scale = next((s for s in (now.scale, was.scale) if was.value in s and now.value in s), ())
    if not scale:
        return ""
    return "improved" if scale.index(now.value) < scale.index(was.value) else "declined"
