"""What in a sentence can be checked to the letter: figures, dates, grades, names, addresses. Takes text; gives Items to verify.

Two wordings of one thing have one value ("three thousand" and "3,000", "17 July 2019" and "2019-07-17"); two things never do:
"nearly 3,000" is not 3,000, and "two-thirds" is not 67%.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from assistant.numerals import UNITS, Numeral, numerals
from corpus.dates import MONTHS, stretches
from corpus.wording import phrase

ItemKind = Literal["number", "date", "grade", "name", "link"]

_YEAR = re.compile(r"(?<![\d,.£$€])(?P<year>(?:19|20)\d\d)(?:[^\w\s,.]{1,3}(?P<next>\d\d(?:\d\d)?)(?!\d))?(?![\d,]\d|\d)")
_MONTHS = "|".join(MONTHS)
_DAY_OF = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTHS})\b(?!\s*,?\s+\d{{4}})", re.IGNORECASE)
_MONTH_OF = re.compile(
    rf"\b(?:in|of|since|by|during|until|till|from|early|late|mid|and|to|before|after|last|this|the)[\s-]+(?P<month>{_MONTHS})\b(?!\s*,?\s+\d)",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:(?P<many>an?|one|two|three|four|five|six|seven|eight|nine)[\s-]+)?(?P<part>half|halves|thirds?|quarters?|fifths?|tenths?)\b"
    r"(?P<of>\s+of\b)?"
)
_WORD = rf"(?:{'|'.join(UNITS)}|\d{{1,3}})"
_IN = re.compile(rf"\b(?P<many>{_WORD})\s+(?:in(?:\s+every)?|out\s+of(?:\s+the)?)\s+(?P<whole>{_WORD})\b")
_OF = re.compile(rf"\b(?P<many>{_WORD})\s+of\s+(?:the\s+|its\s+|their\s+)?(?P<whole>{_WORD})\b")
_TWICE = re.compile(r"\btwice\b")
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_NO_PART = re.compile(r"(?:first|second|third|fourth|last|next|each|per|every|this|that|previous|final)[\s-]+$")
_CHANGED = r"(?:rose|risen|fell|fallen|increas\w+|decreas\w+|reduc\w+|dropped|grew|grown|down|up|declin\w+|cut|improved)"
_ABOUT = (
    ("by", _CHANGED + r" by(?: (?:about|around|nearly|over))?"),
    ("nearly", r"nearly|almost|just under|just below|close to|approaching"),
    ("<=", r"at most|no more than|not more than|up to|until|to the age of|a maximum of|maximum of|as many as"),
    (">=", r"at least|no fewer than|no less than|not less than|a minimum of|minimum of"),
    (">", r"more than|over(?: (?:the )?age(?: of)?)?|older than|above|in excess of|exceeding|exceeded|upwards of|just over"),
    ("<", r"less than|fewer than|under(?: (?:the )?age(?: of)?)?|younger than|below"),
    ("~", r"about|around|approximately|roughly|some|circa|an estimated"),
)
_BEFORE = [(sign, re.compile(rf"\b(?:{words})[\s-]+(?:[£$€])?$")) for sign, words in _ABOUT]
_SHARE = re.compile(r"\s?(?:%|per\s?cent\b|percentage\b)")
_MONEY = re.compile(r"[£$€]\s?$")
_POUNDS = re.compile(r"\s?(?:pounds|dollars|euros)\b")
_PERIOD = re.compile(r"[\w.]+\s+(?:days?|weeks?|months?|years?)\b")
_LINK = re.compile(
    r"(?:\b[a-z][a-z+.-]{1,12}://|\bwww\.|\bdata:)[^\s\])>\"']+|\b(?:[\w-]+\.)+(?:com|org|net|info|uk|eu|io|co|ru)\b(?:/\S*)?|"
    r"[\w.+-]+@[\w-]+\.[\w.]+|\b\w+\([^)]*\)\s*=>|javascript:\S*",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"(?m)^[ \t]*\(?\d{1,3}(?:\.\d+)*[.)]?[ \t]+(?=[A-Z])")
_JUDGING = re.compile(
    r"\b(?:rat(?:ed|es|ing|ings)|judg(?:ed|es|ment|ments|ement|ements)|grad(?:ed|e|es|ing)|overall|effectiveness|score[ds]?|awarded|"
    r"standard|remain(?:s|ed)?|now|previously|(?:is|was|are|were|be|been|as|to)(?:\s+still)?)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something checkable at ``[start, end)`` of a text. ``value`` is evened out; items are the same when kind and value are."""

    kind: ItemKind
    value: str
    start: int
    end: int
    since: date | None = None
    until: date | None = None


