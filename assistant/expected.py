"""Which kind of answer a question waits for (a person, a day, a number, a grade …), and whether a sentence has one.

Takes a question or a sentence; gives quotes something to choose by. "Who" is not answered by a sentence without a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "time", "number", "money", "share", "duration", "grade", "phone", "email", "link", "reason", ""]

_NUMBER_WORD = (
    r"(?:zero|none|no one|nobody|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|"
    r"dozens?|half|thirds?|quarters?|once|twice|both|all|every|most|majority|single|pair|couple|several|few)"
)
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_FOUND: dict[str, re.Pattern[str]] = {
    # A capital letter that begins no sentence, or two capitalised words in a row.
    "person": re.compile(r"(?:[^\W\d_][\w'’.-]*\s+){0,1}\b[A-Z][\w'’-]+(?:\s+(?:[A-Z]\.?|de|van|von|al|bin|[A-Z][\w'’-]*|-\w+))*\s+[A-Z][\w'’-]+|(?<=[a-z,;:–—] )[A-Z][a-z'’-]{2,}"),
    "time": re.compile(rf"\b(?:1\d|20|21)\d\d\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b|\b{_MONTH}\s+\d|\b\d+(?:st|nd|rd|th)\s+century\b|\b\d{{3,4}}s?\s+(?:BCE?|AD|CE)\b"
                       r"|\b(?:century|decade|months?|weeks?|days?|years?|monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|winter|january|february|march|april|june|july|august|september|october|november|december)\b", re.IGNORECASE),
    "number": re.compile(rf"\d|\b{_NUMBER_WORD}\b", re.IGNORECASE),
    "money": re.compile(r"[£$€]\s?\d|\b\d[\d,.]*\s*(?:million|billion|thousand)?\s*(?:pounds|dollars|euros|pence|cents)\b", re.IGNORECASE),
    "share": re.compile(rf"\d+(?:\.\d+)?\s*(?:%|per\s?cent)|\b{_NUMBER_WORD}\s+(?:out of|of|in|per\s?cent)\b|\d+\s+(?:out of|of|in)\s+\d+|\b(?:half|thirds?|quarters?|majority)\b", re.IGNORECASE),
    "duration": re.compile(rf"(?:\d+|\b{_NUMBER_WORD})[\s-]+(?:\w+\s+){{0,2}}(?:seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|years?|decades?|centur(?:y|ies))\b", re.IGNORECASE),
    "grade": re.compile(r"\b(?:outstanding|excellent|good|very good|requires? improvement|needs? improvement|inadequate|unsatisfactory|satisfactory|adequate|poor|weak|strong|"
                        r"fair|sufficient|reasonable|(?:not |partly |fully |reasonably |sufficiently )?(?:met|effective|compliant)|acceptable|unacceptable|fail(?:ed|s)?|pass(?:ed|es)?|"
                        r"unsatisfactory|limited assurance|substantial|moderate)\b", re.IGNORECASE),
    "phone": re.compile(r"(?:\+|\b0)\d[\d\s()-]{7,}\d"),
    "email": re.compile(r"\S+@\S+\.\w+"),
    "link": re.compile(r"\bhttps?://\S+|\bwww\.\S+"),
    "reason": re.compile(r"\b(?:because|since|due to|owing to|so that|in order to|as a result|therefore|thus|reasons?|caus\w+|led to|result\w*|allow\w*|help\w*|ensur\w+|to)\b", re.IGNORECASE),
}  # fmt: skip
_ASKED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("phone", re.compile(r"\b(?:tele)?phone(?: number)?\b|\bwhat number (?:do|can|should) (?:i|we|you) (?:call|ring)\b", re.IGNORECASE)),
    ("email", re.compile(r"\be-?mail(?: address)?\b", re.IGNORECASE)),
    ("link", re.compile(r"\b(?:web ?site|web address|url)\b", re.IGNORECASE)),
    ("money", re.compile(r"\bhow much (?:money|did .* cost|does .* cost|was (?:spent|paid)|(?:did|do|does) .* (?:spend|pay))\b|\bin (?:pounds|dollars|euros)\b|\bwhat (?:was|is|were) the (?:cost|price|budget|fine)\b",
                         re.IGNORECASE)),
    ("grade", re.compile(r"\b(?:overall )?(?:grades?|graded|ratings?|rated|rate|judg(?:e?ments?|ed))\b|\bhow (?:good|effective) (?:is|was|were|are)\b", re.IGNORECASE)),
    ("share", re.compile(r"\b(?:what|which) (?:percentage|proportion|share|fraction|per\s?cent)\b|\bhow (?:large|big) a (?:share|proportion)\b", re.IGNORECASE)),
    ("duration", re.compile(r"\bhow long\b(?! ago)|\bhow (?:old)\b|\bfor how many (?:days|weeks|months|years)\b", re.IGNORECASE)),
    ("number", re.compile(r"\bhow (?:many|much|often|far|tall|high|deep|wide|large|big|fast|heavy)\b|\bwhat (?:was|is) the (?:number|total|population|size|score|figure)\b|\b(?:number|total) of\b",
                          re.IGNORECASE)),
    ("time", re.compile(r"^\W*(?:\w+\W+){0,2}?when\b|\b(?:what|which|in what|in which|on what|on which) (?:\w+ )?(?:years?|dates?|days?|months?|century|decade|period|era)\b|\bhow long ago\b|\bdate of\b", re.IGNORECASE)),
    ("person", re.compile(r"\bwho(?:se|m)?\b(?! (?:are|is|were|was|have|has|had|need|leave)\b.*\b(?:grad|rat|judg))|\bwhat (?:is|was) the name of the \w*(?:er|or|man|woman|person|director|chief|head)\b", re.IGNORECASE)),
    ("reason", re.compile(r"^\W*why\b|\bfor what reason\b|\bwhat (?:is|was) the (?:reason|purpose|cause)\b", re.IGNORECASE)),
)  # fmt: skip
_ASKING_WORDS = re.compile(
    r"\b(?:grades?|graded|ratings?|rated|rate|judg(?:e?ments?|ed)|telephone|phone|number|percentage|proportion|share|long|date|day|year|month|"
    r"get|got|gave|given|receive[ds]?|name|total|cost|pounds)\b",
    re.IGNORECASE,
)
_SOFT: frozenset[str] = frozenset({"reason", "number", "time", "person", ""})
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

    def carries(self, word: str) -> bool:
        """Whether a question's word only says which kind is waited for ("grade", "rated"): an answer need not repeat it."""
        return self.kind in ("grade", "duration", "share", "time") and bool(_ASKING_WORDS.fullmatch(word))


def expected_of(question: str) -> Expected:
    """The first kind whose wording the question has."""
    return Expected(next((kind for kind, pattern in _ASKED if pattern.search(question)), ""))
