"""Reads a question as one for the whole library: which inspections, which judgements, and what is to be done with them.

Takes an understood question and the Vocabulary; gives a Counting to tally, or None when it asks for what a document says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.blanks import blanked, named_in
from assistant.findings import OVERALL, Choice
from assistant.plain_words import FRAME, PLAIN, STANCE
from assistant.types import Understood
from assistant.vocabulary import Place, Vocabulary
from assistant.when import When, when_of
from corpus.profile import folded
from corpus.wording import phrase
from index.search import STOPWORDS

Operation = Literal["list", "count", "compare", "change", "extremes", "distribution", "trend", "standards", "unclear"]
Direction = Literal["", "improved", "declined", "unchanged"]
_BODIES = re.compile(
    r"(?:prison|school|trust|home|hospital|college|force|borough|team|unit|division|region)s?|compan(?:y|ies)|count(?:y|ies)|cit(?:y|ies)|nurser(?:y|ies)"
)
_TURNS = re.compile(
    r"\b(?:not|never|no|neither|nor|without|but|once|twice|always|more than|fewer than|less than|most often)\b|n['’]t\b"
    r"|\b(?:in )?(?:all|every) (?:areas?|standards?|judgements?)\b|\bin which years?\b|\bembargo\w*|\bscored?\b|\b(?:led|lead) by\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:mention\w*|speaks?|spoke|talks?|about|had|have|has|with|where|because|criticis\w*|prais\w*|discuss\w*|say|says|said|describ\w*|"
    r"highlight\w*|due to|concern\w*)\b", re.IGNORECASE,
)  # fmt: skip
_TURNED = re.compile(r"\bhow (?:have|has|did)\b.{0,40}\b(?:ratings?|grades?|judgements?)\b.{0,20}\bchange", re.IGNORECASE)
_PAPERS = re.compile(r"\b(?:reports?|inspections?|re-?inspections?|publications?|documents?|releases?)$", re.IGNORECASE)
_STANDARDS = re.compile(
    r"\b(?P<ask>which|what|how many|list|show(?: me)?|name|give me)\s+(?:(?:of|all|the|other)\s+){0,3}(?:quality\s+|inspection\s+)?"
    r"(?P<head>standards?|judgements?|areas?|aspects?|ratings?|grades?|domains?)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\bhow many\b|\bnumber of\b|^count\b", re.IGNORECASE)
_COMPARES = re.compile(r"\bcompare[ds]?\b|\bcomparison\b|\bdifference between\b|\bversus\b|\bvs\.?\b|\bdiffer(?:s|ed)?\b", re.IGNORECASE)
_TRENDS = re.compile(
    r"\btrends?\b|\bover (?:time|the years)\b|\b(?:by|each|every|per) year\b|\byear (?:by|on) year\b|\bover the (?:last|past) \w+ years\b",
    re.IGNORECASE,
)
_SPREADS = re.compile(
    r"\b(?:distribution|breakdown|split|spread|proportion|share|percentage)\b.{0,40}\b(?:ratings?|grades?|judgements?|rated|graded|judged)\b"
    r"|\b(?:ratings?|grades?|judgements?)\b.{0,25}\b(?:distribution|breakdown|split|spread|distributed)\b"
    r"|\bhow many\b.{0,30}\b(?:each|every) (?:grade|rating|judgement)\b",
    re.IGNORECASE,
)
_RATED = r"(?:[- ](?:rated|rating|ratings|graded|grade|scoring|scored|score|scores|performing|judged))?\b"
_EXTREMES = re.compile(rf"\b(?P<best>best|highest|strongest|top){_RATED}|\b(?P<worst>worst|lowest|weakest|poorest){_RATED}", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:what|which|how)\b.{0,60}\b(?:changed?|improve[ds]?|declined?|deteriorated?|worsen(?:ed)?|slipped|fell|fallen|risen|rose|"
    r"dropped|got(?:ten)? (?:better|worse)|gone (?:up|down)|went (?:up|down)|moved (?:up|down)|stayed the same|unchanged)\b"
    r"|^(?:has|have|did)\b.{0,60}\b(?:changed?|improved?|declined?|deteriorated?|worsen(?:ed)?|got(?:ten)? (?:better|worse))\b"
    r"|\bchanges? (?:in|to) .{0,40}(?:ratings?|grades?|judgements?)\b"
    r"|\bhow many\b.{0,50}\b(?:improved|declined|deteriorated|worsened|fell|rose|got better|got worse)\b",
    re.IGNORECASE,
)
_UP = re.compile(r"\b(?:improv\w+|risen|rose|better|gone up|went up|moved up)\b", re.IGNORECASE)
_DOWN = re.compile(
    r"\b(?:declin\w+|deteriorat\w+|worsen\w*|worse|slipped|fell|fallen|dropped|gone down|went down|moved down)\b", re.IGNORECASE
)
_SAME = re.compile(r"\b(?:unchanged|stayed the same|the same (?:rating|grade|judgement)|not changed)\b", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:currently|now|at present|today|at the moment|most recent(?:ly)?|latest|last inspect\w+|newest)\b"
    r"|\b(?:are|is)\s+(?:\w+\s+){0,2}?(?:rated|graded|judged)\b|\b(?:which|what|how many)\b.{0,60}\b(?:are|is)\s*$",
    re.IGNORECASE,
)
_ADVICE = re.compile(r"\b(?:should|must|needs? to|ought|can|could|recommend\w*|plans? to|help\w*)\b", re.IGNORECASE)
_PLAINLY = frozenset(["which", "how many", "list", "show", "show me", "name", "give me", "find", "number of", "the number of"])
_MENTIONS = re.compile(r"\b(?:mention\w*|refer(?:s|red|ring)? to|contain\w*|use[sd]? the words?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Counting:
    """What is to be done with which inspections.

    ``choice`` says which, and which grades match. ``direction`` is which way a judgement went. ``services`` counts
    services, not their inspections. ``content`` are the words that are no matter of judgement: they are looked for in the
    text, by meaning, or word by word if ``by_words``.
    ``last`` asks for the lower end of the scale; ``said`` is the wording that stands for the inspections ("reports").
    """

    operation: Operation
    choice: Choice
    direction: Direction = ""
    services: bool = False
    content: tuple[str, ...] = ()
    by_words: bool = False
    last: bool = False
    said: str = "inspections"
    typed: bool = False
    """Whether that wording says the type of service already."""
    years: tuple[int, ...] = ()
    """The years that a comparison names."""
    about: bool = False
    """Whether ``content`` is said to be spoken of, had or mentioned, and is no word that was merely not understood."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """How a question asks: the asking word, what it asks for, and where both stand."""

    word: str
    head: str
    spans: tuple[Place, ...]

    @property
    def unit(self) -> str:
        """The last word of what is asked for ("reports"); empty for a bare "how many improved"."""
        return self.head.split()[-1].casefold() if self.head else ""


def _asked(vocabulary: Vocabulary, question: str) -> _Ask | None:
    if match := vocabulary.asks.search(question):
        if match["ask2"]:
            return _Ask(match["ask2"].casefold(), "", (match.span("ask2"),))
        word, head, at = match["ask"], match["head"], match.span("ask")
    elif match := vocabulary.bare.match(question):
        word, head, at = "", match["head"], (0, 0)
    else:
        return None
    unit = len(head.split()[-1])  # what stands before it may be a grade or a type: "which inadequate services"
    return _Ask(word.casefold(), head, (at, (match.end("head") - unit, match.end("head"))))


def read(vocabulary: Vocabulary, understood: Understood, keys: Sequence[str]) -> Counting | None:
    """What the question asks of the whole library; None when it asks for what a document says.

    ``keys`` are those of the services that it names.
    """
    question = understood.question
    when, asks = when_of(question), _asked(vocabulary, question)
    taken: list[Place] = [*when.spans, *(asks.spans if asks else ())]
    operation = _operation(vocabulary, question, asks, keys)
    if operation is None:
        return None
    types = vocabulary.values_in(question, taken, vocabulary.types)
    regions = vocabulary.values_in(question, taken, [(value.casefold(), value) for value in vocabulary.findings.values("region")])
    providers = vocabulary.values_in(question, taken, vocabulary.providers)
    grades = vocabulary.grades_in(question, taken)
    before = len(taken)
    subjects = vocabulary.subjects_in(question, taken)
    judged = taken[before:]
    content = _content(understood, taken)
    if content and not grades and operation in ("list", "count"):  # staffing is then a matter of the text, not of its judgement
        content, subjects = _content(understood, [span for span in taken if span not in judged]), ()
    years = tuple(dict.fromkeys(int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", question))) if operation == "compare" else ()
    several = len(years) > 1
    choice = Choice(
        keys=tuple(keys), subject=subjects[0] if subjects else OVERALL, also=subjects[1:], years=vocabulary.years_of(subjects),
        grades=grades, since=None if several else when.since, until=None if several else when.until, basis=when.basis or "any",
        types=types, regions=regions, providers=providers, word=_telling(asks, types),
        kinds=("re-inspection",) if re.search(r"\bre-?inspections?\b", question, re.IGNORECASE) else (),
        latest=not several and _latest(question, operation, when, vocabulary.grade_spans(question)),
    )  # fmt: skip
    counting = Counting(
        operation, choice, _direction(question) if operation == "change" else "", asks is None or not _PAPERS.search(asks.head), content,
        _MENTIONS.search(question) is not None, bool((m := _EXTREMES.search(question)) and m["worst"]),
        _noun(_bare_head(vocabulary, asks.head)) if asks else "inspections",
        bool(types) and asks is not None and any(folded(value) in folded(asks.head) for value, _ in vocabulary.types), years,
        _ABOUT.search(question) is not None,
    )  # fmt: skip
    if not _meant(counting, asks, keys, question):
        return None
    unclear = _unclear(vocabulary, question, taken, bool(subjects), several)
    if unclear and keys:
        return None
    return replace(counting, operation="unclear", content=unclear) if unclear else counting


def _direction(question: str) -> Direction:
    if _SAME.search(question):
        return "unchanged"
    return "improved" if _UP.search(question) else "declined" if _DOWN.search(question) else ""


def _telling(asks: _Ask | None, types: Sequence[str]) -> str:
    """The word for a kind of body that names or types have to bear out ("school"); empty for words that all are called by."""
    unit = asks.unit if asks else ""
    if types or not _BODIES.fullmatch(unit):
        return ""
    return {"companies": "company", "counties": "county", "cities": "city", "nurseries": "nursery"}.get(unit, unit.removesuffix("s"))


def _unclear(vocabulary: Vocabulary, question: str, taken: Sequence[Place], subject: bool, several: bool) -> tuple[str, ...]:
    """Words that change what is to be counted and were not understood: a "not", a number, a second condition.

    An answer that passed them over would be confident and wrong.
    """
    rest = _SAME.sub(" ", blanked(question, taken))
    found = [match[0] for match in _TURNS.finditer(rest)]
    found += [] if several else [match[0] for match in re.finditer(r"(?<![\w.])\d[\d,.]*(?![\w])", rest)]
    if subject and (vocabulary.subjects_in(question, [*taken]) or re.search(r"\boverall\b", rest, re.IGNORECASE)):
        found.append("and")
    if len(re.findall(r"\bhow many\b", question, re.IGNORECASE)) > 1:
        found.append("and how many")
    return tuple(dict.fromkeys(found))


def _operation(vocabulary: Vocabulary, question: str, asks: _Ask | None, keys: Sequence[str]) -> Operation | None:
    if _COMPARES.search(question) and keys:
        return "compare"
    of_grades = re.search(r"rat(?:ed|ings?)|grade|judge?ment|judged|how many|inspect", question, re.IGNORECASE)
    if of_grades and (_TRENDS.search(question) or (not keys and _TURNED.search(question))):
        return "trend"
    if _SPREADS.search(question):
        return "distribution"
    if _CHANGES.search(question) and (keys or asks):
        return "change"
    if keys and (match := _STANDARDS.search(question)) and vocabulary.grades_in(question, [match.span()]):
        return "standards"
    if asks and _EXTREMES.search(question) and not keys:
        return "extremes"
    if not asks:
        return None
    return "count" if _COUNTS.search(question) else "list"


def _meant(counting: Counting, asks: _Ask | None, keys: Sequence[str], question: str) -> bool:
    """Whether the question is one of judgements or of documents, and not of what a document says."""
    choice = counting.choice
    judged = bool(choice.grades or choice.subject)
    if keys and counting.content and counting.operation in ("compare", "distribution", "trend", "change"):
        return False
    if counting.operation == "change":  # "What should it improve?" asks for advice
        of_grades = re.search(r"\b(?:rat(?:ed|ings?)|grades?|judge?ments?)\b", question, re.IGNORECASE)
        return not _ADVICE.search(question) and bool(judged or not counting.content or (of_grades and not keys))
    if counting.operation not in ("list", "count"):
        return counting.operation != "extremes" or not counting.content or judged
    assert asks is not None
    if choice.grades:
        return (bool(asks.word) and not (keys and counting.content)) or not keys
    if not asks.word or not asks.head:
        return False
    if asks.word.startswith("what") and not re.search(
        r"\b(?:are there|do (?:you|we) have|exist|(?:was|were) published)\b", question, re.IGNORECASE
    ):
        return False
    if counting.content:
        return asks.word in _PLAINLY and not keys
    papers = _PAPERS.search(asks.head) is not None
    restricted = bool(choice.since or choice.until or choice.types or choice.regions or choice.providers or choice.kinds)
    return papers or (restricted and not keys) or (not keys and asks.word in ("which", "how many", "list", "name"))


def _latest(question: str, operation: Operation, when: When, grades: Sequence[Place]) -> bool:
    """Whether each service's latest inspection is meant: "are rated", "is inadequate", "currently"; not where a time is named."""
    if operation in ("change", "trend"):
        return False
    if _NOW.search(question) or when.order == "latest":
        return True
    first = min((start for start, _ in grades), default=0)
    if not when.dated and re.search(r"(?<!rated )(?<!graded )(?<!judged )\brequire improvement\b", question, re.IGNORECASE):
        return True  # "which authorities require improvement?"
    if not when.dated and re.search(r"\b(?:are|is|aren['’]t|isn['’]t)\b(?:\W+\w+){0,5}\W*$", question[:first], re.IGNORECASE):
        return True
    return operation in ("compare", "extremes", "standards", "distribution") and not when.dated


