"""Writes a Paper as a Word file. Takes plain text only; python-docx makes text of it, never fields or markup."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from ui.filing import Footnote, Grid, Line, Paper, Part, clean

_SOFT = RGBColor(0x4A, 0x53, 0x58)


def as_docx(paper: Paper) -> bytes:
    """The whole paper on A4, pages numbered."""
    word = Document()
    _prepare(word, paper)
    word.add_heading(clean(paper.title), 0)
    _soft(word.add_paragraph(paper.subtitle))
    for part in paper.parts:
        _part(word, part)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _prepare(word: WordDocument, paper: Paper) -> None:
    """Page, font, properties and the page number at the foot."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.2)
    word.styles["Normal"].font.name, word.styles["Normal"].font.size = "Calibri", Pt(11)
    word.core_properties.title, word.core_properties.author = clean(paper.title)[:255], "Inspection Assistant"
    word.core_properties.comments = ""
    foot = section.footer.paragraphs[0]
    foot.add_run("Page ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)


def _part(word: WordDocument, part: Part) -> None:
    if part.question:
        word.add_heading(clean(part.question), 1)
    for line in part.lines:
        _line(word, line)
    if part.grid:
        _grid(word, part.grid)
    for line in part.after:
        _line(word, line)
    if part.sources:
        word.add_heading("Sources", 2)
    for source in part.sources:
        _source(word, source)


def _line(word: WordDocument, line: Line) -> None:
    if line.style == "note":
        paragraph = word.add_paragraph()
        paragraph.add_run("Note: ").bold = True
        paragraph.add_run(clean(line.text))
    elif line.style == "small":
        _soft(word.add_paragraph(clean(line.text)))
    else:
        for block in clean(line.text).split("\n\n"):
            word.add_paragraph(block.strip("\n"))


def _soft(paragraph: Paragraph) -> None:
    """Smaller and grey: about the text, not of it."""
    paragraph.paragraph_format.space_after = Pt(4)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9.5), _SOFT


def _grid(word: WordDocument, grid: Grid) -> None:
    _soft(word.add_paragraph(clean(grid.caption)))
    table = word.add_table(rows=1, cols=len(grid.heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, grid.heads, strict=True):
        cell.paragraphs[0].add_run(clean(head)).bold = True
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in grid.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = clean(text)
    for paragraph in (p for row in table._tbl.tr_lst for tc in row.tc_lst for p in tc.p_lst):
        Paragraph(paragraph, table).paragraph_format.space_after = Pt(0)
    word.add_paragraph()


def _source(word: WordDocument, source: Footnote) -> None:
    head = word.add_paragraph()
    head.add_run(f"[{source.number}] ").bold = True
    head.add_run(clean(source.place))
    head.paragraph_format.keep_with_next, head.paragraph_format.space_after = True, Pt(0)
    file = word.add_paragraph(clean("\n".join(filter(None, (source.file, source.address)))))
    _soft(file)
    file.paragraph_format.keep_with_next = True
    quote = word.add_paragraph(clean(source.quote), style="Quote")
    quote.paragraph_format.left_indent = Cm(0.8)
