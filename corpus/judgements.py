"""Judgements: what was judged, which grade it got, and where that stands. From ratings tables, headings and sentences.

Takes pages and a Profile; gives Facts to facts. A grade is read only where it stands as one: beside a known standard, in a
table of them, or in a wording of the profile. What a publication says of earlier inspections, or of what grades mean, is
none of its judgements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.profile import Profile, Scale, Standard, folded
from corpus.types import Fact, Page

_NUMBERING = r"(?:(?:[A-Z]\s?)?\d{1,2}(?:\.\d{1,2})*[.)]?\s+)?"
_POINTS = r"(?:[\s\t]*[(\[]?\d{1,3}(?:\s*(?:/|of|out of)\s*\d{1,3})?(?:\s*points?)?[)\]]?)?"
_GAP = r"\s*[:\t–—-]?\s*(?:\b(?:is|are|was|were)\s+)?[‘’“”\"']?"
_CLOSE = r"[‘’“”\"'●•*]*"
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
_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|last (?:inspection|rated|inspected|time)|formerly|earlier inspection|predecessor|at the time|"
    r"(?:in|since|from) (?:\w+ )?(?:19|20)\d\d\b|up from|down from|had been|what .{0,40}\bmean)\b",
    re.IGNORECASE,
)
_MENTIONED = re.compile(r"\b(?:rated|judged|graded|rating of|grade of)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line that pairs a label with a grade. ``standard`` is None for a label that the profile does not name."""

    page: int
    start: int
    end: int
    label: str
    wording: str
    standard: Standard | None
    index: int
    """Which block of the document it stands in, counted through."""


def judgements_of(pages: Sequence[Page], profile: Profile, service: str = "") -> tuple[Fact, ...]:
    """The judgements in order of appearance; of each subject the first. The overall one has field ``overall``.

    ``service`` is who was inspected: "rated Harbour Lane as Good" is a judgement of the whole only of Harbour Lane.
    """
    if not profile.grades:
        return ()
    rows = _accepted(list(_rows(pages, profile)), pages, profile)
    found: dict[str, Fact] = {}
    scale_of = _scales([row.wording for row in rows], profile)
    for row in rows:
        grade, scale = scale_of(row.wording)
        overall = row.standard.overall if row.standard else re.match(r"overall\b", row.label, re.IGNORECASE) is not None
        subject = row.standard.name if row.standard else row.label
        key = "overall" if overall else subject
        if key not in found:
            page = next(page for page in pages if page.number == row.page)
            rule = "row of a known standard" if row.standard else "row of a table of ratings"
            found[key] = Fact(
                "overall" if overall else "judgement", grade, row.page, row.start, row.end, page.text[row.start : row.end], rule,
                "" if overall else subject, scale.grades,
            )  # fmt: skip
    for fact in _worded(pages, profile, service):
        found.setdefault("overall" if fact.field == "overall" else fact.subject, fact)
    if not any(fact.field == "judgement" for fact in found.values()):  # beside a table, sentences speak of other things too
        for fact in _mentioned(pages[:3], profile):
            found.setdefault(fact.subject, fact)
    return tuple(found.values())


def _scales(wordings: Sequence[str], profile: Profile):  # type: ignore[no-untyped-def]
    """A document has one scale: the first that has all its grades; for a grade that it lacks, the first that has that."""
    there = {folded(wording) for wording in wordings}
    every = [{folded(w): g for w, g in scale.wordings} for scale in profile.scales]
    best = next((n for n, known in enumerate(every) if there <= set(known)), None)

    def of(wording: str) -> tuple[str, Scale]:
        name = folded(wording)
        if best is not None and name in every[best]:
            return every[best][name], profile.scales[best]
        return profile.grades[name]

    return of


def _rows(pages: Sequence[Page], profile: Profile) -> Iterator[_Row]:
    """Lines of the form label and grade; a label and a grade in two lines that follow one another count as one."""
    line = re.compile(
        rf"{_NUMBERING}(?P<label>\S.{{1,120}}?)[¹²³\d]?{_GAP}(?P<grade>{profile.grade}){_CLOSE}{_POINTS}", re.IGNORECASE | re.DOTALL
    )
    alone = re.compile(rf"[‘“\"']?(?P<grade>{profile.grade}){_CLOSE}{_POINTS}", re.IGNORECASE)
    named = re.compile(rf"{_NUMBERING}(?P<label>{profile.standard})[¹²³\d]?\s*[?:]?", re.IGNORECASE)
    wrapped = re.compile(
        rf"{_NUMBERING}(?P<label>{profile.standard})[¹²³\d]?{_GAP}(?P<grade>{profile.grade}){_CLOSE}{_POINTS}[ \t]*(?=\n|$)", re.IGNORECASE
    )
    index = 0
    for page in pages:
        before: tuple[int, str] | None = None
        for block in page.blocks:
            index += 1
            text = page.text[block.start : block.end].strip()
            start = page.text.index(text, block.start) if text else block.start
            if block.kind == "contents" or not text or len(text) > 220:
                before = None
                continue
            here = alone.fullmatch(text)
            if here and before:
                label = before[1]
                yield _Row(page.number, before[0], start + len(text), label, here["grade"], profile.names.get(folded(label)), index)
            elif (found := line.fullmatch(text)) and not _EARLIER.search(found["label"]):
                label = re.sub(r"\s+", " ", found["label"]).strip(" :–—-\t")
                worded = folded(label) not in profile.names and profile.is_worded(text, "overall", "judgement")
                if not worded:  # else it is a judgement in words, and read as such
                    yield _Row(page.number, start, start + len(text), label, found["grade"], profile.names.get(folded(label)), index)
            elif split := wrapped.match(page.text, start):  # its grade goes on in the next line
                yield _Row(page.number, start, split.end(), split["label"], split["grade"], profile.names[folded(split["label"])], index)
            match = named.fullmatch(text)
            before = (start, match["label"]) if match else None


