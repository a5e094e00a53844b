"""Where a statement and the sentence it rests on differ though their words agree: speaker, certainty, amount, direction.

Takes a part of a statement and a window of a passage; gives the ways in which they differ to verify.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from assistant.items import even
from assistant.tone import (
    amounts_of,
    demands,
    denied,
    denies,
    lacking,
    modes_of,
    opposed,
    root,
    sizes_of,
    strengths_of,
    too_soon,
    turned_round,
    wanting,
    worse,
)
from assistant.voice import Frame, frames_of, roles_of
from index.search import STOPWORDS

Way = Literal["number", "date", "grade", "name", "link", "negation", "amount", "speaker", "certainty", "meaning"]
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[^a-z])|\n+")
_CLAUSE = re.compile(r"[.;!?](?=\s|$)|,\s|\n|\s(?:and|but|while|whereas|although)\s|[•]|\s[–—]\s|\t")


_GOES_ON = re.compile(
    r"^\W*(?:\w+\W+){0,7}?(?:this|that|these|those|it|its|they|them|their|he|she|his|her|such|both|there|here|then|thereafter|latter|former)\b|"
    r"\b(?:of|since|by|at|on) (?:these|those|that|this|which|whom|them)\b|^\W*(?:However|Once|On|As a result|Consequently|Therefore)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\W*(?:This|That|These|Those|It|They)\b")
"""How a sentence begins that tells more of what the one before told."""


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's words, the commonest left out, and the offices that it names ("the DCS" is a director)."""
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", even(text).casefold())
    return frozenset(root(word.removesuffix("'s")) for word in words if word not in STOPWORDS)


def clause_of(text: str, start: int, end: int, least: int = 3) -> tuple[int, int]:
    """The clause of a text that a place stands in; one with fewer words than ``least`` takes in the next as well."""
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text) if not start < match.end() <= end), len(text)]
    before = max(cut for cut in cuts if cut <= start)
    after = min(cut for cut in cuts if cut >= end)
    if len(stems(text[before:after])) < least and after < len(text):
        after = min(cut for cut in cuts if cut > after)
    return before, after


def contrary(text: str, statement: str, ground: str, whole: str, header: str) -> Iterator[tuple[Way, str]]:
    """How a part of a statement goes against its ground; ``whole`` is all of the passage, ``header`` its document's."""
    wanted = stems(text)
    sentences = sentences_of(ground)
    nearest = max(sentences, key=lambda sentence: (len(wanted & stems(sentence)) / (1 + 0.02 * len(sentence.split())), -len(sentence)))
    yield from _spoken(frames_of(text), frames_of(ground), text, statement, ground)
    clause = _nearest_clause(wanted, nearest)
    yield from _sure(text, clause, nearest, whole)
    yield from _much(text, nearest, ground)
    yield from _turned(text, nearest, clause, ground)
    missing = roles_of(text) - roles_of(f"{header}. {ground}", loosely=True)
    if missing:
        yield "name", ", ".join(sorted(missing))


def bearing(wanted: frozenset[str], sentences: Sequence[str]) -> list[str]:
    """The sentences that say something of what a part of a statement says, or lead in to others.

    A neighbour that would bring nothing but a figure or a name tells of something else.
    """
    if len(sentences) == 1:
        return list(sentences)
    shares = [len(wanted & stems(sentence)) for sentence in sentences]
    least = max(2, 0.25 * len(wanted))
    bears = [share >= least or share == max(shares) or s.rstrip().endswith(":") for s, share in zip(sentences, shares, strict=True)]
    for at in range(1, len(sentences)):  # "This was one third higher …" goes on with the sentence before
        quoted = sentences[at - 1].count("“") > sentences[at - 1].count("”")
        if (quoted or _GOES_ON.search(sentences[at])) and ((bears[at - 1] and (shares[at] or _LEANS.match(sentences[at]))) or bears[at]):
            bears[at - 1] = bears[at] = True
    return [sentence for sentence, kept in zip(sentences, bears, strict=True) if kept]


