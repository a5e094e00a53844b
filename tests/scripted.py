"""A chat model that writes what a test tells it to. ``script`` holds one text, or an error, for each call; the last is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from assistant.model import Chunk, Message

Script = str | Exception | Callable[[Sequence[Message]], str]


class Scripted:
    """``asked`` are the messages of each call; ``closed`` counts calls that were left before their end."""

    def __init__(self, *script: Script, window: int = 8192, name: str = "scripted", thoughts: int = 0) -> None:
        """``thoughts`` are tokens that are counted besides those of the text."""
        self.thoughts = thoughts
        self.script: list[Script] = list(script)
        self.window, self.name = window, name
        self.asked: list[list[Message]] = []
        self.closed = 0

    def count(self, text: str) -> int:
        return len(text) // 4

    def stream(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None, tokens: int = 800
    ) -> Generator[Chunk, None, None]:
        self.asked.append(list(messages))
        words = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(words, Exception):
            raise words
        text = words(messages) if callable(words) else words
        try:
            yield Chunk()
            for start in range(0, len(text), 9):
                if text[start] == "\0":
                    raise text_error(text[start:])
                yield Chunk(text[start : start + 9])
            yield Chunk(tokens_in=100, tokens_out=self.thoughts + len(text) // 4, cut=len(text) // 4 >= tokens)
        except GeneratorExit:
            self.closed += 1
            raise


def text_error(text: str) -> Exception:
    from assistant.errors import ModelUnavailable

    return ModelUnavailable(text.strip("\0 "))


def said(*statements: tuple[str, Sequence[int]], missing: str = "") -> str:
    """An answer of the shape that was asked for."""
    return json.dumps({"statements": [{"text": text, "cites": list(cites)} for text, cites in statements], "missing": missing})