def _accepted(rows: list[_Row], pages: Sequence[Page], profile: Profile) -> list[_Row]:
    """Rows of known standards, and the other rows of the tables that those, or an "overall", or a table's head, stand in."""
    heads = _heads(pages)
    groups: list[list[_Row]] = []
    graded = re.compile(rf"(?:{profile.grade})\W*\d*$", re.IGNORECASE)
    for row in rows:
        if not row.standard and graded.search(row.label):
            continue  # two grades in a line: then and now, and nothing says which is which
        if groups and row.index - groups[-1][-1].index <= 3:
            groups[-1].append(row)
        else:
            groups.append([row])
    kept: list[_Row] = []
    for group in groups:
        likely = [row for row in group if row.standard or (_LABEL.match(row.label) and not _NO_LABEL.search(row.label))]
        known = any(row.standard or re.match(r"overall\b", row.label, re.IGNORECASE) for row in likely)
        headed = any(0 < likely[0].index - head <= 3 for head in heads) if likely else False
        if _is_legend(group, profile) or not likely:
            continue
        if known or headed or len(likely) >= 3:
            kept += likely
        else:
            kept += [row for row in likely if row.standard]
    return kept


def _heads(pages: Sequence[Page]) -> list[int]:
    blocks = [page.text[block.start : block.end].strip() for page in pages for block in page.blocks]
    return [number for number, text in enumerate(blocks, start=1) if len(text) < 90 and _HEAD.fullmatch(text)]


def _is_legend(group: Sequence[_Row], profile: Profile) -> bool:
    """Whether the rows explain the scale: each grade once, in its order, beside nothing that is judged."""
    if any(row.standard for row in group) or len(group) < 3:
        return False
    grades = [profile.grades[folded(row.wording)][0] for row in group]
    return any(tuple(grades) in (scale.grades, scale.grades[::-1]) for scale in profile.scales)


def _worded(pages: Sequence[Page], profile: Profile, service: str) -> Iterator[Fact]:
    """Judgements in the profile's wordings: of the whole near the beginning, of a standard anywhere."""
    early = pages[:3] if len(pages) > 3 else pages
    for field, where in (("overall", early), ("judgement", pages)):
        for page, match, _ in profile.find(field, where, service):
            if _EARLIER.search(page.text[_sentence(page.text, match.start()) : match.end()]):
                continue
            named = _standard(match[0].replace(service, " ") if service else match[0], profile)
            if (named is None or named.overall) == (field == "overall"):
                grade, scale = profile.grades[folded(match["value"])]
                subject = named.name if named and field == "judgement" else ""
                place = (page.number, match.start(), match.end(), match[0])
                yield Fact(field, grade, *place, f"wording of {field}", subject, scale.grades)


def _standard(text: str, profile: Profile) -> Standard | None:
    """The first standard that the text names."""
    match = re.search(profile.standard, text, re.IGNORECASE)
    return profile.names[folded(match[0])] if match else None


def _mentioned(pages: Sequence[Page], profile: Profile) -> Iterator[Fact]:
    """Standards named in a sentence before its one "rated" with a grade in quotation marks."""
    said = re.compile(rf"\b(?:rated|judged|graded)\s+(?:as\s+|to\s+be\s+)?[‘“\"'](?P<grade>{profile.grade})[’”\"']", re.IGNORECASE)
    for page in pages:
        for match in said.finditer(page.text):
            start = _sentence(page.text, match.start())
            before = page.text[start : match.start()]
            if _EARLIER.search(before) or _MENTIONED.search(before):
                continue
            grade, scale = profile.grades[folded(match["grade"])]
            for name in re.finditer(profile.standard, before, re.IGNORECASE):
                standard_named = profile.names[folded(name[0])]
                if not standard_named.overall:
                    yield Fact("judgement", grade, page.number, start, match.end(), page.text[start : match.end()],
                               "standard named in a sentence with its grade", standard_named.name, scale.grades)  # fmt: skip


def _sentence(text: str, at: int) -> int:
    """Where the sentence around ``at`` begins."""
    return max((match.end() for match in re.finditer(r"[.!?:]['”’\"]?\s+|\n\s*", text[:at])), default=0)