def sentences_of(text: str) -> list[str]:
    """A text in sentences, rows and headings."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()] or [text]


def _sure(text: str, clause: str, nearest: str, whole: str) -> Iterator[tuple[Way, str]]:
    """Demands and plans told as facts, and facts told as plans."""
    said, meant = modes_of(text), modes_of(clause) | ({"should"} if demands(nearest) else set())
    if meant & {"should", "plan"} and not said:
        yield "certainty", nearest
    elif said & {"should", "plan"} and not modes_of(whole):
        yield "certainty", text


def _much(text: str, nearest: str, ground: str) -> Iterator[tuple[Way, str]]:
    """More or less than the ground says, better or worse, larger or smaller."""
    much, there = amounts_of(text) & {0, 3, 4}, amounts_of(nearest) or amounts_of(ground)
    far = not any(abs(level - other) <= 1 for level in much for other in there or {2}) and (there or 4 not in much)
    more = 4 in much and 3 in there and 4 not in there and re.search(r"\b(?:all|every|each|always)\b", text, re.IGNORECASE)
    if (much and far) or more:
        yield "amount", text
    good, found = strengths_of(text), strengths_of(nearest)
    if (1 in good and 1 not in found and found & {2, 3}) or (3 in good and 3 not in strengths_of(ground)):
        yield "grade", text
    size, other = sizes_of(text), sizes_of(nearest)
    if size and other and not size & other:
        yield "amount", text


def _spoken(said: Sequence[Frame], meant: Sequence[Frame], text: str, statement: str, ground: str) -> Iterator[tuple[Way, str]]:
    """Opinions told as facts, or as somebody else's."""
    opinions = [frame for frame in meant if frame.opinion]
    said = [frame for frame in said if not _ASKED.search(text[frame.start : frame.end])]
    holders = {frame.holder for frame in said}
    found = {frame.holder for frame in meant}
    inside = bool(opinions) and _inside(opinions, _beyond(said, text), ground)
    speakers = holders or {frame.holder for frame in frames_of(statement)}
    if inside and (not speakers or not _same(speakers, {frame.holder for frame in opinions})):
        yield "speaker", ground[opinions[0].start : opinions[0].end]
    elif alone := holders - {"inspectors", "they"}:
        granted = not any(frame.opinion for frame in said)
        if not _same(alone, found) or not (granted or _told_by(alone, meant, _beyond(said, text), ground)):
            yield "speaker", text[said[0].start : said[0].end]


_ASKED = re.compile(r"\b(?:spoken to|interviewed|consulted)$", re.IGNORECASE)
"""Those who were asked: what stands of them in a passage is what they say, and in a statement no saying yet."""


def _beyond(frames: Sequence[Frame], text: str) -> str:
    """A text without the words that say who says it."""
    for frame in sorted(frames, key=lambda frame: -frame.start):
        text = text[: frame.start] + " " + text[frame.end :]
    return text


def _told_by(holders: set[str], meant: Sequence[Frame], told: str, ground: str) -> bool:
    """Whether the sentence of a ground that says most of what is told is said by one of these, or goes on with their saying."""
    wanted, place, best, carried = stems(told), 0, (0, True), False
    for sentence in sentences_of(ground):
        start = ground.index(sentence, place)
        place = start + len(sentence)
        own = [frame for frame in meant if start <= frame.start < place]
        said = any(_same(holders, {frame.holder}) for frame in own)
        goes_on = carried and not own and bool(_GOES_ON.search(sentence) or _open_quote(ground[:start]))
        carried = said or goes_on
        share = len(wanted & stems(sentence))
        best = max(best, (share, carried))
    return best[1]


def _open_quote(text: str) -> bool:
    """Whether a quotation that began in a text is not closed there."""
    return text.count("“") > text.count("”")


