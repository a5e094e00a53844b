"""What narrows a question to a part of the library: read out of it, shown each by itself, and taken back one by one.

Takes what was understood, and the filters; gives Restrictions, and the words for what is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.counting import Counting
from assistant.findings import OVERALL
from assistant.scope import Filters, Scope
from assistant.types import Restriction
from assistant.when import When, said

_ORDERS = {"latest": "the latest", "previous": "the one before", "first": "the first", "next": "the one after"}


def narrowing(services: Sequence[str], when: When, filters: Filters) -> tuple[Restriction, ...]:
    """What narrows the search: the services and the time that a question names, and the filters."""
    time = said(when.since, when.until) if when.dated else _ORDERS.get(when.order, "")
    read = [*(Restriction("service", name) for name in services), *([Restriction("time", time)] if time else [])]
    return (*read, *filters.restrictions)


def counted_among(counting: Counting, services: Sequence[str], filters: Filters) -> tuple[Restriction, ...]:
    """What narrows a count: all that its choice asks for, and the filters."""
    choice = counting.choice
    time = said(choice.since, choice.until)
    read = [
        *(Restriction("service", name) for name in services if name not in filters.services),
        *([Restriction("time", time)] if time else []),
        *(Restriction("kind", kind) for kind in choice.kinds), *(Restriction("type", kind) for kind in choice.types),
        *(Restriction("region", name) for name in choice.regions), *(Restriction("provider", name) for name in choice.providers),
        *([Restriction("judgement", choice.subject)] if choice.subject else []),
        *(Restriction("grade", grade, subject=choice.subject) for grade in choice.grades),
        *([Restriction("latest", "each service’s latest inspection")] if choice.latest else []),
    ]  # fmt: skip
    return (*read, *filters.restrictions)


def lifted(counting: Counting, keys: frozenset[str], scope: Scope | None) -> Counting:
    """The count without the restrictions that a reader took back, within the filters."""
    choice = counting.choice

    def left(field: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for value in values if f"{field}:{value}" not in keys)

    whole = f"judgement:{choice.subject}" in keys
    timeless = "time" in keys
    choice = replace(
        choice, grades=left("grade", choice.grades), kinds=left("kind", choice.kinds), types=left("type", choice.types),
        regions=left("region", choice.regions), providers=left("provider", choice.providers),
        subject=OVERALL if whole else choice.subject, also=() if whole else choice.also,
        years=(None, None) if whole else choice.years, since=None if timeless else choice.since,
        until=None if timeless else choice.until, latest=choice.latest and "latest" not in keys, scope=scope,
    )  # fmt: skip
    counting = replace(counting, choice=choice, years=() if timeless else counting.years)
    if any(key.startswith(("type:", "kind:")) for key in keys):  # the question's own word for them says what is no longer asked
        counting = replace(counting, said="services" if counting.services else "inspections", typed=False)
    return counting


def left_out(services: Sequence[str], scope: Scope) -> str:
    """Why nothing is searched: the filters let none of it through."""
    about = f" of the documents on {listed(services)}" if services else " of the library’s documents"
    whom = "one" if len(scope.unsure) == 1 else f"{len(scope.unsure):,}"
    unsure = f" Of {whom} nobody can say: no date, kind or grade could be read." if scope.unsure else ""
    return f"Your filters let none{about} through.{unsure} Take a filter back to ask them."


def listed(words: Sequence[str]) -> str:
    """The words as a sentence lists them: "a, b and c"."""
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)
