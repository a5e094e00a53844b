"""Figures, dates, grades and names of a statement that its passage lacks, or has of something else.

Takes a part of a statement and a window of a passage; gives Problems to verify.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.grounds import Way, bearing, clause_of, sentences_of, stems
from assistant.items import Item, items_of, stands, unit_of
from assistant.named import Name, has, names_of, person
from assistant.parts import Part
from assistant.quotes import stem
from assistant.voice import roles_of
from assistant.windows import Read, Window

_CLEARLY = 0.25
"""By so much more of its clause must be repeated, that a figure is taken to be another's."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a part of a statement is not supported: the way it fails, and the words concerned."""

    way: Way
    said: str


def absent(part: Part, read: Read, window: Window, grades: Sequence[str]) -> Iterator[Problem]:
    """Items and names that neither the window nor the header has, or that belong to something else there."""
    ground = "\n".join(bearing(part.bare, sentences_of(window.text)))
    there = items_of(ground, grades)
    whole = read.offered.passage.text
    every = items_of(whole, grades)
    above = [item for item in items_of(f"{read.header}\n{_leads(read, window)}", grades) if item.kind in ("date", "number")]
    for item in _needed(part.items, there):
        said = part.text[item.start : item.end]
        if item.kind == "link":
            if item.value not in window.text.casefold():
                yield Problem("link", said)
        elif stands(item, there):
            own = [(other.start, other.end) for other in every if stands(item, [other])]
            beside = part.items if item.kind == "grade" else part.beside
            others = (other for other in every if _rival(item, other, beside) and not _aside(other, every, beside, whole))
            rivals = [(other.start, other.end) for other in others]
            if _anothers(part.text[slice(*clause_of(part.text, item.start, item.end))], own, rivals, whole):
                yield Problem(item.kind, said)
        elif not (stands(item, above) and not _dated(part.text, item, there)) and not _lasting(
            item, part.text, read, [*there, *above, *part.items]
        ):
            yield Problem(item.kind, said)
    yield from _paces(part, window)
    yield from _times(part, ground, there)
    yield from (Problem("date", day[0]) for day in _WEEKDAY.finditer(part.text) if day[0] not in window.text)
    yield from (Problem("number", c) for c in part.text if c.isnumeric() and not c.isdecimal() and c not in window.text)
    for name in part.names:
        if not has(f"{read.header}\n{ground}", name):
            if not (has(whole, name) and _nobody(ground, part)) and not _titled(name, ground, read):
                yield Problem("name", name.text)
        elif not has(read.header, name) and (other := _instead(name, part, ground)):
            yield Problem("name", f"{name.text} (not {other})")


def _leads(read: Read, window: Window) -> str:
    """The lines before a window that lead in to others: "In the last 12 months:"."""
    before = read.offered.page.text[read.offered.passage.start : window.start]
    return "\n".join(line for line in before.splitlines() if line.rstrip().endswith(":"))


def _needed(items: Sequence[Item], there: Sequence[Item]) -> Iterator[Item]:
    """Without those that another says as well: "two of the five" stands where 40% does, and where two and five do."""
    for item in items:
        around = [other for other in items if other is not item and other.start <= item.start and item.end <= other.end]
        inside = [other for other in items if other is not item and item.start <= other.start and other.end <= item.end]
        if not (inside and all(stands(other, there) for other in inside)) and not any(stands(other, there) for other in around):
            yield item


def _rival(item: Item, other: Item, said: Sequence[Item]) -> bool:
    """Whether another figure may stand where a statement's does: of its kind and unit, and not itself in the statement."""
    alike = item.kind == other.kind and unit_of(item) == unit_of(other)
    return alike and not stands(item, [other]) and not any(stands(one, [other]) for one in said)


def _aside(other: Item, every: Sequence[Item], said: Sequence[Item], text: str) -> bool:
    """Whether a figure only adds to one that the statement has: "212 children (60 per 10,000)", "51 (or 24%)"."""
    line = text.rfind("\n", 0, other.start) + 1
    if text.rfind("(", line, other.start) > text.rfind(")", line, other.start):
        return True
    added = (one for one in every if one.start > other.end and re.fullmatch(r"\s*\((?:or )?", text[other.end : one.start]))
    return any(stands(mine, [one]) for one in added for mine in said)


def _lasting(item: Item, text: str, read: Read, there: Sequence[Item]) -> bool:
    """Whether a number is of days, months or years that stand elsewhere in the passage, or that lie between two dates."""
    if item.kind != "number" or not re.match(r"[\s-](?:days?|weeks?|months?|years?)\b", text[item.end :]):
        return False
    if re.match(r"[\s-](?:months?|years?)(?:'s?)?\s(?:before|after|earlier|later|ago)\b", text[item.end :]):
        every = [other for other in there if other.since and other.until]
        return any(_apart(one, other, item.value, text[item.end :]) for one in every for other in every)
    return re.search(r"\b(?:past|last|previous|following|next)\s+$", text[: item.start]) is not None and stands(
        item, items_of(read.offered.passage.text)
    )


