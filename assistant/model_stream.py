"""Lets a LangChain chat model write, and stops it at once when nobody reads on. Made by chat_model; used as a ChatModel.

Underneath all is asynchronous, since only a task that waits can be cancelled: one thread of the process runs the event
loop, a call is a task there, and its chunks come over in a queue. Cancelling the task closes the connection, by which the
server notices; so it works before the first token too.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import math
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from assistant.errors import AssistantError, ModelUnavailable
from assistant.model import Chunk, Message
from assistant.model_errors import About, passing, refused
from assistant.model_server import AWAY, ModelServer
from assistant.thinking import Thoughts

log = logging.getLogger(__name__)

BEAT = 0.25
WINDOW = 8192
"""Tokens that a model is taken to read when nobody says."""
_LIMITS = ("max_tokens", "max_output_tokens", "num_predict")
_FOR_THOUGHTS = 4096
"""So many more tokens has a model that always thinks, since its thoughts count as output."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A model that can be asked: LangChain's object, its name there, its server if that is OpenAI-compatible."""

    chat: Any
    model: str
    about: About
    server: ModelServer | None = None
    retries: bool = False
    """Whether LangChain's object tries again by itself what failed in passing."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What else its server is asked for, such as to say how far it has read, so that reading long is not taken for silence."""


class StreamedModel:
    """A ChatModel. ``reach`` is called on first use, may take seconds, and may raise what providers raise."""

    def __init__(self, about: About, reach: Callable[[], Reached], window: int | None = None) -> None:
        self._about, self._reach, self._window = about, reach, window
        self._reached: Reached | None = None
        self._lock = threading.Lock()
        self._without: frozenset[str] = frozenset()
        self._away_until = 0.0

    def __repr__(self) -> str:
        return f"StreamedModel({self._about.name!r})"

    @property
    def name(self) -> str:
        reached = self._reached or (None if self._about.name else self._ready())
        return (reached.about if reached else self._about).name or "the server's first model"

    @property
    def window(self) -> int:
        if self._window is None and (reached := self._ready()):
            server, profile = reached.server, getattr(reached.chat, "profile", None) or {}
            found = server.window(reached.model) if server else profile.get("max_input_tokens")
            if found or not (server and server.away):
                self._window = found or WINDOW
        return self._window or WINDOW

    def count(self, text: str) -> int:
        reached = self._ready()
        counted = reached.server.count(reached.model, text) if reached and reached.server else None
        return math.ceil(len(text) / 3) if counted is None else counted

    def stream(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None, tokens: int = 800
    ) -> Generator[Chunk, None, None]:
        out: SimpleQueue[Chunk | AssistantError | None] = SimpleQueue()
        job = asyncio.run_coroutine_threadsafe(self._pump(list(messages), schema, tokens, out), _loop())
        try:
            while True:
                try:
                    came = out.get(timeout=BEAT)
                except Empty:
                    came = Chunk()
                if came is None:
                    return
                if isinstance(came, AssistantError):
                    raise came
                yield came
        finally:
            job.cancel()

    def _ready(self) -> Reached | None:
        """The model, or None when it is away now, or was a little earlier."""
        if self._reached is None and time.monotonic() < self._away_until:
            return None
        try:
            return self._meet()
        except Exception as error:  # any provider's; the next stream says what it is
            self._away_until = time.monotonic() + AWAY
            log.info("%s", error if isinstance(error, AssistantError) else self._about.explain(error))
            return None

    def _meet(self) -> Reached:
        with self._lock:
            if self._reached is None:
                self._reached = self._reach()
            return self._reached

    async def _pump(self, messages: Sequence[Message], schema: Mapping[str, Any] | None, tokens: int, out: SimpleQueue[Any]) -> None:
        """Puts the chunks, then an error if there is one, then None."""
        about, begun = self._about, False
        try:
            reached = await asyncio.to_thread(self._meet)
            about = reached.about
            async with aclosing(self._written(reached, messages, schema, tokens)) as chunks:
                async for chunk in chunks:
                    begun = begun or bool(chunk.text)
                    out.put(chunk)
        except AssistantError as error:
            out.put(error)
        except Exception as error:  # providers' errors share no base
            out.put(about.explain(error, begun))
        finally:
            out.put(None)

    async def _written(
        self, reached: Reached, messages: Sequence[Message], schema: Mapping[str, Any] | None, tokens: int
    ) -> AsyncGenerator[Chunk, None]:
        thoughts, said, end, used = Thoughts(), False, "", [0, 0]
        first, rest = await self._agreed(reached, messages, schema, tokens)
        async with aclosing(rest):
            message = first
            while message is not None:
                if text := thoughts.feed(_text(message)):
                    said = True
                    yield Chunk(text)
                end = _end(message) or end
                usage = getattr(message, "usage_metadata", None) or {}
                used = [used[0] + (usage.get("input_tokens") or 0), used[1] + (usage.get("output_tokens") or 0)]
                message = await _next(rest, reached.about.timeout)
        if text := thoughts.rest():
            yield Chunk(text)
        elif not said and end in ("length", "max_tokens"):
            raise ModelUnavailable(f"The chat model {self.name} only thought, and its {tokens} tokens were used up before an answer. "
                                   "Raise ASSISTANT_MODEL_TOKENS, or choose a model that thinks less.")  # fmt: skip
        cut = end in ("length", "max_tokens")
        if any(used):
            yield Chunk(tokens_in=used[0], tokens_out=used[1], cut=cut)
        elif cut:
            yield Chunk(cut=True)

    async def _agreed(
        self, reached: Reached, messages: Sequence[Message], schema: Mapping[str, Any] | None, tokens: int
    ) -> tuple[Any, Any]:
        """The first message and the rest of the stream, asked with as much as the model takes.

        What it refuses (the schema, a temperature) is left out, and remembered if the answer then comes.
        """
        without, cause = set(self._without), None
        while True:
            try:
                began = await _begun(lambda: _ask(reached, messages, schema, tokens, without), reached)
            except Exception as error:  # providers' errors share no base
                cause = cause or error
                left_out = _culprit(error, without, schema is not None) if refused(error) else None
                if left_out is None:
                    raise cause from None
                without.add(left_out)
                continue
            if without - self._without:
                log.info("%s takes no %s.", self.name, " and no ".join(sorted(without)))
                self._without |= without
            return began


