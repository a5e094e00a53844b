"""Follow-ups to a list or count: "How many?", "And Inadequate?", "And for care leavers?", completed to whole questions.

Takes what was typed, and how the question before was read; gives the complete question to pipeline.
"""

from __future__ import annotations

import re

from assistant.counting import Counting
from assistant.vocabulary import Vocabulary
from corpus.wording import phrase


def continued(vocabulary: Vocabulary, question: str, before: Counting, asked: str) -> str:
    """A follow-up to a question of this kind, completed ("How many?", "And Inadequate?"); "" when it is none.

    ``before`` and ``asked`` are how the question before was read, and its words. Years alone are understand's matter.
    """
    bare = re.sub(r"^(?:and|but|so|ok(?:ay)?|then)\b[\s,]*", "", question.strip(), flags=re.IGNORECASE).rstrip(" ?")
    head = vocabulary.asks.search(asked)
    head = head if head and head["ask"] else None
    if head and re.fullmatch(r"(?:how many|what number)(?: (?:are|were|is) (?:there|they|those|that|it))?", bare, re.IGNORECASE):
        return asked[: head.start("ask")] + "How many" + asked[head.end("ask") :]
    if head and re.fullmatch(
        r"(?:which|what)(?: (?:ones|are they|were they|services|reports))?|list them|show them|name them", bare, re.IGNORECASE
    ):
        return asked[: head.start("ask")] + "Which" + asked[head.end("ask") :]
    of = re.sub(
        r"^(?:(?:what|how) about|just|only|for|on|in)\s+",
        "",
        re.sub(r"^(?:what|how) about\s+", "", bare, flags=re.IGNORECASE),
        flags=re.IGNORECASE,
    )
    if any(re.fullmatch(phrase(wording), of, re.IGNORECASE) for wording, _ in vocabulary.subjects):
        return _of_subject(vocabulary, asked, of)
    grade = next(
        (
            g
            for wording, g in vocabulary.grades
            if re.fullmatch(rf"(?:what about\s+|how about\s+)?(?:the\s+)?{phrase(wording)}(?: ones)?", bare, re.IGNORECASE)
        ),
        "",
    )
    if grade and before.choice.grades:
        return _replaced(vocabulary, asked, grade)
    return ""


def _replaced(vocabulary: Vocabulary, asked: str, grade: str) -> str:
    for wording, _ in vocabulary.grades:
        if match := re.search(phrase(wording), asked, re.IGNORECASE):
            return asked[: match.start()] + grade + asked[match.end() :]
    return ""


def _of_subject(vocabulary: Vocabulary, asked: str, subject: str) -> str:
    """The question before, asked of another thing that is judged."""
    names, places = vocabulary.subject_of(asked, [])
    if names and places:
        return asked[: places[0][0]] + subject + asked[places[0][1] :]
    return f"{re.sub(r'(?: overall| for overall effectiveness)', '', asked).rstrip(' ?')} for {subject}?"
