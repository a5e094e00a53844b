"""Finds the chat model that the settings name. The only module that imports LangChain's chat models, and only when one is named.

Takes names and keys from build; gives a ChatModel that model_stream runs. Nothing is asked over a network here.
"""

from __future__ import annotations

import os
import re
import socket
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from assistant.address import Address
from assistant.errors import BadSetting
from assistant.local_model import LocalServer
from assistant.model import ChatModel
from assistant.model_errors import About
from assistant.model_server import ModelServer
from assistant.model_stream import WINDOW, Reached, StreamedModel

_EXTRAS = {
    "openai": ("langchain_openai",), "anthropic": ("langchain_anthropic",), "ollama": ("langchain_ollama",),
    "local": ("langchain_openai", "xllamacpp"),
}  # fmt: skip
"""The extras of this package, and what they bring."""
_KEYS = {
    "openai": ("OPENAI_API_KEY",), "anthropic": ("ANTHROPIC_API_KEY",), "mistralai": ("MISTRAL_API_KEY",),
    "groq": ("GROQ_API_KEY",), "google_genai": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
}  # fmt: skip
"""The variables in which providers look for their key."""
_RETRIES = 2
_PIP = f"{sys.executable} -m pip install"


def load_model(
    name: str | None, *, url: str | None = None, key: SecretStr | None = None, key_file: Path | None = None,
    window: int | None = None, timeout: float = 120, threads: int | None = None,
) -> ChatModel:  # fmt: skip
    """The model of this name, or the one behind this URL. Raises BadSetting for whatever is wrong with them.

    A server or a file is not touched before the model's first use, except that the file must look like one.
    """
    secret = _secret(key, key_file)
    kind, _, rest = (name or "").partition(":")
    if url:
        if kind in ("anthropic", "ollama", "local") and rest:
            raise BadSetting(f"ASSISTANT_MODEL_URL is for OpenAI-compatible servers, and ASSISTANT_MODEL is {name!r}. Unset one of them.")
        try:
            address = Address.of(url)
        except ValueError as error:
            raise BadSetting(f"ASSISTANT_MODEL_URL cannot be used: {error}.") from None
        return _served((name or "").removeprefix("openai:"), address, secret, window, timeout)
    if kind == "local":
        return _local(LocalServer(Path(rest), window or WINDOW, threads), timeout)
    if not name:
        raise BadSetting("No chat model is named. Set ASSISTANT_MODEL, such as ollama:llama3.2, or ASSISTANT_MODEL_URL.")
    return _hosted(name, secret, window, timeout)


def _secret(key: SecretStr | None, file: Path | None) -> str | None:
    if key and key.get_secret_value().strip():
        return key.get_secret_value().strip()
    if file is None:
        return None
    try:
        found = file.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise BadSetting(
            f"ASSISTANT_MODEL_KEY_FILE names {str(file)!r}, which cannot be read. Check the path and who may read it."
        ) from error
    if not found:
        raise BadSetting(f"ASSISTANT_MODEL_KEY_FILE names {str(file)!r}, which is empty. Put the key into it.")
    return found


def _served(model: str, address: Address, key: str | None, window: int | None, timeout: float) -> ChatModel:
    """A model behind a URL; the first that the server lists when it has no name."""
    _installed("openai")
    about = About(model, address.url, "ASSISTANT_MODEL_URL", timeout=timeout, secrets=tuple(filter(None, (key, address.login))))

    def reach() -> Reached:
        return _compatible(model, address, key, about)

    return StreamedModel(about, reach, window)


def _local(file: LocalServer, timeout: float) -> ChatModel:
    """A model inside this process."""
    _installed("local")
    about = About(file.path.name, "this computer", timeout=timeout, secrets=(file.key,))

    def reach() -> Reached:
        return _compatible(file.path.name, file.address(), file.key, about)

    return StreamedModel(about, reach)


