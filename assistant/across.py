"""Questions of content over all documents: each document's best passage, found by meaning or word by word, none left out.

Takes a Counting with words that are no matter of judgement, and the library; gives an Answer that says how it was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.counted import SHOWN, coverage_of
from assistant.counting import Counting
from assistant.evidence import weighed
from assistant.findings import Findings
from assistant.quotes import Asked, coverage, stem, stems_of
from assistant.types import Answer, Cell, Citation, Table
from assistant.when import said
from corpus.sentences import Span, spans_of
from corpus.types import Passage
from index.embed import Embedder
from index.library import Library
from index.types import Entry

LEVEL = 0.5
"""The least probability, as fitted on open question sets, that a passage speaks of what is asked."""
_EACH = 3
"""So many of each document's nearest passages are weighed."""


@dataclass(frozen=True, slots=True)
class Told:
    """A document with the passage in which it speaks of what is asked, and how surely (0 to 1)."""

    entry: Entry
    passage: Passage
    probability: float


def across(counting: Counting, findings: Findings, entries: Sequence[Entry], library: Library, asked: Asked) -> Answer:
    """All documents that speak of it, the surest first; ``not_found`` when there are none to look through."""
    among, judged = _among(counting, findings, entries)
    if not among:
        unknown = judged.get("unknown", [])
        none = "Your filters let no documents of that kind and time through." if counting.choice.scope else (
            "The library has no documents of that kind and time."
        )  # fmt: skip
        return Answer(none, "not_found", coverage={"checked": 0, "matched": 0, "unknown": unknown})
    ids = [entry.id for entry in among]
    by_id = {entry.id: entry for entry in among}
    found = _by_words(counting, ids, library) if counting.by_words else _by_meaning(asked, ids, library)
    told = sorted(
        (Told(by_id[id], passage, p) for id, (passage, p) in found.items()), key=lambda t: (-t.probability, t.entry.title, t.entry.name)
    )
    return _answer(counting, told, among, judged, library, asked)


def _among(counting: Counting, findings: Findings, entries: Sequence[Entry]) -> tuple[list[Entry], dict[str, object]]:
    """The documents to look through: those of the inspections that match what is asked of judgements, else all of the time."""
    choice = counting.choice
    if (
        choice.grades
        or choice.subject
        or choice.types
        or choice.regions
        or choice.providers
        or choice.kinds
        or choice.keys
        or choice.latest
    ):
        chosen = findings.choose(choice)
        return [one.entry for one in chosen.matched], coverage_of(chosen, chosen.matched, choice)
    timed, scope = bool(choice.since or choice.until), choice.scope
    first, last = choice.since or date.min, choice.until or date.max
    unsure = [entry.name for entry in entries if scope and scope.allows(entry.id) is None]
    allowed = [entry for entry in entries if scope is None or scope.allows(entry.id)]
    fitting = [entry for entry in allowed if not entry.day or first <= entry.day <= last]
    undated = [entry.name for entry in fitting if timed and not entry.day]
    return [entry for entry in fitting if entry.day or not timed], {"unknown": [*undated, *unsure]}


def _by_words(counting: Counting, ids: Sequence[str], library: Library) -> dict[str, tuple[Passage, float]]:
    """Documents with a passage that has the words as they were asked for, one after the other, in whatever inflection."""
    phrase = '"' + " ".join(counting.content).replace('"', '""') + '"'
    found: dict[str, tuple[Passage, float]] = {}
    hits = library.catalogue.match(f"text : {phrase}", 1_000_000, ids)
    for start in range(0, len(hits), 500):
        lot = library.catalogue.found([id for id, _ in hits[start : start + 500]])
        for id, _ in hits[start : start + 500]:
            if id in lot:
                passage, entry = lot[id]
                found.setdefault(entry.id, (passage, 1.0))
    return found


def _by_meaning(asked: Asked, ids: Sequence[str], library: Library) -> dict[str, tuple[Passage, float]]:
    """Each document's likeliest passage, where that is likely enough; the vectors of all passages are compared."""
    near = library.closest(asked.row, ids, _EACH)
    cosines = {id: cosine for lot in near.values() for id, cosine in lot}
    found: dict[str, tuple[Passage, float]] = {}
    every = list(cosines)
    for start in range(0, len(every), 500):
        for id, (passage, entry) in library.catalogue.found(every[start : start + 500]).items():
            p = speaks(cosines[id], coverage(passage.text, asked.weights))
            if p >= LEVEL and p > found.get(entry.id, (passage, 0.0))[1]:
                found[entry.id] = (passage, p)
    return found


def speaks(cosine: float, covered: float) -> float:
    """The probability that a passage speaks of what is asked: of its cosine, and the share of the question's words in it."""
    return weighed("speaks", {"passage": cosine, "around": covered})


