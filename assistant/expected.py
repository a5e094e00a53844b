"""Which kind of answer a question waits for (a person, a day, a number, a grade …), and whether a sentence has one.

Takes a question or a sentence; gives quotes something to choose by. "Who" is not answered by a sentence without a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "time", "number", "money", "share", "duration", "grade", "phone", "email", "link", "reason", ""]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _words(words: Iterable[str]) -> str:
    return rf"\b(?:{'|'.join(words)})\b"


_COUNTS = _words(
    """
    zero none nobody no\\sone one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds? thousands? millions? billions?
    dozens? half thirds? quarters? once twice both all every most majority single pair couple several few
    """.split()
)
_EXACT = _COUNTS.replace("|both|all|every|most|majority|single|pair|couple|several|few", "|single|pair")
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_UNITS = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|years?|decades?|centur(?:y|ies))"
_TIMES = _words(
    """
    century decade months? weeks? days? years? monday tuesday wednesday thursday friday saturday sunday spring summer autumn
    winter january february march april june july august september october november december
    """.split()
)
_GRADES = _words(
    """
    outstanding excellent (?:very\\s)?good requires?\\simprovement needs?\\simprovement inadequate unsatisfactory satisfactory
    adequate poor weak strong fair sufficient reasonable moderate substantial limited acceptable unacceptable
    (?:(?:not|partly|partially|fully|largely|reasonably|sufficiently)\\s)?(?:met|effective|compliant) fail(?:ed|s)? pass(?:ed|es)?
    """.split()
)
_FOUND: dict[Kind, re.Pattern[str]] = {
    # Two capitalised words in a row, or one inside a sentence.
    "person": re.compile(
        r"\b[A-Z][\w'’-]+(?:\s+(?:[A-Z]\.?|de|van|von|al|bin|[A-Z][\w'’-]*|-\w+))*\s+[A-Z][\w'’-]+|(?<=[a-z,;:–—] )[A-Z][a-z'’-]{2,}"
    ),
    "time": _any(
        r"\b(?:1\d|20|21)\d\d\b", rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTHS}\b", rf"\b{_MONTHS}\s+\d", _TIMES,
        r"\b\d{3,4}s?\s+(?:BCE?|AD|CE)\b",
    ),
    # A year or an "all" is no count.
    "number": _any(r"(?<![\d.,])(?!(?:19|20)\d\d\b)\d", _EXACT),
    "money": _any(r"[£$€]\s?\d", r"\b\d[\d,.]*\s*(?:million|billion|thousand)?\s*(?:pounds|dollars|euros|pence|cents)\b"),
    "share": _any(
        r"\d+(?:\.\d+)?\s*(?:%|per\s?cent)", rf"{_COUNTS}\s+(?:out of|of|in|per\s?cent)\b", r"\d+\s+(?:out of|of|in)\s+\d+",
        r"\b(?:half|thirds?|quarters?|majority)\b",
    ),
    "duration": _any(rf"(?:\d+|{_COUNTS})[\s-]+(?:\w+\s+){{0,2}}{_UNITS}\b"),
    "grade": _any(_GRADES),
    "phone": _any(r"(?:\+|\b0)\d[\d\s()-]{7,}\d"),
    "email": _any(r"\S+@\S+\.\w+"),
    "link": _any(r"\bhttps?://\S+", r"\bwww\.\S+"),
    "reason": _any(
        r"\b(?:because|since|due to|owing to|so that|in order to|as a result|therefore|thus|reasons?|caus\w+|led to|result\w*|"
        r"allow\w*|help\w*|ensur\w+|to)\b"
    ),
}  # fmt: skip
_ASKED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("phone", _any(r"\b(?:tele)?phone(?: number)?\b", r"\bwhat number (?:do|can|should) (?:i|we|you) (?:call|ring)\b")),
    ("email", _any(r"\be-?mail(?: address)?\b")),
    ("link", _any(r"\b(?:web ?site|web address|url)\b")),
    ("money", _any(
        r"\bhow much (?:money|did .* cost|does .* cost|was (?:spent|paid)|(?:did|do|does) .* (?:spend|pay))\b",
        r"\bin (?:pounds|dollars|euros)\b", r"\bwhat (?:was|is|were) the (?:cost|price|budget|fine)\b",
    )),
    ("grade", _any(
        r"\b(?:overall )?(?:grades?|graded|ratings?|rated|rate|judg(?:e?ments?|ed))\b", r"\bhow (?:good|effective) (?:is|was|were|are)\b"
    )),
    ("share", _any(
        r"\b(?:what|which) (?:percentage|proportion|share|fraction|per\s?cent)\b", r"\bhow (?:large|big) a (?:share|proportion)\b"
    )),
    ("duration", _any(r"\bhow long\b(?! ago)", r"\bhow old\b", r"\bfor how many (?:days|weeks|months|years)\b")),
    ("number", _any(
        r"\bhow (?:many|much|often|far|tall|high|deep|wide|large|big|fast|heavy)\b", r"\b(?:number|total) of\b",
        r"\bwhat (?:was|is) the (?:number|total|population|size|score|figure)\b",
    )),
    ("time", _any(
        r"^\W*(?:\w+\W+){0,2}?when\b", r"\b(?:what|which) (?:\w+ )?(?:years?|dates?|days?|months?|century|decade|period|era)\b",
        r"\bhow long ago\b", r"\bdate of\b",
    )),
    ("person", _any(
        r"\bwho(?:se|m)?\b", r"\bwhat (?:is|was) the name of the \w*(?:er|or|man|woman|person|director|chief|head)\b"
    )),
    ("reason", _any(r"^\W*why\b", r"\bfor what reason\b", r"\bwhat (?:is|was) the (?:reason|purpose|cause)\b")),
)  # fmt: skip
_KIND_ONLY = re.compile(
    r"(?:grades?|graded|ratings?|rated|rate|judg(?:e?ments?|ed)|telephone|phone|number|percentage|proportion|share|long|date|day|"
    r"year|month|get|got|gave|given|receive[ds]?|name|total|costs?|price|pounds|e-?mail|address|website|url|call)",
    re.IGNORECASE,
)
_SOFT: frozenset[Kind] = frozenset({"reason", "number", "time", "person", ""})
"""A sentence without such an answer may still answer ("few", "after the review", "the regulator")."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The kind of answer waited for; "" when the question does not tell. ``hard``: nothing else will do."""

    kind: Kind

    @property
    def hard(self) -> bool:
        return self.kind not in _SOFT

    def found_in(self, text: str) -> bool:
        """Whether the text has something of the kind; True for no kind."""
        return not self.kind or bool(_FOUND[self.kind].search(text))

    def names(self, word: str) -> bool:
        """Whether a question's word only says which kind is waited for ("grade", "telephone")."""
        return bool(_KIND_ONLY.fullmatch(word))

    def carries(self, word: str) -> bool:
        """Whether an answer need not repeat such a word: "Good" is a grade without saying so."""
        return self.kind in ("grade", "duration", "share", "time") and self.names(word)


def expected_of(question: str) -> Expected:
    """The first kind whose wording the question has."""
    return Expected(next((kind for kind, pattern in _ASKED if pattern.search(question)), ""))
