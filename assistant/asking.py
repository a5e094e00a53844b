"""Asks a chat model on behalf of one answer, and keeps what that cost. Takes Messages; gives text as it comes, and a Written."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal

from assistant.model import ChatModel, Chunk, Message
from assistant.types import Stated, Written

_LONG = 8
"""A text of more characters than this for each token that was allowed has no end: a server that knows no limit."""


@dataclass
class Asking:
    """One answer's dealings with a model; ``started`` is when the question came, by the clock of performance."""

    started: float
    part: Literal["statements", "lead", "nothing"] = "nothing"
    note: str = ""
    statements: tuple[Stated, ...] = ()
    offered: int = 0
    calls: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_ms: float | None = None
    ms: float = 0.0
    cut: bool = False
    """Whether the last call ended because its tokens were used up."""

    def ask(
        self, model: ChatModel, messages: Sequence[Message], tokens: int, schema: Mapping[str, Any] | None = None,
        *, within: float | None = None,
    ) -> Generator[str, None, None]:  # fmt: skip
        """The text as it comes, "" meanwhile; closing it stops the model. Ends early after ``within`` seconds, ``cut`` then.

        Raises ModelUnavailable.
        """
        began, length = time.perf_counter(), 0
        self.calls, self.cut = self.calls + 1, False
        try:
            with closing(model.stream(messages, schema=schema, tokens=tokens)) as chunks:
                for chunk in chunks:
                    if chunk.text and self.first_ms is None:
                        self.first_ms = _ms(self.started)
                    self._count(chunk)
                    length += len(chunk.text)
                    yield chunk.text
                    if length > _LONG * tokens or (within is not None and time.perf_counter() - began > within):
                        self.cut = True
                        return
        finally:
            self.ms += _ms(began)

    def _count(self, chunk: Chunk) -> None:
        if chunk.tokens_in is not None:
            self.tokens_in = (self.tokens_in or 0) + chunk.tokens_in
        if chunk.tokens_out is not None:
            self.tokens_out = (self.tokens_out or 0) + chunk.tokens_out
        self.cut = self.cut or chunk.cut

    def record(self, model: ChatModel) -> Written:
        """What is kept of it with the answer."""
        return Written(
            model.name, self.part, self.note, self.statements, self.offered, self.calls, self.tokens_in, self.tokens_out,
            self.first_ms, round(self.ms, 1),
        )  # fmt: skip


def _ms(since: float) -> float:
    return round((time.perf_counter() - since) * 1000, 1)
