"""What one document says of itself: to read, to correct by hand, and to take back. Takes corrections to the library.

A part of a document's page; which document it shows is the reader's own, in ``sheet``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.types import Citation
from corpus.types import FIELDS, Fact
from index.errors import LibraryError
from index.types import Entry
from ui.web.factlist import GRADED, HINTS, facts_html, held_words, label, typed
from ui.web.markup import live, notice, told

if TYPE_CHECKING:
    from assistant.build import Assistant

HELD_FIELD = "embargo"
"""The one field that can be seen and corrected before the end of an embargo."""
GONE = "This document is no longer in the library."


@dataclass(slots=True)
class Sheet:
    """The document that one reader looks at; empty for none. ``moves`` counts what got the focus.

    ``citation`` is what is marked, or a page alone where its quote is empty; ``number`` the page that is open, 0 for that of the
    citation; ``words`` are looked for in its text; passages are listed from ``at``, and ``passage`` is the one chosen last.
    """

    id: str = ""
    moves: int = 0
    citation: Citation | None = None
    number: int = 0
    words: str = ""
    at: int = 0
    passage: str = ""

    def begin(self, id: str) -> None:
        """Another document, or none."""
        self.id, self.moves, self.citation = id, self.moves + 1, None
        self.number, self.words, self.at, self.passage = 0, "", 0, ""


class Facts:
    """The part: its components, and what happens to them. ``changed`` are what changes the library."""

    def __init__(self, assistant: Assistant, sheet: gr.State) -> None:
        self.assistant, self.sheet = assistant, sheet
        self.note = live(elem_id="facts-note")
        self.table = live(elem_id="facts")
        with gr.Column(elem_id="facts-form"):
            gr.HTML("<h3>Correct or add a fact</h3>", apply_default_css=False)
            with gr.Row(elem_id="facts-inputs"):
                self.field = gr.Dropdown(_fields(FIELDS), value="service", label="Field", info="What it says of itself.",
                                         elem_id="fact-field")  # fmt: skip
                self.subject = gr.Dropdown([], value=None, label="What was judged", info="Choose, or type another.",
                                           allow_custom_value=True, visible=False, elem_id="fact-subject")  # fmt: skip
                self.value = gr.Textbox(label="Value", info=_hint("service", ()), lines=1, max_lines=1, elem_id="fact-value")
            with gr.Row(elem_id="facts-buttons"):
                self.save = gr.Button("Save", variant="primary", elem_id="fact-save")
                self.none = gr.Button("There is none", elem_id="fact-none")
                self.undo = gr.Button("Take back correction", elem_id="fact-undo")
        self._wire()

    def _wire(self) -> None:
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        slow: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": 2}
        form = [self.field, self.subject, self.value]
        self.opened = [self.note, self.table, *form]
        typed_in = [self.sheet, *form]
        after = [self.note, self.table, self.field, self.value]
        self.changed = [
            gr.on([self.save.click, self.value.submit], self.on_save, typed_in, after, **slow),
            self.none.click(self.on_none, typed_in[:3], after, **slow),
            self.undo.click(self.on_undo_field, typed_in[:3], after, **slow),
            self.table.undo(self.on_undo, self.sheet, after, **slow),
        ]
        self.field.input(self.on_field, [self.sheet, self.field, self.subject], [self.subject, self.value], **quick)
        self.table.amend(self.on_amend, self.sheet, form, **quick)

    def shown(self, sheet: Sheet) -> Sequence[Any]:
        """The facts of the document, and a form to correct them; for ``opened``."""
        try:
            _, facts, held = self.read(sheet.id)
        except Exception as error:
            return notice(told(error, "reading the facts"), "error"), "", *(gr.skip(),) * 3
        first = HELD_FIELD if held else "service"
        field = gr.Dropdown(choices=_fields((HELD_FIELD,) if held else FIELDS), value=first)
        return "", facts_html(facts, held), field, *self._inputs(first, facts, "", "")

    # ---- the form

    def on_field(self, sheet: Sheet, field: str, subject: str | None) -> Sequence[Any]:
        """Another field: what was judged is asked for where it is one, and the hint is that of the field."""
        try:
            return self._inputs(field, self.read(sheet.id)[1], subject or "", None)
        except LibraryError:
            return gr.skip(), gr.skip()

    def on_amend(self, sheet: Sheet, event: gr.EventData) -> Sequence[Any]:
        """A fact is to be corrected: the form holds it as it is."""
        try:
            facts = self.read(sheet.id)[1]
        except LibraryError:
            return gr.skip(), gr.skip(), gr.skip()
        fact = chosen(facts, event)
        return (fact.field, *self._inputs(fact.field, facts, fact.subject, typed(fact))) if fact else (gr.skip(),) * 3

    def _inputs(self, field: str, facts: Sequence[Fact], subject: str, value: str | None) -> tuple[Any, Any]:
        """What was judged and the value, as the field needs them; ``value`` None keeps what was typed."""
        own = [fact.subject for fact in facts if fact.subject]
        known = list(dict.fromkeys([*own, *self.assistant.findings().subjects, *([subject] if subject else [])]))
        asked = gr.Dropdown(choices=known, value=subject or None, visible=field == "judgement")
        hint = _hint(field, facts)
        return asked, gr.Textbox(info=hint) if value is None else gr.Textbox(value=value, info=hint)

    # ---- corrections

    def on_save(self, sheet: Sheet, field: str, subject: str | None, value: str) -> Sequence[Any]:
        """Keeps what was typed; a value that cannot be one stays in its box."""
        if not (value or "").strip():
            return notice("Type the value first, or choose “There is none”.", "warning"), *(gr.skip(),) * 3
        return self._done(sheet, lambda: self._corrected(sheet, field, value, subject))

    def on_none(self, sheet: Sheet, field: str, subject: str | None) -> Sequence[Any]:
        """Keeps that there is none."""
        return self._done(sheet, lambda: self._corrected(sheet, field, "", subject))

    def on_undo_field(self, sheet: Sheet, field: str, subject: str | None) -> Sequence[Any]:
        """Takes back what was corrected of the field in the form, also that there is none."""
        return self._done(sheet, lambda: self._taken_back(sheet, field, _about(field, subject)))

    def on_undo(self, sheet: Sheet, event: gr.EventData) -> Sequence[Any]:
        """Takes back the correction of a row."""
        data = event._data or {}
        return self._done(sheet, lambda: self._taken_back(sheet, str(data.get("field")), str(data.get("subject") or "")))

    def _corrected(self, sheet: Sheet, field: str, value: str, subject: str | None) -> str:
        fact = self.assistant.library.correct(sheet.id, field, value, _about(field, subject))
        named = f"{label(field)}{f' of “{fact.subject}”' if fact.subject else ''}"
        return notice(f"Saved. {named}: {typed(fact) if fact.value else 'there is none'}.", "success")

    def _taken_back(self, sheet: Sheet, field: str, subject: str) -> str:
        gone = self.assistant.library.take_back(sheet.id, field, subject)
        named = f"{label(field)}{f' of “{subject}”' if subject else ''}"
        if gone:
            return notice(f"Taken back. {named} is again as it was read.", "success")
        return notice(f"There was no correction of {named} to take back.", "warning")

    def _done(self, sheet: Sheet, change: Callable[[], str]) -> Sequence[Any]:
        """Makes a change and shows what counts now, the form emptied; where it fails, all stays but the message."""
        try:
            said = change()
            _, facts, held = self.read(sheet.id)
        except Exception as error:
            return notice(told(error, "correcting"), "error"), *(gr.skip(),) * 3
        field = gr.Dropdown(choices=_fields((HELD_FIELD,)), value=HELD_FIELD) if held else gr.Dropdown(choices=_fields(FIELDS))
        return said, facts_html(facts, held), field, ""

    def read(self, id: str) -> tuple[Entry, tuple[Fact, ...], str]:
        """A document, its facts, and what stands in for its title under embargo (else empty). Raises LibraryError.

        Under embargo the embargo is the only fact.
        """
        library = self.assistant.library
        entry = next((entry for entry in library.documents(held=True) if entry.id == id), None)
        if not entry:
            raise LibraryError(GONE)
        facts = library.facts([id], blanks=True).get(id, ())
        if any(shown.id == id for shown in library.documents()):
            return entry, facts, ""
        facts = tuple(fact for fact in facts if fact.field == HELD_FIELD)
        return entry, facts, held_words(facts)


def _fields(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(label(name), name) for name in names]


def _hint(field: str, facts: Sequence[Fact]) -> str:
    """How a value of the field is written; for a grade those of the document's scale."""
    scale = next((fact.scale for fact in facts if fact.scale), ()) if field in GRADED else ()
    return f"One of: {', '.join(scale)}." if scale else HINTS.get(field, "As it is printed.")


def _about(field: str, subject: str | None) -> str:
    """What was judged, for the one field that has it."""
    return (subject or "").strip() if field == "judgement" else ""


def chosen(facts: Sequence[Fact], event: gr.EventData) -> Fact | None:
    """The fact whose button was chosen; None for none of these."""
    data = event._data or {}
    return next((fact for fact in facts if (fact.field, fact.subject) == (data.get("field"), data.get("subject") or "")), None)
