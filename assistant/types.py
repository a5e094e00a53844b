"""What is asked and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

AnswerStatus = Literal["answered", "partial", "not_found"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered pointer from an answer to where it stands: ``page.text[start:end] == quote``, verbatim.

    ``number`` counts from 1 within the answer; ``page`` is 1-based; ``start`` and ``end`` are offsets into that page's
    text, end exclusive. ``document`` is the file's name, ``document_id`` its identity in the library.
    """

    number: int
    document: str
    document_id: str
    title: str
    page: int
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a piece of one: pieces are streamed and add up (``piece + piece``) to the whole.

    ``text`` is Markdown-free plain text in which ``[1]`` points to the citation numbered 1. A refusal is an answer
    with ``status="not_found"`` and no citations. ``coverage`` is for answers counted over the library (None otherwise).
    ``ms`` are milliseconds by stage; ``total`` is always among them once the answer is whole.
    """

    text: str
    status: AnswerStatus
    citations: tuple[Citation, ...] = ()
    coverage: dict[str, object] | None = None
    ms: dict[str, float] = field(default_factory=dict)

    def __add__(self, other: Answer) -> Answer:
        """The two pieces as one: texts joined, citations appended, the later status and timings kept."""
        return Answer(
            text=self.text + other.text,
            status=other.status,
            citations=self.citations + other.citations,
            coverage=other.coverage or self.coverage,
            ms={**self.ms, **other.ms},
        )
