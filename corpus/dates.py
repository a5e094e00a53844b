"""Dates, stretches of days and times of day as English prose writes them, each with where it stands.

Takes text; gives dates to publication and facts. Knows no publication.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])
_MONTH = "|".join((*MONTHS, *(rf"{name.casefold()}\.?" for name in calendar.month_abbr[1:]), r"sept\.?"))
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(?:the\s+)?)?"
_YEAR = r"(?:19|20)\d\d"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"\s*(?:[-–—‒―─−]|to|and|until)\s*"

_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
DAY = re.compile(rf"{_DAY}\s+(?:of\s+)?(?P<month>{_MONTH})\s*,?\s+(?P<year>{_YEAR})(?!\d)", re.IGNORECASE)
MONTH = re.compile(rf"\b(?P<month>{_MONTH})\s*,?\s+(?P<year>{_YEAR})(?!\d)", re.IGNORECASE)
ISO = re.compile(rf"(?<!\d)(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_SLASHED = re.compile(rf"(?<![\d/.])(?P<day>\d{{1,2}})(?P<mark>[/.])(?P<month>\d{{1,2}})(?P=mark)(?P<year>{_YEAR})(?![\d/])")
_MONTH_FIRST = re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,\s+(?P<year>{_YEAR})(?!\d)", re.IGNORECASE)
_NO_YEAR = re.compile(rf"\b{_WEEKDAY}{_DAY}\s+(?:of\s+)?(?P<month>{_MONTH})\b(?!\s*,?\s*\d{{4}})", re.IGNORECASE)
_DAYS = re.compile(
    rf"(?<!\d)(?P<d1>{_NUMBER})(?:\s+(?P<m1>{_MONTH}))?(?:\s*,?\s+(?P<y1>{_YEAR}))?{_TO}{_WEEKDAY}"
    rf"(?P<d2>{_NUMBER})\s+(?P<m2>{_MONTH})\s*,?\s+(?P<y2>{_YEAR})(?!\d)", re.IGNORECASE,
)  # fmt: skip
_MONTHS_OF = re.compile(rf"\b(?P<m1>{_MONTH})(?:\s*,?\s+(?P<y1>{_YEAR}))?{_TO}(?P<m2>{_MONTH})\s*,?\s+(?P<y2>{_YEAR})(?!\d)", re.IGNORECASE)
TIME = re.compile(
    r"(?<![\d.£$€])\b(?:(?P<hours>[01]\d|2[0-3])(?P<minutes>[0-5]\d)\s?(?:hrs|hours)\b|(?P<hour>[01]?\d|2[0-3])\s?[.:]\s?(?P<minute>[0-5]\d)(?![\d.]\d|\d)(?:\s*(?P<half>[ap])\.?m\b\.?)?(?:\s*(?:hours|hrs))?"
    r"|(?P<whole>1[0-2]|[1-9])\s*(?P<half2>[ap])\.?m\b\.?|(?P<word>midnight|noon|midday))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days ``since`` to ``until`` (inclusive), written at ``[start, end)`` of a text; ``exact`` when days were named."""

    since: date
    until: date
    start: int
    end: int
    exact: bool = True


def first_date(text: str) -> date | None:
    """The first whole date in the text ("17 July 2019", "2019-07-17"); else the first month of a year, as its first day."""
    found = first_day(text)
    return found.since if found else None


def first_day(text: str) -> Stretch | None:
    """The same with its place: of whole days the one that stands first; for a month alone ``until`` is its last day."""
    whole = (found for pattern in (DAY, ISO, _SLASHED, _MONTH_FIRST) for match in pattern.finditer(text) if (found := _day(match)))
    months = (found for match in MONTH.finditer(text) if (found := _day(match)))
    return min(whole, key=lambda stretch: stretch.start, default=None) or next(months, None)


def day_without_year(text: str, years: Sequence[int]) -> Stretch | None:
    """The first day and month that stand without a year, in the first of the years in which they fall on the weekday named."""
    for match in _NO_YEAR.finditer(text):
        named = re.match(r"[a-z]+day", match[0], re.IGNORECASE)
        for year in years:
            try:
                day = date(year, _month(match["month"]), int(match["day"]))
            except ValueError:
                continue
            if not named or f"{day:%A}".casefold() == named[0].casefold():
                return Stretch(day, day, match.start(), match.end())
    return None


def stretches(text: str) -> Iterator[Stretch]:
    """All dates and stretches of days in the text, in order, the longest wording of each ("9 to 13 March 2026").

    Of a long text only the first 2,000 characters are read: dates are looked for near the words that announce them.
    """
    text = text[:2000]
    taken: list[Stretch] = []
    for pattern in (_DAYS, _MONTHS_OF, DAY, ISO, _SLASHED, _MONTH_FIRST, MONTH):
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in taken):
                continue
            found = _between(match) if pattern in (_DAYS, _MONTHS_OF) else _day(match)
            if found:
                taken.append(found)
    yield from sorted(taken, key=lambda stretch: stretch.start)


def _between(match: re.Match[str]) -> Stretch | None:
    fields = match.groupdict()
    year, month = int(fields["y2"]), _month(fields["m2"])
    other = _month(fields["m1"]) if fields["m1"] else month
    earlier = int(fields["y1"]) if fields["y1"] else year - (other > month)
    first, last = _digits(fields.get("d1")), _digits(fields.get("d2"))
    try:
        since = date(earlier, other, first or 1)
        until = date(year, month, last or calendar.monthrange(year, month)[1])
    except ValueError:
        return None
    return Stretch(since, until, match.start(), match.end(), bool(last)) if since <= until else None


def _day(match: re.Match[str]) -> Stretch | None:
    fields = match.groupdict()
    year, month, day = int(fields["year"]), _month(fields["month"]), _digits(fields.get("day"))
    try:
        since = date(year, month, day or 1)
    except ValueError:
        return None
    until = since if day else date(year, month, calendar.monthrange(year, month)[1])
    return Stretch(since, until, match.start(), match.end(), bool(day))


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(number for number, full in enumerate(MONTHS, start=1) if full[:3] == name.casefold()[:3])


def _digits(text: str | None) -> int | None:
    return int(re.sub(r"\D", "", text)) if text else None


def first_time(text: str) -> tuple[time, int, int] | None:
    """The first time of day ("00.01", "9:30am", "midnight") with where it stands; None without one.

    A time has two digits of minutes; what is part of a longer number, or a sum of money, is none.
    """
    for match in TIME.finditer(text):
        if word := match["word"]:
            return time(0 if word.casefold() == "midnight" else 12), match.start(), match.end()
        if match["hours"]:
            return time(int(match["hours"]), int(match["minutes"])), match.start(), match.end()
        hour, half = int(match["hour"] or match["whole"]), (match["half"] or match["half2"] or "").casefold()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        return time(hour, int(match["minute"] or 0)), match.start(), match.end()
    return None