def items_of(text: str, grades: Sequence[str] = ()) -> list[Item]:
    """The figures, dates, grades and addresses of a text, by place. ``grades``: wordings of grades, in any case."""
    return list(_items(even(text), tuple(grades)))


@lru_cache(maxsize=2048)
def _items(text: str, grades: tuple[str, ...]) -> tuple[Item, ...]:
    links = [Item("link", match[0].casefold().rstrip("./,"), match.start(), match.end()) for match in _LINK.finditer(text)]
    days = list(_days(text))
    taken = [(item.start, item.end) for item in (*links, *days)]
    taken += [number.span() for number in _LIST_NUMBER.finditer(text)]
    figures = [item for item in _figures(text) if not _within(item.start, item.end, taken)]
    return tuple(sorted([*links, *days, *figures, *_grades(text, grades)], key=lambda item: item.start))


def even(text: str) -> str:
    """Kinds of blanks, hyphens and apostrophes made one, character for character, so that places keep their meaning."""
    return text.translate(_EVEN)


_EVEN = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "’": "'", "‘": "'", "‑": "-", "‐": "-", "\u00ad": "-", "\u2212": "-"})


def _within(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < last and first < end for first, last in taken)


def _days(text: str) -> Iterator[Item]:
    taken: list[tuple[int, int]] = []
    for found in stretches(text):
        taken.append((found.start, found.end))
        yield Item("date", f"{found.since}/{found.until}", found.start, found.end, found.since, found.until)
    for match in _DAY_OF.finditer(text):
        if not _within(*match.span(), taken):
            taken.append(match.span())
            yield Item("date", f"--{MONTHS.index(match['month'].casefold()) + 1:02}-{int(match['day']):02}", *match.span())
    for match in _YEAR.finditer(text):
        year, following = int(match["year"]), match["next"] or ""
        spans = [match.span()]
        if len(following) == 4 and int(following) != year + 1:  # "2014–2015" is one year of school or budget, "2012–2018" two
            spans = [match.span("year"), match.span("next")]
        for start, end in spans:
            if not _within(start, end, taken):
                taken.append((start, end))
                first = int(text[start : start + 4])
                yield Item("date", str(first), start, end, date(first, 1, 1), date(first, 12, 31))
    for match in _MONTH_OF.finditer(text):
        if not _within(*match.span("month"), taken) and match["month"][0].isupper():
            yield Item("date", f"--{MONTHS.index(match['month'].casefold()) + 1:02}", *match.span("month"))


def _figures(text: str) -> Iterator[Item]:
    folded = text.lower()
    parts = [item for match in _FRACTION.finditer(folded) if (item := _fraction(folded, match))]
    parts += [item for match in _IN.finditer(folded) if (item := _one_in(folded, match))]
    yield from parts
    taken = [(part.start, part.end) for part in parts]
    yield from (item for match in _OF.finditer(folded) if (item := _one_in(folded, match)))
    yield from (Item("number", "2", *match.span()) for match in _TWICE.finditer(folded))
    found = [n for n in numerals(folded) if not _within(n.start, n.end, taken)]
    for number in found:
        if any(other.start <= number.start and number.end < other.end for other in found):
            continue  # the 14.3 of 14.3 million
        if (item := _figure(folded, number)) is not None:
            yield item


def _figure(text: str, number: Numeral) -> Item | None:
    share = _SHARE.match(text, number.end)
    money = _MONEY.search(text[max(0, number.start - 3) : number.start]) or _POUNDS.match(text, number.end)
    bare = text[number.start : number.end]
    if not share and not money and bare in ("one", "zero"):  # "one of them" counts nothing
        return None
    unit = "%" if share else "£" if money else ""
    end = share.end() if share else number.end
    return Item("number", f"{_about(text, number.start)}{unit}{number.value:.12g}", number.start, end)


def _fraction(text: str, match: re.Match[str]) -> Item | None:
    part, many = match["part"], match["many"]
    whole = _PARTS[part.removesuffix("s") if part not in _PARTS else part]
    if whole > 2 and not (part.endswith("s") or match["of"] or (many and ("-" in match[0] or many not in ("a", "an")))):
        return None  # "a third review"
    if _NO_PART.search(text[: match.start("part")]) and not many:
        return None
    count = 1 if many in (None, "a", "an") else UNITS[many]
    start = match.start() if many else match.start("part")
    return Item("number", f"{_about(text, start)}{count}/{whole}", start, match.end("part"))


def _one_in(text: str, match: re.Match[str]) -> Item | None:
    """ "One in five", "three in ten"; not "five in 2019"."""
    many, whole = ([n for n in numerals(part) if n.end == len(part)] for part in (match["many"], match["whole"]))
    if not many or not whole or not 0 < many[0].value < whole[0].value <= 100 or many[0].value > 10:
        return None
    return Item("number", f"{_about(text, match.start())}{many[0].value:.0f}/{whole[0].value:.0f}", *match.span())


