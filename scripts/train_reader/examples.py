"""Groups of windows to learn from: one question, the windows that answer it (if any) and windows that do not.

Takes reading comprehension sets in SQuAD's format, and our own question sets with evidence; gives Groups.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from sentencex import get_sentence_boundaries

MOST_NEGATIVES = 3
"""So many windows that do not answer stand beside one that does."""


LONG = 330
"""Characters of a window at most, where it can be helped: what the reader reads of it in one go."""


@dataclass(frozen=True, slots=True)
class Group:
    """``windows[0]`` answers the question if ``answerable``; the others, and all if not, do not."""

    question: str
    windows: tuple[str, ...]
    answerable: bool


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences in a paragraph."""
    return [(b["start_index"], b["end_index"]) for b in get_sentence_boundaries("en", text)]


@lru_cache(maxsize=20_000)
def spans(text: str) -> list[tuple[int, int]]:
    """Offsets of all windows of one and two sentences, but for pairs that are too long."""
    found = sentences(text)
    pairs = [(a[0], b[1]) for a, b in pairwise(found)]
    return found + [(start, end) for start, end in pairs if end - start <= LONG]


def from_squad(path: Path, rng: random.Random, most: int) -> Iterator[Group]:
    """Up to ``most`` groups of a file in SQuAD's format, drawn at random; a fifth with a window of another paragraph too.

    One question in seven loses its answer: the sentences that hold it are left out, and nothing answers.
    """
    asked = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        contexts = [paragraph["context"] for paragraph in article["paragraphs"]]
        title = str(article.get("title", "")).replace("_", " ") if path.name.startswith("squad2") else ""
        for paragraph in article["paragraphs"]:
            asked += [(title, contexts, paragraph["context"], qa) for qa in paragraph["qas"]]
    rng.shuffle(asked)
    for title, contexts, context, qa in asked[:most]:
        group = _group(title, contexts, context, qa, rng)
        if group:
            yield group


def _group(title: str, contexts: Sequence[str], context: str, qa: dict[str, object], rng: random.Random) -> Group | None:
    found = spans(context)
    answers = qa.get("answers") or []
    places = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers]  # type: ignore[attr-defined]
    good = [w for w in found if any(w[0] <= s and e <= w[1] for s, e in places)]
    bad = [w for w in found if not any(w[0] < e and s < w[1] for s, e in places)]
    answerable = bool(good) and not qa.get("is_impossible") and rng.random() > 1 / 7
    if qa.get("is_impossible"):
        bad = found
    elif not good:
        return None
    # Short windows are what an answer should quote, so they are drawn most often.
    first = [rng.choices(good, weights=[1 / (w[1] - w[0]) for w in good])[0]] if answerable else []
    negatives = [context[s:e] for s, e in rng.sample(bad, min(len(bad), MOST_NEGATIVES))]
    others = [c for c in contexts if c != context]
    if others and rng.random() < 0.5:
        other = rng.choice(others)
        s, e = rng.choice(spans(other) or [(0, len(other))])
        negatives = [*negatives[: MOST_NEGATIVES - 1], other[s:e]]
    headed = f"{title}: " if title and rng.random() < 0.5 else ""
    windows = [context[s:e] for s, e in first] + negatives
    if not windows or (answerable and len(windows) < 2):
        return None
    return Group(_slipped(str(qa["question"]).strip(), rng), tuple(headed + " ".join(w.split()) for w in windows), answerable)


def _slipped(question: str, rng: random.Random) -> str:
    """The question as people type it: sometimes without its mark, in lower case, or with two letters changed over."""
    if rng.random() < 0.3:
        question = question.rstrip("?")
    if rng.random() < 0.3:
        question = question.lower()
    if rng.random() < 0.1 and len(question) > 12:
        at = rng.randrange(1, len(question) - 2)
        question = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question


def from_pairs(path: Path) -> list[Group]:
    """Groups kept as JSON lines: ``{"question", "windows": [the one that answers, others …], "answerable"}``."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Group(one["question"], tuple(one["windows"]), one["answerable"]) for one in lines]
