"""The library's documents, and what an add did to them, as HTML tables. Gives markup to documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import AddReport, Entry, FileReport, Outcome, Progress
from ui.web.markup import count, day, esc, event_button, lasting, notice

MOST = 200
"""Rows shown at once; a search narrows the rest."""

OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    ("skipped", "Skipped"),
    ("added", "Added"),
    ("replaced", "Replaced"),
    ("unchanged", "Unchanged"),
    ("removed", "Removed"),
)
"""In the order in which a reader wants to see them: what went wrong first."""


def masked(entry: Entry, said: str) -> Entry:
    """An entry under embargo as it may be listed: ``said`` for its title, and nothing of what could give it away."""
    return replace(entry, title=said, service="", kind="", published=None, inspected=None, notices=())


def table_html(entries: Sequence[Entry], wanted: str, held: int = 0) -> str:
    """The documents that hold every word of ``wanted`` in title, file name, service or kind; ``held`` of all are under embargo."""
    if not entries:
        return '<p class="aside">The library is empty. Drop files above to begin.</p>'
    words = wanted.casefold().split()
    found = [e for e in entries if all(w in f"{e.title}\n{e.name}\n{e.service}\n{e.kind}".casefold() for w in words)]
    if not found:
        return f'<p class="aside" role="status">None of {count(len(entries), "document")} matches “{esc(wanted)}”.</p>'
    heads = ("Title", "File", "Kind", "Service", "Published", "Pages", "Passages", "Added", "Facts")
    head = "".join(f'<th scope="col" class="{name.lower()}">{name}</th>' for name in heads)
    rows = "".join(_row(entry) for entry in found[:MOST])
    return (
        f'<table class="grid documents"><caption>{_caption(len(found), len(entries), held)}</caption>'
        f'<thead><tr><th scope="col"><span class="unseen">Choose</span></th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
        f'<p class="foot">{event_button("choose", "Remove ticked documents…")}</p>'
    )


def _caption(found: int, total: int, held: int) -> str:
    narrow = f"; the first {MOST} are shown, search to narrow" if found > MOST else ""
    under = f", {held:,} of them under embargo" if held else ""
    return f"{'' if found == total else f'{found:,} of '}{count(total, 'document')}{under}{narrow}"


def _row(entry: Entry) -> str:
    notices = "".join(f'<span class="aside">{esc(text)}</span>' for text in entry.notices)
    title = f"<bdi>{esc(entry.title)}</bdi>{notices}"
    facts = event_button("facts", "Facts", data={"document": entry.id}, spoken=f"Facts of {entry.title}")
    cells = [
        ("File", f"<bdi>{esc(entry.name)}</bdi>", ""), ("Kind", esc(entry.kind.capitalize()), "kind"),
        ("Service", f"<bdi>{esc(entry.service)}</bdi>", ""), ("Published", day(entry.published), "day"),
        ("Pages", f"{entry.pages:,}", "figure"), ("Passages", f"{entry.passages:,}", "figure"),
        ("Added", day(entry.added), "day"), ("Facts", facts, "facts"),
    ]  # fmt: skip
    rest = "".join(f'<td class="{css}" data-label="{label}">{html}</td>' for label, html, css in cells)
    tick = f'<input type="checkbox" value="{esc(entry.id)}" aria-label="Choose {esc(entry.title)}">'
    return f'<tr><td class="tick">{tick}</td><th scope="row">{title}</th>{rest}</tr>'


def progress_html(progress: Progress | None, stopping: bool) -> str:
    """How far an add is. ``stopping`` when it was asked to stop and has not yet."""
    if not progress:
        bar = '<progress aria-label="Adding"></progress>'
        return f'<div class="progress" role="status"><p>Reading the files…</p>{bar}</div>'
    share = progress.bytes_done / progress.bytes_total if progress.bytes_total else 0.0
    facts = [
        f"{progress.files_done:,} of {count(progress.files_total, 'file')}", count(progress.pages, "page"),
        f"{progress.rate:.1f} pages a second", _left(progress.seconds_left),
    ]  # fmt: skip
    last = f"Last: {progress.last.name} ({progress.last.outcome})" if progress.last else ""
    return (
        f'<div class="progress"><p>{"Stopping after the file in hand…" if stopping else "Adding documents…"}</p>'
        f'<progress aria-label="Adding" max="100" value="{100 * share:.0f}"></progress>'
        f'<p>{" · ".join(fact for fact in facts if fact)}</p><p class="aside"><bdi>{esc(last)}</bdi></p></div>'
    )


def _left(seconds: float | None) -> str:
    """``about 42 s left``; empty when nobody knows yet."""
    if seconds is None:
        return ""
    return f"about {lasting(seconds)} left" if seconds >= 10 else "a few seconds left"


def report_html(report: AddReport) -> str:
    """What became of each file: a sentence of figures, and a table."""
    counts = [f"{len(report.of(outcome))} {label.lower()}" for outcome, label in OUTCOMES if report.of(outcome)]
    said = f"{'Stopped early. ' if report.interrupted else ''}{_sentence(counts)} in {lasting(report.seconds)}."
    if report.interrupted:
        said += " What was added stays; add the files again to go on."
    skipped = bool(report.of("skipped"))
    rows = [_outcome(each, label) for outcome, label in OUTCOMES for each in report.of(outcome)]
    more = f"<p class='aside'>The first {MOST} of {count(len(rows), 'file')} are shown.</p>" if len(rows) > MOST else ""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("File", "Outcome", "Pages", "Why"))
    table = (
        f'<table class="grid outcomes"><caption class="unseen">What became of each file</caption><thead><tr>{head}</tr>'
        f"</thead><tbody>{''.join(rows[:MOST])}</tbody></table>"
    )
    return notice(said, "warning" if skipped or report.interrupted else "success") + (table if rows else "") + more


def _sentence(counts: Sequence[str]) -> str:
    """``2 skipped, 3 added``, with a capital; ``Nothing to do`` for none."""
    return ", ".join(counts).capitalize() if counts else "Nothing to do"


def _outcome(file: FileReport, label: str) -> str:
    pages = f"{file.pages:,}" if file.pages else ""
    return (
        f'<tr><th scope="row"><bdi>{esc(file.name)}</bdi></th>'
        f'<td data-label="Outcome"><span class="badge {esc(file.outcome)}">{label}</span></td>'
        f'<td class="figure" data-label="Pages">{pages}</td><td data-label="Why">{esc(file.reason)}</td></tr>'
    )


def ask_removal(entries: Sequence[Entry], moves: int) -> str:
    """The question before a removal, with what would go."""
    names = "".join(f"<li><bdi>{esc(e.title)}</bdi> (<bdi>{esc(e.name)}</bdi>)</li>" for e in entries[:10])
    more = f"<li>and {len(entries) - 10:,} more</li>" if len(entries) > 10 else ""
    return (
        f'<h3 tabindex="-1" data-focus="{moves}">Remove {count(len(entries), "document")} from the library?</h3>'
        f"<ul>{names}{more}</ul><p>Your own files stay where they are. Answers will no longer rest on these.</p>"
    )