def _about(text: str, start: int) -> str:
    before = text[max(0, start - 32) : start]
    if before.endswith("over ") and _PERIOD.match(text, start):
        return ""  # "over six months" is as long as "in six months"
    return next((sign for sign, pattern in _BEFORE if pattern.search(before)), "")


@lru_cache(maxsize=64)
def _graded(wordings: tuple[str, ...]) -> re.Pattern[str]:
    patterns = [re.sub(r"(requir|need)(?:es|s)(?=\\s)", r"\1(?:es|s|ed|ing|e)?", phrase(wording)) for wording in wordings]
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)


def _grades(text: str, wordings: Sequence[str]) -> Iterator[Item]:
    """Words that are grades where something is judged, or that are written as names are."""
    for match in _graded(tuple(wordings)).finditer(text):
        before = text[: match.start()].rstrip("'\"‘“")
        inside = bool(re.search(r"[:\t] *$", before)) or match[0][0].isupper() and bool(re.search(r"[^\s.!?:]\s+$", before))
        inside = inside or match[0].casefold().startswith(("requir", "needs ")) and not re.match(r"\s+(?:in|to|of)\b", text[match.end() :])
        if re.match(r"\s+(?:time|enough|practice)\b", text[match.end() :]):
            continue  # "in good time"
        if inside or "\t" in text or _JUDGING.search(before):
            value = re.sub(r"\b(requir|need)\w*", r"\1", re.sub(r"\s+", " ", match[0]).casefold()).removesuffix(" to be good")
            yield Item("grade", value, *match.span())


def stands(item: Item, there: Sequence[Item]) -> bool:
    """Whether an item is among those of another text: the same value, or one that makes it true.

    A date is true by one that is no coarser; "about 66,000" and "nearly 3,000" by 66,142 and 2,976; 25% by a quarter.
    """
    if item.kind == "date":
        return any(_same_day(item, other) for other in there if other.kind == "date")
    if item.kind == "number":
        return any(_same_number(item, other) for other in there if other.kind == "number")
    return any(other.kind == item.kind and other.value == item.value for other in there)


_NUMBER = re.compile(r"(?P<sign>[a-z<>=~]*)(?P<unit>[%£]?)(?P<value>[\d.e+/]+)")


def _same_number(item: Item, other: Item) -> bool:
    if item.value == other.value:
        return True
    one, two = _NUMBER.fullmatch(item.value), _NUMBER.fullmatch(other.value)
    if not one or not two:
        return False
    mine, theirs = _measured(one), _measured(two)
    if mine[1] != theirs[1]:
        return False
    if one["sign"] == two["sign"] and mine[0] == theirs[0]:
        return True
    wide = 0.11 if "/" in one["value"] else 0.05
    return two["sign"] in ("", "~") and _rounded(one["sign"], float(mine[0]), float(theirs[0]), wide)


def unit_of(item: Item) -> str:
    """ "%" for shares, in words too; "£" for money; "" for all else."""
    return "%" if "/" in item.value else next((sign for sign in "%£" if sign in item.value), "")


def _measured(match: re.Match[str]) -> tuple[Fraction, str]:
    """The number exactly, and its unit; shares in words are shares of 100."""
    if "/" in match["value"]:
        return Fraction(match["value"]) * 100, "%"
    return Fraction(match["value"]), match["unit"]


def _rounded(sign: str, said: float, meant: float, wide: float) -> bool:
    """Whether a rounded number is a fair way to say an exact one: as near as ``wide``, on the side that its word tells."""
    if not said or abs(said - meant) > wide * abs(said):
        return False
    true = {"~": True, "nearly": meant < said, ">": meant > said, "<": meant < said, ">=": meant >= said, "<=": meant <= said}
    return true.get(sign, False)


def _same_day(item: Item, other: Item) -> bool:
    if item.value == other.value:
        return True
    if item.since and item.until and other.since and other.until:
        period = (item.since.year, item.since.month) == (item.until.year, item.until.month) or len(item.value) == 4
        whole = period and item.since <= other.since and other.until <= item.until
        edge = item.since == item.until and item.since in (other.since, other.until) and len(other.value) > 4
        return whole or edge
    if other.since and not item.since:  # "17 July", "in July"
        days = (other.since, other.until)
        return any(day is not None and f"{day:%m-%d}".startswith(item.value[2:]) for day in days) and len(other.value) > 4
    return item.value.startswith("--") and other.value.startswith(f"{item.value}-")
