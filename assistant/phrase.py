"""Lets a chat model put a looked-up or counted result into a sentence. It phrases; it does not count.

Takes the catalogue's Answer; gives its pieces with the first line in the model's words, or as it was when those say more,
less or anything else.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from assistant import prompts
from assistant.agreement import says_the_same
from assistant.asking import Asking
from assistant.errors import ModelUnavailable
from assistant.model import ChatModel
from assistant.statements import bare
from assistant.types import Answer, Stated
from assistant.vocabulary import Vocabulary

_TOKENS = 120
_WITHIN = 30.0
"""Seconds after which the result is shown as it is: the model only makes it read more easily."""
_MARKS = re.compile(r"(?:\s*\[\d+\])+")


def phrased(model: ChatModel, question: str, answer: Answer, vocabulary: Vocabulary, asking: Asking) -> Generator[Answer, None, Answer]:
    """Yields pieces without text while the model is at work; returns the answer, its lead in other words or its own."""
    head, marks, tail = _apart(answer.text)
    if not head:
        return answer
    asking.part, text = "lead", ""
    try:
        with closing(asking.ask(model, prompts.phrasing(question, head.rstrip(":")), _TOKENS, within=_WITHIN)) as texts:
            for piece in texts:
                text += piece
                yield Answer("", answer.status, stage=f"{model.name} phrases the result…")
    except ModelUnavailable as error:
        asking.part, asking.note = "nothing", f"The result is in the catalogue's own words. {error}"
        return answer
    sentence = bare(text)
    if asking.cut or not says_the_same(sentence, head, question, vocabulary):
        asking.part, asking.statements = "nothing", (Stated(sentence, "removed", ("differs from the result",)),)
        return answer
    asking.statements = (Stated(sentence, "kept"),)
    ending = sentence.rstrip(".: ") + (":" if head.endswith(":") else ".")
    return replace(answer, text=f"{ending}{marks}{tail}")


def _apart(text: str) -> tuple[str, str, str]:
    """The first line without its citations, those, and the rest; an empty line where several results stand side by side."""
    line, newline, rest = text.partition("\n")
    if rest.strip() and not line.rstrip().endswith(":") and "[" in line:
        return "", "", text
    found = _MARKS.search(line)
    marks = found[0] if found else ""
    return _MARKS.sub("", line).strip(), marks, newline + rest
