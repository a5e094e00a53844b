"""Whether a statement is supported by the passages it cites. The check that makes an answer more than a model's word.

Takes statements and offered passages; gives Verdicts with the verbatim spans that support them. Every part of a statement has
to stand on one to three neighbouring sentences of one passage: its figures, dates, grades and names by value (or in the
passage's header: title, service, date), said by the same people, as certain, as much, and not the other way round; and near
enough in meaning, by a calibrated level or an entailment model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.belongs import Problem, absent
from assistant.grounds import contrary, stems
from assistant.items import stands
from assistant.named import has
from assistant.parts import Part, parts_of
from assistant.support import Support
from assistant.windows import Offered, Read, Window, taken_apart
from index.embed import Embedder

__all__ = ["Entails", "Offered", "Place", "Problem", "Verdict", "Verifier"]

_FAR = 0.4
"""A stretch of a statement that shares no words with a passage, and is no nearer in meaning than this, is not of it."""
_REPORTING = stems(
    "report reports reported published inspection inspections inspected inspector inspectors re-inspection re-inspected rated "
    "rating judged judgement graded grade found finds find noted notes said says say stated states list lists listed according "
    "service services overall things year years month months end time "
)
"""Words that say that something is reported, not what."""


class Entails(Protocol):
    """A model that tells whether a text entails a statement."""

    def entails(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Probabilities, 0 to 1, that each first text entails the second."""
        ...


_SHORT = 3
"""A statement that tells so few words, beyond what its document is about, says too little for its vector to be trusted."""
_MOSTLY = 0.6
"""So much of it has to stand there in words."""


@dataclass(frozen=True, slots=True)
class Place:
    """``page.text[start:end]`` of an offered passage (by its index) supports a part of a statement."""

    offered: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """``supported``: no problems. ``places`` are what the statement rests on; ``level`` (0 to 1) how near they come in meaning."""

    supported: bool
    places: tuple[Place, ...] = ()
    problems: tuple[Problem, ...] = ()
    level: float = 0.0


