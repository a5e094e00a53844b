"""Which time a question asks about: a day, a month, a year, a range, or a place in a sequence ("latest", "the one before").

Takes the question's words; gives a When to understand. Knows no documents.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Order = Literal["", "latest", "previous", "first", "next"]

_SMALL = "no one two three four five six seven eight nine ten".split()
_MONTHS = [name.casefold() for name in calendar.month_name]
_SHORT = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "|".join([*_MONTHS[1:], *(rf"{name}\.?" for name in _SHORT)])
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)"
    rf",?\s+(?P<y>{_YEAR})\b", re.IGNORECASE,
)  # fmt: skip
_ISO = re.compile(rf"\b(?P<y>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)\b|\b(?P<d2>\d{{1,2}})/(?P<m2>\d{{1,2}})/(?P<y2>{_YEAR})\b")
_MONTH_YEAR = re.compile(rf"\b(?P<m>{_MONTH})\s*,?\s+(?P<y>{_YEAR})\b", re.IGNORECASE)
_SPAN = re.compile(rf"\b(?P<a>{_YEAR})\s*(?:[-–—/]|to|and|until|through)\s*(?P<b>{_YEAR}|\d\d)\b", re.IGNORECASE)
_ONE_YEAR = re.compile(rf"(?<![\d£$€.,])\b(?P<y>{_YEAR})\b(?!\s*(?:people|cases|hours|children|per|%|\w+ who\b))")
_RELATIVE = re.compile(r"\b(?P<which>this|last) year\b", re.IGNORECASE)
_OPENERS = r"(?:(?:published|dated|issued|released|inspected|carried out|done|made|was|were)\s+)?"
_ON = re.compile(r"\s*(?:onwards?\b|on\b|to\b|until\b|up to\b|[-–—])", re.IGNORECASE)
_PAST_YEARS = re.compile(
    r"\b(?:in|over|within|during)?\s*the (?:last|past) (?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) years\b", re.IGNORECASE
)
_AFTER = re.compile(rf"\b{_OPENERS}(?:since|from|after|later than)\s+$", re.IGNORECASE)
_BEFORE = re.compile(rf"\b{_OPENERS}(?:before|until|up to|earlier than|prior to|by)\s+$", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"\b(?:publish\w*|publication|report(?:s|ed)? (?:of|from)|(?:19|20)\d\d reports?|released?|issued)\b", re.IGNORECASE
)
_INSPECTED = re.compile(r"\b(?:inspected|inspections?|inspectors?|fieldwork|visit(?:ed)?)\b", re.IGNORECASE)
_JUDGED = re.compile(r"\b(?:grad\w+|rat(?:ed|ing|ings)|judg\w+|score[ds]?|get|got|receiv\w+)\b", re.IGNORECASE)
_THING = r"(?:overall )?(?:one|inspection|report|time|visit|rating|grade|judgement)"
_ORDERS: tuple[tuple[Order, re.Pattern[str]], ...] = (
    ("previous", re.compile(
        rf"\b(?:the )?(?:previous|preceding|prior)(?: {_THING})?\b|\bbefore that\b"
        r"|\bthe (?:one|time|report|inspection) before(?: (?:that|it|this))?\b", re.IGNORECASE,
    )),
    ("next", re.compile(rf"\b(?:the )?(?:next|following) {_THING}\b|\bthe one after(?: (?:that|it|this))?\b", re.IGNORECASE)),
    ("latest", re.compile(rf"\b(?:the )?(?:latest|most recent|newest|current|last)(?: {_THING})\b|\bthe (?:latest|most recent|newest)\b"
                          r"|\bmost recently\b|\bcurrently\b", re.IGNORECASE)),
    ("first", re.compile(rf"\b(?:the )?(?:first|earliest|oldest) {_THING}\b", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """``since`` and ``until`` are inclusive days, None where open; ``order`` a place in a sequence of inspections.

    ``basis`` says what the date is of: "published", "inspected", or "" when the question leaves it open. ``certain`` is
    true when the date belongs to a publication, inspection or judgement, and not to something told in it ("how many
    people were waiting in March 2020?"). ``spans`` are the places in the question that were read.
    """

    since: date | None = None
    until: date | None = None
    order: Order = ""
    basis: Literal["published", "inspected", ""] = ""
    certain: bool = False
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None


def when_of(question: str, today: date | None = None) -> When:
    """What the question says of time; an empty When for nothing."""
    found = _dates(question, today or date.today())
    order: Order = ""
    spans = list(found[2]) if found else []
    for name, pattern in _ORDERS:
        match = pattern.search(question)
        if match and not any(s < match.end() and match.start() < e for s, e in spans):
            order, spans = name, [*spans, match.span()]
            break
    if not found:
        return When(order=order, spans=tuple(spans))
    since, until, _ = found
    basis: Literal["published", "inspected", ""] = (
        "published" if _PUBLISHED.search(question) else "inspected" if _INSPECTED.search(question) else ""
    )
    return When(since, until, order, basis, bool(basis or _JUDGED.search(question)), tuple(spans))


def _dates(question: str, today: date) -> tuple[date | None, date | None, list[tuple[int, int]]] | None:
    """First and last day with where they were read: the most precise wording wins; None without any."""
    if span := _SPAN.search(question):
        first = int(span["a"])
        last = int(span["b"]) if len(span["b"]) == 4 else first // 100 * 100 + int(span["b"])
        if first <= last <= first + 60:
            return date(first, 1, 1), date(last, 12, 31), [span.span()]
    if past := _PAST_YEARS.search(question):
        count = int(past["n"]) if past["n"].isdigit() else _SMALL.index(past["n"].casefold())
        return date(today.year - count, today.month, min(today.day, 28)), None, [past.span()]
    stretches = _stretches(question, today)
    if not stretches:
        return None
    (since, until, where), *others = stretches
    before = question[: where[0]]
    opened = _AFTER.search(before)
    if opened and opened[0].split()[-1].casefold() == "from" and not others and not _ON.match(question[where[1] :]):
        return since, until, [(opened.start(), where[1])]  # "reports from 2019" are those of that year
    if opened:
        start = date.fromordinal(until.toordinal() + 1) if re.search("after|later", opened[0], re.IGNORECASE) else since
        end = others[0][1] if others else None
        return start, end, [(opened.start(), where[1]), *(o[2] for o in others[:1])]
    if opened := _BEFORE.search(before):
        strict = re.search(r"before|earlier|prior", opened[0], re.IGNORECASE)
        return None, date.fromordinal(since.toordinal() - 1) if strict else until, [(opened.start(), where[1])]
    if others and re.search(r"\bbetween\s*$", before, re.IGNORECASE):
        return since, others[0][1], [where, others[0][2]]
    return since, until, [where]


def _stretches(question: str, today: date) -> list[tuple[date, date, tuple[int, int]]]:
    """Every day, month and year named, in order, each once."""
    found: list[tuple[date, date, tuple[int, int]]] = []
    for pattern in (_DAY, _ISO, _MONTH_YEAR, _ONE_YEAR, _RELATIVE):
        for match in pattern.finditer(question):
            if any(s < match.end() and match.start() < e for _, _, (s, e) in found):
                continue
            stretch = _stretch(match.groupdict(), today)
            if stretch:
                found.append((*stretch, match.span()))
    return sorted(found, key=lambda item: item[2])


def _stretch(fields: dict[str, str | None], today: date) -> tuple[date, date] | None:
    if which := fields.get("which"):
        year = today.year - (which.casefold() == "last")
        return date(year, 1, 1), date(year, 12, 31)
    year = int(fields.get("y") or fields.get("y2") or 0)
    named, day = fields.get("m") or fields.get("m2"), fields.get("d") or fields.get("d2")
    if not named:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(named) if named.isdigit() else _SHORT[named.casefold().rstrip(".")[:3]]
    try:
        if day:
            return date(year, month, int(day)), date(year, month, int(day))
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def asked_for(since: date | None, until: date | None) -> str:
    """The same in a question: "in 2018", "in July 2024", "on 17 July 2019", "since 2020"."""
    words = said(since, until)
    return re.sub(r"^from (?=(?:\w+ )?\d{4}$)", "in ", re.sub("^of ", "on ", words))


def said(since: date | None, until: date | None) -> str:
    """The stretch in words: "from 2018", "from July 2024", "since 2020", "before 2019", "between 2018 and 2020"."""
    if since and until:
        if since == until:
            return f"of {since.day} {since:%B %Y}"
        if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31):
            return f"from {since.year}" if since.year == until.year else f"from {since.year} to {until.year}"
        if (since.year, since.month) == (until.year, until.month):
            return f"from {since:%B %Y}"
        return f"from {since.day} {since:%B %Y} to {until.day} {until:%B %Y}"
    if since:
        return f"since {since.year}" if (since.month, since.day) == (1, 1) else f"since {since.day} {since:%B %Y}"
    if until:
        return f"up to {until.year}" if (until.month, until.day) == (12, 31) else f"up to {until.day} {until:%B %Y}"
    return ""
