"""The filters of Ask: set by hand, shown as chips, taken back one by one; and the chips of what a question was understood to mean.

Takes choices; gives Filters to chat and markup to conversation. The components are one reader's own: nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.findings import OVERALL
from assistant.scope import Filters
from assistant.types import Restriction
from ui.coverage import OVERALL_WORD
from ui.restrictions import words
from ui.web.markup import esc, live, told

if TYPE_CHECKING:
    from assistant.build import Assistant

ANY = "Any"


class Narrowing:
    """The part of Ask in which filters are set."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        with gr.Accordion("Filters", open=False, elem_id="ask-filters"), gr.Row(elem_id="ask-filter-fields"):
            self.parts = self._parts()
        self.chips = live(elem_id="ask-chips")

    def _parts(self) -> list[Any]:
        """In the order in which ``filters_of`` takes them."""
        return [
            gr.Dropdown([], value=[], multiselect=True, label="Service", info="All, unless some are chosen. Type to search.",
                        elem_id="ask-service"),
            gr.Dropdown([ANY], value=ANY, label="From year", info="Published, else inspected.", elem_id="ask-from"),
            gr.Dropdown([ANY], value=ANY, label="To year", info="That year included.", elem_id="ask-to"),
            gr.Dropdown([], value=[], multiselect=True, label="Kind of document", info="All, unless some are chosen.", elem_id="ask-kind"),
            gr.Dropdown([OVERALL_WORD], value=OVERALL_WORD, label="Judgement", info="What the grades are of.", elem_id="ask-subject"),
            gr.CheckboxGroup([], value=[], label="Grades", info="All, unless some are ticked.", elem_id="ask-grade"),
        ]  # fmt: skip

    def wire(self, quick: dict[str, Any]) -> None:
        """A filter that is set shows as a chip; a chip that is chosen takes its filter back."""
        gr.on([part.input for part in self.parts], self.on_set, self.parts, self.chips, **{**quick, "trigger_mode": "always_last"})
        self.chips.unfilter(self.on_unfilter, self.parts, [*self.parts, self.chips], **quick)

    def on_set(self, *values: Any) -> str:
        """The chips of the filters as they are now."""
        return chips_html(filters_of(*values))

    def on_unfilter(self, event: gr.EventData, *values: Any) -> Sequence[Any]:
        """A chip was chosen: its filter is taken back, or all are."""
        data, filters = event._data or {}, filters_of(*values)
        return self.shown(without(filters, str(data.get("key"))) if data.get("key") else Filters())

    def shown(self, filters: Filters) -> Sequence[Any]:
        """The components and the chips for these filters."""
        years = [str(day.year) if day else ANY for day in (filters.since, filters.until)]
        values = (list(filters.services), *years, list(filters.kinds), filters.subject or OVERALL_WORD, list(filters.grades))
        return (*(gr.update(value=value) for value in values), chips_html(filters))

    def offered(self, *values: Any) -> Sequence[Any]:
        """What the components have to offer now. What is set is left alone: it stays set, and may be changing at this moment."""
        try:
            found, services = self.assistant.findings(), self.assistant.services()
            entries = self.assistant.library.documents()
        except Exception as error:
            told(error, "reading the filters")  # into the log; the list of documents beside it says it to the reader
            return [gr.skip() for _ in self.parts]
        kinds = sorted({entry.kind for entry in entries if entry.kind})
        years = [ANY, *(str(year) for year in sorted({entry.day.year for entry in entries if entry.day}, reverse=True))]
        choices = (services, years, years, kinds, [OVERALL_WORD, *found.subjects], list(found.grades))
        return [gr.update(choices=_with(value, those)) for value, those in zip(values, choices, strict=True)]


def _with(value: str | Sequence[str] | None, choices: Sequence[str]) -> list[str]:
    """The choices and what is set, which the library may have lost: a filter that went by itself would let other documents answer."""
    chosen = [value] if isinstance(value, str) else value or ()
    return [*choices, *(one for one in chosen if one not in choices)]


def filters_of(
    services: Sequence[str], since: str, until: str, kinds: Sequence[str], subject: str, grades: Sequence[str]
) -> Filters:
    """What the components hold, as Filters. Years the wrong way round are taken the right way."""
    years = [int(year) if str(year).isdigit() else None for year in (since, until)]
    first, last = sorted(year for year in years if year) if all(years) else years
    return Filters(
        tuple(services or ()), date(first, 1, 1) if first else None, date(last, 12, 31) if last else None, tuple(kinds or ()),
        OVERALL if subject in (None, "", OVERALL_WORD) else subject, tuple(grades or ()),
    )  # fmt: skip


def without(filters: Filters, key: str) -> Filters:
    """The filters but for the one with this key (``Restriction.key``)."""

    def left(field: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for value in values if f"{field}:{value}" != key)

    timeless = key == "time"
    return replace(
        filters, services=left("service", filters.services), kinds=left("kind", filters.kinds), grades=left("grade", filters.grades),
        since=None if timeless else filters.since, until=None if timeless else filters.until,
    )  # fmt: skip


def chips_html(filters: Filters) -> str:
    """The filters that are set, each to be taken back; empty for none."""
    found = filters.restrictions
    if not found:
        return ""
    chips = "".join(chip_html("unfilter", one, {"key": one.key}, "Take back the filter") for one in found)
    every = '<button type="button" class="plain" data-event="unfilter">Take all filters back</button>' if len(found) > 1 else ""
    return f'<div class="chips" role="group" aria-label="Filters that are set"><span class="aside">Only:</span>{chips}{every}</div>'


def chip_html(event: str, one: Restriction, data: dict[str, object], doing: str) -> str:
    """A restriction as a button that takes it back; ``doing`` is what a screen reader hears before it."""
    attributes = "".join(f' data-{name}="{esc(value)}"' for name, value in data.items())
    label = words(one)
    return (
        f'<button type="button" class="chip" data-event="{event}"{attributes} aria-label="{esc(f"{doing} {label}")}">'
        f'<bdi>{esc(label)}</bdi><span aria-hidden="true" class="x">×</span></button>'
    )
