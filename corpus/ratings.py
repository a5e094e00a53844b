"""Rows of ratings: lines that pair what was judged with its grade, in tables, headings and lists.

Takes pages and a Profile; gives Rows to judgements. What stands under a heading of previous inspections, or is another
inspectorate's, or has two grades in a line, is no row of this inspection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.profile import Profile, Standard, folded
from corpus.types import Page
from corpus.wording import phrase

_NUMBERING = r"(?:(?:[A-Z]\s?)?\d{1,2}(?:\.\d{1,2})*[.)]?\s+)?"
_POINTS = r"(?:[\s\t]*[(\[]?\d{1,3}(?:\s*(?:/|of|out of)\s*\d{1,3})?(?:\s*points?)?[)\]]?)?"
_GAP = r"\s*[:\t–—-]?\s*(?:\b(?:is|are|was|were)\s+)?[‘’“”\"']?"
_CLOSE = r"[‘’“”\"']*\s?[●•*]*"
_HEAD = re.compile(
    r"(?:judgements?|standards?|areas?|ratings?|grades?|outcomes?|aspects?|quality|tests?|key questions?|criteria|questions?)"
    r"(?:[\s\t]+(?:\w+[\s\t]+){0,3}(?:judgements?|ratings?|grades?|outcomes?|scores?|results?|points|assessment))+", re.IGNORECASE,
)  # fmt: skip
_LABEL = re.compile(r"[A-Z][^\n.;!]{2,110}$")
_NO_LABEL = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|not|very|as|to|a|an|the|of|and|or|than|for|in|with|per|cent|below|above|more|less|"
    r"least|between|becomes?|remains?|rated|judged|graded|consistently|mostly|generally)|%|\d)$"
    r"|^(?:\d|below|above|between|less|more|at least|up to|previous|last)|per cent|%|\bprevious|\blast inspection|\bdate\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(?:previous(?:ly)?|last (?:\w+ )?inspection|formerly|at the time)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:previous|last|earlier|prior)\b.{0,40}\b(?:inspections?|judgements?|ratings?|grades?|visit)\b|\b(?:judgements?|ratings?|grades?) "
    r"(?:in|of|from) (?:19|20)\d\d\b", re.IGNORECASE,
)  # fmt: skip
_BOTH = re.compile(
    r"\b(?:previous|last|before|then)\b.*\b(?:now|current|this|latest|today)\b|\b(?:19|20)\d\d\b.*\b(?:19|20)\d\d\b",
    re.IGNORECASE | re.DOTALL,
)
_GAVE = r"(?=[^.]{0,80}\b(?:made|rated|judged|found|assess\w*|graded|gave|inspected|judgements?|grades|ratings)\b)"
_PLACES = re.compile(
    r"(?:PDUs?|services?|regions?|offices?|providers?|local authorit(?:y|ies)|councils?|areas? inspected|teams?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line that pairs a label with a grade. ``standard`` is None for a label that the profile does not name.

    ``index`` counts the document's blocks through; ``together`` is how many rows stand in the same table.
    """

    page: int
    start: int
    end: int
    label: str
    wording: str
    standard: Standard | None
    index: int
    together: int = 1


@dataclass(frozen=True, slots=True)
class Ratings:
    """The rows that count, in order, and the places (page, start, end) of lines that look like ratings and are none."""

    rows: tuple[Row, ...]
    void: tuple[tuple[int, int, int], ...]


def ratings_of(pages: Sequence[Page], profile: Profile) -> Ratings:
    """The rows of this inspection's ratings."""
    void: list[tuple[int, int, int]] = []
    rows = list(_rows(pages, profile, void))
    return Ratings(tuple(_accepted(rows, pages, profile)), tuple(void))


