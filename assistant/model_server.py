"""Asks an OpenAI-compatible server about itself: its models, its window, its tokens. The only module that imports httpx.

Used by chat_model. What a server does not offer is asked once; one that is away is left alone for a while.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import httpx

from assistant.address import Address

AWAY = 30.0
"""Seconds before a server that was away is asked about itself again."""
_LENGTHS = ("max_model_len", "context_length", "context_window", "max_context_length")
"""What servers call a model's window in their list of models: vLLM, OpenRouter, Groq, Mistral."""


class ModelServer:
    """llama.cpp, vLLM, LM Studio or their like. Safe to use from several threads."""

    def __init__(self, address: Address, headers: Mapping[str, str]) -> None:
        self.address = address
        timeout = httpx.Timeout(10.0, connect=2.0)
        self._http = httpx.Client(headers=dict(headers), timeout=timeout, trust_env=not address.here)
        self._away_until = 0.0
        self._tokenizes = True
        self._counted = lru_cache(8192)(self._ask_count)

    def models(self) -> list[dict[str, Any]]:
        """As the server lists them, the first one first. Raises httpx.HTTPError, which model_errors understands."""
        answer = self._http.get(f"{self.address.url}/models")
        answer.raise_for_status()
        return _listed(answer)

    @cached_property
    def slot(self) -> int | None:
        """Tokens that llama.cpp reads at once; None from another server. Raises httpx.HTTPError while the server is away."""
        props = _read(self._http.get(f"{self.address.root}/props"))
        return _number(props.get("default_generation_settings"), "n_ctx") if isinstance(props, dict) else None

    def window(self, model: str) -> int | None:
        """Tokens that the server reads at once; None when it does not say."""
        if self.away:
            return None
        try:
            return self.slot or self._length(f"{self.address.url}/models", model, _LENGTHS) or self._length(
                f"{self.address.root}/api/v0/models", model, ("loaded_context_length",)  # LM Studio
            )  # fmt: skip
        except httpx.HTTPError:
            self._away_until = time.monotonic() + AWAY
            return None

    def _length(self, url: str, model: str, names: tuple[str, ...]) -> int | None:
        entry = next((each for each in _listed(self._http.get(url)) if each["id"] == model), None)
        return next((found for name in names if (found := _number(entry, name))), None)

    def count(self, model: str, text: str) -> int | None:
        """Tokens of a text; None when the server does not count."""
        if not text:
            return 0
        if not self._tokenizes or self.away:
            return None
        try:
            return self._counted(model, text)
        except httpx.HTTPError:
            self._away_until = time.monotonic() + AWAY
        except LookupError:
            self._tokenizes = False
        return None

    def _ask_count(self, model: str, text: str) -> int:
        """Raises LookupError when the server has no ``/tokenize`` that llama.cpp or vLLM would have."""
        wanted = {"model": model, "content": text, "prompt": text, "add_special": False, "add_special_tokens": False}
        found = _read(self._http.post(f"{self.address.root}/tokenize", json=wanted))
        tokens = found.get("tokens") if isinstance(found, dict) else None
        if not isinstance(tokens, list):
            raise LookupError("tokens")
        return len(tokens)

    @property
    def away(self) -> bool:
        return time.monotonic() < self._away_until


def _listed(answer: httpx.Response) -> list[dict[str, Any]]:
    found = _read(answer)
    listed = found.get("data") if isinstance(found, dict) else found
    return [each for each in listed if isinstance(each, dict) and each.get("id")] if isinstance(listed, list) else []


def _read(answer: httpx.Response) -> Any:
    """The JSON of a good answer, else None. Raises httpx.HTTPStatusError while the server loads its model."""
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        answer.raise_for_status()
    try:
        return answer.json() if answer.is_success else None
    except ValueError:
        return None


def _number(holder: Any, name: str) -> int | None:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, int) and found > 0 else None
