"""Files to take from the page: an answer, or the conversation, as Markdown, Word or PDF. Takes clicks; gives a link that page.js follows.

The file is within the link: nothing of it is left on disk, and nobody else can ask for it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from ui.filing import FORMS, file_name, paper_of, save
from ui.web.markup import esc, event_button, notice, told, whole
from ui.web.talk import Talk, Turn

NAMES = {"md": "Markdown", "docx": "Word", "pdf": "PDF"}
_MEDIA = {
    "md": "text/markdown;charset=utf-8", "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_LARGEST = 12_000_000
"""A file of more bytes does not go into the page."""


def buttons_html(label: str, turn: int | None, what: str) -> str:
    """A button for each form; ``turn`` is the answer's number, None for the whole conversation, ``what`` names it aloud."""
    data = {} if turn is None else {"turn": turn}
    buttons = (event_button("save", NAMES[form], data={**data, "form": form}, spoken=f"Save {what} as {NAMES[form]}") for form in FORMS)
    return f'<span class="save"><span class="aside">{esc(label)}</span> {"".join(buttons)}</span>'


def saved_html(talk: Talk, chosen: Mapping[str, Any]) -> str:
    """The file that was asked for, as a link; a message where it cannot be made; empty for what is not there."""
    form, turns = str(chosen.get("form")), _chosen(talk, chosen)
    if form not in FORMS or not turns:
        return ""
    title = turns[0].question if len(turns) == 1 else talk.name
    name = file_name(title, form)
    try:
        data = save(paper_of(title, [turn.kept() for turn in turns]), form)
    except Exception as error:
        return notice(told(error, "writing the file"), "error")
    if len(data) > _LARGEST:
        return notice("This file is too large to be saved from here. `assistant ask … --export FILE` writes it.", "warning")
    talk.saves += 1
    link = f"data:{_MEDIA[form]};base64,{base64.b64encode(data).decode('ascii')}"
    return (
        f'<p class="aside">Saved as <a class="plain download" data-save="{talk.saves}" download="{esc(name)}" '
        f'href="{link}">{esc(name)}</a></p>'
    )


def _chosen(talk: Talk, chosen: Mapping[str, Any]) -> list[Turn]:
    """The turn that was chosen, or all, as far as they are over."""
    if "turn" not in chosen:
        return [turn for turn in talk.turns if turn.state != "running"]
    turn = talk.turn(whole(chosen["turn"]))
    return [turn] if turn and turn.state != "running" else []
