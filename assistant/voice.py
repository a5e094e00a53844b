"""Who says it: inspectors, leaders, staff, children and others, and the offices that a sentence speaks of.

Takes text; gives what grounds compares between a statement and the sentence it rests on. "Leaders told us that caseloads are
low" is no ground for "caseloads are low".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.items import even

_HOLDERS = (
    (
        "inspectors",
        (
            r"inspectors?|inspection team|(?:inspection |\d{4} )?report|inspectorate|ofsted|hmip?|hmi|chief inspector|we|us|"
            r"this report|the report|reviewers?"
        ),
    ),
    ("government", r"ministers?|government|ministry|secretary of state|department for \w+|dfe"),
    (
        "children",
        (
            r"child(?:ren)?(?!['’]s? (?:services?|social|homes?|boards?|trust|cent|safeg))|"
            r"young people|young person|youths?|care leavers?|pupils?|parents?|mothers?|fathers?|families|"
            r"(?:foster )?carers?|adopters?|guardians?|service users?|people on probation|prisoners?|patients?|victims?|"
            r"residents?|offenders?|individuals"
        ),
    ),
    (
        "partners",
        (
            r"partners?|providers?|partner agencies|agencies|police|courts?|judges?|judiciary|magistrates|sentencers?|schools?|"
            r"headteachers?|cafcass|health (?:staff|services|professionals)|stakeholders?|professionals"
        ),
    ),
    (
        "leaders",
        (
            r"leaders?|leadership|managers?|management|directors?|chief executive|chief officer|head of (?:service|\w+)|"
            r"executives?|the board|councillors?|(?:elected|lead) members?|the (?:service|council|authority|local authority|"
            r"company|trust|organisation|provider|borough|department|crc|partnership)"
        ),
    ),
    ("they", r"they|half|most|many|some|few|all|several|one|two|three|per cent|others|both|everyone|nobody|those"),
    (
        "staff",
        (
            r"staff|practitioners?|(?:social |support |youth )?workers?|(?:responsible |probation |review(?:ing)? )?officers?|"
            r"advisers?|advisors?|teams?|colleagues|chairs?|employees|frontline"
        ),
    ),
)
_OPINION = (
    r"said|says?|saying|told|tell|tells|telling|report(?:ed|s|ing)? (?:that|to|feeling|being|having|they|it|a|an|the|how|\w+ly|"
    r"good|high|positive)|believed?s?|believing|thinks?|thought|feels?|felt|feeling|describe[sd]?|describing|explain(?:s|ed)?|"
    r"considered?(?! in| by| for| as part)|considers|claim(?:s|ed)?|stated?s?|acknowledge[sd]?|recognise[sd]?|"
    r"accept(?:s|ed)? that|know (?:this|that|there|they|of|about)|"
    r"(?:is|are|was|were) (?:\w+ )?aware|"
    r"(?<!inspectors )identif(?:y|ied) (?:that|the need)|commented|"
    r"comments?|express(?:es|ed)?|regard(?:s|ed)?|perceive[sd]?|views?(?=(?: [\w'’-]+){1,4} as\b)|viewed|"
    r"opinion|estimate[sd]?|talk(?:ed|s)? (?:of|about|"
    r"positively)|(?:spoke|speaks?)(?! up| out)|argue[sd]?|insist(?:s|ed)?|maintain(?:s|ed)? that|praise[sd]?|assure[sd]?|admitted|admits?|"
    r"complain(?:s|ed)?|(?:are|is|was|were) (?:\w+ly )?(?:confident|positive|proud|happy|satisfied|pleased|enthusiastic|content|"
    r"concerned|worried|convinced|full of praise)|"
    r"spoken to|interviewed|consulted"
)
_GRANTED = re.compile(
    r"acknowledge[sd]?|accept(?:s|ed)? that|admitted|admits?|recognise[sd]?|know .*|.* aware|identif.*|"
    r"spoken to|interviewed|consulted",
    re.IGNORECASE,
)
"""What is granted is so."""
_SPOKEN = (
    r"said|says|told|tells?|believed?s?|thinks?|thought|feels?|felt|stated?s?|explained|commented|reported that|claim(?:s|ed)?|"
    r"described|spoke|warned|added"
)
_FOUND = (
    r"found|find|finds|judged?|judges|saw|see|noted?s?|identif(?:y|ied|ies)|observed?|conclude[sd]?|rated?|graded|assessed|"
    r"concern(?:ed|s)?|reviewed|looked|inspected|recommend(?:s|ed)?|report(?:s|ed)?|highlight(?:s|ed)?|"
) + _OPINION
_GAP = r"(?:\s+(?!who\b|which\b|was\b|were\b|been\b|being\b|be\b|is\b|are\b)\(?[\w'’-]+\)?){0,5}?\s+"
_FROM = (
    r"(?:according to|in the (?:view|opinion|words) of|told by|(?:(?<=^)|(?<=[.;:,\n] ))(?:the )?(?:views? of|feedback from)|"
    r"as (?:described|reported|stated) by|(?:reported|described|praised) by)"
)
_QUOTED = re.compile(r"(?<!\w)['‘“\"](?:[^\s'‘’“”\"]+ ?){1,5}['’”\"](?!\w)")
"""A few words in quotation marks: a title, not a saying."""
_TO_US = re.compile(r"\btold\s+(?:us|inspectors)\b|\bto\s+(?:us|inspectors)\b", re.IGNORECASE)
_TO = re.compile(r"\b(?:told|tell|tells|to|by)\s+$", re.IGNORECASE)
_BELIEF = re.compile(r"said|says?|believed?s?|thinks?|thought|feels?|felt", re.IGNORECASE)
_ROLES = {
    "nurse": r"nurses?",
    "psychologist": r"psycholog\w+",
    "psychiatrist": r"psychiatr\w+",
    "doctor": r"doctors?|gps?|paediatricians?",
    "teacher": r"(?:head)?teachers?|school staff|virtual school head|headteachers?|teaching",
    "governor": r"governors?|prison",
    "judge": r"(?<!to )judges?|magistrates?|judiciary|courts?|bench|sentencers?|cafcass",
    "police": r"police|constab\w+|superintendents?",
    "mayor": r"mayors?",
    "chief executive": r"chief executives?|ceo",
    "director": r"directors?|dcs|executive leaders|directorate",
    "minister": r"ministers?|ministry|government|dfe|department",
    "councillor": r"councillors?|(?:elected|lead|cabinet|council) members?|portfolio holder|politicians|political",
    "commissioner": r"commission\w*",
    "volunteer": r"volunt\w+",
    "mentor": r"mentor\w*",
    "mother": r"mothers?|mums?|maternal|parents?",
    "father": r"fathers?|dads?|paternal|parents?",
    "adopter": r"adopt\w+",
    "ombudsman": r"ombuds\w+",
    "auditor": r"audit\w*",
    "consultant": r"consultan\w+",
    "health visitor": r"health\W?visit\w*",
    "reviewing officer": r"review\w* officers?|iros?",
    "personal adviser": r"(?:personal|young people's) advis\w+|y?pas?|advis\w+",
    "chair": r"chair\w*",
    "psychotherapist": r"\w*therap\w+",
}
_ALSO = {"police": r"officers", "personal adviser": r"advis\w+"}
"""What stands for an office in a passage, and is not enough in a statement."""
_ROLE = [(role, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for role, words in _ROLES.items()]


@dataclass(frozen=True, slots=True)
class Frame:
    """Somebody's saying or thinking at ``[start, end)``: ``holder`` is a class of people; ``opinion`` where it is not a finding."""

    holder: str
    opinion: bool
    start: int
    end: int


