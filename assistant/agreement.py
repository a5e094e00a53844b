"""Whether a chat model's words agree with the catalogue: the judgements it holds, and the results it has looked up or counted.

Takes statements and facts; gives Problems to write, and to phrase whether a sentence says a result and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.findings import OVERALL
from assistant.grounds import stems
from assistant.items import Item, items_of, stands
from assistant.named import has, names_of
from assistant.tone import denied, lacking
from assistant.verify import Problem
from assistant.vocabulary import Vocabulary
from corpus.types import Fact
from corpus.wording import phrase
from index.search import STOPWORDS

_BEFORE = re.compile(
    r"\b(?:previous\w*|former\w*|earlier|then|last|past|prior|since|had been|used to|from|compared|will|should|next)\b", re.IGNORECASE
)
"""A statement with one of these may speak of another inspection than the document's own."""
_RATED = re.compile(r"\b(?:rat(?:ed|ing|ings)|judg\w+|grad(?:ed|e|es)|overall|received|was given|were given)\b", re.IGNORECASE)
_FREE = stems(
    "the result answer question report reports reported inspection inspections inspected inspector inspectors service services published "
    "publication date was were is are had has have by of for in on there total led lead leader rated judged graded grade rating received "
    "given got judgement judgements effectiveness yes according shows it its their this that these those following includes include and"
)
"""Stems that a sentence for a result may add: they tell nothing by themselves."""


def against(statement: str, facts: Sequence[Fact], vocabulary: Vocabulary) -> Problem | None:
    """The grade that a statement gives to what the document's own judgements grade otherwise; None when there is none."""
    if _BEFORE.search(statement) or not _RATED.search(statement):
        return None
    items = items_of(statement, [wording for wording, _ in vocabulary.grades])
    known = {_folded(wording): grade for wording, grade in vocabulary.grades}
    for item, stretch in _stretches(statement, [item for item in items if item.kind == "grade"], vocabulary):
        said = statement[item.start : item.end]
        grade = known.get(_folded(said))
        for names in _judged_in(stretch, vocabulary):
            fact = _judgement(facts, names)
            if fact and grade and grade != fact.value and grade in fact.scale:
                return Problem("grade", f"{said} (“{fact.subject or 'overall'}” is {fact.value})")
    return None


def _stretches(statement: str, grades: Sequence[Item], vocabulary: Vocabulary) -> Iterator[tuple[Item, str]]:
    """Each grade with the words that tell what it is of: those before it, or after it where the statement begins with a grade."""
    if not grades:
        return
    follows = not _judged_in(statement[: grades[0].start], vocabulary)
    ends = [0, *(item.end for item in grades)]
    starts = [*(item.start for item in grades), len(statement)]
    for at, item in enumerate(grades):
        yield item, statement[item.end : starts[at + 1]] if follows else statement[ends[at] : item.start]


def _judged_in(text: str, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
    """What is judged that a text names, each in all its names, longest wordings first."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[str, ...]] = [(OVERALL,)] if re.search(r"\boverall\b", text, re.IGNORECASE) else []
    for wording, names in vocabulary.subjects:
        for match in re.finditer(phrase(wording), text, re.IGNORECASE):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                found.append(names)
    return found


def _judgement(facts: Sequence[Fact], names: Sequence[str]) -> Fact | None:
    if OVERALL in names:
        return next((fact for fact in facts if fact.field == "overall"), None)
    return next((fact for fact in facts if fact.field == "judgement" and fact.subject in names), None)


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()


def says_the_same(sentence: str, result: str, question: str, vocabulary: Vocabulary) -> bool:
    """Whether a sentence says a result: each of its numbers, dates, grades and names, denied as there, and nothing else."""
    grades = [wording for wording, _ in vocabulary.grades]
    told, meant, asked = (items_of(text, grades) for text in (sentence, result, question))
    worded = [result[item.start : item.end].casefold() for item in meant if item.kind == "grade"]
    if _mixes(meant) or not all(grade in sentence.casefold() for grade in worded):  # a grade is quoted as the publisher words it
        return False
    if not all(_within(item, told) for item in meant) or not all(_within(item, meant) for item in told if item.kind != "date"):
        return False
    if not all(_within(item, meant) or _within(item, asked) for item in told if item.kind == "date"):
        return False
    if not all(has(sentence, name) for name in names_of(result)):
        return False
    if not all(has(f"{result}\n{question}", name) for name in names_of(sentence)):
        return False
    if lacking(sentence) != lacking(result) or denied(sentence) != denied(result):
        return False
    if sentence.endswith("?") or not (_kind_of_date(sentence, f"{result} {question}")) or not _small(sentence) <= _small(result) | _JOINING:
        return False
    return stems(_without(sentence, told)) <= stems(result) | stems(question) | _FREE


_JOINING = frozenset(
    "the of in on to for with and its it this that these as at was were is are has have had their there which who a an".split()
)
"""Small words that join others and tell nothing."""
_HEDGES = frozenset("reportedly allegedly supposedly apparently if unless until since than rather formerly once nearly almost".split())


def _small(text: str) -> frozenset[str]:
    """The small words of a text, which stems leave out: "before", "all", "should" change what it says."""
    words = frozenset(re.findall(r"[^\W\d_]+", text.casefold()))
    return (words & STOPWORDS) | (words & _HEDGES)


def _kind_of_date(sentence: str, result: str) -> bool:
    """Whether a sentence calls a result's date what the result calls it: the day of publication is not that of a visit."""
    return all(bool(word.search(sentence)) <= bool(word.search(result)) for word in _DATED)


_DATED = [re.compile(rf"\b(?:{w})\b", re.IGNORECASE) for w in (r"publi\w+|released|issued", r"fieldwork|visited|took place", r"embargo\w*")]


def _mixes(items: Sequence[Item]) -> bool:
    """Whether a result has several items of a kind, which a sentence could exchange; "5 of 9" is one."""
    shares = sum("/" in item.value for item in items if item.kind == "number")
    most = {"grade": 1, "date": 1, "number": 1 + 2 * shares}
    return any(len({item.value for item in items if item.kind == kind}) > limit for kind, limit in most.items())


def _without(text: str, items: Sequence[Item]) -> str:
    """The text with blanks for its items, which are compared by value: "five" may stand for "5"."""
    for item in items:
        text = text[: item.start] + " " * (item.end - item.start) + text[item.end :]
    return text


def _within(item: Item, others: Sequence[Item]) -> bool:
    return stands(item, others) or any(item.kind == other.kind == "date" and stands(other, [item]) for other in others)
