"""The encoder of all-MiniLM-L6-v2 as an OpenVINO graph, float or 8-bit. Takes weights; gives embed_openvino a model.

The graph is written out here rather than converted from torch, so that neither torch nor a converter (OpenVINO's
reports its use to a server) is needed to build or to start it, and so that the 8-bit form can be made well:
- weights are int8, one scale an output row; activations are uint8, ranges measured once (``Recipe``, embed_calibrate);
- channels that stand out are divided by a factor first, and their weights multiplied by it (SmoothQuant, arXiv
  2211.10438, with factors chosen by trial), so that one loud channel does not cost all others their precision;
- a few neurons of each feed-forward block carry nearly all of the model's outlier dimension: they stay in float;
- the mean error that is left is taken off the bias.
Embeddings, attention, norms and pooling stay in float throughout.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LOUD_NEURONS = 4  # a layer; 2 do nearly as well
WORD = np.int64


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to quantise the input of one matrix product, and what to add to its bias afterwards."""

    low: float
    high: float
    factors: Array  # shape (inputs,), ≥ 1
    correction: Array  # shape (outputs,)


def read_recipes(path: Path) -> dict[str, Recipe]:
    """By place: ``"<layer>.<in|attention|middle|gelu>"``."""
    with np.load(path) as data:
        places = {name.rsplit(".", 1)[0] for name in data.files}
        return {
            place: Recipe(
                low=float(data[f"{place}.range"][0]),
                high=float(data[f"{place}.range"][1]),
                factors=np.exp2(data[f"{place}.factors"].astype(np.float32) / 4),
                correction=data[f"{place}.correction"].astype(np.float32),
            )
            for place in places
        }


def loud_neurons(down: Array) -> Array:
    """Indices of the inputs of a down projection, shape (outputs, inputs), that stay in float."""
    return np.sort(np.argsort(-np.abs(down).max(axis=0))[:LOUD_NEURONS])


def int8_rows(weight: Array) -> tuple[Array, Array]:
    """(int8 of the same shape, scale a row), the scale being the one of five that loses least."""
    peak = np.abs(weight).max(axis=1, keepdims=True) + 1e-12
    tries = []
    for shrink in (1.0, 0.95, 0.9, 0.85, 0.8):
        scale = (peak * shrink / 127).astype(np.float32)
        rounded = np.clip(np.rint(weight / scale), -127, 127)
        tries.append((((rounded * scale - weight) ** 2).sum(axis=1), rounded, scale))
    best = np.argmin([loss for loss, _, _ in tries], axis=0)
    rows = np.arange(len(weight))
    return (
        np.stack([r for _, r, _ in tries])[best, rows].astype(np.int8),
        np.stack([s for _, _, s in tries])[best, rows].astype(np.float32),
    )


def build(folder: Path, recipes: Mapping[str, Recipe] | None = None, taps: list[str] | None = None) -> Any:
    """An ``openvino.Model``: (input_ids, attention_mask), both (texts, tokens) int64, to unit rows (texts, width).

    Float without ``recipes``. ``taps``, an empty list, gets the places whose activations become further outputs.
    """
    return _Builder(folder, recipes, taps).model()


def build_scorer(folder: Path, head: Path, recipes: Mapping[str, Recipe] | None = None, taps: list[str] | None = None) -> Any:
    """An ``openvino.Model`` of a cross-encoder: (input_ids, attention_mask, token_type_ids), (pairs, tokens) int64, to logits (pairs, 1).

    The encoder's size and the words' vectors are those in ``folder``; every other weight is in the file ``head``.
    """
    return _Scorer(folder, recipes, taps, head).model()


