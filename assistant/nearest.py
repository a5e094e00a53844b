"""What a refusal can offer: how much was searched, and the parts of documents that come nearest, which do not answer.

Takes entries and hits; gives a sentence and Topics to the pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.names import Names
from assistant.types import Topic, Understood
from index.types import Entry, Hit

_MOST = 4
_NAMED = 3
"""So many documents are named; of more, only how many there are."""
_NEAR, _NEAR_WITHIN = 0.35, 0.2
"""The least cosine of question and passage at which a part comes near at all: in the whole library, and in documents that the
question names. Of unrelated texts it is about 0.1 to 0.3."""


def held(entries: Sequence[Entry], understood: Understood, names: Names) -> str:
    """What was searched, of how much: "Searched 2 of 132 documents: …"; nothing where nothing was searched."""
    ids = set(understood.documents) if understood.documents is not None else None
    searched = [entry for entry in entries if ids is None or entry.id in ids]
    if not searched:
        return ""
    whole = len(searched) == len(entries)
    if len(entries) == 1:
        return f"Searched the library’s one document: “{entries[0].title}”."
    lead = f"Searched {'all ' if whole else f'{len(searched):,} of '}{len(entries):,} documents"
    if len(searched) <= _NAMED:
        named = "; ".join(f"“{entry.title}”{f' ({entry.day.year})' if entry.day else ''}" for entry in searched)
        return f"{lead}: {named}."
    services = len({name for entry in searched if (name := names.name_of(entry.id))})
    years = sorted({entry.day.year for entry in searched if entry.day})
    about = [f"on {services:,} services"] if services > 1 else []
    span = [f"from {years[0]} to {years[-1]}" if years[0] < years[-1] else f"from {years[0]}"] if years else []
    return ", ".join([lead, *about, *span]) + "."


def topics(hits: Sequence[Hit], *, named: bool = False) -> tuple[Topic, ...]:
    """The parts (a document's section) in which the best hits stand, the best first; those far from the question left out.

    ``named``: the hits are of documents that the question names.
    """
    least = _NEAR_WITHIN if named else _NEAR
    found: dict[tuple[str, str], Topic] = {}
    for hit in hits:
        passage, entry = hit.passage, hit.entry
        if passage.section and passage.section.casefold() != "contents" and (hit.similarity or 0.0) >= least:
            topic = Topic(passage.section, entry.name, entry.id, entry.title, passage.page, passage.start, passage.end)
            found.setdefault((entry.id, passage.section), topic)
    return tuple(found.values())[:_MOST]