def _answer(
    counting: Counting, told: Sequence[Told], among: Sequence[Entry], judged: dict[str, object], library: Library, asked: Asked
) -> Answer:
    citations = tuple(_cited(number, one, library, asked, counting.content) for number, one in enumerate(told, start=1))
    how = "have a passage with the words" if counting.by_words else "have a passage that speaks of"
    choice = counting.choice
    when = " ".join(filter(None, (said(choice.since, choice.until), "within your filters" if choice.scope else "")))
    lead = f"{len(told) or 'None (0)'} of the {len(among)} documents{f' {when}' if when else ''} {how} “{' '.join(counting.content)}”"
    if not told:
        words = f"“{' '.join(counting.content)}”"
        lead = f"No passage of the {len(among)} documents{f' {when}' if when else ''} "
        lead += f"has the words {words}" if counting.by_words else f"is likely to speak of {words}"
    lines = [lead + (":" if told else ".")]
    shown = zip(told[:SHOWN], citations, strict=False)
    lines += [f"• {_name(one.entry)}{_year(one.entry)}: {_flat(c.quote)} [{c.number}]" for one, c in shown]
    if len(told) > SHOWN:
        lines.append(f"… and {len(told) - SHOWN} more; the table has all {len(told)}.")
    if unknown := judged.get("unknown"):
        lines.append(f"\nNot looked through, since nobody can tell whether they are meant: {', '.join(map(str, unknown))}.")  # type: ignore[call-overload]
    lines.append("\n" + (_WORD_BY_WORD if counting.by_words else _BY_MEANING).format(n=len(among), level=LEVEL))
    rows = tuple(_row(one, c, counting.by_words) for one, c in zip(told, citations, strict=True))
    table = Table(f"{len(told)} documents", ("Document", "Published", "Passage", "Likelihood", "File"), rows) if rows else None
    coverage: dict[str, object] = {
        "checked": len(among), "matched": len(told), "unknown": judged.get("unknown", []),
        "by": "words" if counting.by_words else "meaning",
        "items": [{"name": _name(one.entry), "document": one.entry.name} for one in told],
    }  # fmt: skip
    return Answer("\n".join(lines), "answered" if counting.by_words else "partial", citations, coverage=coverage, table=table)


_WORD_BY_WORD = "Looked through all passages of {n} documents, word by word."
_BY_MEANING = (
    "Found by meaning, not by judgement: all passages of {n} documents were compared with the question, and a document counts where one "
    "is likely ({level:.0%} or more) to speak of it. Whether it praises or blames is for you to read."
)


def _row(one: Told, citation: Citation, by_words: bool) -> tuple[Cell, ...]:
    day = one.entry.day.isoformat() if one.entry.day else ""
    likely = "" if by_words else f"{one.probability:.0%}"
    return Cell(_name(one.entry)), Cell(day), Cell(_flat(citation.quote), citation.number), Cell(likely), Cell(one.entry.name)


def _name(entry: Entry) -> str:
    return entry.service or entry.title


def _cited(number: int, one: Told, library: Library, asked: Asked, words: Sequence[str]) -> Citation:
    """The sentence of the passage that has the words in their order, else most of them, verbatim."""
    page, passage = library.page(one.entry.id, one.passage.page), one.passage
    inside = [s for s in spans_of(page) if s.start >= passage.start and s.end <= passage.end and s.kind not in ("contents", "heading")]
    stems = [stem(word) for word in words]

    def fits(span: Span) -> tuple[bool, float]:
        text = page.text[span.start : span.end]
        return _in_order(stems, text), coverage(text, asked.weights)

    best = max(inside, key=fits, default=None)
    start, end = (best.start, best.end) if best else (passage.start, passage.end)
    return Citation(number, one.entry.name, one.entry.id, one.entry.title, page.number, page.text[start:end], start, end)


def _in_order(stems: Sequence[str], text: str) -> bool:
    """Whether the words stand in the text one after the other, but for their endings."""
    there = [stem(word) for word in re.findall(r"[^\W_]+", text.casefold())]
    wanted = [part for word in stems for part in word.casefold().split()]
    return any(there[at : at + len(wanted)] == wanted for at in range(len(there) - len(wanted) + 1))


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _year(entry: Entry) -> str:
    return f" ({entry.day.year})" if entry.day else ""


def asked_of(counting: Counting, asked: Asked, embedder: Embedder) -> Asked:
    """The same question without the words that are no content: "which reports" would blur the rest."""
    kept = stems_of(*counting.content)
    weights = {word: weight for word, weight in asked.weights.items() if stems_of(word) & kept}
    return replace(asked, weights=weights or asked.weights, row=embedder.embed([" ".join(counting.content)])[0])
