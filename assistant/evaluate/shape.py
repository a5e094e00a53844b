"""What a run is made of, so that a damaged or foreign file is known before anything is read from it. Used by runner."""

from __future__ import annotations

from typing import Any, NotRequired

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict


class _Set(TypedDict):
    name: str
    sha256: str
    questions: int
    asked: int
    limit: int | None


class _Library(TypedDict):
    fingerprint: str
    documents: int
    embedder: str


class _Hit(TypedDict):
    document: str
    page: int
    text: str


class _Citation(TypedDict):
    number: int
    document: str
    title: str
    page: int
    quote: str
    valid: bool


class _Question(TypedDict):
    id: str
    kind: str
    question: str
    conversation: str
    understood: str | None
    answer: str | float | list[str] | None
    documents: list[str]
    pages: list[int]
    alternatives: NotRequired[list[str]]
    evidence: NotRequired[list[dict[str, Any]]]
    status: str
    text: str
    hits: list[_Hit]
    citations: list[_Citation]
    coverage: dict[str, Any] | None
    scores: dict[str, float]


class _Figure(TypedDict):
    value: float
    n: int
    low: float
    high: float


class _Summary(TypedDict):
    overall: NotRequired[dict[str, _Figure]]
    kinds: NotRequired[dict[str, dict[str, _Figure]]]


class _Run(TypedDict):
    """The keys that readers of a run rely on; docs/evaluation.md says what they hold."""

    set: _Set
    library: _Library
    settings: dict[str, Any]
    versions: dict[str, str]
    not_in_library: list[str]
    started: str
    finished: str | None
    summary: _Summary
    questions: list[_Question]


_FORM = TypeAdapter(_Run)


def sound(run: object) -> bool:
    """Whether a value has the form of a run; of a finished one, its figures too."""
    try:
        found = _FORM.validate_python(run)
    except ValidationError:
        return False
    right = all("answer_correct" in question["scores"] for question in found["questions"])
    figures = not found["finished"] or "answer_correct" in found["summary"].get("overall", {})
    return right and figures
