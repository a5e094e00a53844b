"""Lets a chat model complete a follow-up question, where rules did too: theirs says which service and time are meant.

Takes a question with its history; gives an Understood whose question is the model's, or the one that there was.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant import prompts
from assistant.asking import Asking
from assistant.errors import ModelUnavailable
from assistant.grounds import stems
from assistant.items import items_of, stands
from assistant.model import ChatModel
from assistant.named import has, names_of
from assistant.statements import bare
from assistant.tone import denied
from assistant.types import Answer, Understood
from assistant.understand import Reader

_ASKING = stems("what which how did do does was were inspectors inspection report reports find found say said about tell")
"""Stems that any question may have."""
_TURNS = 3
_TOKENS = 100
_WITHIN = 20.0
_LONGEST = 400
_ANSWER = 300
"""So many characters of an earlier answer are shown to the model."""


def rewritten(
    model: ChatModel, understood: Understood, history: Sequence[Answer], reader: Reader, asking: Asking
) -> Generator[Answer, None, Understood]:
    """Yields pieces without text while the model is at work; returns what is understood then.

    The model's question counts only if it means the same documents as the rules' one, keeps what was asked, and brings
    no figure, date or name that was not in the conversation.
    """
    if not history or understood.question == understood.asked:
        return understood
    before = [(one.understood.question if one.understood else "", one.text[:_ANSWER]) for one in history[-_TURNS:]]
    text = ""
    try:
        with closing(asking.ask(model, prompts.rewriting(understood.asked, before), _TOKENS, within=_WITHIN)) as texts:
            for piece in texts:
                text += piece
                yield Answer("", "answered", stage=f"{model.name} completes the question…")
    except ModelUnavailable:
        return understood  # writing will meet the same, and say so
    question = bare(text)
    found = reader.understand(question)
    if asking.cut or not _keeps(question, understood, [*found.named, *(text for turn in before for text in turn)]):
        return understood
    same = (found.services, found.documents, found.since, found.until) == (
        understood.services, understood.documents, understood.since, understood.until,
    )  # fmt: skip
    return replace(understood, question=question, named=found.named, others=found.others) if same else understood


def _keeps(question: str, understood: Understood, texts: Sequence[str]) -> bool:
    """Whether a rewritten question asks for what was asked, and for nothing that neither it nor these texts named."""
    if not question.endswith("?") or len(question) > _LONGEST:
        return False
    known = "\n".join([understood.asked, understood.question, *texts])
    if not all(stands(item, items_of(known)) for item in items_of(question)):
        return False
    if not all(has(known, name) for name in names_of(question)):
        return False
    if denied(question) != denied(understood.question) or not stems(question) <= stems(known) | _ASKING:
        return False
    return stems(understood.asked) <= stems(question) | stems(" ".join(understood.named))