def _apart(one: Item, other: Item, value: str, unit: str) -> bool:
    """Whether so many months or years lie between two dates."""
    if not one.since or not other.since:
        return False
    months = 12 * (other.since.year - one.since.year) + other.since.month - one.since.month
    return value == str(months if re.match(r"\W*month", unit) else other.since.year - one.since.year)


_PACE = re.compile(
    r"\b(?:per|each|every|a|an)\s+(?P<one>hour|day|week|month|quarter|year|annum)\b|\b(?P<other>hour|dai|week|month|quarter|year|annual)ly\b",
    re.IGNORECASE,
)
_PACES = {"annum": "year", "annual": "year", "dai": "day"}


def _paces(part: Part, window: Window) -> Iterator[Problem]:
    """Per what time a figure is meant: "each month" is not "per year"."""
    if not any(item.kind == "number" for item in part.items):
        return
    mine, theirs = ({_PACES.get(word, word): m[0] for m in _PACE.finditer(text) for word in [(m["one"] or m["other"]).casefold()]}
                    for text in (part.text, window.text))  # fmt: skip
    if mine and theirs and not mine.keys() & theirs.keys():
        yield Problem("number", next(iter(mine.values())))


_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_TIME = re.compile(r"[\s-](?:\w+\s)?(minute|hour|day|week|month|year)s?\b", re.IGNORECASE)


def _times(part: Part, ground: str, there: Sequence[Item]) -> Iterator[Problem]:
    """Of what time a figure is: eleven days are not eleven weeks."""
    for item in part.items:
        if item.kind == "number" and (mine := _TIME.match(part.text, item.end)):
            theirs = [_TIME.match(ground, other.end) for other in there if stands(item, [other])]
            if theirs and all(time and time[1].casefold() != mine[1].casefold() for time in theirs):
                yield Problem("number", part.text[item.start : mine.end()])


def _titled(name: Name, ground: str, read: Read) -> bool:
    """Whether a person is named in full on the page, and by title and surname in the ground: "Mr Russell"."""
    titled = rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Dame|Sir|Professor)\.? {re.escape(name.text.split()[-1])}\b"
    return len(name.words) == 2 and has(read.offered.page.text, name) and bool(re.search(titled, ground))


def _nobody(ground: str, part: Part) -> bool:
    """Whether a ground names nobody that the statement does not name: "the board", "he" may then be whom the passage names."""
    return all(has(part.text, name) for name in names_of(ground))


def _instead(name: Name, part: Part, ground: str) -> str:
    """Another name that stands in the window where this one stands in the statement; empty for none."""
    names = names_of(ground)
    own = [(other.start, other.end) for other in names if set(other.words) & set(name.words)]
    rivals = [(o.start, o.end) for o in names if not set(o.words) & set(name.words) and not has(part.text, o) and person(o) == person(name)]
    found = _anothers(part.text, own, rivals, ground) if own else None
    return ground[slice(*found)] if found else ""


def _anothers(text: str, own: Sequence[tuple[int, int]], rivals: Sequence[tuple[int, int]], window: str) -> tuple[int, int] | None:
    """Which of the rivals the window says the statement's words of, rather than of its own figure or name; None for none.

    Each is judged by the share of its clause in the window that the statement repeats.
    """
    wanted = stems(text) | roles_of(text)
    mine = max((_repeated(wanted, window, place) for place in own), default=(0.0, 0))
    mined = frozenset[str]().union(*(_clause_stems(window, place) for place in own))
    for place in rivals:  # "in the workshops 67% were filled, and in the gardens 54%"
        short = _clause_stems(window, place)
        if 0 < len(short) <= 2 and short <= wanted - mined and mined - wanted:
            return place
    best = max(((*_repeated(wanted, window, place), place) for place in rivals), default=(0.0, 0, (0, 0)))
    return best[2] if best[0] >= 0.5 and best[0] >= mine[0] + _CLEARLY and best[1] >= mine[1] else None


def _clause_stems(window: str, place: tuple[int, int]) -> frozenset[str]:
    """The words beside a figure between the nearest stops and joints."""
    start, end = clause_of(window, *place, least=1)
    return frozenset(word for word in stems(window[start : place[0]] + " " + window[place[1] : end]) if not word.isdigit())


def _repeated(wanted: frozenset[str], window: str, place: tuple[int, int]) -> tuple[float, int]:
    start, end = clause_of(window, *place)
    clause = stems(window[start : place[0]] + " " + window[place[1] : end])
    words = frozenset(word for word in clause if not word.isdigit()) | roles_of(window[start:end])
    return len(words & wanted) / max(3, len(words)), len(words & wanted)


def _dated(text: str, item: Item, there: Sequence[Item]) -> bool:
    """Whether a date that only the header has is said of an event that the window dates otherwise."""
    if item.kind != "date":
        return False
    published = stems(text) & {stem(word) for word in ("published", "report", "inspection", "inspected", "released")}
    return not published and any(other.kind == "date" for other in there)