def _rows(pages: Sequence[Page], profile: Profile, void: list[tuple[int, int, int]]) -> Iterator[Row]:
    """Lines of the form label and grade; a label and a grade in two lines that follow one another count as one.

    Lines that are none of this inspection's are put into ``void``.
    """
    graded = rf"(?P<grade>{profile.grade}){_CLOSE}{_POINTS}"
    line = re.compile(rf"{_NUMBERING}(?P<label>\S.{{1,120}}?)[¹²³\d]?{_GAP}{graded}", re.IGNORECASE | re.DOTALL)
    alone = re.compile(rf"[‘“\"']?{graded}", re.IGNORECASE)
    named = re.compile(rf"{_NUMBERING}(?P<label>{profile.standard})[¹²³\d]?\s*[?:]?", re.IGNORECASE)
    wrapped = re.compile(rf"{_NUMBERING}(?P<label>{profile.standard})[¹²³\d]?{_GAP}{graded}[ \t]*(?=\n|$)", re.IGNORECASE)
    twice = re.compile(rf"(?:{profile.grade})\W*\d*$", re.IGNORECASE)
    index, past = 0, False
    for page in pages:
        before: tuple[int, str] | None = None
        for block in page.blocks:
            index += 1
            text = page.text[block.start : block.end].strip()
            start = page.text.index(text, block.start) if text else block.start
            if block.kind == "contents" or not text or len(text) > 220:
                past = past and len(text) <= 220
                past = past or (bool(text) and _anothers(text, profile))
                before = None
                continue
            found = line.fullmatch(text)
            if not found:
                past = _turned(text, block.kind == "heading", past, profile)
            label = re.sub(r"\s+", " ", found["label"]).strip(" :–—-\t") if found else ""
            here = alone.fullmatch(text)
            if past or (found and (twice.search(label) or _EARLIER.search(label))):
                void.append((page.number, start, start + len(text)))
            elif here and before:
                yield Row(page.number, before[0], start + len(text), before[1], here["grade"], profile.names.get(folded(before[1])), index)
            elif found:
                standard = profile.names.get(folded(label))
                if standard or not profile.is_worded(text, "overall", "judgement"):  # else it is read as a judgement in words
                    yield Row(page.number, start, start + len(text), label, found["grade"], standard, index)
            elif split := wrapped.match(page.text, start):  # its grade goes on in the next line
                yield Row(page.number, start, split.end(), split["label"], split["grade"], profile.names[folded(split["label"])], index)
            match = named.fullmatch(text)
            before = (start, match["label"]) if match and not past else None


def _turned(text: str, heading: bool, past: bool, profile: Profile) -> bool:
    """Whether what follows a line is of a previous inspection, or another inspectorate's."""
    if _anothers(text, profile):
        return True
    if len(text) <= 90 and _PAST.search(text) and not _BOTH.search(text):
        return True
    return past and not heading and not re.search(r"\b(?:this|current|our) (?:inspection|judgement|rating)", text, re.IGNORECASE)


def _anothers(text: str, profile: Profile) -> bool:
    """Whether a line tells what another inspectorate gave."""
    names = "|".join(phrase(name) for name in profile.inspectorates)
    match = re.search(rf"(?:{names}){_GAVE}", text) if names else None
    return match is not None and not profile.recognises(match[0])


def _accepted(rows: list[Row], pages: Sequence[Page], profile: Profile) -> list[Row]:
    """Rows of known standards, and the other rows of the tables that those, or an "overall", or a table's head, stand in."""
    lines = _lines(pages)
    places = {number for number, text, _ in lines if _PLACES.match(text)}
    groups: list[list[Row]] = []
    for row in rows:
        last = groups[-1][-1].index if groups else 0
        if groups and row.index - last <= 3 and not any(number in places for number in range(last + 1, row.index)):
            groups[-1].append(row)
        else:
            groups.append([row])
    kept: list[Row] = []
    for group in groups:
        likely = [row for row in group if row.standard or (_LABEL.match(row.label) and not _NO_LABEL.search(row.label))]
        if _is_legend(group, profile) or not likely:
            continue
        known = any(row.standard or re.match(r"overall\b", row.label, re.IGNORECASE) for row in likely)
        over = [text for number, text, head in lines if head and 0 < likely[0].index - number <= 3]
        others = any(0 < likely[0].index - number <= 2 for number in places)  # what other services got
        if others or not (known or over or len(likely) >= 3):
            likely = [row for row in likely if row.standard]
        kept += [replace(row, together=len(likely)) for row in likely]
    return kept


def _lines(pages: Sequence[Page]) -> list[tuple[int, str, bool]]:
    """The short blocks, counted through all pages, and whether they are heads of tables of ratings."""
    blocks = [page.text[block.start : block.end].strip() for page in pages for block in page.blocks]
    return [(number, text, bool(_HEAD.fullmatch(text))) for number, text in enumerate(blocks, start=1) if 0 < len(text) < 90]


def _is_legend(group: Sequence[Row], profile: Profile) -> bool:
    """Whether the rows explain the scale: each grade once, in its order, beside nothing that is judged."""
    if any(row.standard for row in group) or len(group) < 3:
        return False
    grades = [profile.grades[folded(row.wording)][0] for row in group]
    return any(tuple(grades) in (scale.grades, scale.grades[::-1]) for scale in profile.scales)
