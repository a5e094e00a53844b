"""What a choice of inspections covers, in words that can be checked: how many were looked at, match, and could not be read.

Takes a Choice and what it found; gives sentences to the page and to what is exported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.findings import OVERALL, Choice, Chosen, Inspection

OVERALL_WORD = "Overall"
"""What readers call the judgement of the whole."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be read of some inspections: ``said`` without the files ("3 have no …"), and their files' names."""

    said: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """``lead`` says how many were checked and match; each gap, what is missing. ``text`` is all of it with all files."""

    lead: str
    gaps: tuple[Gap, ...] = ()

    @property
    def text(self) -> str:
        parts = [self.lead, *(f"{gap.said}: {', '.join(gap.files)}" for gap in self.gaps)]
        return "; ".join(parts) + "."


def coverage_of(choice: Choice, chosen: Chosen) -> Coverage:
    """What was checked. Without a wish for grades all match, and those without a grade are named all the same."""
    by_grade = bool(choice.grades or choice.subject)
    undated = [one for one in chosen.unknown if (choice.since or choice.until) and one.day is None]
    lacking = {name: [one for one in chosen.unknown if not one.value(name)] for name, _ in choice.asked() if name not in ("key", "kind")}
    named = {one.entry.id for one in [*undated, *(one for ones in lacking.values() for one in ones)]}
    ungraded = [
        one for one in (chosen.unknown if by_grade else chosen.matched) if one.entry.id not in named and not choice.judged(one)
    ]  # fmt: skip
    latest = ", each service’s latest" if choice.latest else ""
    matched = len(chosen.matched)
    lead = f"Checked {len(chosen.checked):,} of {chosen.total:,} inspections{latest}; {matched:,} match{'es' if matched == 1 else ''}"
    gaps = [
        _gap(ungraded, "" if by_grade else " of these", _without(choice.subject)),
        *(_gap(ones, "", f"no readable {name}") for name, ones in lacking.items()),
        _gap(undated, "", "no day that could be read, so nobody can say whether the years fit"),
    ]  # fmt: skip
    return Coverage(lead, tuple(gap for gap in gaps if gap.files))


def _without(subject: str) -> str:
    return f"no grade for “{subject}” that could be read" if subject else "no readable overall grade"


def _gap(missing: Sequence[Inspection], these: str, what: str) -> Gap:
    files = tuple(sorted((one.entry.name for one in missing), key=str.casefold))
    return Gap(f"{len(files):,}{these} {'has' if len(files) == 1 else 'have'} {what}", files)


def choice_words(choice: Choice, names: Mapping[str, str]) -> list[str]:
    """What was chosen, a line for each filter that is set; the judgement always. ``names`` are services by key."""
    years = [str(day.year) if day else "" for day in (choice.since, choice.until)]
    told = (
        ("Service", [names.get(key, key) for key in choice.keys]), ("Judgement", [subject_word(choice.subject)]),
        ("Grades", choice.grades), ("Years", [" to ".join(years)] if any(years) else []), ("Type of service", choice.types),
        ("Region", choice.regions), ("Provider", choice.providers), ("Inspectorate", choice.inspectorates), ("Kind", choice.kinds),
    )  # fmt: skip
    lines = [f"{label}: {', '.join(values)}" for label, values in told if values]
    return [*lines, "Only each service’s latest inspection"] if choice.latest else lines


def subject_word(subject: str) -> str:
    """What readers call what is judged."""
    return OVERALL_WORD if subject == OVERALL else subject
