"""How far an add is, file by file, and what became of each, as HTML. Gives markup to adding and documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from index.types import AddReport, FileReport, Outcome, Progress
from ui.web.markup import count, esc, lasting, notice
from ui.web.uploads import told_name

LINES = 60
"""Files shown at once while they are added."""
MOST = 200
"""Files shown at once when they are done."""

OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    ("skipped", "Skipped"),
    ("added", "Added"),
    ("replaced", "Replaced"),
    ("unchanged", "Unchanged"),
    ("removed", "Removed"),
)
"""In the order in which a reader wants to see them: what went wrong first."""
_LABELS = dict(OUTCOMES)
CSV_HEADS = ("File", "Outcome", "Pages", "Why")


@dataclass(slots=True)
class Track:
    """An add as it goes on: every file that was found, those at work, and what became of the rest, in the order of finishing."""

    names: dict[str, str] = field(default_factory=dict)
    done: dict[str, FileReport] = field(default_factory=dict)
    working: tuple[str, ...] = ()
    last: Progress | None = None

    def heed(self, news: Iterable[Progress]) -> None:
        """Takes note of what was told."""
        for each in news:
            self.names.update(each.found)
            if each.last:
                self.done[each.last.source] = each.last
            self.working, self.last = each.working, each

    def lines(self) -> list[tuple[str, str, str, str]]:
        """Kind of badge, its word, file and remark: first what is at work, then what is done, newest first, then what waits."""
        busy = [("running", "Reading", source, "") for source in self.working if source not in self.done]
        done = [(file.outcome, _LABELS[file.outcome], file.source, _remark(file)) for file in reversed(self.done.values())]
        begun = {*self.working, *self.done}
        return busy + done + [("waiting", "Waiting", source, "") for source in self.names if source not in begun]


def _remark(file: FileReport) -> str:
    return file.reason or (count(file.pages, "page") if file.pages else "")


def progress_html(track: Track, stopping: bool) -> str:
    """How far an add is. ``stopping`` when it was asked to stop and has not yet."""
    progress = track.last
    if not progress:
        bar = '<progress aria-label="Adding"></progress>'
        return f'<div class="progress"><p role="status">Reading the files…</p>{bar}</div>'
    share = progress.bytes_done / progress.bytes_total if progress.bytes_total else 0.0
    skipped = sum(file.outcome == "skipped" for file in track.done.values())
    facts = [
        f"{progress.files_done:,} of {count(progress.files_total, 'file')}", f"{skipped:,} skipped" if skipped else "",
        count(progress.pages, "page"), f"{progress.rate:.1f} pages a second", _left(progress.seconds_left),
    ]  # fmt: skip
    return (
        f'<div class="progress"><p role="status">{"Stopping after the file in hand…" if stopping else "Adding documents…"}</p>'
        f'<progress aria-label="Adding" max="100" value="{100 * share:.0f}"></progress>'
        f'<p>{" · ".join(fact for fact in facts if fact)}</p>{_list(track)}</div>'
    )


def _list(track: Track) -> str:
    lines = track.lines()
    items = "".join(
        f'<li><span class="badge {kind}">{word}</span> <bdi>{esc(told_name(source))}</bdi> <span class="aside">{esc(remark)}</span></li>'
        for kind, word, source, remark in lines[:LINES]
    )
    more = f'<li class="aside">and {len(lines) - LINES:,} more</li>' if len(lines) > LINES else ""
    return f'<ul class="states" tabindex="0" role="region" aria-label="Files">{items}{more}</ul>' if lines else ""


def _left(seconds: float | None) -> str:
    """``about 42 s left``; empty when nobody knows yet."""
    if seconds is None:
        return ""
    return f"about {lasting(seconds)} left" if seconds >= 10 else "a few seconds left"


def report_html(report: AddReport, total: int = 0) -> str:
    """What became of each file: a sentence of figures, and a table. ``total`` is how many there were, if some were not reached."""
    counts = [f"{len(report.of(outcome)):,} {label.lower()}" for outcome, label in OUTCOMES if report.of(outcome)]
    counts += [f"{total - len(report.files):,} not reached"] if report.interrupted and total > len(report.files) else []
    said = f"{'Stopped early. ' if report.interrupted else ''}{_sentence(counts)} in {lasting(report.seconds)}."
    if report.interrupted:
        said += " What was added stays; add the files again to go on."
    skipped = bool(report.of("skipped"))
    rows = [_outcome(each, label) for outcome, label in OUTCOMES for each in report.of(outcome)]
    more = ""
    if len(rows) > MOST:
        more = f'<p class="aside">The first {MOST} of {count(len(rows), "file")} are shown; the CSV file below has all.</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in CSV_HEADS)
    table = (
        f'<table class="grid outcomes"><caption class="unseen">What became of each file</caption><thead><tr>{head}</tr>'
        f"</thead><tbody>{''.join(rows[:MOST])}</tbody></table>"
    )
    return notice(said, "warning" if skipped or report.interrupted else "success") + (table if rows else "") + more


def csv_rows(report: AddReport) -> list[tuple[str, str, int | None, str]]:
    """A row for each file as in CSV_HEADS, in the order of the table."""
    return [(told_name(f.source), label, f.pages or None, f.reason) for outcome, label in OUTCOMES for f in report.of(outcome)]


def _sentence(counts: Sequence[str]) -> str:
    """``2 skipped, 3 added``, with a capital; ``Nothing to do`` for none."""
    return ", ".join(counts).capitalize() if counts else "Nothing to do"


def _outcome(file: FileReport, label: str) -> str:
    pages = f"{file.pages:,}" if file.pages else ""
    name = told_name(file.source) if file.source.startswith("upload:") else file.name
    return (
        f'<tr><th scope="row"><bdi>{esc(name)}</bdi></th>'
        f'<td data-label="Outcome"><span class="badge {esc(file.outcome)}">{label}</span></td>'
        f'<td class="figure" data-label="Pages">{pages}</td><td data-label="Why">{esc(file.reason)}</td></tr>'
    )
