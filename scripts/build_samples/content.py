"""Reads the text files into values. Takes blocks from markup; gives Report and PressRelease to report and press.

Prose names a result by its place (``{A1}`` → "59 per cent", ``{A1#}`` → "27 of 46") or a fact by its field (``{score}``), so
that prose, tables and press releases cannot disagree. Facts that contradict each other are refused here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .markup import Block, parse

TEXT = Path(__file__).parent / "text"
GRADES = ("Inadequate", "Requires improvement", "Good", "Outstanding")  # worth 0, 1, 2 and 3 points
_FLOORS = (0, 50, 65, 80)  # per cent of cases from which each grade is given
_TOTALS = (0, 6, 16, 26)  # points out of 30 from which each overall rating is given
_NAMED = re.compile(r"\{([A-Z]\d)(#?)\}|\{([a-z_]+)\}")


class ContradictoryText(ValueError):
    """A text file's facts do not agree; the message says which file and which facts."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one question was answered: ``yes`` of ``of`` cases (or staff, for questions S)."""

    ref: str
    question: str
    yes: int
    of: int

    @property
    def per_cent(self) -> int:
        """Rounded half up, 0 to 100."""
        return (200 * self.yes + self.of) // (2 * self.of)


@dataclass(frozen=True, slots=True)
class Standard:
    """One of the ten standards as judged; ``results`` is empty for the first domain, where no cases are counted."""

    number: str
    domain: str
    name: str
    grade: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One inspection report. ``facts`` are the named fields of the file; ``staff`` the answers of staff interviewed."""

    slug: str
    facts: Mapping[str, Any]
    published: date
    standards: tuple[Standard, ...]
    staff: tuple[Result, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PressRelease:
    """One press release; ``format`` is the suffix it is published in, without the dot."""

    slug: str
    format: str
    facts: Mapping[str, Any]
    published: date
    blocks: tuple[Block, ...]


def read_reports() -> tuple[Report, ...]:
    """All reports, by file name. Raises ContradictoryText."""
    families = tomllib.loads((TEXT / "standards.toml").read_text("utf-8"))
    return tuple(_report(path, families) for path in sorted((TEXT / "reports").glob("*.md")))


def read_press_releases(reports: tuple[Report, ...]) -> tuple[PressRelease, ...]:
    """All press releases, by file name; ``about`` names the report whose results the prose may quote."""
    by_slug = {report.slug: report for report in reports}
    releases = []
    for path in sorted((TEXT / "press").glob("*.md")):
        facts, body = _halves(path)
        about = by_slug.get(facts.get("about", ""))
        known = {**(about.facts if about else {}), **facts}
        body = filled(body, known, _by_ref(about) if about else {}, path)
        releases.append(PressRelease(path.stem, facts["format"], known, facts["published"], parse(body)))
    return tuple(releases)


def filled(text: str, facts: Mapping[str, Any], results: Mapping[str, Result], path: Path) -> str:
    """``text`` with every ``{name}`` replaced. Raises ContradictoryText for a name nobody knows."""

    def put(found: re.Match[str]) -> str:
        try:
            if found[3]:
                return spoken(facts[found[3]])
            result = results[found[1]]
        except KeyError as unknown:
            raise ContradictoryText(f"{path.name} names {unknown}, which its facts do not hold.") from unknown
        return f"{result.yes} of {result.of}" if found[2] else f"{result.per_cent} per cent"

    return _NAMED.sub(put, text)


def spoken(value: object) -> str:
    """A fact as prose has it: dates as 14 November 2018, anything else as written."""
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)


def _report(path: Path, families: Mapping[str, Any]) -> Report:
    facts, body = _halves(path)
    family = families[facts["family"]]
    standards = tuple(_standard(entry, facts, path) for entry in family["standards"])
    staff = _results(family["staff"], facts["results"])
    _check(path, facts, standards)
    report = Report(path.stem, facts, facts["published"], standards, staff, ())
    shared = "\n\n".join((TEXT / name).read_text("utf-8") for name in family["annexes"])
    text = filled(body + "\n\n" + shared, facts, _by_ref(report), path)
    return Report(path.stem, facts, facts["published"], standards, staff, parse(text))


def _halves(path: Path) -> tuple[dict[str, Any], str]:
    """The TOML between the ``+++`` lines, and the prose after it."""
    _, head, body = path.read_text("utf-8").split("+++\n", 2)
    return tomllib.loads(head), body


def _standard(entry: Mapping[str, Any], facts: Mapping[str, Any], path: Path) -> Standard:
    name = facts.get("names", {}).get(entry["id"], entry["name"])
    results = _results(entry.get("questions", {}), facts["results"])
    standard = Standard(entry["number"], entry["domain"], name, facts["ratings"][entry["id"]], results)
    if results and (lowest := min(result.per_cent for result in results[:3])) is not None:
        earned = _grade(lowest, _FLOORS)
        if earned != standard.grade:
            raise ContradictoryText(f"{path.name}: {name} is {standard.grade}, its results ({lowest}%) give {earned}.")
    return standard


def _results(questions: Mapping[str, str], counts: Mapping[str, list[int]]) -> tuple[Result, ...]:
    return tuple(Result(ref, words, *counts[ref]) for ref, words in questions.items())


def _by_ref(report: Report) -> dict[str, Result]:
    of_cases = [result for standard in report.standards for result in standard.results]
    return {result.ref: result for result in (*of_cases, *report.staff)}


def _grade(amount: int, floors: tuple[int, ...]) -> str:
    """The highest grade whose floor ``amount`` reaches."""
    return GRADES[max(step for step, floor in enumerate(floors) if amount >= floor)]


def _check(path: Path, facts: Mapping[str, Any], standards: tuple[Standard, ...]) -> None:
    """Raises ContradictoryText unless score, overall rating and the offices' cases follow from the parts."""
    score = sum(GRADES.index(standard.grade) for standard in standards)
    if score != facts["score"] or _grade(score, _TOTALS) != facts["overall"]:
        raise ContradictoryText(f"{path.name} says {facts['overall']} with {facts['score']}; its ratings add up to {score}.")
    cases = sum(row[1] for row in facts["offices"]["rows"])
    if cases != facts["cases"]:
        raise ContradictoryText(f"{path.name} says {facts['cases']} cases; its offices add up to {cases}.")
