"""What a document is, what stands in it and where its passages are, as HTML. Gives markup to document."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.holdings import STATES, Holding
from corpus.types import Fact, Passage
from index.types import Entry
from index.words import Place
from ui.web.factlist import value_words
from ui.web.files import INLINE, download_path, original_path
from ui.web.inspections import badge, between
from ui.web.markup import count, day, esc, event_button, size
from ui.web.uploads import told_name
from ui.web.viewer import KINDS

MOST_PLACES = 200
"""Places shown at once."""
LOT = 50
"""Passages shown at once."""


def head_html(one: Holding, facts: Sequence[Fact], moves: int) -> str:
    """The document's name and what is known of it; the heading gets the focus when ``moves`` is new. Of one under embargo the
    entry is masked, and the embargo is its only fact."""
    entry = one.entry
    back = f'<p class="foot">{event_button("leave", "‹ Back to all documents", spoken="Back to all documents")}</p>'
    title = f'<h2 tabindex="-1" data-focus="{moves}" data-document="{esc(entry.id)}"><bdi>{esc(entry.title or entry.name)}</bdi></h2>'
    said = "".join(f'<span class="problem">{esc(text.rstrip("."))}.</span>' for text in _problems(one))
    told = "".join(f"<div><dt>{name}</dt><dd>{html}</dd></div>" for name, html in _about(one, facts) if html)
    return f'{back}{title}{f"<p>{said}</p>" if said else ""}<dl class="about">{told}</dl>{_ways(one)}'


def _problems(one: Holding) -> list[str]:
    return [STATES[state] for state in one.states if state not in ("held", "noted")] + list(one.entry.notices)


def _about(one: Holding, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    """What is known, in words; HTML, empty where it is not."""
    entry = one.entry
    fieldwork = next((fact for fact in facts if fact.field == "fieldwork"), None)
    inspected = value_words(fieldwork) if fieldwork and fieldwork.value else between(None, entry.inspected)
    embargo = next((fact for fact in facts if fact.field == "embargo" and fact.value), None)
    publisher = next((fact.value for fact in facts if fact.field == "inspectorate"), "")
    judged = f"{count(one.judgements, 'judgement')} read" if one.judgements else ""
    overall = f"{badge(one.overall)} " if one.overall else ""
    return [
        ("Service", f"<bdi>{esc(entry.service)}</bdi>" if entry.service else ""), ("Kind", esc(entry.kind.capitalize())),
        ("Publisher", f"<bdi>{esc(publisher)}</bdi>" if publisher else ""), ("Published", day(entry.published)),
        ("Inspected", esc(inspected)), ("Judged", overall + judged), ("Embargo until", esc(value_words(embargo)) if embargo else ""),
        ("File", f"<bdi>{esc(entry.name)}</bdi> ({esc(KINDS.get(entry.media, entry.media))}, {size(entry.bytes)})"),
        ("Holds", f"{count(entry.pages, 'page')}, {count(entry.passages, 'passage')}"),
        ("Added", f"{day(entry.added)}{_from(entry)}"), ("Fingerprint", f'<code title="Of its content (SHA-256)">{esc(entry.id)}</code>'),
    ]  # fmt: skip


def _from(entry: Entry) -> str:
    """The folder, or the zip and the folder in it, that it was added from; empty where nobody knows."""
    told = told_name(entry.source)
    folder = told.removesuffix(entry.name).rstrip("/› ") if told.endswith(entry.name) else told
    return f" from <bdi>{esc(folder)}</bdi>" if folder else ""


def _ways(one: Holding) -> str:
    """To the original, where it may be had, and to removing the document."""
    entry, links = one.entry, []
    if not {"held", "lost"} & set(one.states):
        if entry.media in INLINE:
            new = '<span class="unseen"> (in a new tab)</span>'
            links.append(f'<a href="{esc(original_path(entry.id))}" target="_blank" rel="noopener noreferrer">Open the original{new}</a>')
        links.append(f'<a href="{esc(download_path(entry.id))}" download>Download the original</a>')
    links.append(event_button("remove", "Remove this document…", data={"document": entry.id}))
    return f'<p class="links">{"".join(links)}</p>'


def places_html(found: Sequence[Place], words: str, pages: int) -> str:
    """Where the words stand: each place a button that opens its page. ``pages`` is how many the document has."""
    if not words.strip():
        return '<p class="aside">Type a word or a phrase; every place where it stands is listed here.</p>'
    if not found:
        return f'<p class="aside" role="status">“{esc(words.strip())}” stands on none of its {count(pages, "page")}.</p>'
    on = len({place.page for place in found})
    cut = f"; the first {MOST_PLACES} are listed" if len(found) > MOST_PLACES else ""
    items = "".join(_place(place) for place in found[:MOST_PLACES])
    return f'<p class="aside" role="status">{count(len(found), "place")} on {count(on, "page")}{cut}.</p><ol class="places">{items}</ol>'


def _place(place: Place) -> str:
    data = {"page": place.page, "start": place.start, "end": place.end}
    button = event_button("found", f"Page {place.page}", data=data, spoken=f"Page {place.page}: {place.quote} {place.after}")
    around = f'{esc(place.before)}<mark class="hit">{esc(place.quote)}</mark>{esc(place.after)}'
    return f'<li>{button}<p dir="auto">{"… " if place.start else ""}{around} …</p></li>'


def passages_html(passages: Sequence[Passage], at: int, chosen: str = "") -> str:
    """The passages from number ``at`` on (0 the first), with where each stands; ``chosen`` is the one that is open."""
    if not passages:
        return '<p class="aside">It has no passages.</p>'
    items = "".join(_passage(each, number, chosen) for number, each in enumerate(passages[at : at + LOT], start=at + 1))
    shown = f"; {at + 1:,} to {min(at + LOT, len(passages)):,} are shown" if len(passages) > LOT else ""
    said = f'<p class="aside" role="status">{count(len(passages), "passage")}, as they are searched{shown}.</p>'
    return f'{said}<ol class="passages" start="{at + 1}">{items}</ol>{_pager(at, len(passages))}'


def _passage(passage: Passage, number: int, chosen: str) -> str:
    here = passage.id == chosen
    name = f"Passage {number}, page {passage.page}"
    button = event_button("passage", name, data={"passage": passage.id}, current=here)
    section = f" · <bdi>{esc(passage.section)}</bdi>" if passage.section else ""
    where = f"characters {passage.start:,} to {passage.end:,} · {count(passage.tokens, 'token')}"
    return (
        f'<li{" class=open" if here else ""}>{button}<span class="aside">{section}</span><p class="aside">{where}</p>'
        f'<blockquote dir="auto" tabindex="0">{esc(passage.text)}</blockquote></li>'
    )


def _pager(at: int, total: int) -> str:
    """Buttons to turn the list of passages."""
    if total <= LOT:
        return ""
    parts = []
    for label, to in ((f"Previous {LOT}", at - LOT), (f"Next {LOT}", at + LOT)):
        data = f'data-event="lot" data-at="{to}"' if 0 <= to < total else 'aria-disabled="true"'
        parts.append(f'<button type="button" class="tool" {data}>{label}</button>')
    return f'<nav class="pager" aria-label="Pages of the list">{"".join(parts)}</nav>'
