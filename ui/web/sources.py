"""Where an answer stands: a card for each citation, and the cited page with the passage marked. Beside the answer.

What is marked is ``page.text[start:end]`` by its offsets, never searched for again; when that is not the quote, the
page says so instead of marking something else. Findings and facts show their pages the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.types import Citation
from corpus.types import Page
from index.errors import UnknownDocument
from ui.reference import reference
from ui.web.keeping import gone_words
from ui.web.markup import esc, event_button, notice, told, whole
from ui.web.talk import Talk, Turn

if TYPE_CHECKING:
    from index.library import Library

HINT = (
    '<h2>Sources</h2><p class="aside">The pages that an answer rests on appear here. Choose a number such as [1] in an '
    "answer to read the page with the passage marked.</p>"
)


def open_chosen(talk: Talk, chosen: Mapping[str, Any], library: Library) -> None:
    """Opens in ``talk`` what was chosen: a citation (turn and number), or the cards of a turn (turn only)."""
    turn, number = whole(chosen.get("turn")), whole(chosen.get("number"))
    if turn is not None and number is None and talk.turn(turn):
        talk.show(turn)
        return
    citation = talk.open(turn, number) if turn is not None and number is not None else None
    if not citation:
        return
    talk.page = page_of(library, citation)


def page_of(library: Library, citation: Citation) -> str:
    """The cited page with the passage marked, as HTML; a message where it cannot be opened."""
    try:
        return _page_html(library.page(citation.document_id, citation.page), citation)
    except UnknownDocument:
        return notice(gone_words(citation, library.documents()), "warning")
    except Exception as error:
        return notice(told(error, "opening the page"), "error")


def side_html(talk: Talk) -> str:
    """The sources of the turn that is shown: the opened page, if any, and a card for each citation."""
    turn = talk.turn(talk.shown)
    if not turn or not turn.citations:
        return HINT if not turn or turn.state == "running" else _none(turn)
    citation = turn.citation(talk.opened) if talk.opened is not None else None
    focus = f' tabindex="-1" data-focus="{talk.moves}"' if talk.moves and not citation else ""
    cards = "".join(_card(turn, each, talk) for each in turn.citations)
    return (
        f'<h2{focus}>Sources</h2><p class="aside for" dir="auto">For: {esc(turn.question)}</p>'
        f'{_viewer(turn, citation, talk) if citation else ""}<ol class="cards">{cards}</ol>'
    )


def _none(turn: Turn) -> str:
    """Said beside an answer that cites nothing."""
    why = "Nothing in the documents was found to answer this." if turn.state == "done" else "There is nothing to show."
    return f'<h2>Sources</h2><p class="aside">{why}</p>'


def _card(turn: Turn, citation: Citation, talk: Talk) -> str:
    here = talk.opened == citation.number and talk.shown == turn.number
    data = f'data-event="cite" data-turn="{turn.number}" data-number="{citation.number}"'
    return (
        f'<li class="card{" open" if here else ""}" {data}>'
        f'<h3><button type="button" {data}{" aria-current=true" if here else ""}>'
        f'<span class="number">{citation.number}</span> <bdi>{esc(citation.title)}</bdi></button></h3>'
        f'<p class="place"><bdi>{esc(citation.document)}</bdi> · page {citation.page}</p>'
        f'<blockquote dir="auto">{esc(citation.quote)}</blockquote>{_acts(turn, citation, talk)}</li>'
    )


def _acts(turn: Turn, citation: Citation, talk: Talk) -> str:
    """What became of the document since, and the citation to copy."""
    since = talk.gone.get(citation.document_id, "")
    gone = f'<p class="since">{esc(since)}</p>' if since else ""
    line = reference(citation, turn.sources.get(citation.document_id))
    spoken = f"Copy citation {citation.number}: {citation.title}"
    return f'{gone}<p class="acts">{event_button("copy", "Copy citation", data={"copy": line}, spoken=spoken)}</p>'


def _viewer(turn: Turn, citation: Citation, talk: Talk) -> str:
    """The opened page under its heading, with the way on to the neighbours and back to the answer."""
    at = turn.citations.index(citation)
    near = [("Previous source", c) for c in turn.citations[:at][-1:]]
    near += [("Next source", c) for c in turn.citations[at + 1 : at + 2]]
    buttons = [event_button("cite", label, data={"turn": turn.number, "number": c.number}) for label, c in near]
    buttons.append(event_button("back", "Back to the answer", data={"turn": turn.number, "number": citation.number}))
    return viewer_html(citation, talk.page, "".join(buttons), talk.moves)


def viewer_html(citation: Citation, page: str, foot: str, moves: int) -> str:
    """An opened page (HTML of ``page_of``) under its heading, which gets the focus when ``moves`` is new; ``foot`` are buttons."""
    return (
        '<section class="viewer" aria-label="The cited page">'
        f'<h3 tabindex="-1" data-focus="{moves}"><bdi>{esc(citation.title)}</bdi> — page {citation.page} of '
        f'<bdi>{esc(citation.document)}</bdi></h3>{page}<p class="foot">{foot}</p></section>'
    )


def _page_html(page: Page, citation: Citation) -> str:
    """The page's text with the passage marked, in a box of its own."""
    said, inside = "", _styled(page, 0, len(page.text))
    if page.label and page.label != str(page.number):
        said = f'<p class="aside">Printed page number: {esc(page.label)}</p>'
    if page.text[citation.start : citation.end] == citation.quote:
        before, marked = _styled(page, 0, citation.start), _styled(page, citation.start, citation.end)
        inside = f"{before}<mark>{marked}</mark>{_styled(page, citation.end, len(page.text))}"
    else:
        said += notice("This page is no longer the one that was quoted, so nothing is marked on it.", "warning")
    frame = '<div class="page-text" tabindex="0" role="region" aria-label="Text of the page" dir="auto">'
    return f"{said}{frame}{inside}</div>"


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