_LOOSE = {
    "person": {"inspectors", "leaders", "government", "partners", "staff", "they"}, "inspectors": {"person"},
    "leaders": {"staff", "person", "they"}, "staff": {"leaders", "person", "partners", "they"}, "partners": {"staff", "person", "they"},
    "government": {"person", "they"}, "children": {"they"}, "they": {"staff", "children", "leaders", "partners", "person", "government"},
}  # fmt: skip
"""Which classes of people may be the same ones in other words."""


def _same(holders: set[str], found: set[str]) -> bool:
    return any(holder in found or _LOOSE[holder] & found for holder in holders)


def _inside(opinions: Sequence[Frame], text: str, ground: str) -> bool:
    """Whether what a statement says is what somebody says in the ground, rather than what stands beside it."""
    wanted, last = stems(text), 0
    best, inside = 0, False
    for match in re.finditer(r"[.;!?](?=\s|$)|\n|$", ground):
        sentence, (start, last) = ground[last : match.end()], (last, match.end())
        share = len(wanted & stems(sentence))
        frame = next((frame for frame in opinions if start <= frame.start < last), None)
        if share > best or (share == best and frame and share):
            best, inside = share, frame is not None and _within(frame, wanted, ground, start, last)
    return inside


def _within(frame: Frame, wanted: frozenset[str], ground: str, start: int, end: int) -> bool:
    """Whether more of what is wanted stands in what is said than beside it, in the sentence from ``start`` to ``end``."""
    before, after = stems(ground[start : frame.start]), stems(ground[frame.end : end])
    subject = stems(_CLAUSE.split(ground[start : frame.start])[-1])
    said, other = (before, after) if len(after) < 3 else (after, before - subject)
    return len(wanted & said) > len(wanted & other)


def _turned(text: str, nearest: str, clause: str, ground: str) -> Iterator[tuple[Way, str]]:
    """Negations and opposites: denied on one side only, or the opposite word on the other."""
    mine, theirs = stems(text), stems(nearest)
    here, there = denied(text), denied(clause)
    differ = ((here - there) & theirs - wanting(nearest)) | ((there - here) & mine - wanting(text))
    turned = [pair for pair in opposed(mine, stems(ground)) if pair[1] in theirs]
    if here & there & mine & theirs:
        return  # both deny the same
    if turned and differ and any(word in differ or word in here | there for pair in turned for word in pair):
        return  # "not effective" for "ineffective"
    if turned_round(mine, theirs):
        yield "negation", nearest
    elif turned and not here ^ there:
        yield "negation", ", ".join(f"{one}/{other}" for one, other in turned)
    elif differ and len(differ) >= 0.5 * len((here & theirs) | (there & mine)):
        yield "negation", ", ".join(sorted(differ))
    elif (here and not there and not wanting(ground)) or (worse(text) and not lacking(ground)):
        yield "negation", text
    elif not lacking(text) and any(len(mine & stems(piece)) >= 2 for piece in (clause, *_pieces(nearest)) if _unmet(piece, clause)):
        yield "negation", clause


_PIECES = re.compile(
    r"[,;:]\s|\b(?:but|although|though|while|whereas|however|because|despite|due to|so that|who|where|which)\b|"
    r"\band (?=(?:will|would|should|must|plans?|intends?|has|have|had|is|are|was|were|do|does|did|can|cannot)\b)"
)


def _unmet(piece: str, clause: str) -> bool:
    """Whether a piece of a sentence says that something is not so: if it is not the nearest clause, then only "not yet"."""
    return too_soon(piece) or (piece == clause and denies(piece))


def _pieces(sentence: str) -> list[str]:
    return [piece for piece in _PIECES.split(sentence) if piece and piece.strip()] or [sentence]


def _nearest_clause(wanted: frozenset[str], sentence: str) -> str:
    """The clause of a sentence that says most of what is wanted, with those that it cannot be told from."""
    clauses = _pieces(sentence)
    shares = [len(wanted & stems(clause)) for clause in clauses]
    return ", ".join(clause for clause, share in zip(clauses, shares, strict=True) if share and share >= 0.5 * max(shares)) or sentence
