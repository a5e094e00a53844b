"""What a chat model is to the rest: messages in, pieces of text out. The vocabulary only; chat_model makes real ones."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what the model is given."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of what the model writes; an empty one only says that it is still at work.

    ``tokens_in`` and ``tokens_out`` are totals of the whole call, thoughts included, in the last chunk, where the provider
    tells them; ``cut`` there says that the text ended because its tokens were used up.
    """

    text: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    cut: bool = False


class ChatModel(Protocol):
    """Anything that writes. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """Fit to show: no key, no credentials."""
        ...

    @property
    def window(self) -> int:
        """Tokens that it reads at once, messages and answer together."""
        ...

    def count(self, text: str) -> int:
        """Tokens of the text: by the model's own tokenizer where it can be asked, else a cautious estimate."""
        ...

    def stream(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None, tokens: int = 800
    ) -> Generator[Chunk, None, None]:
        """The text as it comes, at most ``tokens`` long, and an empty chunk about every quarter of a second in between.

        Closing the iterator stops the model at once, also before the first token. With ``schema`` (a JSON schema whose
        objects list every property as required and allow no others) the text is JSON of that shape where the model can
        be held to it, else whatever the messages make it write. What a model thinks is no part of the text.
        Raises ModelUnavailable.
        """
        ...
