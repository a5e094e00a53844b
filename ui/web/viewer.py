"""The source viewer: a document's page as a picture with the passage marked, and as text. Ask, Findings and a document's own page show it.

The passage is ``page.text[start:end]`` by its offsets, on the picture by the boxes of these very characters; nothing is
searched for. When the text at the offsets is not the quote, the page says so instead of marking something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.types import Citation
from corpus.errors import CorpusError
from corpus.picture import Box, Sight
from corpus.types import Page
from index.errors import UnknownDocument
from index.originals import SCALES
from index.types import Entry
from index.words import places
from ui.web.files import INLINE, download_path, original_path, picture_path
from ui.web.keeping import gone_words
from ui.web.markup import esc, event_button, notice, size, told, whole

if TYPE_CHECKING:
    from index.library import Library

ZOOMS = (("fit", "Fit"), ("1", "100 %"), ("1.5", "150 %"), ("2", "200 %"))
"""How large the picture is: as wide as there is room, or in parts of the printed size."""
KINDS = {"pdf": "PDF", "html": "HTML", "docx": "Word", "text": "text", "markdown": "Markdown"}


def page_of(library: Library, citation: Citation, number: int = 0, words: str = "") -> str:
    """The cited page with the passage marked, or page ``number`` of the document, as HTML; a message where it cannot be opened.

    Where ``words`` stand on it, they are marked in its text too.
    """
    try:
        page = library.page(citation.document_id, number or citation.page)
        entry = library.originals.entry(citation.document_id)
        return _page_html(library, entry, page, citation, words)
    except UnknownDocument:
        return notice(gone_words(citation, library.documents()), "warning")
    except Exception as error:
        return notice(told(error, "opening the page"), "error")


def turned(chosen: object) -> int:
    """The page that a button, or a form, asks to turn to; 0 for none."""
    page = chosen.get("page") if isinstance(chosen, dict) else None
    return whole(page[0] if isinstance(page, list) and page else page) or 0


def viewer_html(citation: Citation, page: str, foot: str, moves: int, number: int = 0, name: str = "The cited page") -> str:
    """An opened page (HTML of ``page_of``) under its heading, which gets the focus when ``moves`` is new and not 0; ``foot`` are
    buttons, ``name`` is for those who hear the page."""
    number = number or citation.page
    focus = f' tabindex="-1" data-focus="{moves}"' if moves else ""
    if number != citation.page and citation.quote:
        foot = event_button("leaf", f"Back to page {citation.page}, which is cited", data={"page": citation.page}) + foot
    return (
        f'<section class="viewer" aria-label="{esc(name)}">'
        f'<h3{focus}><bdi>{esc(citation.title)}</bdi><span class="unseen"> — </span>'
        f'<span class="of">page {number} of <bdi>{esc(citation.document)}</bdi></span></h3><p class="foot">{foot}</p>{page}</section>'
    )


def _page_html(library: Library, entry: Entry, page: Page, citation: Citation, words: str) -> str:
    """The page between its buttons and its links: the picture where there is one, and the text."""
    here = page.number == citation.page
    right = here and page.text[citation.start : citation.end] == citation.quote
    span = (citation.start, citation.end) if right else (0, 0)
    said = ""
    if here and not right:
        said = notice("This page is no longer the one that was quoted, so nothing is marked on it.", "warning")
    picture, why = _picture(library, entry, page, span)
    hits = [(place.start, place.end) for place in places([page], words)]
    printed = f" · printed number: {esc(page.label)}" if page.label and page.label != str(page.number) else ""
    return "".join([
        _turning(entry, page, printed, bool(picture)), said, picture, notice(why, "warning"),
        '<h4>Text of the page</h4>' if picture else "", text_html(page, span, hits), _links(library, entry, page.number),
    ])  # fmt: skip


def _turning(entry: Entry, page: Page, printed: str, zooms: bool) -> str:
    """Buttons to turn pages and to enlarge the picture. One that leads nowhere stays, so that it keeps the focus."""
    parts = []
    for label, to in (("Previous page", page.number - 1), ("Next page", page.number + 1)):
        data = f'data-event="leaf" data-page="{to}"' if 1 <= to <= entry.pages else 'aria-disabled="true"'
        arrow = "‹" if to < page.number else "›"
        parts.append(f'<button type="button" class="tool" {data} aria-label="{label}" title="{label}">{arrow}</button>')
    where = f'<span class="where" role="status">Page {page.number} of {entry.pages}{printed}</span>'
    turning = f'<span class="tools" role="group" aria-label="Pages">{parts[0]}{where}{parts[1]}</span>'
    sizes = "".join(
        f'<button type="button" class="tool" data-event="zoom" data-zoom="{value}" aria-pressed="{str(value == "fit").lower()}">'
        f"{label}</button>"
        for value, label in ZOOMS
    )
    enlarging = f'<span class="tools" role="group" aria-label="Size">{sizes}</span>' if zooms else ""
    return f'<div class="leafing">{turning}{enlarging}</div>'


def _picture(library: Library, entry: Entry, page: Page, span: tuple[int, int]) -> tuple[str, str]:
    """The page as a picture, and what is to be said about it; nothing of either for files that have no pages to draw."""
    if entry.media != "pdf":
        return "", ""
    try:
        sight = library.originals.sight(entry.id, page, *span)
    except (CorpusError, UnknownDocument) as error:
        return "", f"{error} Its text is shown instead."
    said = "" if sight.boxes or span[0] == span[1] else "Where the passage stands on the picture is not known; it is marked in the text."
    return _sheet(entry, page.number, sight), said


def _sheet(entry: Entry, number: int, sight: Sight) -> str:
    small, large = (picture_path(entry.id, number, scale) for scale in SCALES)
    widths = [round(sight.width * scale) for scale in SCALES]
    said = "its text follows, with the passage marked" if sight.boxes else "its text follows"
    broken = notice("This page cannot be drawn. Its text is shown below.", "warning")
    return (
        f'<div class="picture" tabindex="0" role="region" aria-label="Picture of the page" data-zoom="fit">'
        f'<div class="sheet" style="--w:{sight.width:.2f};--h:{sight.height:.2f}">'
        f'<img src="{esc(small)}" srcset="{esc(small)} {widths[0]}w, {esc(large)} {widths[1]}w" sizes="(max-width: 899px) 95vw, 45vw" '
        f'decoding="async" draggable="false" alt="Page {number} of {esc(entry.name)} as a picture; {said}">'
        f'<div class="marks" aria-hidden="true">{"".join(map(_lit, sight.boxes))}</div></div></div>'
        f'<div class="broken" hidden>{broken}</div>'
    )


def _lit(box: Box) -> str:
    """A line of the passage on the picture, in hundredths of it."""
    sides = (("left", box.left), ("top", box.top), ("width", box.width), ("height", box.height))
    return f'<span style="{";".join(f"{name}:{100 * part:.3f}%" for name, part in sides)}"></span>'


def _links(library: Library, entry: Entry, number: int) -> str:
    """The ways to the original; none where it is gone."""
    try:
        library.originals.path(entry.id)
    except UnknownDocument:
        return ""
    links = []
    if entry.media in INLINE:
        at = f" at page {number}" if entry.media == "pdf" else ""
        href = esc(original_path(entry.id, number if at else 0))
        links.append(
            f'<a href="{href}" target="_blank" rel="noopener noreferrer">Open the original{at}'
            '<span class="unseen"> (in a new tab)</span></a>'
        )
    kind = KINDS.get(entry.media, entry.media)
    links.append(f'<a href="{esc(download_path(entry.id))}" download>Download the original ({esc(kind)}, {size(entry.bytes)})</a>')
    about = event_button("about", "All about this document", data={"document": entry.id})
    return f'<p class="links">{"".join(links)}{about}</p>'


def text_html(page: Page, span: tuple[int, int], hits: Sequence[tuple[int, int]] = ()) -> str:
    """The page's text in a box of its own, ``span`` of it marked unless it is empty, and more lightly the ``hits`` beside it."""
    if not page.text.strip() and span[0] >= span[1]:
        return '<p class="aside">This page has no text.</p>'
    beside = [("hit", *hit) for hit in hits if hit[1] <= span[0] or hit[0] >= span[1]]
    marks = sorted([*beside, *([("", *span)] if span[0] < span[1] else [])], key=lambda mark: mark[1])
    inside, at = "", 0
    for css, start, end in marks:
        name = f' class="{css}"' if css else ""
        inside += f"{_styled(page, at, start)}<mark{name}>{_styled(page, start, end)}</mark>"
        at = end
    inside += _styled(page, at, len(page.text))
    return f'<div class="page-text" tabindex="0" role="region" aria-label="Text of the page" dir="auto">{inside}</div>'


def _styled(page: Page, start: int, end: int) -> str:
    """``page.text[start:end]`` as HTML, character for character, with headings, notes and table rows set apart."""
    parts: list[str] = []
    at = start
    for block in page.blocks:
        low, high = max(block.start, at), min(block.end, end)
        if block.kind in ("heading", "note", "row") and low < high:
            parts.append(esc(page.text[at:low]))
            parts.append(f'<span class="block-{block.kind}">{esc(page.text[low:high])}</span>')
            at = high
    return "".join([*parts, esc(page.text[at:end])])
