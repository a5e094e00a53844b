"""Questions for one fact of one service's publications: who led it, when it came out, how it was judged. From stored facts.

Takes an understood question and the vocabulary; gives a Lookup, and its Answer, or None where the text has to be searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.blanks import blanked, named_in
from assistant.counted import Notes
from assistant.findings import Findings, Inspection
from assistant.scope import Scope
from assistant.types import Answer, Citation, Understood
from assistant.vocabulary import Vocabulary
from assistant.when import asked_for, when_of
from corpus.sentences import spans_of
from corpus.types import Fact, Page
from corpus.wording import phrase
from index.search import STOPWORDS

_MOST = 6
"""So many inspections are told of; where a question means more, it is one for the text or for a list."""
_FIELDS: dict[str, tuple[str, ...]] = {
    "chief inspector": (r"\bwho\b.{0,40}\bchief inspector\b", r"\bchief inspector['’]?s? name\b", r"\bname of the chief inspector\b"),
    "inspector": (
        r"\bwho (?:led|lead|headed|carried out|was in charge of)\b(?!.{0,40}\b(?:service|company|team|council)\b)",
        r"\b(?:who|which inspector|what|name)\b.{0,40}\b(?:lead|reporting) inspectors?\b", r"\blead inspector\??$",
    ),
    "published": (
        r"\bwhen\b.{0,60}\b(?:published|released|issued|come out|came out|appear(?:ed)?)\b", r"\bpublication date\b",
        r"\bdate of publication\b",
    ),
    "fieldwork": (
        r"\bwhen\b.{0,60}\b(?:inspected|inspect|fieldwork)\b",
        r"\bwhen\b.{0,60}\b(?:inspection|visit)(?: of [^?]+)? (?:take place|took place|happen\w*|carried out)\b",
        r"\binspection dates?\b", r"\bdates? of (?:the )?(?:inspection|fieldwork|visit)\b", r"\bfieldwork dates?\b",
    ),
    "embargo": (r"\bembargo\w*\b",),
    "provider": (r"\bwho (?:owns|owned|runs|ran|operates)\b", r"\b(?:owner|provider|parent company)\b"),
    "score": (r"\bhow many points\b", r"\bwhat (?:overall |total )?score\b", r"\b(?:overall|total) score\b",
              r"\bpoints\b.{0,30}\bscored?\b"),
    "recommendations": (r"\bhow many recommendations\b", r"\bnumber of recommendations\b"),
    "judgement": (
        r"\b(?:what|how|which)\b.{0,160}\b(?:rated|graded|judged|rating|grade|judgement)\b",
        r"^(?:was|is|were|did)\b.{0,120}\b(?:rated|graded|judged)\b", r"\b(?:rating|grade) (?:of|for|did)\b",
    ),
}  # fmt: skip
"""How each field is asked for, the first that fits."""
_ASKED = {field: re.compile("|".join(patterns), re.IGNORECASE) for field, patterns in _FIELDS.items()}
_NOW = re.compile(r"\b(?:now|currently|today|at present|at the moment)\b", re.IGNORECASE)
_WORDS = frozenset(
    """
    lead leads led reporting inspector inspectors chief name named published publish publication date dates day report reports released
    release issued come came appear inspected inspect inspection inspections fieldwork visit visited take took place happen happened
    carried embargo embargoed until end ends owns owned owner runs ran run operates provider parent company points score scored total
    possible maximum many number recommendations recommendation made make rated rate rating ratings graded grade grades judged judge
    judgement judgements judgment overall effectiveness given got get receive received gave awarded service services whole level year
    press charge headed work latest last recent recently most previous first now currently current today standard mean library time
    children's childrens children probation local authority council social care
    """.split()
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """One field of the publications that a question means; for a judgement, the names of what was judged (none: the whole)."""

    field: str
    subjects: tuple[str, ...] = ()

    def of(self, facts: Sequence[Fact]) -> Fact | None:
        """The fact among a publication's facts."""
        if self.field != "judgement":
            return next((fact for fact in facts if fact.field == self.field), None)
        if not self.subjects:
            return next((fact for fact in facts if fact.field == "overall"), None)
        return next((fact for name in self.subjects for fact in facts if fact.field == "judgement" and fact.subject == name), None)


def lookup_of(understood: Understood, vocabulary: Vocabulary) -> Lookup | None:
    """What is to be looked up; None when the question asks for more than one fact, or names no service."""
    if understood.documents is None or not understood.services or understood.missing or understood.others:
        return None
    question = understood.question
    field = next((field for field, pattern in _ASKED.items() if pattern.search(question)), "")
    if not field:
        return None
    taken = [*when_of(question).spans, *named_in(understood)]
    subjects: tuple[str, ...] = ()
    if field == "judgement":
        subjects, spans = vocabulary.subject_of(question, taken)
        taken += spans
        taken += vocabulary.grade_spans(question)
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", blanked(question, taken).casefold().replace("’", "'"))
    rest = [re.sub(r"'s$", "", word) for word in words if not word.isdigit()]
    if any(word not in STOPWORDS and word not in _WORDS and len(word) > 1 for word in rest):
        return None
    return Lookup(field, subjects)