def _compatible(model: str, address: Address, key: str | None, about: About) -> Reached:
    """Nothing of OpenAI's own settings in the environment goes to such a server."""
    own = {"Authorization": address.login} if address.login else {}
    server = ModelServer(address, own or ({"Authorization": f"Bearer {key}"} if key else {}))
    if not model:
        model = str((server.models() or [{"id": "default"}])[0]["id"])
        about = replace(about, name=Path(model).name)
    direct = {"http_socket_options": [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]} if address.here else {}  # no proxy then
    chat = _init(
        model, model_provider="openai", base_url=address.url, api_key=SecretStr(key or "none"), use_responses_api=False, temperature=0,
        default_headers={"OpenAI-Organization": "", "OpenAI-Project": "", **own}, **_patience("openai", about.timeout), **direct,
    )  # fmt: skip
    return Reached(chat, model, about, server, retries=True, extra={"return_progress": True} if server.slot else {})


def _hosted(name: str, key: str | None, window: int | None, timeout: float) -> ChatModel:
    """A provider's model, in LangChain's form of its name."""
    provider = name.partition(":")[0].replace("-", "_").lower() if ":" in name else ""
    if provider in _EXTRAS:
        _installed(provider)
    variables = _KEYS.get(provider, ())
    inherited = next((os.environ[each] for each in variables if os.environ.get(each)), None)
    if variables and not key and not inherited:
        raise BadSetting(f"ASSISTANT_MODEL is {name!r}, and its key is missing. Set {variables[0]}, or ASSISTANT_MODEL_KEY or _KEY_FILE.")
    options = {"temperature": 0, **_patience(provider, timeout)}
    if provider == "ollama":
        options |= {"num_ctx": window or WINDOW} | ({"client_kwargs": {"headers": {"Authorization": f"Bearer {key}"}}} if key else {})
    elif key:
        options["api_key"] = SecretStr(key)
    about = About(
        name, os.environ.get("OLLAMA_HOST", "http://127.0.0.1:11434").rpartition("@")[2] if provider == "ollama" else "",
        key_from="ASSISTANT_MODEL_KEY" if key or not variables else variables[0], timeout=timeout,
        secrets=tuple(filter(None, (key, inherited))),
    )  # fmt: skip
    try:
        reached = Reached(_init(name, **options), name.partition(":")[2] or name, about, retries=provider in ("openai", "anthropic"))
    except BadSetting:
        raise
    except Exception as error:  # what a provider's package says about its own settings
        raise BadSetting(f"ASSISTANT_MODEL is {name!r}, which cannot be set up: {about.said(error)}.") from None
    return StreamedModel(about, lambda: reached, window)


def _patience(provider: str, timeout: float) -> dict[str, Any]:
    """Where LangChain's class retries by itself, it is let to; our own clock is the one that ends waiting."""
    if provider == "openai":
        return {"max_retries": _RETRIES, "timeout": timeout + 5, "stream_chunk_timeout": timeout + 5, "stream_usage": True}
    return {"max_retries": _RETRIES, "timeout": timeout + 5} if provider == "anthropic" else {}


def _init(name: str, **options: Any) -> Any:
    """LangChain's object. Raises BadSetting for a provider that is not there or not known."""
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name, **options)
    except ImportError as error:
        package = re.search(r"pip install ([\w-]+)", str(error))
        command = f"{_PIP} {package[1]}" if package else f"the package that it lacks ({error.name})"
        raise BadSetting(f"ASSISTANT_MODEL is {name!r}, whose package is not installed: {command}.") from error
    except ValidationError as error:
        raise BadSetting(f"ASSISTANT_MODEL is {name!r}, which cannot be set up: {error.errors()[0]['msg']}.") from None
    except ValueError as error:
        if "provider" not in str(error):
            raise
        raise BadSetting(
            f"ASSISTANT_MODEL is {name!r}, whose provider is not known. Write provider:name, such as openai:gpt-5, "
            "anthropic:claude-sonnet-4-5, ollama:llama3.2 or local:/path/to/file.gguf."
        ) from None


def _installed(extra: str) -> None:
    missing = next((module for module in _EXTRAS[extra] if find_spec(module) is None), None)
    if missing:
        package = missing.replace("_", "-")
        raise BadSetting(f"The chat model needs {package}, which is not installed: {_PIP} 'inspection-assistant[{extra}]'.")