@lru_cache(maxsize=1)
def _frames_pattern() -> list[tuple[str, re.Pattern[str]]]:
    made = []
    for holder, words in _HOLDERS:
        verbs = _FOUND if holder == "inspectors" else _OPINION
        ways = (
            rf"\b(?P<who>{words})\b(?:'s?)?{_GAP}(?P<verb>{verbs})\b",
            rf"\b{_FROM}(?:\s+[\w'’-]+){{0,4}}?\s+(?P<whom>{words})\b",
            rf",\s(?:say|said|says)\s(?:[\w'’-]+\s){{0,2}}?(?:{words})\b",
        )
        made.append((holder, re.compile("|".join(ways), re.IGNORECASE)))
    return made


_TITLED = r"(?:Mr|Ms|Mrs|Miss|Dr|Dame|Sir)\.? [A-Z]"
_PERSON_SAID = re.compile(
    rf"\b{_TITLED}[\w'-]+\s+(?:\w+\s+){{0,2}}?(?:{_SPOKEN})\b|\b(?:{_SPOKEN})\s+{_TITLED}"
    rf"|\b[A-Z][a-z'-]+ [A-Z][a-z'-]+,? (?:[\w' ]+, )?(?:{_SPOKEN})\b|\b(?:[Hh]e|[Ss]he) (?:{_SPOKEN}|told)\b"
)


def frames_of(text: str) -> list[Frame]:
    """Who says something in a text, in order."""
    return list(_frames_of(text))


@lru_cache(maxsize=2048)
def _frames_of(text: str) -> tuple[Frame, ...]:
    text = _QUOTED.sub(lambda match: "_" * len(match[0]), even(text))
    found = [
        Frame(holder, _an_opinion(holder, match["verb"] or "said"), match.start(), match.end())
        for holder, pattern in _frames_pattern()
        for match in pattern.finditer(text)
        if holder != "inspectors" or not _told(text, match)
    ]
    found += [Frame("person", True, match.start(), match.end()) for match in _PERSON_SAID.finditer(text)]
    return tuple(sorted(_outer(found), key=lambda frame: frame.start))


def _told(text: str, match: re.Match[str]) -> bool:
    """Whether inspectors are those who were told."""
    return bool(_TO_US.search(match[0])) or bool(match["who"] and _TO.search(text[: match.start("who")]))


def _an_opinion(holder: str, verb: str) -> bool:
    """Whether what somebody says is not a finding: what is granted is one, and so is what inspectors do not only believe."""
    return not _GRANTED.fullmatch(verb) and (holder != "inspectors" or bool(_BELIEF.fullmatch(verb)))


def _outer(frames: list[Frame]) -> list[Frame]:
    """Of frames that share a verb, the nearest holder's; a person's saying goes with any."""
    kept: list[Frame] = []
    for frame in sorted(frames, key=lambda frame: (frame.end, -frame.start)):
        if any(frame.end == other.end and other.holder != "person" and frame.holder != "person" for other in kept):
            continue
        kept.append(frame)
    return kept


@lru_cache(maxsize=2048)
def roles_of(text: str, loosely: bool = False) -> frozenset[str]:
    """Offices and bodies that a text speaks of, each by one name: "dcs" is the director; ``loosely``, also what may mean one."""
    text = even(text)
    found = {role for role, pattern in _ROLE if pattern.search(text)}
    return frozenset(found | {role for role, words in _ALSO.items() if loosely and re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)})