class Verifier:
    """Checks statements against passages. Passages are read once; keep a verifier for as long as they are offered."""

    def __init__(
        self, embedder: Embedder, offered: Sequence[Offered], grades: Sequence[str] = (), services: Sequence[str] = (),
        support: Support | None = None, entails: Entails | None = None,
    ) -> None:  # fmt: skip
        """``grades`` are wordings of grades, ``services`` the library's names of services, ``support`` the calibrated level."""
        self._embedder, self._grades, self._entails = embedder, tuple(grades), entails
        self._support = support or Support.kept()
        self._known = frozenset(word for name in services for word in re.findall(r"[^\W\d_][\w'’-]{2,}", name.casefold()))
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._read = [taken_apart(one, embedder, self._grades) for one in offered]

    def check(self, statement: str, cited: Sequence[int]) -> Verdict:
        """Whether the cited passages (indexes of those offered) support the statement, part by part."""
        if not statement.strip() or not cited:
            return Verdict(False, problems=(Problem("meaning", statement.strip()),))
        places: list[Place] = []
        problems: list[Problem] = []
        level = 1.0
        for part in parts_of(statement, self._embedder, self._grades, self._known):
            found = [self._best(part, index) for index in dict.fromkeys(cited)]
            found.sort(key=lambda one: (len(one.problems), -one.level))
            problems += found[0].problems
            places += found[0].places
            level = min(level, found[0].level)
        return Verdict(not problems, _joined(places), tuple(dict.fromkeys(problems)), level)

    def anywhere(self, statement: str, besides: Sequence[int] = ()) -> Verdict:
        """The same, with whichever one offered passage supports it best."""
        others = [index for index in range(len(self._read)) if index not in besides]
        found = [self.check(statement, [index]) for index in others]
        return min(found, key=lambda one: (not one.supported, -one.level), default=Verdict(False))

    def measured(self, statement: str, index: int) -> list[tuple[float, float, int]]:
        """What Support takes, for each part of a statement and the window of one passage that is nearest to it."""
        read, found = self._read[index], []
        for part in parts_of(statement, self._embedder, self._grades, self._known):
            if read.rows is not None:
                cosines = (read.rows @ part.rows.T).max(axis=1)
                at = max(range(len(read.windows)), key=lambda at: _near(part, read, at, float(cosines[at])))
                found.append((float(cosines[at]), *_covered(part, read, read.windows[at])))
        return found

    def _best(self, part: Part, index: int) -> Verdict:
        """The window of a passage that supports a part best; the problems it leaves."""
        read = self._read[index]
        if not read.windows or read.rows is None:
            return Verdict(False, problems=(Problem("meaning", part.text),))
        cosines = (read.rows @ part.rows.T).max(axis=1)
        ranked = sorted(range(len(read.windows)), key=lambda at: -_near(part, read, at, float(cosines[at])))[:4]
        found = [self._judged(part, read, index, at, float(cosines[at])) for at in ranked]
        return min(found, key=lambda one: (len(one.problems), -one.level))

    def _judged(self, part: Part, read: Read, index: int, at: int, cosine: float) -> Verdict:
        window = read.windows[at]
        problems = [*absent(part, read, window, self._grades)]
        whole = f"{read.header}\n{read.offered.passage.text}"
        problems += [Problem(*found) for found in contrary(part.text, part.statement, window.text, whole, read.header)]
        level = self._support.level(cosine, *_covered(part, read, window))
        if self._entails is not None:
            level = self._entails.entails([(f"{read.header}\n{window.text}", part.text)])[0]
        if self._entails is None and (loose := self._loose(part, read, at)):
            problems.append(Problem("meaning", loose))
        share, told = _covered(part, read, window)
        if (not told and not part.items) or (0 < told <= _SHORT and share < _MOSTLY and part.alone):
            problems.append(Problem("meaning", part.text))
        if level < (0.5 if self._entails is not None else self._support.least):
            problems.append(Problem("meaning", part.text))
        return Verdict(not problems, (Place(index, window.start, window.end),), tuple(problems), level)

    def _loose(self, part: Part, read: Read, at: int) -> str:
        """A stretch of the part, between commas and "and", of which the passage has nothing; empty for none."""
        chunks = [chunk for chunk in re.split(r"[,:;]\s+|\s*[()–—]\s*|\s+and\s+(?![A-Z])|\s+or\s+", part.text) if chunk.strip()]
        if len(chunks) < 2:
            return ""
        passage = stems(read.offered.passage.text)
        told = [stems(chunk) - read.around - _REPORTING for chunk in chunks]
        empty = [chunk for chunk, words in zip(chunks, told, strict=True) if len(words) >= 3 and len(words & passage) <= 0.2 * len(words)]
        if not empty or read.rows is None:
            return ""
        for chunk in empty:
            if chunk not in self._vectors:
                self._vectors[chunk] = self._embedder.embed([chunk])[0]
        return next((chunk for chunk in empty if float(self._vectors[chunk] @ read.rows[at]) < _FAR), "")


def _near(part: Part, read: Read, at: int, cosine: float) -> float:
    """How well a window fits, items counted, and shorter ones a little before longer ones."""
    window = read.windows[at]
    missing = sum(not stands(item, window.items) for item in part.items) + sum(not has(window.text, name) for name in part.names)
    return _shared(part.stems, window.stems | read.around) + cosine - 0.5 * missing - 0.02 * (window.last - window.first)


def _covered(part: Part, read: Read, window: Window) -> tuple[float, int]:
    """The share of what a part tells, words and items, that stands in a window; and how many words it tells."""
    told = part.bare - read.around - _REPORTING
    there = sum(stands(item, window.items) for item in part.items)
    every = len(told) + len(part.items)
    return (len(told & window.stems) + there) / every if every else 1.0, len(told)


def _shared(wanted: frozenset[str], there: frozenset[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 1.0


def _joined(places: Sequence[Place]) -> tuple[Place, ...]:
    """Places of one passage that overlap made one, in the order of passages and pages' text."""
    joined: list[Place] = []
    for place in sorted(set(places), key=lambda place: (place.offered, place.start)):
        if joined and joined[-1].offered == place.offered and place.start <= joined[-1].end:
            last = joined.pop()
            place = Place(place.offered, last.start, max(last.end, place.end))
        joined.append(place)
    return tuple(joined)
