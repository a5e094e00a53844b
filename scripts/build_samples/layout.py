"""The pages of a report: cover, running lines, contents, footnotes, outline. Takes flowables from report; writes the PDF."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab.lib.units import mm
from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph
from reportlab.platypus.tableofcontents import TableOfContents

from . import style

FRAME_HEIGHT = style.HEIGHT - style.TOP - style.BOTTOM
_NOTE_GAP = 10.0  # points between the text and the rule above the notes
_MOST_PASSES = 8  # notes move text and text moves notes; the samples settle in three or four


class FillTo(Flowable):  # type: ignore[misc]
    """Takes all the room of its frame but the last ``height`` points."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self._keep = height

    def wrap(self, width: float, room: float) -> tuple[float, float]:
        return width, max(room - self._keep, 0.0)

    def draw(self) -> None:
        """Nothing to draw."""


class ReportPages(BaseDocTemplate):  # type: ignore[misc]
    """Lays out one report. Footnotes stand at the foot of the page that calls them.

    A page's room for notes is what its notes needed in the pass before; the passes end when nothing moves any more.
    """

    def __init__(self, file: Any, running: str, notice: str, published: date, **info: str) -> None:
        super().__init__(file, pagesize=(style.WIDTH, style.HEIGHT), invariant=1, pageCompression=0, lang="en-GB", **info)
        self.notes: list[str] = []
        self._running, self._notice, self._published = running, notice, published
        self._reserved: dict[int, tuple[int, ...]] = {}
        self._called: dict[int, tuple[int, ...]] = {}
        self._headings = 0
        body = Frame(style.LEFT, style.BOTTOM, style.BODY_WIDTH, FRAME_HEIGHT, 0, 0, 0, 0, id="body")
        cover = Frame(style.LEFT, 25 * mm, style.BODY_WIDTH, style.HEIGHT - 95 * mm, 0, 0, 0, 0, id="cover")
        self.addPageTemplates(
            [
                PageTemplate("cover", [cover], onPage=lambda canvas, _: _draw_cover(canvas)),
                PageTemplate("body", [body], onPage=self._draw_running, onPageEnd=self._draw_notes),
            ]
        )

    def note(self, words: str) -> str:
        """The mark that calls a footnote, to stand in a paragraph's text; notes count from 1 through the report."""
        self.notes.append(words)
        number = len(self.notes)
        return f'<super size="7">{number}</super><onDraw name="note" label="{number}"/>'

    def beforeDocument(self) -> None:
        self._reserved, self._called, self._headings = self._called, {}, 0
        self.canv.setNamedCB("note", self._call)
        self.canv._doc._timeStamp = _midnight(self._published)
        self.canv.setViewerPreference("DisplayDocTitle", "true")

    def handle_pageBegin(self) -> None:
        """Makes the frame as much shorter as the notes of this page were high in the pass before."""
        frame = self.pageTemplate.frames[0]
        if self.pageTemplate.id == "body":
            need = self._notes_height(self._reserved.get(self.page + 1, ()))
            frame.y1, frame.height = style.BOTTOM + need, FRAME_HEIGHT - need
        super().handle_pageBegin()

    def afterFlowable(self, flowable: Any) -> None:
        """Puts headings into the contents page and the outline."""
        level = {"chapter": 0, "section": 1}.get(getattr(getattr(flowable, "style", None), "name", ""))
        if level is None:
            return
        self._headings += 1
        key, words = f"h{self._headings}", flowable.getPlainText()
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(words, key, level, closed=level == 0)
        self.notify("TOCEntry", (level, words, self.page, key))

    def _allSatisfied(self) -> bool:
        return bool(super()._allSatisfied()) and self._called == self._reserved

    def write(self, story: Sequence[Any]) -> None:
        self.multiBuild(list(story), maxPasses=_MOST_PASSES)

    def _call(self, _canvas: Canvas, _name: str, label: str) -> None:
        self._called[self.page] = (*self._called.get(self.page, ()), int(label))

    def _note_paragraphs(self, numbers: Sequence[int]) -> list[tuple[Any, float]]:
        found = []
        for number in numbers:
            paragraph = Paragraph(f'<super size="6">{number}</super> {self.notes[number - 1]}', style.NOTE)
            found.append((paragraph, paragraph.wrap(style.BODY_WIDTH, FRAME_HEIGHT)[1] + style.NOTE.spaceAfter))
        return found

    def _notes_height(self, numbers: Sequence[int]) -> float:
        return sum(height for _, height in self._note_paragraphs(numbers)) + _NOTE_GAP if numbers else 0.0

    def _draw_notes(self, canvas: Canvas, _doc: Any) -> None:
        numbers = self._called.get(self.page, ())
        if not numbers:
            return
        y = style.BOTTOM + self._notes_height(numbers) - _NOTE_GAP
        canvas.setStrokeColor(style.GREY)
        canvas.setLineWidth(0.5)
        canvas.line(style.LEFT, y + 3, style.LEFT + 50 * mm, y + 3)
        for paragraph, height in self._note_paragraphs(numbers):
            y -= height
            paragraph.drawOn(canvas, style.LEFT, y)

    def _draw_running(self, canvas: Canvas, _doc: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(style.GREY)
        canvas.drawString(style.LEFT, style.HEIGHT - 15 * mm, self._running)
        canvas.setStrokeColor(style.RULE)
        canvas.setLineWidth(0.6)
        canvas.line(style.LEFT, style.HEIGHT - 17 * mm, style.WIDTH - style.RIGHT, style.HEIGHT - 17 * mm)
        canvas.line(style.LEFT, 16 * mm, style.WIDTH - style.RIGHT, 16 * mm)
        canvas.setFont("Helvetica", 7.5)
        canvas.drawString(style.LEFT, 12 * mm, self._notice)
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawRightString(style.WIDTH - style.RIGHT, 12 * mm, str(self.page))
        canvas.restoreState()


def contents() -> TableOfContents:
    """An empty contents page with dot leaders; it fills itself while the report is laid out."""
    return TableOfContents(levelStyles=style.CONTENTS, dotsMinLevel=0)


def _midnight(day: date) -> TimeStamp:
    """The moment the PDF's dates say: the start of the day of publication, UTC."""
    stamp = TimeStamp(invariant=1)
    stamp.lt = (day.year, day.month, day.day, 0, 0, 0, 0, 1, 0)
    stamp.t = calendar.timegm(stamp.lt)
    stamp.YMDhms = stamp.lt[:6]
    return stamp


def _draw_cover(canvas: Canvas) -> None:
    """The coloured ground and the emblem: four fields, one for each shire."""
    canvas.saveState()
    canvas.setFillColor(style.DEEP)
    canvas.rect(0, 88 * mm, style.WIDTH, style.HEIGHT - 88 * mm, stroke=0, fill=1)
    canvas.setFillColor(style.TEAL)
    canvas.rect(0, 84 * mm, style.WIDTH, 4 * mm, stroke=0, fill=1)
    side, gap = 7 * mm, 1.2 * mm
    x, y = style.LEFT, style.HEIGHT - 42 * mm
    for column, row, colour in ((0, 1, style.TEAL), (1, 1, style.PALE), (0, 0, style.PALE), (1, 0, style.TEAL)):
        canvas.setFillColor(colour)
        canvas.roundRect(x + column * (side + gap), y + row * (side + gap), side, side, 1.2 * mm, stroke=0, fill=1)
    canvas.setFillColor(style.WHITE)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(x + 22 * mm, y + 9.4 * mm, "Inspectorate of Probation")
    canvas.setFont("Helvetica", 13)
    canvas.drawString(x + 22 * mm, y + 3.2 * mm, "for the Four Shires")
    canvas.restoreState()
