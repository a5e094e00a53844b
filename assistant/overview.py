"""The two questions that are asked first of a service: what inspectors found there, and what it should improve.

Takes an understood question that asks for no more than that; gives an Answer from the stored judgements and from the parts of the
report that are there to say it (a summary, key findings, recommendations), found by their headings. What is nearest in meaning to
such a question is some sentence about inspectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from assistant.blanks import blanked, named_in
from assistant.counted import Notes, when_of_it
from assistant.findings import Findings, Inspection
from assistant.types import Answer, Citation, Understood
from assistant.when import when_of
from corpus.sentences import spans_of
from corpus.types import Block, Fact, Page
from index.library import Library
from index.search import STOPWORDS

Wanted = Literal["", "found", "improve"]
_COMMON = frozenset(
    """
    inspector inspectors inspection inspections report reports service services council authority local children children's
    latest last recent recently most overall main key please
    """.split()
)
_FOUND = frozenset(
    "find finds found finding findings say says said conclude concluded conclusion conclusions judge judged overview summary summarise "
    "summarize outcome outcomes result results tell told".split()
)
_IMPROVE = frozenset(
    "improve improved improvement improvements better recommend recommended recommendation recommendations need needs needed area areas "
    "priority priorities make made action actions".split()
)
_ADVISED = re.compile(r"\b(?:should|must|needs?|recommend\w*|areas?|priorit\w+)\b", re.IGNORECASE)
_SUMMARY = re.compile(
    r"^(?:(?:executive |overall )?summary(?: of (?:(?:key|main) )?findings.*)?|(?:key|main|overall|headline) findings"
    r"|what (?:we|inspectors) found|judge?ments?\W+grades?)$",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"^(?!.*\b(?:well|progress|since|previous|last)\b)(?:.*\bneeds? to (?:do to )?(?:improve|do better|be (?:better|improved))\b.*"
    r"|.*\b(?:should|could|must) (?:improve|be better|do better|take to improve)\b.*"
    r"|areas? (?:for|of) (?:further )?improvement.*|(?:required improvements?|improvements? (?:needed|required))"
    r"|(?:(?:key|main|priority) )?(?:concerns|recommendations?|concerns and recommendations)|requirements|causes? of concern"
    r"|priority (?:and immediate )?actions?|priorities for .*)$",
    re.IGNORECASE,
)
"""Headings of what is wrong or wanted now; not of what was done well, or what became of earlier advice."""
_SENTENCES = 3
_MOST = 12
"""So many pieces of advice are quoted; the report has all."""
_SHORT = 40
"""Characters; a sentence of fewer tells nothing by itself."""
_BULLET = re.compile(r"[^\w\s“”‘’\"'(£]?\s*")


def wanted_of(understood: Understood) -> Wanted:
    """Which of the two a question asks for, of one service; empty where it asks for anything else, or more."""
    if understood.documents is None or len(understood.services) != 1 or understood.missing or understood.others:
        return ""
    left = blanked(understood.question, [*when_of(understood.question).spans, *named_in(understood)]).casefold()
    words = [re.sub(r"['’]s$", "", word) for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", left)]
    telling = {word for word in words if word not in STOPWORDS and word not in _COMMON}
    if telling <= _FOUND and _FOUND & {*words}:  # "say" and "tell" are stop words elsewhere
        return "found"
    return "improve" if telling and telling <= _IMPROVE and _ADVISED.search(understood.question) else ""


def overview(wanted: Wanted, understood: Understood, findings: Findings, library: Library) -> Answer | None:
    """What is wanted of the newest inspection that is meant; None where neither judgements nor headings tell."""
    ids = set(understood.documents or ())
    about = [one for one in findings.inspections if one.entry.id in ids]
    about.sort(key=lambda one: one.day or date.min, reverse=True)
    if not about or len({one.key for one in about}) > 1:
        return None
    notes = Notes()
    lines = _found(about, notes, library) if wanted == "found" else _advice(about[0], notes, library)
    return Answer("\n".join(lines), "answered", tuple(notes.citations)) if lines else None


def _found(about: Sequence[Inspection], notes: Notes, library: Library) -> list[str]:
    """The judgements of the newest inspection, its report's own summary, and how the service was judged before."""
    one, lines = about[0], []
    if one.judgements:
        lines.append(f"{one.name}{when_of_it(one)} was judged:")
        lines += [f"• {fact.subject or 'Overall'}: {_graded(fact)}{notes.mark(one, fact)}" for fact in one.judgements]
    told = {(fact.page, fact.start) for fact in one.judgements}
    sentences = [place for _, page, block in _under(one, _SUMMARY, library) for place in _sentences(page, block)]
    quotes = [(page, a, b) for page, a, b in sentences if not any(page.number == n and a <= at < b for n, at in told)][:_SENTENCES]
    if quotes:
        lines += ["", "In the words of the report:"] if lines else [f"{one.name}{when_of_it(one)}, in the words of the report:"]
        lines += [f"\n{_flat(quote.quote)} [{notes.add(quote)}]" for quote in _cited(one, quotes)]
    earlier = [(other, fact) for other in about[1:] if (fact := other.judged())]
    if lines and earlier:
        before = "; ".join(f"{_graded(fact)}{when_of_it(other)}{notes.mark(other, fact)}" for other, fact in earlier)
        lines += ["", f"Overall before that: {before}."]
    return lines


