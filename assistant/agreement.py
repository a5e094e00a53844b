"""Whether a chat model's words agree with the catalogue: the judgements it holds, and the results it has looked up or counted.

Takes statements and facts; gives Problems to write, and to phrase whether a sentence says a result and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounds import stems
from assistant.items import Item, items_of, stands
from assistant.named import has, names_of
from assistant.verify import Problem
from assistant.vocabulary import Vocabulary
from assistant.tone import denied, lacking
from corpus.types import Fact

_BEFORE = re.compile(
    r"\b(?:previous\w*|former\w*|earlier|then|last|past|prior|since|had been|used to|from|compared|will|should|next)\b", re.IGNORECASE
)
"""A statement with one of these may speak of another inspection than the document's own."""
_FREE = stems(
    "the result answer question report reports reported inspection inspections inspected inspector inspectors service services published "
    "publication date was were is are had has have by of for in on there total led lead leader rated judged graded grade rating received "
    "given got judgement judgements effectiveness yes according shows it its their this that these those following includes include and"
)
"""Stems that a sentence for a result may add: they tell nothing by themselves."""


def against(statement: str, facts: Sequence[Fact], vocabulary: Vocabulary) -> Problem | None:
    """The grade that a statement gives to what the document's own judgements grade otherwise; None when there is none."""
    grades = [item for item in items_of(statement, [wording for wording, _ in vocabulary.grades]) if item.kind == "grade"]
    if len({item.value for item in grades}) != 1 or _BEFORE.search(statement):
        return None
    said = statement[grades[0].start : grades[0].end]
    names, _ = vocabulary.subject_of(statement, [(item.start, item.end) for item in grades])
    fact = _judgement(facts, names, statement)
    known = {re.sub(r"\W+", " ", wording).casefold(): grade for wording, grade in vocabulary.grades}
    grade = known.get(re.sub(r"\W+", " ", said).casefold())
    if fact is None or grade is None or grade == fact.value or grade not in fact.scale:
        return None
    return Problem("grade", f"{said} (the judgement is {fact.value})")


def _judgement(facts: Sequence[Fact], names: Sequence[str], statement: str) -> Fact | None:
    if names:
        return next((fact for fact in facts if fact.field == "judgement" and fact.subject in names), None)
    overall = re.search(r"\boverall\b", statement, re.IGNORECASE)
    return next((fact for fact in facts if fact.field == "overall"), None) if overall else None


def says_the_same(sentence: str, result: str, question: str, vocabulary: Vocabulary) -> bool:
    """Whether a sentence says a result: each of its numbers, dates, grades and names, denied as there, and nothing else."""
    grades = [wording for wording, _ in vocabulary.grades]
    told, meant = _told(sentence, grades), _told(result, grades)
    asked = _told(question, grades)
    if _mixes(meant):
        return False
    if not all(_within(item, told) for item in meant) or not all(_within(item, meant) for item in told if item.kind != "date"):
        return False
    if not all(_within(item, meant) or _within(item, asked) for item in told if item.kind == "date"):
        return False
    if not all(has(sentence, name) for name in names_of(result)):
        return False
    if not all(has(f"{result}\n{question}", name) for name in names_of(sentence)):
        return False
    if lacking(sentence) != lacking(result) or denied(sentence) - denied(result):
        return False
    return stems(_without(sentence, told)) <= stems(result) | stems(question) | _FREE


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


def _told(text: str, grades: Sequence[str]) -> list[Item]:
    return items_of(text, grades)


def _within(item: Item, others: Sequence[Item]) -> bool:
    return stands(item, others) or any(item.kind == other.kind == "date" and stands(other, [item]) for other in others)