def _content(understood: Understood, taken: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The words that are left when all that was understood is taken away."""
    left = blanked(understood.question, [*taken, *named_in(understood)])
    rest = _EXTREMES.sub(" ", _MENTIONS.sub(" ", left))
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", rest)
    words = [word for word in words if word.casefold() not in STOPWORDS | FRAME and len(word) > 1]
    telling = [word for word in words if word.casefold() not in PLAIN | STANCE]
    if not telling:  # "staffing levels" keeps its levels; levels alone are nothing to look for
        return tuple(dict.fromkeys(word for word in words if word.casefold() not in PLAIN))
    return tuple(dict.fromkeys(word for word in words if word.casefold() not in STANCE))


def _bare_head(vocabulary: Vocabulary, head: str) -> str:
    """What the inspections are called, without a grade or a "best rated" before it."""
    for wording, _ in vocabulary.grades:
        head = re.sub(phrase(wording), " ", head, flags=re.IGNORECASE)
    return re.sub(r"\b(?:rated|graded|judged|or|and|better|worse)\b", " ", _EXTREMES.sub(" ", head))


def _noun(head: str) -> str:
    """What the question calls the inspections, in the plural; "inspections" when it does not say."""
    words = re.sub(
        r"^(?:(?:of|all|the|our|your|other|any|every|share|proportion|percentage|number)\s+)+", "", head.strip(), flags=re.IGNORECASE
    ).split()
    if not words:
        return "inspections"
    last = words[-1]
    plural = last if last.endswith("s") else last[:-1] + "ies" if last.endswith("y") else last + "s"
    return " ".join([*words[:-1], plural])