def _graded(fact: Fact) -> str:
    return f"{fact.value}{' (corrected by hand)' if fact.corrected else ''}"


def _advice(one: Inspection, notes: Notes, library: Library) -> list[str]:
    """What stands under the headings for it, item by item."""
    parts = list(_under(one, _ADVICE, library))
    quotes = list(_cited(one, [item for _, page, block in parts for item in _items(page, block)]))
    if not quotes:
        return []
    headings = " and ".join(f"“{heading}”" for heading in dict.fromkeys(heading for heading, _, _ in parts))
    lines = [f"The report on {one.name}{when_of_it(one)} says under {headings}:"]
    lines += [f"• {_flat(quote.quote)} [{notes.add(quote)}]" for quote in quotes[:_MOST]]
    if len(quotes) > _MOST:
        lines.append(f"… and {len(quotes) - _MOST} more in the report.")
    return lines


Place = tuple[Page, int, int]


def _under(one: Inspection, heading: re.Pattern[str], library: Library) -> Iterator[tuple[str, Page, Block]]:
    """The text and items under such a heading, each with it, up to the next heading, in order; a part may go on over the page."""
    inside = ""
    for page in library.all_pages(one.entry.id):
        for block in page.blocks:
            if (said := _heading(page, block)) is not None:
                if not (inside and said.endswith(" should")):  # "The service should:" opens a part of the part
                    inside = said if heading.match(said) else ""
            elif inside and block.kind in ("text", "item"):
                yield inside, page, block


def _heading(page: Page, block: Block) -> str | None:
    """What a heading says, without the mark of a footnote, which can make a row of it; None for what is none."""
    text = page.text[block.start : block.end].strip()
    if block.kind != "heading" and not (block.kind == "row" and re.fullmatch(r"[^\t]+\t\d{1,2}", text)):
        return None
    return re.sub(r"[\s.:?]*(?:\d{1,2})?$", "", _flat(text))


def _sentences(page: Page, block: Block) -> Iterator[Place]:
    """The block's sentences, but for those that only lead on to something."""
    for span in spans_of(page):
        within = block.start <= span.start and span.end <= block.end and span.end - span.start > _SHORT
        if within and not page.text[span.start : span.end].endswith(":"):
            yield page, _after_bullet(page, span.start, span.end), span.end


def _items(page: Page, block: Block) -> Iterator[Place]:
    """The item, whole; of other text its sentences."""
    if block.kind == "item":
        yield page, _after_bullet(page, block.start, block.end), block.end
    else:
        yield from _sentences(page, block)


def _after_bullet(page: Page, start: int, end: int) -> int:
    bullet = _BULLET.match(page.text[start:end])
    return start + (bullet.end() if bullet else 0)


def _cited(one: Inspection, places: Sequence[Place]) -> Iterator[Citation]:
    for page, start, end in places:
        stop = start + len(page.text[start:end].rstrip())
        if start < stop:
            yield Citation(0, one.entry.name, one.entry.id, one.entry.title, page.number, page.text[start:stop], start, stop)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
