"""Where an answer stands: a card for each citation, and the cited page in the viewer. Beside the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.types import Citation
from index.errors import UnknownDocument
from ui.record import Source
from ui.reference import reference
from ui.web.markup import day, esc, event_button, whole
from ui.web.talk import Talk, Turn
from ui.web.viewer import page_of, turned, viewer_html

if TYPE_CHECKING:
    from index.library import Library

HINT = (
    '<h2>Sources</h2><p class="aside">The pages that an answer rests on appear here. Choose a number such as [1] in an '
    "answer to read the page with the passage marked.</p>"
)


def open_chosen(talk: Talk, chosen: Mapping[str, Any], library: Library) -> None:
    """Opens in ``talk`` what was chosen: a citation (turn and number), a near topic (with its place), or a turn's cards (turn only)."""
    if "topic" in chosen:
        _open_topic(talk, chosen, library)
        return
    turn, number = whole(chosen.get("turn")), whole(chosen.get("number"))
    if turn is not None and number is None and talk.turn(turn):
        talk.show(turn)
        return
    citation = talk.open(turn, number) if turn is not None and number is not None else None
    if not citation:
        return
    talk.leaf, talk.page = citation.page, page_of(library, citation)


def _open_topic(talk: Talk, chosen: Mapping[str, Any], library: Library) -> None:
    """Opens the page of a topic that came near to a question, its passage marked."""
    turn, place = talk.turn(whole(chosen.get("turn"))), whole(chosen.get("topic"))
    near = turn.answer.nearest if turn and turn.answer else ()
    if turn is None or place is None or place >= len(near):
        return
    topic = near[place]
    try:
        quote = library.page(topic.document_id, topic.page).text[topic.start : topic.end]
    except UnknownDocument:
        quote = ""
    talk.show(turn.number)
    talk.topic = Citation(0, topic.document, topic.document_id, topic.title, topic.page, quote, topic.start, topic.end)
    talk.leaf, talk.page = topic.page, page_of(library, talk.topic)


def turn_leaf(talk: Talk, chosen: Mapping[str, Any], library: Library) -> None:
    """Turns the viewer to another page of the document whose citation is open."""
    turn, number = talk.turn(talk.shown), turned(chosen)
    citation = talk.topic or (turn.citation(talk.opened) if turn and talk.opened is not None else None)
    if citation and number:
        talk.leaf, talk.page = number, page_of(library, citation, number)


def side_html(talk: Talk) -> str:
    """The sources of the turn that is shown: the opened page, if any, and a card for each citation."""
    turn = talk.turn(talk.shown)
    if turn and talk.topic:
        return _topic(turn, talk.topic, talk)
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


def _topic(turn: Turn, citation: Citation, talk: Talk) -> str:
    """The page of a topic that came near."""
    at = next((n for n, t in enumerate(turn.answer.nearest if turn.answer else ()) if (t.document_id, t.start) == (citation.document_id,
                                                                                                             citation.start)), 0)
    back = event_button("back", "Back to the answer", data={"turn": turn.number, "topic": at})
    said = '<p class="aside">This passage comes near to the question; it does not answer it.</p>'
    return f"<h2>Near to the question</h2>{said}{viewer_html(citation, talk.page, back, talk.moves, talk.leaf)}"


def _card(turn: Turn, citation: Citation, talk: Talk) -> str:
    here = talk.opened == citation.number and talk.shown == turn.number
    data = f'data-event="cite" data-turn="{turn.number}" data-number="{citation.number}"'
    return (
        f'<li class="card{" open" if here else ""}" {data}>'
        f'<h3><button type="button" {data}{" aria-current=true" if here else ""}>'
        f'<span class="number">{citation.number}</span> <bdi>{esc(citation.title)}</bdi></button></h3>'
        f'<p class="place">{_place(citation, turn.sources.get(citation.document_id))}</p>'
        f'<blockquote dir="auto">{esc(citation.quote)}</blockquote>{_acts(turn, citation, talk)}</li>'
    )


def _place(citation: Citation, source: Source | None) -> str:
    """Service, day of publication, page and file, as far as they were known when it was cited."""
    service, published = (source.service, day(source.published)) if source else ("", "")
    told = [f"<bdi>{esc(service)}</bdi>" if service else "", published, f"page {citation.page}", f"<bdi>{esc(citation.document)}</bdi>"]
    return " · ".join(filter(None, told))


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
    return viewer_html(citation, talk.page, "".join(buttons), talk.moves, talk.leaf)
