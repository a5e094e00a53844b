"""all-MiniLM-L6-v2 on the processor, through OpenVINO, without torch. Takes a checked model folder; gives an Embedder.

Only this and embed_graph import openvino. The model is written from the weights once and kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.embed_graph import build, read_recipes

log = logging.getLogger(__name__)
Precision = Literal["fast", "exact"]
BATCH_TOKENS = 2048  # padding included; about nine passages of 220
_FEW = 8  # so few texts are one batch: sharing them out would cost more than it gains
RECIPES = Path(__file__).with_name("embed_minilm.npz")
AGREEMENT = 0.99  # the least cosine of the 8-bit form with float32 on this machine; below it, the float form is used
SELF_CHECK = (
    "Who inspected the service?",
    "The overall rating is good. Leaders know their staff well, and caseloads are manageable in most teams.",
    "Plans for children in care were reviewed on time; visits were not always recorded, and some stayed at risk.",
    "Recommendations: 1. improve the quality of assessments; 2. make sure that managers oversee every case.",
)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OpenVinoEmbedder:
    """Safe to call from several threads: a question, and the quotes for it, take turns with the batches of an add."""

    name = "all-MiniLM-L6-v2"
    width = 384
    max_tokens = 256

    def __init__(self, folder: Path, cache_dir: Path, weights_sha256: str, precision: Precision, threads: int) -> None:
        """Raises ImportError without openvino, and what openvino raises (RuntimeError) when it can't run here."""
        ov = import_module("openvino")
        core = ov.Core()
        self.precision = precision
        self._tokenizer = import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._config = settings_for(core, threads)
        key = f"{weights_sha256} {ov.__version__} {core.get_property('CPU', 'FULL_DEVICE_NAME')}"
        model = self._cached(core, folder, cache_dir, key)
        self._compiled = core.compile_model(model, "CPU", self._config)
        self._idle: list[Any] = []
        self._threads = threads
        self._single = self._compiled.create_infer_request()
        self._idle_lock, self._single_lock = threading.Lock(), threading.Lock()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(e) for e in encoded]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, shape (len(texts), width); (0, width) for none. Text past max_tokens is not read."""
        rows = np.zeros((len(texts), self.width), np.float32)
        ids = [self._read(e.ids) for e in self._tokenizer.encode_batch_fast(list(texts))]
        work = list(_batches(ids, self._threads if len(ids) > _FEW else 1))
        if len(work) == 1:
            with self._single_lock:
                self._single.infer(_padded(ids, work[0]))
                rows[work[0]] = self._single.get_output_tensor(0).data
        elif work:
            self._embed_many(ids, work, rows)
        return rows

    def _embed_many(self, ids: list[list[int]], work: list[list[int]], rows: NDArray[np.float32]) -> None:
        """Each caller has a queue of its own, so that their batches are run in turns, and none waits for another's last."""
        with self._idle_lock:
            queue = self._idle.pop() if self._idle else import_module("openvino").AsyncInferQueue(self._compiled, self._threads)

        def keep(request: Any, where: tuple[NDArray[np.float32], list[int]]) -> None:
            where[0][where[1]] = request.get_output_tensor(0).data

        queue.set_callback(keep)
        for batch in work:
            queue.start_async(_padded(ids, batch), (rows, batch))
        queue.wait_all()
        with self._idle_lock:
            self._idle.append(queue)  # one that failed is let go

    def _read(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]

    def _cached(self, core: Any, folder: Path, cache_dir: Path, key: str) -> Any:
        """The model that fits weights, versions and processor; built where the cache has none, or a broken one."""
        sources = (RECIPES, Path(__file__).with_name("embed_graph.py"), Path(__file__))
        digest = hashlib.sha256(f"{key} {self.precision}".encode())
        for source in sources:
            digest.update(source.read_bytes())
        home = cache_dir / f"{self.name}-{self.precision}-{digest.hexdigest()[:16]}"
        try:
            self._note(json.loads((home / "made.json").read_text(encoding="utf-8")))
            return core.read_model(home / "model.xml")
        except (OSError, ValueError, KeyError, RuntimeError):
            log.info("Preparing %s for this machine in %s (once, some seconds)", self.name, home)
        model, made = self._make(core, folder)
        _store(model, made, home)
        self._note(made)
        return model

    def _note(self, made: dict[str, Any]) -> None:
        if made["form"] != "8-bit" and self.precision == "fast":
            log.warning(
                "%s runs in float, about half as fast: its 8-bit form agrees only %.4f with float32 on this processor.",
                self.name, made["agreement"],
            )  # fmt: skip

    def _make(self, core: Any, folder: Path) -> tuple[Any, dict[str, Any]]:
        exact = build(folder)
        if self.precision == "exact":
            return exact, {"form": "float", "agreement": 1.0}
        small = build(folder, read_recipes(RECIPES))
        truth = self._trial(core.compile_model(exact, "CPU", self._config | {"INFERENCE_PRECISION_HINT": "f32"}))
        agreement = float((truth * self._trial(core.compile_model(small, "CPU", self._config))).sum(axis=1).min())
        if agreement >= AGREEMENT:
            return small, {"form": "8-bit", "agreement": agreement}
        return exact, {"form": "float", "agreement": agreement}

    def _trial(self, compiled: Any) -> NDArray[np.float32]:
        """The self-check's vectors. Some processors without VNNI overflow in 8-bit products: this is where it shows."""
        ids = [self._read(e.ids) for e in self._tokenizer.encode_batch_fast(list(SELF_CHECK))]
        request = compiled.create_infer_request()
        request.infer(_padded(ids, list(range(len(ids)))))
        return np.array(request.get_output_tensor(0).data, np.float32)


