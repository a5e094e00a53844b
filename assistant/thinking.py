"""Leaves out what a model thinks aloud before it answers. Takes text as it comes; gives the part that is the answer."""

from __future__ import annotations

import re

_OPEN = re.compile(r"\s*<(think|thinking|reasoning)>", re.IGNORECASE)
_LONGEST = len("</reasoning>")


class Thoughts:
    """Drops ``<think>…</think>`` at the start of a text; further on, such words are the text's own."""

    def __init__(self) -> None:
        self._held, self._until, self._begun = "", "", False

    def feed(self, text: str) -> str:
        """What of the text so far is new and belongs to the answer; "" while that is not decided."""
        if self._begun:
            return text
        self._held += text
        if self._until:
            return self._after()
        if opened := _OPEN.match(self._held):
            self._until = f"</{opened[1].lower()}>"
            self._held = self._held[opened.end() :]
            return self._after()
        waiting = self._held.lstrip().lower()
        if any(tag.startswith(waiting) for tag in ("<think>", "<thinking>", "<reasoning>")):
            return ""
        return self.rest()

    def _after(self) -> str:
        """The text behind the closing tag, if that has come; of the thoughts only what may begin the tag is kept."""
        place = self._held.lower().find(self._until)
        if place < 0:
            self._held = self._held[-_LONGEST:]
            return ""
        behind = self._held[place + len(self._until) :].lstrip()
        self._held = self._until = ""
        return self.feed(behind) if behind else ""

    def rest(self) -> str:
        """What was held back when the text is over; thoughts without an end stay out."""
        held, self._held = self._held, ""
        if self._until:
            return ""
        self._begun = bool(held.strip())
        return held.lstrip()
