"""Names in a sentence: people, places, bodies, as capitals tell them. Takes text; gives names to verify, and whether a text has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.items import even
from assistant.numerals import UNITS
from corpus.dates import MONTHS

_WORD = re.compile(r"[^\W\d_](?:[\w'&-]*\w)?(?:\.(?=\w))?")
_JOINS = frozenset("of the and for in on upon de la von van & -".split())
_PLACED = ("in", "on", "for", "upon")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLAIN = frozenset(
    """
    i a an the this that these those it its he she they we you his her their our in on at of for from by to with as and or but if when
    while where who what which how there here all some many most both each every no not only since after before during although however
    inspector inspectors inspection inspections report reports service services authority authorities council councils staff leaders
    leader managers manager children child young people families family parents carers staffing social worker workers local chief lead
    director directors board team teams partners police court courts her his majesty's majesty hm hmi hmip ofsted sir dame mr mrs ms miss
    dr lord lady professor overall effectiveness judgement judgements grade rating publication published press release annex figure table
    because despite following under within across among unlike without between once until unless whether
    page section chapter part standard standards domain recommendation recommendations key yes according
    """.split()
)
_TITLES = frozenset("mr mrs ms miss dr sir dame lord lady professor".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; ``words`` are its own, folded, without titles and small words."""

    text: str
    words: tuple[str, ...]
    start: int
    end: int


def names_of(text: str, known: frozenset[str] = frozenset()) -> list[Name]:
    """Runs of capitalised words that are not ordinary ones; a sentence's first word alone only where it is ``known``, folded."""
    text = even(text)
    return [name for run in _runs(text, known) if (name := _name(text, run, known))]


def _runs(text: str, known: frozenset[str]) -> Iterator[list[re.Match[str]]]:
    run: list[re.Match[str]] = []
    last = 0
    for match in _WORD.finditer(text):
        gap = text[last : match.start()]
        joined = not gap.strip() or gap in (". ", "-", " & ")
        if match[0] == "the" and run and run[-1][0].casefold() not in _JOINS:
            joined = False  # "In Bury the Health Board"
        if run and run[-1][0].endswith("'s") and _bare(run[-1][0]) in known:
            joined = False  # "Telford's IRO" are two
        capital = match[0][0].isupper()
        if run and not (joined and (capital or match[0].casefold() in _JOINS)):
            yield run
            run = []
        if capital or run:
            run.append(match)
        last = match.end()
    if run:
        yield run


def _name(text: str, run: list[re.Match[str]], known: frozenset[str]) -> Name | None:
    while run and not run[-1][0][0].isupper():
        run = run[:-1]
    if run and _opens(text, run[0].start()) and _ordinary(run[0][0]):
        run = run[1:]
        while run and not run[0][0][0].isupper():
            run = run[1:]
    if len(run) > 2 and _opens(text, run[0].start()) and run[1][0] in _PLACED:
        run = run[2:]  # "Fieldwork in Port Tamsin"
    if not run:
        return None
    if len(run) == 1 and _opens(text, run[0].start()) and not _named_first(text, run[0], known):
        return None
    words = tuple(_bare(match[0]) for match in run if match[0][0].isupper() and not _ordinary(match[0]))
    return Name(text[run[0].start() : run[-1].end()], words, run[0].start(), run[-1].end()) if words else None


_COMMON = re.compile(r"(?:ing|ion|ions|ment|ness|ity|ship|ance|ence|ism|ure|ice|sight|work|care|s)$")
_ACTS = re.compile(r"\s+(?:has|is|was|had|does|did|[a-z]{3,}s\s+(?:its|their|the|an?|every|each|no|both))\s")


def _acts(text: str, word: re.Match[str]) -> bool:
    """ "Plymouth has …", "Plymouth encourages …": one that acts and is not called by an ordinary noun."""
    if word[0].casefold().split("-")[0] in UNITS:
        return False
    return not _ordinary(word[0]) and not _COMMON.search(word[0]) and bool(_ACTS.match(text, word.end()))


def _named_first(text: str, word: re.Match[str], known: frozenset[str]) -> bool:
    """Whether a sentence's first word, a capital by its place, is a name all the same."""
    return word[0][1:].isupper() or _bare(word[0]) in known or _owns(text, word) or _acts(text, word)


def _owns(text: str, word: re.Match[str]) -> bool:
    """ "Plymouth's", which begins a sentence as a name would; "Staff's" is an ordinary word's."""
    return word[0].endswith("'s") and not _ordinary(word[0])


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, a row or a quotation begins there."""
    before = text[:start].rstrip(" \"'“”‘([•–-")
    return not before or before[-1] in ".!?:;\n\t"


def _bare(word: str) -> str:
    return re.sub(r"'s?$|(?<=\w)-(?=\w)", "", word.casefold())


def _ordinary(word: str) -> bool:
    bare = _bare(word)
    return bare in _PLAIN or bare in MONTHS or bare in _DAYS


def person(name: Name) -> bool:
    """Whether it may be a person's: two to four words, none of them in capitals."""
    return 2 <= len(name.words) <= 4 and all(not word[1:].isupper() for word in name.text.split()) and " of " not in name.text


def has(text: str, name: Name) -> bool:
    """Whether all words of a name stand in a text, those of a person side by side; "CRC" stands where its words do."""
    folded = even(text).casefold()
    folded += "\n" + re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", "", folded)
    first = re.escape(name.words[0])
    if re.search(rf"{_PREFIXED}{first}\b", folded) and not re.search(rf"(?<!\w)(?<!{')(?<!'.join(_AHEAD)}){first}\b", folded):
        return False
    if person(name) and len(name.words) == 2:
        near = rf"\b{re.escape(name.words[0])}\b(?:\W+\w+){{0,2}}?\W+{re.escape(name.words[1])}\b"
        if re.search(near, folded):
            return True
        last = rf"\b(?:{'|'.join(_TITLES)})\.? {re.escape(name.words[1])}\b"
        if name.words[0] in _TITLES and re.search(last, folded):
            return True
        # Two names of one place or body may stand apart ("Eastmere … CRC"); a person's may not.
        return all(_holds(folded, word) for word in name.words) and not re.search(rf"\b{re.escape(name.words[1])}\b", _people(text))
    return all(_holds(folded, word) for word in name.words)


def _people(text: str) -> str:
    """The last words of what looks like people in a text, folded."""
    return " ".join(match[1].casefold() for match in re.finditer(r"\b[A-Z][a-z]+ ([A-Z][a-z'-]+)\b(?! (?:[A-Z]|and [A-Z]))", text))


_AHEAD = [f"{word} " for word in "north south east west greater inner outer new upper lower mid central".split()]
_PREFIXED = rf"(?:{'|'.join(_AHEAD)})"
"""Words that make another place of a place: North Lincolnshire is not Lincolnshire."""


def _holds(folded: str, word: str) -> bool:
    if re.search(rf"(?<!\w){re.escape(word)}(?:'?s)?(?!\w)", folded):
        return True
    if word.endswith("s") and re.search(rf"(?<!\w){re.escape(word[:-1])}(?!\w)", folded):
        return True
    if word.endswith("s") and len(word) > 3:
        word = word[:-1]
    if 2 <= len(word) <= 8 and word.isalpha():
        initials = r"\W+(?:(?:of|the|and|for)\W+)?".join(rf"{letter}\w*" for letter in word)
        return bool(re.search(rf"\b{initials}", folded))
    return False
