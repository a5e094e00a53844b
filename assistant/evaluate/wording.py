"""Texts made comparable. Takes an answer's text; tells scoring whether words, numbers and names stand in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from assistant.numerals import numerals

_MARKS = re.compile(r"\[\d+\]")
_SAME = (
    ("&", " and "),
    ("%", " per cent "),
    ("requires improvement to be good", "requires improvement"),  # or the longer name of one grade would hold another
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATES = re.compile(rf"\b(?:\d{{1,2}} )?(?:{_MONTHS}) \d{{4}}\b|\b\d{{1,2}} (?:{_MONTHS})\b|\b\d{{4}}-\d\d-\d\d\b")
_NOTHING = ("none", "no", "nothing", "nobody", "not any", "zero", "0")


def folded(text: str) -> str:
    """Case, width, accents' composition, punctuation and white space made alike; numbers keep their decimal point.

    Words are parted by one blank, and one stands at each end, so that ``folded(a) in folded(b)`` compares whole words.
    """
    text = unicodedata.normalize("NFKC", _MARKS.sub(" ", text)).casefold()
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", re.sub("['’‘]", "", text)).replace("percent", "per cent")
    for written, meant in _SAME[:2]:
        text = text.replace(written, meant)
    words = " ".join(re.findall(r"\d+\.\d+|[^\W_]+", text))
    for written, meant in _SAME[2:]:
        words = words.replace(written, meant)
    return f" {words} "


def says(text: str, expected: str) -> bool:
    """Whether the expected words stand in the text, as whole words and in this order."""
    wanted = folded(expected)
    return wanted in folded(text) if wanted.strip() else expected.strip() in text


def says_none(text: str) -> bool:
    """Whether a text says in words that there is none."""
    return any(says(text, word) for word in _NOTHING)


def says_number(text: str, expected: float) -> bool:
    """Whether a number in the text, in digits or in words, equals the expected one. Days and years are not counted."""
    return any(abs(number - expected) < 1e-9 * max(1.0, abs(expected)) for number in numbers_in(text, expected))


def numbers_in(text: str, expected: float = 0.0) -> list[float]:
    """The numbers of a text: 1,458 · 3.8 · twenty-nine · three hundred and twelve · 14.3 million (as 14.3 and in full).

    Dates are left out, unless a year is expected.
    """
    text = unicodedata.normalize("NFKC", _MARKS.sub(" ", text)).casefold()
    if not 1900 <= expected <= 2100:
        text = _DATES.sub(" . ", text)
    return [numeral.value for numeral in numerals(text)]


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of the names stand in the text, longer ones first, so that one inside another is not found twice."""
    left, found = folded(text), []
    for name in sorted(names, key=lambda name: (-len(folded(name)), name)):
        if (wanted := folded(name)).strip() and wanted in left:
            found.append(name)
            left = left.replace(wanted, " | ")
    return found


def first_in(text: str, phrases: Iterable[str]) -> str | None:
    """Which of the phrases stands first in the text, the longest of those that begin together; None for none."""
    said = folded(text)
    places = [(said.find(wanted), -len(wanted), phrase) for phrase in phrases if (wanted := folded(phrase)).strip()]
    return min((place for place in places if place[0] >= 0), default=(0, 0, None))[2]
