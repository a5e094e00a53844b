"""The report of a run on the page: opened, filtered, compared with another run, closed. Part of evaluation.

Takes clicks; gives markup by run_report. Which run is open, and what of it is shown, is in each reader's Look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.evaluate.report import OUTCOMES
from ui.runs import Line, Runs
from ui.web.markup import live, notice, told
from ui.web.run_list import moment, share
from ui.web.run_report import ALL, ANY, NOT_RIGHT, STEP, compared_html, head_html, questions_html

NONE = "none"
RESULTS = [NOT_RIGHT, ALL, *(label.capitalize() for label in OUTCOMES.values())]
"""What questions can be filtered by: how they came out."""
Shown = dict[Any, Any]
"""What changes on the page: new values by component."""


@dataclass(slots=True)
class Look:
    """What one reader looks at: the report that is open, what it is compared with, its filters, and what is about to be deleted.

    ``watching`` is the run under way that this reader sees, ``cancelled`` whether it was this one who stopped it, and ``awaited``
    whether its report is to take the place of the open one. ``moves`` counts what moves the focus, ``focus`` is where to, and
    ``begun`` is the move to the progress.
    """

    opened: str = ""
    against: str = ""
    kind: str = ANY
    outcome: str = NOT_RIGHT
    most: int = STEP
    watching: str = ""
    cancelled: bool = False
    awaited: bool = False
    dropping: str = ""
    focus: str = ""
    moves: int = 0
    begun: int = 0


class ReportArea:
    """The report's components, and what happens in them. One for all readers; a reader's own is in ``look``."""

    def __init__(self, runs: Runs, look: gr.State) -> None:
        self.runs = runs
        with gr.Column(visible=False, elem_id="report-area") as self.column:
            self._made()
        self.all = [self.column, self.head, self.against, self.compared, self.kind, self.outcome, self.questions]
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        gr.on([self.kind.input, self.outcome.input], self.on_filter, [self.kind, self.outcome, look], self.questions, **quick)
        self.against.input(self.on_against, [self.against, look], [self.head, self.compared], **quick)
        self.questions.more(self.on_more, look, self.questions, **quick)

    def _made(self) -> None:
        self.head = live(elem_id="report-head")
        self.against = gr.Dropdown([("None", NONE)], value=NONE, label="Compare with an earlier run", elem_id="eval-against")
        self.compared = live(elem_id="report-compared")
        gr.HTML("<h3>The questions</h3>", apply_default_css=False)
        with gr.Row(elem_id="eval-filters"):
            self.kind = gr.Dropdown([("All kinds", ANY)], value=ANY, label="Kind", elem_id="eval-kind")
            self.outcome = gr.Dropdown(RESULTS, value=NOT_RIGHT, label="Outcome", elem_id="eval-outcome")
        self.questions = live(elem_id="report-questions")

    def on_against(self, earlier: str | None, look: Look) -> Shown:
        """The open run is compared with an earlier one, or with none."""
        look.against = "" if earlier in (None, NONE) else str(earlier)
        try:
            run = self.runs.read(look.opened)
            compared = compared_html(run, self._compared(look)) if look.against else ""
            return {self.head: head_html(run, look.opened, look.against, 0), self.compared: compared}
        except Exception as error:
            look.against = ""
            return {self.compared: notice(told(error, "comparing the runs"), "error")}

    def on_filter(self, kind: str | None, outcome: str | None, look: Look) -> str:
        """Other questions of the report are wanted."""
        look.kind, look.outcome, look.most = kind or ANY, outcome or ALL, STEP
        return self._questions(look)

    def on_more(self, look: Look) -> str:
        """More of the same questions."""
        look.most += STEP
        return self._questions(look)

    def open(self, id: str, look: Look, moves: int) -> Shown:
        """The report of a run, not compared with any other. ``moves`` as for ``head_html``. Raises RunError, and shows no other then."""
        run = self.runs.read(id)
        others = [line for line in self.runs.listed() if line.id < id and line.done]
        look.opened, look.against, look.kind, look.outcome, look.most = id, "", ANY, NOT_RIGHT, STEP
        kinds = [("All kinds", ANY), *((kind, kind) for kind in dict.fromkeys(record["kind"] for record in run["questions"]))]
        return {
            self.column: gr.Column(visible=True), self.head: head_html(run, id, "", moves), self.compared: "",
            self.against: gr.Dropdown(choices=_choices(others), value=NONE, visible=bool(others)),
            self.kind: gr.Dropdown(choices=kinds, value=ANY), self.outcome: gr.Dropdown(choices=RESULTS, value=NOT_RIGHT),
            self.questions: questions_html(run, ANY, NOT_RIGHT, STEP),
        }  # fmt: skip

    def closed(self, look: Look) -> Shown:
        """No report."""
        look.opened = look.against = ""
        return {self.column: gr.Column(visible=False)}

    def _questions(self, look: Look) -> str:
        try:
            return questions_html(self.runs.read(look.opened), look.kind, look.outcome, look.most) if look.opened else ""
        except Exception as error:
            return notice(told(error, "opening the report"), "error")

    def _compared(self, look: Look) -> dict[str, Any]:
        against = self.runs.compare(look.opened, look.against)
        return against | {"name": f"{against['name']}, {moment(against['started'])}"}


def _choices(lines: list[Line]) -> list[tuple[str, str]]:
    """Runs as choices to compare with."""
    labels = ((f"{moment(line.started)} · {line.set_name} · {share(line)} of {line.done:,} right", line.id) for line in lines)
    return [("None", NONE), *labels]
