"""Settings, read once from the environment (``ASSISTANT_…``), overridden by the command line. Known only to build and ui."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import BadSetting


class Settings(BaseSettings):
    """Every setting, its range and default."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True)

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("inspection-assistant")))
    """The library folder."""
    embedder: str | None = None
    """Name on the model hub, or folder, of a sentence-transformers model; unset is the packaged all-MiniLM-L6-v2."""
    precision: Literal["fast", "exact"] = "fast"
    """8-bit (cosine with float32 about 0.999) or float arithmetic of the packaged model."""
    threads: int | None = Field(default=None, ge=1, le=256)
    """Threads of the embedder; unset is all cores."""
    max_file_mb: int = Field(default=200, ge=1, le=10_000)
    """Larger files are skipped."""

    embargo: Literal["hold", "show"] = "hold"
    """Whether publications are kept from readers until the end of the embargo that they state."""
    reranker: str | None = None
    """Name on the model hub, or folder, of a cross-encoder that orders the best passages anew; unset is none (the default:
    its weights come from a hub, and it takes about a second a question on two cores)."""
    sureness: float = Field(default=0.35, ge=0, le=1)
    """The least probability, as fitted on open question sets, that the documents answer a question; below it, it is
    refused. Higher refuses more; 0 always quotes what comes nearest."""

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
        name = "ASSISTANT_" + str(first["loc"][0]).upper()
        raise BadSetting(f"{name} is {first['input']!r}, which cannot be used: {first['msg']}.") from error
