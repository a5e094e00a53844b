"""Runs a GGUF model inside this process. The only module that imports xllamacpp (the extra ``local``).

Takes a file; gives chat_model the address of an OpenAI-compatible server on the loopback interface, closed to others by a
key that is made anew each time.
"""

from __future__ import annotations

import atexit
import os
import secrets
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.address import Address
from assistant.errors import BadSetting, ModelUnavailable

_BATCH = 128
"""Tokens of a prompt that are read in one go; a cancelled call ends after the one at hand."""


class LocalServer:
    """One model file. It is loaded on first use and stays until ``close`` or the end of the process."""

    def __init__(self, path: Path, window: int = 8192, threads: int | None = None) -> None:
        """Raises BadSetting when the file cannot be one."""
        self.path, self.window, self.key = path.expanduser(), window, secrets.token_urlsafe(24)
        self._threads = threads or os.cpu_count() or 1
        self._server: Any = None
        self._lock = threading.Lock()
        _check(self.path)
        atexit.register(self.close)  # before anything streams: at exit the streams are stopped first, then this

    def address(self) -> Address:
        """Loads the model if it is not loaded (seconds, and about the file's size of memory). Raises ModelUnavailable."""
        with self._lock:
            if self._server is None:
                self._server = self._load()
            return Address.of(f"{self._server.listening_address}/v1")

    def close(self) -> None:
        """Stops the server and frees the model; it is loaded again when it is used again."""
        with self._lock:
            self._server = None

    def _load(self) -> Any:
        library = import_module("xllamacpp")
        wanted = library.CommonParams()
        wanted.model.path, wanted.model_alias = str(self.path), {self.path.name}
        wanted.hostnames, wanted.port, wanted.api_keys = ["127.0.0.1"], 0, [self.key]  # 0: any port that is free
        wanted.n_ctx, wanted.n_parallel, wanted.cache_ram_mib = self.window, 1, 0
        wanted.n_batch = wanted.n_ubatch = _BATCH
        wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = self._threads
        wanted.enable_reasoning = 0  # thoughts take minutes on a processor
        wanted.ui, wanted.endpoint_slots, wanted.verbosity = False, False, 1  # 1: its log has errors only
        try:
            return library.Server(wanted)
        except RuntimeError as error:
            raise ModelUnavailable(
                f"The chat model {self.path.name} cannot be loaded from {self.path}: the file is damaged, of a kind that "
                "xllamacpp does not know, or too large for the memory. Choose another in ASSISTANT_MODEL, or unset it."
            ) from error


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise BadSetting(
            f"ASSISTANT_MODEL names the file {str(path)!r}, which cannot be read: {error.strerror}. Check the path."
        ) from error
    if start != b"GGUF":
        raise BadSetting(f"ASSISTANT_MODEL names the file {str(path)!r}, which is no GGUF model. Choose a .gguf file.")