def settings_for(core: Any, threads: int) -> dict[str, Any]:
    """One stream a thread, so that batches run side by side; bfloat16 for float parts where the processor has it."""
    has_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if has_bf16 else "f32",
        "NUM_STREAMS": str(threads),
        "INFERENCE_NUM_THREADS": threads,
        "ENABLE_CPU_PINNING": False,  # readers of PDFs share the cores
        "CPU_RUNTIME_CACHE_CAPACITY": 16,  # kept for each shape of batch; by default thousands, which fill memory for no speed
    }


def _batches(ids: list[list[int]], at_least: int) -> Iterator[list[int]]:
    """Indices by length, longest first, as many as make BATCH_TOKENS when padded to the longest; enough for all threads."""
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    share = min(BATCH_TOKENS, sum(map(len, ids)) // at_least + 1)
    while order:
        size = max(1, share // len(ids[order[0]]))
        yield order[:size]
        order = order[size:]


def _padded(ids: list[list[int]], batch: list[int]) -> dict[str, NDArray[np.int64]]:
    longest = max(len(ids[i]) for i in batch)
    tokens, mask = np.zeros((len(batch), longest), np.int64), np.zeros((len(batch), longest), np.int64)
    for row, i in enumerate(batch):
        tokens[row, : len(ids[i])] = ids[i]
        mask[row, : len(ids[i])] = 1
    return {"input_ids": tokens, "attention_mask": mask}


def _store(model: Any, made: dict[str, Any], home: Path) -> None:
    """All or nothing; a failure to write costs only the next start's seconds."""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent, prefix=".making-") as scratch:
            draft = Path(scratch) / "model"
            draft.mkdir()
            import_module("openvino").save_model(model, draft / "model.xml", compress_to_fp16=False)
            (draft / "made.json").write_text(json.dumps(made), encoding="utf-8")
            if home.exists():
                shutil.rmtree(home)  # a broken one: a whole one would have been read
            os.replace(draft, home)
    except OSError as problem:
        log.warning("The prepared model can't be kept in %s (%s); the next start prepares it again.", home, problem)
