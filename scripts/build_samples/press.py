"""Writes a PressRelease in the format it is published in. Takes values from content; gives bytes to the command line."""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from datetime import UTC, datetime
from html import escape

from docx import Document
from docx.document import Document as Docx
from docx.shared import Pt

from .content import TEXT, PressRelease, spoken
from .markup import Block, Grid, Heading, Items, Para, marked, typeset

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip archive can hold


def press_release(release: PressRelease) -> bytes:
    """The file's bytes. Raises KeyError for a format that nobody writes."""
    return {"txt": _text, "md": _markdown, "html": _html, "docx": _docx}[release.format](release)


def _text(release: PressRelease) -> bytes:
    """Plain text as a press office mails it: one line a paragraph, no emphasis, numbered notes indented."""
    parts = [str(release.facts["headline"]), spoken(release.published)]
    parts += [_plain(block) for block in release.blocks]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _plain(block: Block) -> str:
    match block:
        case Heading(_, text) | Para(text):
            return marked(text, "%s", "%s")
        case Items():
            return "\n".join(f"  {mark} {marked(item, '%s', '%s')}" for mark, item in _marks(block))
        case Grid(rows):
            return "\n".join("  " + ": ".join(row) for row in rows)
    raise TypeError(f"a press release cannot hold {block}")


def _marks(listed: Items) -> list[tuple[str, str]]:
    """Each item with the mark it stands behind: ``-`` or its number and a stop."""
    return [(f"{count}." if listed.start else "-", item) for count, item in enumerate(listed.items, listed.start)]


def _markdown(release: PressRelease) -> bytes:
    """Markdown with a title, the date in emphasis, and lines no longer than 100 characters."""
    parts = [f"# {release.facts['headline']}", f"*{spoken(release.published)}*"]
    for block in release.blocks:
        match block:
            case Heading(level, text):
                parts.append(f"{'#' * level} {text}")
            case Grid(rows):
                lines = [" | ".join(row) for row in (rows[0], ["---"] * len(rows[0]), *rows[1:])]
                parts.append("\n".join(f"| {line} |" for line in lines))
            case Items():
                parts.append("\n".join(_folded(item, mark + " ") for mark, item in _marks(block)))
            case Para(text):
                parts.append(_folded(text, ""))
            case _:
                raise TypeError(f"a press release cannot hold {block}")
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _folded(text: str, mark: str) -> str:
    folded = textwrap.fill(text, 100, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False)
    return folded.replace("\n#", "\n\\#")


def _html(release: PressRelease) -> bytes:
    """A page of the inspectorate's web site: the article with navigation, cookie note, side matter and footer around it."""
    page = (TEXT / "press_page.html").read_text("utf-8")
    article = "\n".join(_tags(block) for block in release.blocks)
    known = {
        "headline": escape(typeset(str(release.facts["headline"])), quote=False),
        "date": spoken(release.published),
        "iso": release.published.isoformat(),
        "summary": escape(str(release.facts["summary"])),
        "slug": release.slug,
        "article": textwrap.indent(article, " " * 10),
    }
    return re.sub(r"\[\[(\w+)\]\]", lambda found: known[found[1]], page).encode("utf-8")


def _tags(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{_inline(text)}</h{level}>"
        case Para(text):
            return f"<p>{_inline(text)}</p>"
        case Items(items, start):
            tag = "ol" if start else "ul"
            return "\n".join([f"<{tag}>", *(f"  <li>{_inline(item)}</li>" for item in items), f"</{tag}>"])
        case Grid(rows):
            lines = [_row(row, "th" if first else "td") for first, row in ((row is rows[0], row) for row in rows)]
            return "\n".join(["<table>", *lines, "</table>"])
    raise TypeError(f"a press release cannot hold {block}")


def _row(cells: tuple[str, ...], tag: str) -> str:
    return "  <tr>" + "".join(f"<{tag}>{_inline(cell)}</{tag}>" for cell in cells) + "</tr>"


def _inline(text: str) -> str:
    return marked(escape(typeset(text), quote=False), "<strong>%s</strong>", "<em>%s</em>")


def _docx(release: PressRelease) -> bytes:
    """A Word document with headings, a table and lists; its footer says that it is invented."""
    document = Document()
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(typeset(str(release.facts["headline"])), 0)
    document.add_paragraph(spoken(release.published))
    for block in release.blocks:
        _append(document, block)
    document.sections[0].footer.paragraphs[0].text = str(release.facts["footer"])
    _date(document, release)
    raw = io.BytesIO()
    document.save(raw)
    return _without_clock(raw.getvalue())


def _append(document: Docx, block: Block) -> None:
    match block:
        case Heading(level, text):
            document.add_heading(typeset(text), level - 1)
        case Para(text):
            _runs(document, text, "Normal")
        case Items(items, start):
            for item in items:
                _runs(document, item, "List Number" if start else "List Bullet")
        case Grid(rows):
            table = document.add_table(len(rows), len(rows[0]), "Light Grid Accent 1")
            for at, row in enumerate(rows):
                for cell, words in zip(table.rows[at].cells, row, strict=True):
                    cell.text = words
            document.add_paragraph()
        case _:
            raise TypeError(f"a press release cannot hold {block}")


def _runs(document: Docx, text: str, look: str) -> None:
    paragraph = document.add_paragraph(style=look)
    for place, words in enumerate(re.split(r"\*\*(.+?)\*\*", typeset(text))):
        if words:
            paragraph.add_run(words).bold = bool(place % 2) or None


def _date(document: Docx, release: PressRelease) -> None:
    day = release.published
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    core = document.core_properties
    core.title, core.author = str(release.facts["headline"]), str(release.facts["author"])
    core.created = core.modified = moment
    core.last_modified_by, core.comments, core.language = core.author, str(release.facts["footer"]), "en-GB"


def _without_clock(archive: bytes) -> bytes:
    """The same archive with fixed times, so that the clock does not show in the bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            new.writestr(entry, old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
