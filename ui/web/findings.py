"""Findings: which inspections were judged how, to filter, order, look up and take along. Takes choices; gives what matches.

All that is shown follows the same choice: what was checked, the two plots, the table and the files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from assistant.findings import OVERALL, Choice, Chosen, Findings
from assistant.types import Citation
from ui.coverage import OVERALL_WORD, choice_words, coverage_of
from ui.exporting import as_csv, as_xlsx, rows_of
from ui.web import charts, inspections
from ui.web.inspections import Order, Row
from ui.web.markup import event_button, live, notice, told
from ui.web.viewer import page_of, turned, viewer_html

if TYPE_CHECKING:
    from assistant.build import Assistant

ANY = "Any"
EMPTY = (
    '<div class="empty"><h2>No inspections yet</h2><p>When reports are in the library, how each service was judged is listed here, '
    f'with the page where it stands.</p><p>{event_button("goto", "Add documents", "strong", {"tab": "Documents"})}</p></div>'
)
NO_MATCH = '<p class="empty" role="status">No inspection matches. Take a filter back to see more.</p>'
FIELDS = (("type", "Type of service"), ("region", "Region"), ("inspectorate", "Inspectorate"))
"""Filters that are hidden while no publication in the library says it."""


@dataclass(slots=True)
class View:
    """What one reader looks at: the choice, the order, and the document whose page is open, with that page as HTML and where it is cited.

    ``moves`` counts openings and closings, ``left`` is the document whose page was closed last: its button gets the focus.
    """

    choice: Choice = field(default_factory=Choice)
    order: Order = field(default_factory=Order)
    opened: str = ""
    page: str = ""
    citation: Citation | None = None
    left: str = ""
    moves: int = 0


class FindingsArea:
    """The area "Findings": its components, and what happens to them. One for all readers; a reader's own is in ``view``."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.view = gr.State(View())
        with gr.Column(elem_id="filters-area") as self.filled:
            with gr.Row(elem_id="filters"):
                self.filters = self._filters()
            self.reset = gr.Button("Show all inspections", elem_id="reset", size="sm")
        self.coverage = live(elem_id="coverage")
        look: dict[str, Any] = {"height": charts.HEIGHT, "y_axis_format": "d", "buttons": []}
        with gr.Row(elem_id="plots") as self.plots:
            with gr.Column():
                self.spread = gr.BarPlot(label="By grade", x_label_angle=-20, elem_id="spread", **look)
                self.spread_numbers = live()
            with gr.Column():
                self.trend = gr.BarPlot(label="By year", x_label_angle=-60, elem_id="trend", **look)
                self.trend_numbers = live()
        with gr.Row(elem_id="downloads") as self.downloads:
            self.csv = gr.DownloadButton("Download as CSV", elem_id="csv")
            self.xlsx = gr.DownloadButton("Download for Excel (XLSX)", elem_id="xlsx")
        with gr.Row(elem_id="findings-area", equal_height=False):
            with gr.Column(elem_id="findings-main"):
                self.table = live(elem_id="findings")
            with gr.Column(elem_id="findings-side", visible=False) as self.beside:
                self.side = live(elem_id="finding-page")
        self._wire()

    def _filters(self) -> list[Any]:
        """In the order in which ``on_filter`` takes them."""
        return [
            gr.Dropdown([], value=[], multiselect=True, label="Service", info="All, unless some are chosen. Type to search.",
                        elem_id="by-service"),
            gr.Dropdown([OVERALL_WORD], value=OVERALL_WORD, label="Judgement", info="Of the whole, or of one part.", elem_id="by-subject"),
            gr.CheckboxGroup([], value=[], label="Grades", info="All, unless some are ticked.", elem_id="by-grade"),
            gr.Dropdown([ANY], value=ANY, label="From year", info="Of publication; else of the inspection.", elem_id="from-year"),
            gr.Dropdown([ANY], value=ANY, label="To year", info="That year included.", elem_id="to-year"),
            *(gr.Dropdown([], value=[], multiselect=True, label=label, info="All, unless some are chosen.", elem_id=f"by-{name}")
              for name, label in FIELDS),
            gr.Checkbox(False, label="Only each service’s latest inspection", elem_id="only-latest"),
        ]  # fmt: skip

    def _wire(self) -> None:
        self.results = [
            self.coverage, self.plots, self.spread, self.trend, self.spread_numbers, self.trend_numbers, self.downloads, self.csv,
            self.xlsx, self.table, self.beside, self.side,
        ]  # fmt: skip
        self.all = [self.filled, *self.filters, *self.results]
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        latest = {**quick, "trigger_mode": "always_last"}
        gr.on([each.input for each in self.filters], self.on_filter, [self.view, *self.filters], self.results, **latest)
        self.reset.click(self.on_reset, self.view, self.all, **quick)
        shown = [self.table, self.beside, self.side]
        self.table.sort(self.on_sort, self.view, shown, **quick)
        self.table.source(self.on_source, self.view, shown, **quick)
        self.side.leaf(self.on_leaf, self.view, self.side, **quick)
        self.side.shut(self.on_shut, self.view, shown, **quick)

    # ---- what readers do

    def on_filter(self, view: View, *wanted: Any) -> Sequence[Any]:
        """Filters were changed: what matches now. An open page is closed."""
        view.choice, view.opened, view.left = _choice(*wanted), "", ""
        return self._results(view)

    def on_reset(self, view: View) -> Sequence[Any]:
        """All inspections again, in the first order."""
        view.choice, view.order, view.opened, view.left = Choice(), Order(), "", ""
        return self.refreshed(view)

    def on_sort(self, view: View, event: gr.EventData) -> Sequence[Any]:
        """A column's head was chosen: the rows by it, or the other way round."""
        column = str((event._data or {}).get("column"))
        if column in inspections.COLUMNS:
            view.order = Order(column, view.order.column == column and not view.order.down)
        return self._shown(view)

    def on_source(self, view: View, event: gr.EventData) -> Sequence[Any]:
        """The source of a row was chosen: its page is shown beside the table."""
        id = str((event._data or {}).get("document"))
        try:
            one = next((one for one in self.assistant.findings().inspections if one.entry.id == id), None)
            fact = one.judged(view.choice.subject) if one else None
        except Exception as error:
            return notice(told(error, "looking into the library"), "error"), gr.skip(), gr.skip()
        if one and fact and fact.page:
            entry = one.entry
            view.citation = Citation(1, entry.name, entry.id, entry.title, fact.page, fact.quote, fact.start, fact.end)
            view.opened, view.left, view.moves = id, "", view.moves + 1
            self._turn(view, view.citation, fact.page)
        return self._shown(view)

    def on_leaf(self, view: View, event: gr.EventData) -> str:
        """Another page of the open document is shown."""
        number = turned(event._data)
        if view.opened and view.citation and number:
            self._turn(view, view.citation, number)
        return view.page if view.opened else ""

    def _turn(self, view: View, citation: Citation, number: int) -> None:
        page, foot = page_of(self.assistant.library, citation, number), event_button("shut", "Back to the table")
        view.page = f'<h2 class="unseen">Source</h2>{viewer_html(citation, page, foot, view.moves, number)}'

    def on_shut(self, view: View) -> Sequence[Any]:
        """Back to the row whose page was open."""
        view.left, view.opened, view.moves = view.opened, "", view.moves + 1
        return self._shown(view)

    def refreshed(self, view: View) -> Sequence[Any]:
        """The filters with what the library now has to offer, and what matches; for ``all``."""
        try:
            found = self.assistant.findings()
        except Exception as error:
            said = notice(told(error, "reading the findings"), "error")
            return gr.Column(visible=False), *(gr.skip() for _ in self.filters), *_nothing(said)
        view.choice = _still(view.choice, found)
        return gr.Column(visible=bool(found.inspections)), *_offered(view.choice, found), *self._results(view)

    # ---- what is shown

    def _results(self, view: View) -> Sequence[Any]:
        """The values of ``results`` for the choice; a message when the findings cannot be read or there are none."""
        try:
            found = self.assistant.findings()
            if not found.inspections:
                return _nothing(EMPTY)
            if view.choice.since and view.choice.until and view.choice.since > view.choice.until:
                return _nothing(notice("The first year is after the last. Choose them the other way round.", "warning"))
            return self._found(view, found, found.choose(view.choice))
        except Exception as error:
            return _nothing(notice(told(error, "reading the findings"), "error"))

    def _found(self, view: View, found: Findings, chosen: Chosen) -> Sequence[Any]:
        choice = view.choice
        covered = coverage_of(choice, chosen)
        if not chosen.matched:
            return _nothing(inspections.coverage_html(covered) + NO_MATCH)
        rows = inspections.rows_for(found, chosen.matched, choice.subject)
        grades = charts.grades_in(found.inspections, choice.subject, found.grades)
        spread, trend = charts.plots(rows, grades)
        cells = rows_of(found, chosen.matched, choice.subject)
        about = [covered.text, "", "Chosen:", *choice_words(choice, found.names)]
        return (
            inspections.coverage_html(covered), gr.Row(visible=True), spread, trend, *charts.numbers_html(rows, grades),
            gr.Row(visible=True), self._file(as_csv(cells), "findings.csv"), self._file(as_xlsx(cells, about), "findings.xlsx"),
            *self._drawn(view, rows),
        )  # fmt: skip

    def _file(self, content: bytes, name: str) -> str:
        """The path of a file to download, in Gradio's own folder, which empties itself."""
        return str(save_bytes_to_cache(content, name, self.csv.GRADIO_CACHE))

    def _shown(self, view: View) -> Sequence[Any]:
        """Table, the column beside it and what is in it: as they are for the view."""
        try:
            found = self.assistant.findings()
            rows = inspections.rows_for(found, found.choose(view.choice).matched, view.choice.subject)
        except Exception as error:
            return notice(told(error, "reading the findings"), "error"), gr.Column(visible=False), ""
        return self._drawn(view, rows)

    def _drawn(self, view: View, rows: Sequence[Row]) -> Sequence[Any]:
        drawn = inspections.ordered(rows, view.order)
        table = inspections.table_html(drawn, view.choice.subject, view.order, view.opened, (view.left, view.moves))
        return table, gr.Column(visible=bool(view.opened)), view.page if view.opened else ""


