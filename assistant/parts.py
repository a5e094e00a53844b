"""A statement in parts, each of which has to be supported by itself. Takes a statement; gives Parts to verify."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.grounds import stems
from assistant.items import Item, items_of
from assistant.named import Name, names_of
from index.embed import Embedder

_PART = 4
"""A part of a statement has at least so many words that say something."""
_JOINT = re.compile(
    r";\s+|,\s+(?=[\w,.%]+\s+of\s+(?:whom|which|them|these)\b)|"
    r",\s+(?:and|but|while|whereas|although|though|which|who|where|with|yet|so|as|because(?!\s+of)|of\s+whom|of\s+which|whose)\s+|"
    r",?\s+(?:but|while|whereas|although|because(?!\s+of)|so\s+that|means\s+that|meaning\s+that)\s+|"
    r"(?<=[a-z)][.!?])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMrs\.)\s+(?=[A-Z])"
)
_VERB = re.compile(r"\b(?:was|were|is|are|had|has|have|did|does|do|can|received|made|took|led|found|saw|gave|held|remains?|became|gets?)\b")
_SAYS = re.compile(r"(?:\S+\s+){1,5}?(?:found|said|says|judged|noted|told\s+\w+|concluded|reported)\s+that\s", re.IGNORECASE)
_AND = re.compile(rf"(?<!-)\s+and\s+(?![A-Z])(?=(?:\S+\s+){{0,5}}?(?:{_VERB.pattern}|\b\w{{3,}}ed\b))")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a statement that has to be supported by itself."""

    text: str
    statement: str
    """The whole, of which it is a part."""
    alone: bool
    """Whether it is all of it."""
    stems: frozenset[str]
    items: tuple[Item, ...]
    beside: tuple[Item, ...]
    """Those of the whole statement."""
    names: tuple[Name, ...]
    bare: frozenset[str]
    """Its stems without those of figures, dates and names."""
    rows: NDArray[np.float32]
    """Unit vectors of the text as it is, and without dates and names, which headers have."""


def parts_of(statement: str, embedder: Embedder, grades: Sequence[str], known: frozenset[str]) -> list[Part]:
    """``grades`` are wordings of grades, ``known`` words of services' names, folded."""
    texts = _split(re.sub(r"\s+", " ", re.sub(r"\[\d{1,3}\]", "", statement)).strip())
    items = [tuple(items_of(text, grades)) for text in texts]
    names = [tuple(names_of(text, known)) for text in texts]
    plain = [
        _without(text, [*(i for i in found if i.kind == "date"), *called]) for text, found, called in zip(texts, items, names, strict=True)
    ]
    bare = [stems(_without(text, [*found, *called])) for text, found, called in zip(texts, items, names, strict=True)]
    rows = embedder.embed([*texts, *plain])
    return [
        Part(
            text,
            statement,
            len(texts) == 1,
            stems(text),
            items[at],
            tuple(i for found in items for i in found),
            names[at],
            bare[at],
            np.stack([rows[at], rows[at + len(texts)]]),
        )
        for at, text in enumerate(texts)
    ]


def _without(text: str, places: Sequence[Item | Name]) -> str:
    for place in sorted(places, key=lambda place: -place.start):
        text = f"{text[: place.start]} {text[place.end :]}"
    return re.sub(r"\s+", " ", text).strip() or text


def _split(statement: str) -> list[str]:
    """The parts of a statement, each with something to say; one that says too little stays with its neighbour."""
    pieces = [piece for rough in _JOINT.split(statement) for piece in _by_and(rough) if piece and piece.strip()]
    parts: list[str] = []
    for piece in pieces:
        if parts and not re.search(r"[.!?]$", parts[-1]) and (len(stems(piece)) < _PART or len(stems(parts[-1])) < _PART):
            parts[-1] = f"{parts[-1]} and {piece}"
        else:
            parts.append(piece)
    return parts or [statement]


def _by_and(text: str) -> list[str]:
    """Halves of a sentence that each have a verb."""
    said = match.end() if (match := _SAYS.match(text)) else 0
    for match in _AND.finditer(text):
        if _VERB.search(text[said : match.start()]):
            return [text[: match.start()], *_by_and(text[match.end() :])]
    return [text]
