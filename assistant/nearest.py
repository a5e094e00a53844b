"""What a refusal can offer: how much was searched, and the windows that come nearest, which do not answer.

Takes entries and quotes; gives a sentence and Topics to the pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.names import Names
from assistant.quotes import Quote
from assistant.types import Topic, Understood
from index.types import Entry

_NAMED = 3
"""So many documents are named; of more, only how many there are."""


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


def topics(quotes: Sequence[Quote]) -> tuple[Topic, ...]:
    """The windows that come nearest, in their own words on one line, each with its place."""
    return tuple(
        Topic(
            " ".join(quote.text.split()), quote.hit.entry.name, quote.hit.entry.id, quote.hit.entry.title, quote.hit.passage.page,
            quote.start, quote.end,
        )
        for quote in quotes
    )  # fmt: skip