class _Builder:
    INPUTS: tuple[str, ...] = ("input_ids", "attention_mask")

    def __init__(
        self, folder: Path, recipes: Mapping[str, Recipe] | None, taps: list[str] | None, over: Path | None = None
    ) -> None:
        """``over``: a file whose weights take the place of the folder's."""
        self.ov = import_module("openvino")
        self.op = import_module("openvino.opset13")
        load = import_module("safetensors.numpy").load_file
        self.weights: dict[str, Array] = load(str(folder / "model.safetensors"))
        if over:
            self.weights |= load(str(over))
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.hidden, self.heads = int(config["hidden_size"]), int(config["num_attention_heads"])
        self.layers, self.epsilon = int(config["num_hidden_layers"]), float(config["layer_norm_eps"])
        self.recipes, self.taps = recipes, taps
        self.tapped: list[Any] = []

    def const(self, value: Any, kind: Any = np.float32) -> Any:
        return self.op.constant(np.asarray(value, kind))

    def weight(self, name: str) -> Array:
        return self.weights[name].astype(np.float32)

    def dense(self, name: str) -> tuple[Array, Array]:
        return self.weight(f"{name}.weight"), self.weight(f"{name}.bias")

    def norm(self, x: Any, name: str) -> Any:
        flat = self.op.mvn(x, self.const([-1], WORD), True, self.epsilon, "inside_sqrt")
        scaled = self.op.multiply(flat, self.const(self.weight(f"{name}.weight")))
        return self.op.add(scaled, self.const(self.weight(f"{name}.bias")))

    def enter(self, x: Any, place: str, *, divide: bool = True) -> Any:
        """``x`` on its way into a matrix product: noted for calibration, quantised where there are recipes."""
        if self.taps is not None:
            self.taps.append(place)
            self.tapped.append(x)
        if self.recipes is None:
            return x
        recipe = self.recipes[place]
        if divide:
            x = self.op.multiply(x, self.const(1 / recipe.factors[None, None]))
        low, high = self.const(recipe.low), self.const(recipe.high)
        return self.op.fake_quantize(x, low, high, low, high, 256)

    def product(
        self, x: Any, place: str, weight: Array, bias: Array, *, first: int = 0, leave: Array | None = None
    ) -> Any:
        """x·weightᵀ + bias, over ``leave`` where given. ``first``: where these rows begin among the place's outputs."""
        if self.recipes is None:
            kernel = self.const(weight)
        else:
            recipe = self.recipes[place]
            weight, bias = weight * recipe.factors, bias + recipe.correction[first : first + len(bias)]
            if leave is not None:
                weight, bias = weight / leave[:, None], bias / leave
            whole, scale = int8_rows(weight)
            kernel = self.op.multiply(self.op.convert(self.op.constant(whole), "f32"), self.const(scale))
        return self.op.add(self.op.matmul(x, kernel, False, True), self.const(bias))

    def attention(self, x: Any, mask: Any, layer: int) -> Any:
        """The heads' outputs side by side, divided by their factors already (folded into the values' weights)."""
        x = self.enter(x, f"{layer}.in")
        parts = []
        for rank, name in enumerate(("query", "key", "value")):
            weight, bias = self.dense(f"encoder.layer.{layer}.attention.self.{name}")
            leave = self.recipes[f"{layer}.attention"].factors if self.recipes and name == "value" else None
            part = self.product(x, f"{layer}.in", weight, bias, first=rank * self.hidden, leave=leave)
            shape = self.const([0, 0, self.heads, self.hidden // self.heads], WORD)
            parts.append(self.op.transpose(self.op.reshape(part, shape, True), self.const([0, 2, 1, 3], WORD)))
        mixed = self.op.scaled_dot_product_attention(*parts, mask)
        mixed = self.op.transpose(mixed, self.const([0, 2, 1, 3], WORD))
        return self.op.reshape(mixed, self.const([0, 0, self.hidden], WORD), True)

    def feed_forward(self, x: Any, layer: int) -> Any:
        prefix = f"encoder.layer.{layer}"
        up, up_bias = self.dense(f"{prefix}.intermediate.dense")
        down, bias = self.dense(f"{prefix}.output.dense")
        active = self.op.gelu(self.product(self.enter(x, f"{layer}.middle"), f"{layer}.middle", up, up_bias), "erf")
        if self.recipes is None:
            return self.product(self.enter(active, f"{layer}.gelu"), f"{layer}.gelu", down, bias)
        loud = loud_neurons(down)
        quiet = down.copy()
        quiet[:, loud] = 0
        out = self.product(self.enter(active, f"{layer}.gelu"), f"{layer}.gelu", quiet, bias)
        apart = self.op.add(self.op.matmul(x, self.const(up[loud]), False, True), self.const(up_bias[loud]))
        return self.op.add(out, self.op.matmul(self.op.gelu(apart, "erf"), self.const(down[:, loud]), False, True))

    def layer(self, x: Any, mask: Any, layer: int) -> Any:
        prefix = f"encoder.layer.{layer}"
        mixed = self.enter(self.attention(x, mask, layer), f"{layer}.attention", divide=False)
        mixed = self.product(mixed, f"{layer}.attention", *self.dense(f"{prefix}.attention.output.dense"))
        x = self.norm(self.op.add(mixed, x), f"{prefix}.attention.output.LayerNorm")
        return self.norm(self.op.add(self.feed_forward(x, layer), x), f"{prefix}.output.LayerNorm")

    def words(self, ids: Any, kinds: Any = None) -> Any:
        zero, one = self.const(0, WORD), self.const(1, WORD)
        places = self.weight("embeddings.position_embeddings.weight")
        types = self.weight("embeddings.token_type_embeddings.weight")
        places = places if kinds else places + types[0]
        length = self.op.gather(self.op.shape_of(ids, "i64"), one, zero)
        place = self.op.gather(self.const(places), self.op.range(zero, length, one, "i64"), zero)
        word = self.op.gather(self.const(self.weight("embeddings.word_embeddings.weight")), ids, zero)
        word = self.op.add(word, self.op.gather(self.const(types), kinds, zero)) if kinds else word
        return self.norm(self.op.add(word, place), "embeddings.LayerNorm")

    def ending(self, x: Any, kept: Any) -> Any:
        """Mean over the kept tokens, then unit length. Scaling by the count drops out, so the sum serves."""
        first = self.const([1], WORD)
        total = self.op.reduce_sum(self.op.multiply(x, self.op.unsqueeze(kept, self.const(-1, WORD))), first)
        return self.op.divide(total, self.op.reduce_l2(total, first, True))

    def model(self) -> Any:
        inputs = []
        for name in self.INPUTS:
            inputs.append(self.op.parameter([-1, -1], np.int64, name))
            inputs[-1].output(0).get_tensor().set_names({name})
        kept = self.op.convert(inputs[1], "f32")
        mask = self.op.multiply(self.op.subtract(kept, self.const(1.0)), self.const(1e4))  # 0 kept, -10,000 padded
        mask = self.op.unsqueeze(mask, self.const([1, 2], WORD))
        x = self.words(inputs[0], *inputs[2:])
        for number in range(self.layers):
            x = self.layer(x, mask, number)
        results = [self.op.result(node) for node in (self.ending(x, kept), *self.tapped)]
        return self.ov.Model(results, inputs, "all-MiniLM-L6-v2")


class _Scorer(_Builder):
    """With segments for question and window, and at the end one number, from the first token (BERT's pooler and classifier)."""

    INPUTS = ("input_ids", "attention_mask", "token_type_ids")

    def ending(self, x: Any, kept: Any) -> Any:
        first = self.op.gather(x, self.const(0, WORD), self.const(1, WORD))
        for name, active in (("pooler.dense", True), ("classifier", False)):
            weight, bias = self.dense(name)
            first = self.op.add(self.op.matmul(first, self.const(weight), False, True), self.const(bias))
            first = self.op.tanh(first) if active else first
        return first
