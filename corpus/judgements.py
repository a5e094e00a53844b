"""Judgements: what was judged, which grade it got, and where that stands. From ratings tables, headings and sentences.

Takes pages and a Profile; gives Facts to facts. What a publication says of earlier inspections, of other services, or of what
grades mean, is none of its judgements; where two places give two grades, and nothing says which counts, there is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from corpus.profile import Profile, Scale, Standard, folded
from corpus.ratings import Ratings, Row, ratings_of
from corpus.types import Fact, Page

_BACK = 600
"""A sentence is looked for at most so many characters back and on."""
_OTHERWISE = re.compile(
    r"\b(?:previous(?:ly)?|last (?:\w+ ){0,2}(?:inspection|rated|inspected|time|judged|visit)|formerly|earlier inspection|predecessor|"
    r"at the time|(?:in|since|from) (?:\w+ )?(?:19|20)\d\d\b|up from|down from|had been|what .{0,40}\bmean|if|would|whether|triggers?|"
    r"by readers)\b",
    re.IGNORECASE,
)
_IN_PART = re.compile(r"[‘’“”\"']*\s+(?:for|on|at|in)\s+(?!(?:19|20)\d\d)\w", re.IGNORECASE)
"""A grade "for leadership" is none of the whole."""
_MENTIONED = re.compile(r"\b(?:rated|judged|graded|rating of|grade of)\b", re.IGNORECASE)


def judgements_of(pages: Sequence[Page], profile: Profile, service: str = "") -> tuple[Fact, ...]:
    """The judgements, that of the whole with field ``overall``; none twice.

    ``service`` is who was inspected: "rated Harbour Lane as Good" is a judgement of the whole only of Harbour Lane.
    """
    if not profile.grades:
        return ()
    ratings = ratings_of(pages, profile)
    texts = {page.number: page.text for page in pages}
    scale_of = _scales([row.wording for row in ratings.rows], profile)
    by_subject: dict[str, list[Row]] = defaultdict(list)
    for row in ratings.rows:
        by_subject[_subject(row)].append(row)
    agreed = {subject: _agreed(rows, scale_of) for subject, rows in by_subject.items()}
    found = {subject: _read(row, subject, scale_of, texts) for subject, row in agreed.items() if row}
    for fact in _worded(pages, profile, service, ratings):
        if fact.subject not in by_subject:
            found.setdefault(fact.subject, fact)
    if not any(found):  # beside a table, sentences speak of other things too
        for fact in _mentioned(pages[:3], profile):
            found.setdefault(fact.subject, fact)
    return tuple(found.values())


def _subject(row: Row) -> str:
    """What a row judges; empty for the whole."""
    if row.standard:
        return "" if row.standard.overall else row.standard.name
    return "" if re.match(r"overall\b", row.label, re.IGNORECASE) else row.label


def _agreed(rows: Sequence[Row], scale_of: Callable[[str], tuple[str, Scale]]) -> Row | None:
    """The first of the rows on one subject; where they differ, the first of the largest table, if that is one alone."""
    if len({scale_of(row.wording)[0] for row in rows}) == 1:
        return rows[0]
    most = max(row.together for row in rows)
    largest = [row for row in rows if row.together == most]
    return largest[0] if len({scale_of(row.wording)[0] for row in largest}) == 1 else None


def _read(row: Row, subject: str, scale_of: Callable[[str], tuple[str, Scale]], texts: dict[int, str]) -> Fact:
    grade, scale = scale_of(row.wording)
    rule = "row of a known standard" if row.standard else "row of a table of ratings"
    quote = texts[row.page][row.start : row.end]
    return Fact("judgement" if subject else "overall", grade, row.page, row.start, row.end, quote, rule, subject, scale.grades)


def _scales(wordings: Sequence[str], profile: Profile) -> Callable[[str], tuple[str, Scale]]:
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


def _worded(pages: Sequence[Page], profile: Profile, service: str, ratings: Ratings) -> Iterator[Fact]:
    """Judgements in the profile's wordings: of the whole near the beginning, of a standard anywhere."""
    early = pages[:3] if len(pages) > 3 else pages
    for field, where in (("overall", early), ("judgement", pages)):
        for page, match, _ in profile.find(field, where, service):
            if any(number == page.number and start < match.end() and match.start() < end for number, start, end in ratings.void):
                continue
            start, end = sentence(page.text, match.start(), match.end())
            in_part = field == "overall" and (not service or _IN_PART.match(page.text, match.end()))
            if in_part or _OTHERWISE.search(page.text[start:end]):
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
            start, end = sentence(page.text, match.start(), match.end())
            before = page.text[start : match.start()]
            if _OTHERWISE.search(page.text[start:end]) or _MENTIONED.search(before):
                continue
            grade, scale = profile.grades[folded(match["grade"])]
            quote = page.text[start : match.end()]
            for name in re.finditer(profile.standard, before, re.IGNORECASE):
                standard = profile.names[folded(name[0])]
                if not standard.overall:
                    rule = "standard named in a sentence with its grade"
                    yield Fact("judgement", grade, page.number, start, match.end(), quote, rule, standard.name, scale.grades)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a place begins and ends; a line of its own is one too."""
    low = max(0, start - _BACK)
    first = max((low + m.end() for m in re.finditer(r"[.!?:]['”’\"]?\s+|\n\s*", text[low:start])), default=low)
    rest = re.search(r"[.!?]['”’\"]?(?:\s|$)|\n\s*\n", text[end : end + _BACK])
    return first, end + rest.start() if rest else min(len(text), end + _BACK)
