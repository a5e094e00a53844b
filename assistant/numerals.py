"""Numbers as prose writes them, in digits or in words: 1,458 · 3.8 · twenty-nine · three hundred and twelve · 14.3 million.

Takes folded text; gives the numbers with their places to figures and to evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
UNITS = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
UNITS |= {tens + ones: UNITS[tens] + UNITS[ones] for tens in _TENS for ones in _SMALL[1:10]}  # "thirtytwo", of a line's end
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_TOKEN = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number written at ``[start, end)`` of a text."""

    value: float
    start: int
    end: int


_Token = tuple[str, int, int]


def numerals(text: str) -> list[Numeral]:
    """The numbers of a casefolded text, in order. Of "14.3 million" the 14.3 and the whole are both given."""
    text = re.sub(r"(?<!\d)-|-(?!\d)", " ", text)
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
    runs: list[list[_Token]] = [[]]
    for (word, start, end), (_, following, _) in pairwise([*tokens, ("", len(text), len(text))]):
        if word[0].isdecimal() or word in UNITS or word in SCALES or (word == "and" and runs[-1]):
            runs[-1].append((word, start, end))
            if text[end:following].strip():
                runs.append([])
        elif runs[-1]:
            runs.append([])
    return [numeral for run in runs for numeral in _read(_trimmed(run))]


def _trimmed(run: Sequence[_Token]) -> Sequence[_Token]:
    while run and run[-1][0] == "and":
        run = run[:-1]
    return run


class _Sum:
    """A number as it is read, word by word: what is whole thousands, the part after, and where it began."""

    def __init__(self) -> None:
        self.part: float | None = None
        self.total, self.start, self.end = 0.0, 0, 0

    def closed(self) -> Iterator[Numeral]:
        """What was read, if anything; then empty again."""
        if self.total or self.part is not None:
            yield Numeral(self.total + (self.part or 0.0), self.start, self.end)
        self.total, self.part = 0.0, None

    def begins(self, start: int) -> None:
        if not self.total and self.part is None:
            self.start = start


def _read(run: Sequence[_Token]) -> Iterator[Numeral]:
    """The numbers that a run of number words says: neighbours that do not make one number are two."""
    sum_, last = _Sum(), ""
    for word, start, end in run:
        if word == "and":
            if last not in SCALES:
                yield from sum_.closed()
        elif word in SCALES:
            sum_.begins(start)
            sum_.part = 1.0 if sum_.part is None else sum_.part
            if word == "hundred" and last not in SCALES:
                sum_.part *= 100
            else:
                if last and last[0].isdecimal():
                    yield Numeral(sum_.part, sum_.start, sum_.end)
                sum_.total, sum_.part = sum_.total + sum_.part * SCALES[word], None
            sum_.end = end
        else:
            value = float(word.replace(",", "")) if word[0].isdecimal() else float(UNITS[word])
            if not _joins(sum_, word, last, value):
                yield from sum_.closed()
            sum_.begins(start)
            sum_.part, sum_.end = (sum_.part or 0.0) + value, end
        last = word
    yield from sum_.closed()


def _joins(sum_: _Sum, word: str, last: str, value: float) -> bool:
    """Whether a number word goes on with the number before it: "twenty" "nine", "hundred" "twelve"."""
    if sum_.part is None:
        return True
    if word[0].isdecimal() or last[0].isdecimal():
        return False
    return (last in _TENS and value < 10) or (last in ("hundred", "and") and value < 100)