def _culprit(error: Exception, without: set[str], schema: bool) -> str | None:
    """What to leave out next after a refusal; None when nothing is left."""
    if "temperature" in str(error) and "temperature" not in without:
        return "temperature"
    return "schema" if schema and "schema" not in without else None


def _ask(reached: Reached, messages: Sequence[Message], schema: Mapping[str, Any] | None, tokens: int, without: set[str]) -> Any:
    """LangChain's asynchronous stream. A server is asked in words that all servers know, which LangChain's for OpenAI are not."""
    profile = getattr(reached.chat, "profile", None) or {}
    plain = profile.get("temperature", True)
    change: dict[str, Any] = {} if plain and "temperature" not in without else {"temperature": None}
    turns = [(message.role, message.text) for message in messages]
    if "schema" in without:
        schema = None
    if reached.server:
        body: dict[str, Any] = {"max_tokens": tokens, **reached.extra}
        if schema is not None:
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema), "strict": True}}
        return reached.chat.model_copy(update=change).astream(turns, extra_body=body)
    field = next((name for name in _LIMITS if name in type(reached.chat).model_fields), None)
    if field:
        change[field] = tokens + (0 if plain or not profile.get("reasoning_output") else _FOR_THOUGHTS)
    chat = reached.chat.model_copy(update=change)
    return (_held_to(chat, schema, profile) if schema is not None else chat).astream(turns)


def _held_to(chat: Any, schema: Mapping[str, Any], profile: Mapping[str, Any]) -> Any:
    """The model held to a schema, without the parser behind it, so that the text streams. Raises NotImplementedError."""
    titled = {"title": "answer", "description": "The answer.", **schema}
    chain = chat.with_structured_output(titled, **({"method": "json_schema"} if profile.get("structured_output") else {}))
    held = getattr(chain, "first", None)
    if held is None:
        raise NotImplementedError("structured output")
    return held


async def _begun(ask: Callable[[], Any], reached: Reached) -> tuple[Any, Any]:
    """The first message and the rest; what fails in passing is tried three times, if the provider's own code does not."""
    tries = AsyncRetrying(
        stop=stop_after_attempt(1 if reached.retries else 3), wait=wait_exponential_jitter(0.5, 8),
        retry=retry_if_exception(passing), reraise=True,
    )  # fmt: skip

    async def once() -> tuple[Any, Any]:
        stream = ask()
        return await _next(stream, reached.about.timeout), stream

    return await tries(once)


async def _next(stream: Any, timeout: float) -> Any:
    """The next message, None at the end. Raises TimeoutError."""
    async with asyncio.timeout(timeout):
        return await anext(stream, None)


def _text(message: Any) -> str:
    """The words of a message chunk: neither what was thought nor who said it; the arguments where a tool carries the schema."""
    return str(message.text) or "".join(call.get("args") or "" for call in getattr(message, "tool_call_chunks", ()))


def _end(message: Any) -> str:
    told = message.response_metadata
    return str(told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason") or "")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop, in a thread that ends with the process. One for all models, since LangChain shares their connections."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat models", daemon=True).start()
    atexit.register(lambda: asyncio.run_coroutine_threadsafe(_stopped(), loop).result())
    return loop


async def _stopped() -> None:
    """Stops all that is being written, which a model in this process would finish first."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=2)