def looked_up(lookup: Lookup, understood: Understood, findings: Findings, scope: Scope | None = None) -> Answer | None:
    """The fact of each publication that is meant, the newest first; None when none of them has it. Only of what ``scope`` allows."""
    chosen = set(understood.documents or ())
    notes, lines = Notes(), []
    about = [one for one in findings.inspections if one.entry.id in chosen or any(other.id in chosen for other in one.others)]
    about = [_within(one, scope, findings) for one in about] if scope else about
    about += [Inspection(e, e.service or e.title, e.id, findings.facts.get(e.id, ())) for e in findings.apart if e.id in chosen]
    about.sort(key=lambda one: one.day or date.min, reverse=True)
    told = [(one, _found(lookup, one, findings)) for one in about]
    if not any(found for _, found in told) or len(about) > _MOST:
        return None
    told = told[:1] if _NOW.search(understood.question) else told
    seen: set[str] = set()
    for one, found in told:
        lead = "Earlier: " if one.key in seen else ""
        seen.add(one.key)
        if found is None:
            lines.append(f"{lead}{one.name}{_when(one)}: {_name(lookup, None)} could not be read.")
            continue
        source, fact = found
        corrected = " (corrected by hand)" if fact.corrected else "" if fact.page else f" ({fact.rule})"
        lines.append(f"{lead}{one.name}{_when(one)}: {_name(lookup, fact)} {shown(fact)}{corrected}{notes.mark(source, fact)}")
    answered = any(found for _, found in told)
    return Answer("\n\n".join(lines), "answered" if answered else "not_found", tuple(notes.citations))


def _within(one: Inspection, scope: Scope, findings: Findings) -> Inspection:
    """The inspection with those of its publications that the filters let through: a report and its press release have two days."""
    first, *others = [entry for entry in (one.entry, *one.others) if scope.allows(entry.id)]
    return replace(one, entry=first, facts=findings.facts.get(first.id, ()), others=tuple(others))


def _name(lookup: Lookup, fact: Fact | None) -> str:
    """What is told of, in the words of a sentence."""
    if lookup.field == "judgement":
        return (fact.subject if fact else lookup.subjects[0]) if lookup.subjects else "overall"
    return _SAID.get(lookup.field, lookup.field)


def continued(question: str, last: Understood, vocabulary: Vocabulary) -> str:
    """ "And for staff?" after a question for a judgement, completed; "" when the question is none of that kind."""
    before = lookup_of(last, vocabulary)
    bare = re.sub(r"^(?:and|but|so|ok(?:ay)?|then)\b[\s,]*|^(?:what|how) about\s+", "", question.strip(), flags=re.IGNORECASE).rstrip(" ?")
    bare = re.sub(
        r"^(?:for|on|in|its|their|the)\s+", "", re.sub(r"^(?:what|how) about\s+", "", bare, flags=re.IGNORECASE), flags=re.IGNORECASE
    )
    if not before or before.field != "judgement" or not bare:
        return ""
    if re.fullmatch(r"overall|(?:the )?overall (?:rating|grade|effectiveness)", bare, re.IGNORECASE):
        asked = "What was the overall rating of"
    elif any(re.fullmatch(phrase(wording), bare, re.IGNORECASE) for wording, _ in vocabulary.subjects):
        asked = f"How was {bare} rated at"
    else:
        return ""
    return f"{asked} {' and '.join(last.services)} {asked_for(last.since, last.until)}".rstrip() + "?"


_SAID = {
    "inspector": "lead inspector", "published": "published on", "fieldwork": "fieldwork", "embargo": "embargo until",
    "provider": "owner or provider", "score": "score", "recommendations": "recommendations:", "chief inspector": "chief inspector",
}  # fmt: skip


def whole(citation: Citation, pages: Callable[[str, int], Page]) -> Citation:
    """The citation with the whole sentence or row that its fact stands in: a name alone would tell a reader little."""
    page = pages(citation.document_id, citation.page)
    span = next((s for s in spans_of(page) if s.start <= citation.start and citation.end <= s.end), None)
    return replace(citation, quote=page.text[span.start : span.end], start=span.start, end=span.end) if span else citation


def _found(lookup: Lookup, one: Inspection, findings: Findings) -> tuple[Inspection, Fact] | None:
    """The fact with the publication that has it: the inspection's own, else what else is published on it."""
    if fact := lookup.of(one.facts):
        return one, fact
    for other in one.others:
        facts = findings.facts.get(other.id, ())
        if fact := lookup.of(facts):
            return Inspection(other, one.name, one.key, facts), fact
    return None


def shown(fact: Fact) -> str:
    """A value as a sentence says it; days as they are printed."""
    return re.sub(r"\s+", " ", fact.quote) if fact.field in ("published", "fieldwork") and fact.page else fact.words


def _when(one: Inspection) -> str:
    if one.entry.published:
        return f" ({one.entry.published.day} {one.entry.published:%B %Y})"
    return f" (inspected {one.entry.inspected:%B %Y})" if one.entry.inspected else ""