def _nothing(said: str) -> Sequence[Any]:
    """The values of ``results`` when there is only something to say."""
    skip, hidden = gr.skip(), gr.Row(visible=False)
    return said, hidden, skip, skip, "", "", hidden, skip, skip, "", gr.Column(visible=False), ""


def _choice(
    keys: Sequence[str], subject: str, grades: Sequence[str], since: str, until: str, types: Sequence[str], regions: Sequence[str],
    inspectorates: Sequence[str], latest: bool,
) -> Choice:  # fmt: skip
    """The filters as a Choice."""
    first, last = (int(year) if str(year).isdigit() else None for year in (since, until))
    return Choice(
        keys=tuple(keys or ()), subject=OVERALL if subject in (None, OVERALL_WORD) else subject, grades=tuple(grades or ()),
        since=date(first, 1, 1) if first else None, until=date(last, 12, 31) if last else None, types=tuple(types or ()),
        regions=tuple(regions or ()), inspectorates=tuple(inspectorates or ()), latest=bool(latest),
    )  # fmt: skip


def _still(choice: Choice, found: Findings) -> Choice:
    """The choice without what the library no longer has."""

    def kept(values: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
        return tuple(value for value in values if value in there)

    def year(day: date | None) -> date | None:
        return day if day and day.year in found.years else None

    return Choice(
        keys=kept(choice.keys, tuple(found.names)), subject=choice.subject if choice.subject in found.subjects else OVERALL,
        grades=kept(choice.grades, found.grades), since=year(choice.since), until=year(choice.until),
        types=kept(choice.types, found.values("type")), regions=kept(choice.regions, found.values("region")),
        inspectorates=kept(choice.inspectorates, found.values("inspectorate")), latest=choice.latest,
    )  # fmt: skip


def _offered(choice: Choice, found: Findings) -> Sequence[Any]:
    """The filters with their choices; those of a field that no publication has are hidden."""
    years = [ANY, *(str(year) for year in found.years)]
    fields = []
    for (name, _), value in zip(FIELDS, (choice.types, choice.regions, choice.inspectorates), strict=True):
        values = found.values(name)
        fields.append(gr.Dropdown(choices=list(values), value=list(value), multiselect=True, visible=bool(values)))
    return (
        gr.Dropdown(choices=[(name, key) for key, name in found.names.items()], value=list(choice.keys), multiselect=True),
        gr.Dropdown(choices=[OVERALL_WORD, *found.subjects], value=choice.subject or OVERALL_WORD),
        gr.CheckboxGroup(choices=list(found.grades), value=list(choice.grades)),
        gr.Dropdown(choices=years, value=str(choice.since.year) if choice.since else ANY),
        gr.Dropdown(choices=years, value=str(choice.until.year) if choice.until else ANY),
        *fields, gr.Checkbox(value=choice.latest),
    )  # fmt: skip
