"""The conversations of a browser: listed by day, searched, opened again, renamed, deleted. Beside Ask, hidden until wanted.

Takes clicks; gives markup, and fills the tab's Talk. What is kept, and for whom, is keeping's matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from ui.record import name_for
from ui.shelf import Listed
from ui.web.markup import count, day, esc, event_button, notice
from ui.web.saving import buttons_html
from ui.web.talk import Drawer, Talk

MOST = 200
"""So many are listed; search finds the others."""


def bar_html(talk: Talk, number: int) -> str:
    """The line above a conversation: its name, and the way to the others. Empty when there is none at all."""
    opened = talk.drawer.open
    focus = f' tabindex="-1" data-focus="{talk.drawer.landed}"' if talk.drawer.landed else ""
    css = "talk-name unseen" if _named_by_itself(talk) else "talk-name"
    name = f'<p class="{css}" dir="auto"{focus}><span class="unseen">Conversation: </span>{esc(talk.name)}</p>' if talk.turns else ""
    if len(talk.turns) > 1:
        name += buttons_html("Save conversation as", None, "the conversation")
    here = f'<div class="bar" data-conversation="{esc(talk.id)}">'
    if not (number or opened):
        return f"{here}{name}</div>"
    label = f"Hide conversations ({number:,})" if opened else f"Conversations ({number:,})"
    toggle = (
        f'<button type="button" class="plain toggle" data-event="conversations" aria-expanded="{str(opened).lower()}" '
        f'aria-controls="history">{label}</button>'
    )
    return f"{here}{toggle}{name}</div>"


def _named_by_itself(talk: Talk) -> bool:
    """Whether the name only says what the one question right below it says."""
    return len(talk.turns) == 1 and talk.name == name_for(talk.turns[0].question)


def head_html() -> str:
    """The heading of the drawer, which has the focus when it opens, and the way to close it."""
    heading = '<h2 class="small" tabindex="-1" data-focus="1">Your conversations</h2>'
    return f'<div class="drawer-head">{heading}{event_button("conversations", "Close", spoken="Close the list of conversations")}</div>'


def list_html(talk: Talk, lines: Sequence[Listed], damaged: int) -> str:
    """The conversations by day, newest first, with what can be done with each."""
    drawer = talk.drawer
    asking = any(line.id in (drawer.renaming, drawer.dropping) for line in lines[:MOST])
    focus = f' tabindex="-1" data-focus="{drawer.moves}"' if drawer.moves and not asking else ""
    parts = [notice(drawer.said, "warning")]
    if not lines:
        parts.append(f'<p class="aside">{_none(drawer)}</p>')
    now = datetime.now().astimezone()
    for label, group in groupby(lines[:MOST], lambda line: day_group(line.changed.astimezone(), now)):
        items = "".join(_item(line, talk, now) for line in group)
        parts.append(f'<h3 class="day">{esc(label)}</h3><ul class="talks">{items}</ul>')
    parts += [f'<p class="aside">{esc(said)}</p>' for said in _notes(len(lines), damaged)]
    return f'<section aria-label="Conversations"{focus}>{"".join(parts)}</section>'


def _none(drawer: Drawer) -> str:
    return "None has all these words." if drawer.wanted.strip() else "Questions that you ask here are kept in this list."


def _notes(number: int, damaged: int) -> Iterable[str]:
    if number > MOST:
        yield f"The newest {MOST} of {number:,} are shown; search finds the others."
    if damaged:
        yield f"{count(damaged, 'conversation')} could not be read: {'its file is' if damaged == 1 else 'their files are'} damaged."
    yield "Kept on this computer, for this browser only."


def day_group(then: datetime, now: datetime) -> str:
    """The heading under which a time is listed: Today, Yesterday, Last seven days, or its month."""
    days = (now.date() - then.date()).days
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    return "Last seven days" if then.date() > now.date() - timedelta(days=7) else f"{then:%B %Y}"


def _item(line: Listed, talk: Talk, now: datetime) -> str:
    drawer, here = talk.drawer, line.id == talk.id
    if drawer.renaming == line.id:
        return f'<li class="talk">{_rename_form(line, drawer)}</li>'
    if drawer.dropping == line.id:
        return f'<li class="talk">{_really(line, drawer)}</li>'
    then = line.changed.astimezone()
    when = f"{then:%H:%M}" if (now.date() - then.date()).days <= 1 else day(then)
    data = {"id": line.id}
    return (
        f'<li class="talk{" open" if here else ""}">{event_button("resume", line.name, "plain talk-title", data, current=here)}'
        f'<p class="aside">{count(line.questions, "question")} · {when}</p><p class="acts">'
        f"{event_button('rename', 'Rename', data=data, spoken=f'Rename {line.name}')}"
        f"{event_button('drop', 'Delete', data=data, spoken=f'Delete {line.name}')}</p></li>"
    )


def _rename_form(line: Listed, drawer: Drawer) -> str:
    return (
        f'<form data-sends="named" data-id="{esc(line.id)}"><label>Name<input name="name" type="text" maxlength="200" '
        f'value="{esc(line.name)}" data-focus="{drawer.moves}" autocomplete="off"></label><p class="acts">'
        f'<button type="submit" class="strong">Save</button>{event_button("unchanged", "Cancel")}</p></form>'
    )


def _really(line: Listed, drawer: Drawer) -> str:
    return (
        f'<div class="really" role="group" aria-label="Delete?"><p tabindex="-1" data-focus="{drawer.moves}">Delete '
        f"<bdi>“{esc(line.name)}”</bdi> with {count(line.questions, 'answer')}? It cannot be brought back.</p>"
        f'<p class="acts">{event_button("dropped", "Delete", "strong danger", {"id": line.id})}'
        f"{event_button('unchanged', 'Keep')}</p></div>"
    )
