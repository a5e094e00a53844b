"""Settings, read once from the environment (``ASSISTANT_…``), overridden by the command line. Known only to build and ui."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, Field, PlainSerializer, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.address import Address
from assistant.errors import BadSetting


def _server(url: str) -> str:
    Address.of(url)
    return url.strip()


_Url = Annotated[str, AfterValidator(_server), PlainSerializer(lambda url: Address.of(url).url)]
"""Kept with its credentials, and never dumped with them."""


class Settings(BaseSettings):
    """Every setting, its range and default."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", frozen=True, protected_namespaces=(), env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("inspection-assistant")))
    """The library folder."""
    embedder: str | None = None
    """Name on the model hub, or folder, of a sentence-transformers model; unset is the packaged all-MiniLM-L6-v2."""
    precision: Literal["fast", "exact"] = "fast"
    """8-bit (cosine with float32 about 0.999) or float arithmetic of the packaged model."""
    threads: int | None = Field(default=None, ge=1, le=256)
    """Threads of the embedder, and of a chat model in this process; unset is all cores."""
    max_file_mb: int = Field(default=200, ge=1, le=10_000)
    """Larger files are skipped."""

    embargo: Literal["hold", "show"] = "hold"
    """Whether publications are kept from readers until the end of the embargo that they state."""
    reranker: str | None = None
    """Name on the model hub, or folder, of a cross-encoder that orders the best passages anew; unset is none (the default:
    its weights come from a hub, and it takes about a second a question on two cores)."""
    sureness: float = Field(default=0.45, ge=0, le=1)
    """The least probability, as fitted, that what was read answers a question; below it, it is shown as what comes nearest. 0
    calls everything an answer."""
    reader: str | None = None
    """Name or folder of a cross-encoder that reads question and text together; the packaged one when unset."""

    model: str | None = None
    """The chat model that writes answers: ``openai:NAME``, ``anthropic:NAME``, ``ollama:NAME``, any other provider in
    LangChain's form, or ``local:/path/to/file.gguf`` for one inside this process. Unset, answers are quotes."""
    model_url: _Url | None = Field(default=None, repr=False)
    """An OpenAI-compatible server, such as llama.cpp, vLLM or LM Studio; ``model`` is then a name there, or unset for its
    first. A name and password in the URL are sent by HTTP Basic."""
    model_key: SecretStr | None = Field(default=None, exclude=True)
    """The provider's key, if its own variable (such as OPENAI_API_KEY) is not set; the only one that ``model_url`` gets."""
    model_key_file: Path | None = Field(default=None, exclude=True)
    """A file with the key instead."""
    model_window: int | None = Field(default=None, ge=512, le=10_000_000)
    """Tokens that the chat model reads at once, question and answer together; unset, the server is asked."""
    model_timeout: float = Field(default=120, gt=0, le=3600)
    """Seconds without any token after which the chat model counts as away."""
    model_tokens: int = Field(default=800, ge=16, le=100_000)
    """Tokens of the longest written answer."""

    answers: Literal["written", "quotes"] = "written"
    """``quotes`` keeps a chat model that is set from being used."""
    unsupported: Literal["remove", "mark"] = "remove"
    """What becomes of a statement that the documents do not support: left out and said so, or shown and marked."""
    entailment: str | None = None
    """A cross-encoder that tells whether a text entails a statement, by its folder or name on the hub; it then decides on
    support by meaning, in place of the calibrated level. Unset, none is used."""

    hosts: str = ""
    """Names, separated by commas, by which the page may be called besides this computer's own: those of a proxy in front of it."""

    @property
    def cache(self) -> Path:
        """Where prepared models are kept; never inside the library."""
        return Path(platformdirs.user_cache_dir("inspection-assistant"))


def read_settings(**given: object) -> Settings:
    """The settings, those given (and not None) over the environment's. Raises BadSetting."""
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        given_as = "" if field.startswith(("model_key", "model_url")) else f" is {first['input']!r}, which"
        said = first["msg"].removeprefix("Value error, ")
        raise BadSetting(f"ASSISTANT_{field.upper()}{given_as} cannot be used: {said}.") from None
