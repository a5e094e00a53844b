"""The command ``assistant model``. Takes a ChatModel; gives lines that say what it is and whether it answers, to cli."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.address import Address
from assistant.model import ChatModel, Message

NONE_SET = (
    "No chat model is set, so answers are quotes. Set ASSISTANT_MODEL, such as openai:gpt-5, ollama:llama3.2 or "
    "local:/path/to/file.gguf, or ASSISTANT_MODEL_URL for a server."
)
_SENTENCE = "Say in one short sentence what an inspection report is."
_SCHEMA = {
    "type": "object", "properties": {"written": {"type": "boolean"}, "pages": {"enum": ["few", "many"]}},
    "required": ["written", "pages"], "additionalProperties": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tried:
    """One answer: ``first`` and ``whole`` in seconds; no tokens where the provider does not tell them."""

    text: str
    first: float
    whole: float
    tokens_in: int | None
    tokens_out: int | None

    @property
    def figures(self) -> str:
        tokens = f", {self.tokens_in} tokens read, {self.tokens_out} written" if self.tokens_out is not None else ""
        return f"first word after {self.first:.1f} s, all after {self.whole:.1f} s{tokens}"


def lines(model: ChatModel, url: str | None, tokens: int = 800) -> Iterator[str]:
    """What there is to say, as it becomes known; ``url`` and ``tokens`` are the settings. Raises ModelUnavailable."""
    yield f"{model.name} at {Address.of(url).url}" if url else model.name
    plain = _tried(model, tokens)
    yield f"window {model.window} tokens"
    yield f"asked: {_SENTENCE}\nanswered: {plain.text.strip() or '(nothing)'}\n    {plain.figures}"
    held = _tried(model, tokens, _SCHEMA)
    yield f"structured output {'works' if _fits(held.text) else 'does not work; answers are asked for without it'}\n    {held.figures}"


def _tried(model: ChatModel, limit: int, schema: Mapping[str, Any] | None = None) -> _Tried:
    began, first, text = time.monotonic(), 0.0, ""
    tokens: tuple[int | None, int | None] = (None, None)
    for chunk in model.stream([Message("user", _SENTENCE)], schema=schema, tokens=limit):
        first = first or (time.monotonic() - began if chunk.text else 0.0)
        text += chunk.text
        if chunk.tokens_out is not None:
            tokens = chunk.tokens_in, chunk.tokens_out
    return _Tried(text, first, time.monotonic() - began, *tokens)


def _fits(text: str) -> bool:
    """Whether the text has the shape that was asked for, which the question itself says nothing about."""
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and set(found) == {"written", "pages"}
