"""Evaluation runs on the page: how far one is, how it ended, and the list of all. Gives markup to evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ui.record import plain_text
from ui.runs import Line
from ui.web.bench import Progress
from ui.web.markup import count, day, esc, event_button, lasting, notice

MOST = 50
"""So many runs are listed."""
HEADS = ("Begun", "Question set", "Right", "Questions", "Library", "State", "Actions")


def progress_html(now: Progress, moves: int) -> str:
    """How far the run is, and what is asked at the moment."""
    if now.stopping:
        left = "Stopping after the question in hand"
    elif now.left is None:
        left = "Time left is not known yet"
    else:
        left = f"About {lasting(now.left)} left" if now.left >= 1 else "Nearly done"
    question = f'<p class="aside asking">Asking: <bdi>{esc(plain_text(now.question))}</bdi></p>' if now.question else ""
    return (
        f'<div class="progress"><p tabindex="-1" data-focus="{moves}"><b>{esc(plain_text(now.name))}</b>: '
        f"{now.done:,} of {count(now.of, 'question')}</p>"
        f'<progress max="{max(1, now.of)}" value="{now.done}" aria-label="Questions asked"></progress>'
        f'<p class="figures">{left} · {lasting(now.seconds)} so far</p>{question}'
        '<p class="aside">You can leave or reload this page: the run goes on as long as the program does, and is found here again. '
        "Other readers see it too.</p></div>"
    )


def list_html(lines: Sequence[Line], opened: str, running: str, fingerprint: str, dropping: str, focus: tuple[str, int]) -> str:
    """The runs, newest first. ``focus`` is the run whose button has the focus, or "list", and since which move."""
    if not lines:
        return '<h2>Runs</h2><p class="aside">None yet. A run that you start above is kept here.</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in HEADS)
    rows = "".join(_row(line, line.id == opened, line.id == running, fingerprint, dropping, focus) for line in lines[:MOST])
    more = f"; the newest {MOST} are shown, the others are in the library folder" if len(lines) > MOST else ""
    mark = f' tabindex="-1" data-focus="{focus[1]}"' if focus[0] == "list" else ""
    return (
        f'<h2>Runs</h2><table class="grid runs"><caption{mark}>{count(len(lines), "run")}{more}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(line: Line, opened: bool, running: bool, fingerprint: str, dropping: str, focus: tuple[str, int]) -> str:
    when = moment(line.started) if line.started else moment_of(line.id)
    if dropping == line.id:
        asked = really(f"the run of {when}", "Its report goes with it.", "run", line.id, focus[1])
        return f'<tr><th scope="row">{esc(when)}</th><td colspan="6">{asked}</td></tr>'
    library = count(line.documents, "document") if not line.damaged else ""
    other = ' <span class="aside">changed since</span>' if line.fingerprint not in ("", fingerprint) else ""
    done = f"{line.done:,}" + ("" if line.finished else f" of {line.asked:,}")
    cells = (
        ("Question set", f"<bdi>{esc(line.set_name)}</bdi>", ""), ("Right", right_html(line.right), "right"),
        ("Questions", "" if line.damaged else done, "figure"), ("Library", f"{library}{other}", ""), ("State", _state(line, running), ""),
        ("Actions", _acts(line, when, running, opened, focus), "do"),
    )  # fmt: skip
    body = "".join(f'<td class="{css}" data-label="{label}">{value}</td>' for label, value, css in cells)
    return f'<tr{" class=open" if opened else ""}><th scope="row">{esc(when)}</th>{body}</tr>'


def _state(line: Line, running: bool) -> str:
    if line.damaged:
        return '<span class="badge failed">Damaged</span>'
    if running:
        return '<span class="badge running">Running</span>'
    written = "" if line.quotes else ' <span class="aside">written answers</span>'
    part = f' <span class="aside">{line.asked:,} of the set</span>' if line.limit else ""
    css, word = ("answered", "Finished") if line.finished else ("partial", "Stopped")
    return f'<span class="badge {css}">{word}</span>{written}{part}'


def _acts(line: Line, when: str, running: bool, opened: bool, focus: tuple[str, int]) -> str:
    """What can be done with a run. The open one's button is marked."""
    if running:
        return ""
    of = f"{when}, {line.set_name}" if line.set_name else when
    acts = [
        ("report", "Report", f"Report of {of}", not line.damaged and line.done > 0),
        ("resume", "Go on", f"Go on with {of}", not (line.damaged or line.finished)),
        ("drop", "Delete", f"Delete the run of {of}", True),
    ]
    buttons: list[str] = []
    for event, label, spoken, offered in acts:
        if offered:  # the first one has the focus
            data = {"id": line.id, "what": "run"} | ({} if buttons else focused(line.id, focus))
            buttons.append(event_button(event, label, data=data, spoken=spoken, current=opened and event == "report"))
    return f'<p class="acts">{"".join(buttons)}</p>'


def focused(id: str, focus: tuple[str, int]) -> dict[str, object]:
    return {"focus": focus[1]} if id == focus[0] else {}


def really(what: str, more: str, kind: str, id: str, moves: int) -> str:
    data = {"what": kind, "id": id}
    return (
        f'<div class="really" role="group" aria-label="Delete?"><p tabindex="-1" data-focus="{moves}">Delete {esc(what)}? {more} '
        f'It cannot be brought back.</p><p class="acts">{event_button("dropped", "Delete", "strong danger", data)}'
        f"{event_button('unchanged', 'Keep', data=data)}</p></div>"
    )


def right_html(right: tuple[float, float, float] | None) -> str:
    """The share of right answers with its interval, as ``84% (75–92%)``; empty for None."""
    if right is None:
        return ""
    value, low, high = right
    between = f' <span class="aside">({100 * low:.0f}–{100 * high:.0f}%)</span>' if low < high else ""
    return f"{100 * value:.0f}%{between}"


def moment(started: str) -> str:
    """``23 Nov 2026, 22:17`` on this computer's clock; what it is itself when it is no time."""
    try:
        then = datetime.fromisoformat(started).astimezone()
    except ValueError:
        return started
    return f"{day(then)}, {then:%H:%M}"


def moment_of(id: str) -> str:
    """When a run whose file cannot be read was begun: its id has that."""
    return moment(f"{id[:4]}-{id[4:6]}-{id[6:8]}T{id[9:11]}:{id[11:13]}:{id[13:15]}+00:00")


def ended_html(line: Line | None, failure: str, moves: int) -> str:
    """How a run ended; ``moves`` gets the focus, 0 leaves it where it is."""
    said = _ended(line, failure)
    return f'<div tabindex="-1" data-focus="{moves}">{said}</div>' if moves else said


def _ended(line: Line | None, failure: str) -> str:
    if failure:
        return notice(failure, "error")
    if line is None:
        return notice("The run is no longer here: somebody deleted it.", "warning")
    right = f"{share(line)} of {count(line.done, 'answer')} right" if line.right else "no question was answered"
    if line.finished:
        return notice(f"The evaluation is finished: {right}.", "success")
    said = f"The evaluation was stopped after {line.done:,} of {count(line.asked, 'question')}: {right}."
    return notice(f"{said} “Go on”, in the list below, asks the others.", "warning")


def share(line: Line) -> str:
    """``84%``: how much was right; empty for no question done."""
    return f"{100 * line.right[0]:.0f}%" if line.right else ""
