"""Which questions are asked, and which of them together. Takes Questions; gives runner conversations and samples."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluate.questions import Question


def units(questions: Sequence[Question]) -> list[tuple[Question, ...]]:
    """What is asked together: whole conversations, and questions of their own, in order of first appearance."""
    grouped: dict[tuple[str, str], list[Question]] = {}
    for question in questions:
        key = ("chat", question.conversation) if question.conversation else ("one", question.id)
        grouped.setdefault(key, []).append(question)
    return [tuple(group) for group in grouped.values()]


def spread(questions: Sequence[Question], limit: int | None) -> list[Question]:
    """About ``limit`` questions, as many of each kind as can be and from all over the file; whole conversations only.

    Never more than ``limit``, unless the first conversation alone is longer.
    """
    if limit is None or limit >= len(questions):
        return list(questions)
    kinds: dict[str, list[tuple[Question, ...]]] = {}
    for unit in units(questions):
        kinds.setdefault(unit[0].kind, []).append(unit)
    queues = [_far_apart(group) for group in kinds.values()]
    taken: set[str] = set()
    while any(queues):
        for queue in queues:
            unit = queue.pop(0) if queue else ()
            if unit and (not taken or len(taken) + len(unit) <= limit):
                taken.update(question.id for question in unit)
    return [question for question in questions if question.id in taken]


def _far_apart(group: list[tuple[Question, ...]]) -> list[tuple[Question, ...]]:
    """Reordered so that any first few come from all over: by the index with its bits reversed (van der Corput)."""
    width = max(1, (len(group) - 1).bit_length())
    order = sorted(range(len(group)), key=lambda i: int(f"{i:0{width}b}"[::-1], 2))
    return [group[i] for i in order]
