"""What went wrong with a chat model, as a sentence. Takes any provider's exception; gives ModelUnavailable to chat_model.

Providers' exceptions share no base, so they are told apart by status, by LangChain's own classes, and by their names. What
a provider says is shown only without keys, and after a refused key not at all: some repeat it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.errors import ModelUnavailable

_KEY_LIKE = re.compile(r"\b(?:sk|pk|gsk|xai|AIza|hf|Bearer|Basic)[-_ ][\w.=+/*-]{6,}|\bAIza[\w-]{10,}")
_TOO_LONG = re.compile(
    r"context.{0,20}(size|length|window|limit|exceed)|exceed.{0,40}context|prompt is too long|too many (input )?tokens|maximum context",
    re.IGNORECASE,
)
_UNREACHED = re.compile(r"Connect(ion)?(Error|Timeout|Refused)|RemoteProtocol|ReadError|WriteError")


@dataclass(frozen=True, slots=True)
class About:
    """The model that the sentences are about. ``name`` is "" while only its server is known, and ``where`` for a provider.

    Without the setting ``unset``, answers are quotes.
    """

    name: str
    where: str
    unset: str = "ASSISTANT_MODEL"
    key_from: str = "ASSISTANT_MODEL_KEY"
    timeout: float = 120
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def explain(self, error: BaseException, begun: bool = False) -> ModelUnavailable:
        """The sentence for an error; ``begun`` when a part of the answer had come."""
        return ModelUnavailable(self._sentence(error, begun))

    def _sentence(self, error: BaseException, begun: bool) -> str:
        number = status(error)
        where = f"{'at' if '://' in self.where else 'on'} {self.where}" if self.where else ""
        model = " ".join(filter(None, ("The chat model", self.name, where)))
        if too_long(error):
            return f"The question with its passages is too long for t{model[1:]}. Set ASSISTANT_MODEL_WINDOW to what it reads."
        if timed_out(error):
            return f"{model} sent nothing for {self.timeout:g} seconds. Try again, or raise ASSISTANT_MODEL_TIMEOUT."
        if number in (401, 403):
            return f"{model} refused the key ({number}). Check {self.key_from}."
        if number == 404:
            named = " and ".join(dict.fromkeys(("ASSISTANT_MODEL", self.unset)))
            return f"{model} was not found ({self.said(error)}). Check {named}."
        if number == 429:
            return f"{model} refuses for now, too much was asked of it ({self.said(error)}). Try again later, or check its quota."
        if number is not None and number >= 500:
            return f"{model} failed ({number}: {self.said(error)}). Try again; if it goes on, look at the server."
        if unreached(error) and begun:
            return f"{model} broke off in the middle of its answer. Ask again."
        if unreached(error):
            return f"{model} does not answer. {'Start it' if self.where else 'Check the network'}, or unset {self.unset} to get quotes."
        return f"{model} failed: {self.said(error)}. Check its settings, or unset {self.unset} to get quotes."

    def said(self, error: BaseException) -> str:
        """The first line of what the provider says, at most 200 characters, without anything like a key."""
        body = getattr(error, "body", None)
        told = body.get("message") if isinstance(body, dict) else None
        text = str(told or error).strip() or type(error).__name__
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return _KEY_LIKE.sub("…", text.splitlines()[0])[:200].rstrip(" .")


def status(error: BaseException) -> int | None:
    """The HTTP status that an exception carries, if any."""
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code", "http_status", "status"):
            found = getattr(holder, name, None)
            if isinstance(found, int) and 100 <= found < 600:
                return int(found)
    return None


def too_long(error: BaseException) -> bool:
    """Whether the messages are longer than the model reads."""
    return _named(error, "ContextOverflow") or (status(error) in (None, 400, 413, 500) and bool(_TOO_LONG.search(str(error))))


def timed_out(error: BaseException) -> bool:
    """Whether it was waited for too long."""
    return isinstance(error, TimeoutError) or (_named(error, "Timeout") and not _named(error, "ConnectTimeout"))


def unreached(error: BaseException) -> bool:
    """Whether the connection did not come about or broke."""
    return not timed_out(error) and (isinstance(error, OSError) or any(_UNREACHED.search(each.__name__) for each in type(error).__mro__))


def passing(error: BaseException) -> bool:
    """Whether the same request may succeed a little later."""
    return not too_long(error) and (status(error) in (408, 409, 429, 500, 502, 503, 504, 529) or unreached(error))


def refused(error: BaseException) -> bool:
    """Whether something in the request is not supported, so that a plainer one may be taken."""
    if too_long(error) or timed_out(error):
        return False
    number = status(error)
    return number in (400, 415, 422, 500, 501) if number else isinstance(error, (NotImplementedError, ValueError, TypeError))


def _named(error: BaseException, part: str) -> bool:
    return any(part in each.__name__ for each in type(error).__mro__)
