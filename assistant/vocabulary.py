"""The words in which one state of the library can be asked about its judgements: its grades, standards, types and places.

Takes the Findings and the profiles; finds grades, subjects and the like in questions for counting and lookup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.findings import OVERALL, Findings
from corpus.profile import Profile, folded
from corpus.wording import phrase

_UNITS = (
    r"(?:services?|inspections?|reports?|re-?inspections?|authorities|authority|councils?|providers?|regions?|divisions?|prisons?|places?|"
    r"schools?|publications?|documents?|releases?|areas?|trusts?|homes?|hospitals?|companies|company|teams?|units?|boroughs?|counties|"
    r"cities|forces|colleges|nurseries)"
)
"""What a question calls services and publications."""
_ASKS_FOR = (
    r"\b(?P<ask>which (?:is|are|was|were)|which|what|how many|(?:the )?number of|list|show(?: me)?|name|give me|find|"
    r"are there(?: any)?|any|all|every|count)\s+"
    r"(?P<head>(?:(?:of|all|the|our|your|other)\s+){0,3}(?:(?!VERBS)[\w’'&-]+\s+){0,4}?(?:UNITS))\b"
    r"|\b(?P<ask2>how many|which)(?P<head2>)(?=\s+(?:have|were|are|got|get|improved|declined|worsened|deteriorated|fell|rose)\b)"
)
_VERBS = r"(?:do|does|did|is|are|was|were|say|says|said|has|have|had|can|could|should|will|would|the)\b"
_CUE = re.compile(
    r"(?:\b(?:rat\w+|grad\w+|judg\w+|scor\w+|assess\w+|found|considered|deemed)\b(?:\W+\w+){0,4}?\W+|\b(?:is|are|was|were|be|been|as|got|get|"
    r"received?|gave|given|awarded)\W+(?:(?:an?|currently|now|still|all|both|also|overall|today)\W+)*|[‘“\"'(:]|\b(?:list|show|name|find)\W+(?:(?:all|the|me)\W+)*|\b(?:or|and|not|than|least|below|above|any|all|many|which|the)\W+)$",
    re.IGNORECASE,
)
_NOUN = re.compile(
    rf"[’”\"')]*\W+(?:overall\W+)?(?:rat\w+|grad\w+|judg\w+|{_UNITS}|or\b|and\b|overall\b|for\b|in\b|on\b|at\b|before\b|after\b|since\b|between\b|from\b|during\b|by\b|last\b|this\b|$)|\W*$",
    re.IGNORECASE,
)

_UPWARD = re.compile(r"\b(?:at least|at worst|no worse than|no lower than|not below|not worse than)\W*$", re.IGNORECASE)
_DOWNWARD = re.compile(r"\b(?:at best|at most|no better than|no higher than|not better than|not above)\W*$", re.IGNORECASE)
_NEGATED = re.compile(r"(?:\bnot|n['’]t)\W+(?:(?:be|been|get|got|a|an|rated|graded|judged)\W+)*(?:as\W+)?$", re.IGNORECASE)
Place = tuple[int, int]
"""``[start, end)`` of a question."""


@dataclass
class Vocabulary:
    """How this state of the library can be asked. Cheap to make; what is costly is made when it is first needed."""

    findings: Findings
    profiles: Sequence[Profile]

    @cached_property
    def scales(self) -> tuple[tuple[str, ...], ...]:
        """The scales in use."""
        return tuple(dict.fromkeys(fact.scale for one in self.findings.inspections for fact in one.judgements if fact.scale))

    @cached_property
    def grades(self) -> list[tuple[str, str]]:
        """Wordings of the grades in use, longest first, each with its grade."""
        used = {grade for scale in self.scales for grade in scale}
        found = {folded(wording): grade for p in self.profiles for s in p.scales for wording, grade in s.wordings if grade in used}
        found |= {folded(grade): grade for grade in used}
        return sorted(found.items(), key=lambda item: -len(item[0]))

    @cached_property
    def subjects(self) -> list[tuple[str, tuple[str, ...]]]:
        """Wordings of what is judged here, longest first, each with the names it has in the judgements."""
        used = set(self.findings.subjects)
        found: dict[str, list[str]] = {subject.casefold(): [subject] for subject in used}
        for profile in self.profiles:
            for standard in profile.standards:
                for wording in (standard.name, *standard.also, *standard.asked):
                    if standard.overall:
                        found.setdefault(folded(wording), []).append(OVERALL)
                    elif standard.name in used and standard.name not in found.setdefault(folded(wording), []):
                        found[folded(wording)].append(standard.name)
        return sorted(((word, tuple(dict.fromkeys(names))) for word, names in found.items() if names), key=lambda item: -len(item[0]))

    @cached_property
    def types(self) -> list[tuple[str, str]]:
        """Wordings of the types of service here, longest first, each with the type. Broad ones restrict nothing."""
        used = set(self.findings.values("type"))
        found = {
            folded(wording): named.name for p in self.profiles for named in p.types if named.name in used and not named.broad
            for wording in (named.name, *named.title, *named.text, *named.asked)
        }  # fmt: skip
        return sorted(found.items(), key=lambda item: -len(item[0]))

    @cached_property
    def providers(self) -> list[tuple[str, str]]:
        """Wordings of the providers here, longest first: in full, without "Ltd", and by a first word that is theirs alone."""
        values = self.findings.values("provider")
        found = {folded(value): value for value in values}
        found |= {re.sub(r"\s+(?:plc|ltd|limited|llp)\.?$", "", folded(value)): value for value in values}
        firsts = [re.sub(r"^the ", "", folded(value)).split(" ")[0] for value in values]
        found |= {first: value for first, value in zip(firsts, values, strict=True) if firsts.count(first) == 1 and len(first) > 5}
        return sorted(found.items(), key=lambda item: -len(item[0]))

    @cached_property
    def asks(self) -> re.Pattern[str]:
        """How a question asks for services or publications: by a common word for them, or by their type ("CRCs")."""
        types = "".join(f"|{plural(wording)}" for wording, _ in self.types)
        return re.compile(_ASKS_FOR.replace("UNITS", _UNITS + types).replace("VERBS", _VERBS), re.IGNORECASE)

    @cached_property
    def bare(self) -> re.Pattern[str]:
        """A question that only names what it is about: "inadequate services in 2022"."""
        types = "".join(f"|{plural(wording)}" for wording, _ in self.types)
        return re.compile(rf"(?P<ask>)(?P<head>(?:[\w’'&-]+\s+){{0,4}}?(?:{_UNITS}{types}))\b", re.IGNORECASE)

    def grades_in(self, question: str, taken: list[tuple[int, int]]) -> tuple[str, ...]:
        """The grades asked for, widened by "or better", "below" and the like. Each place is added to ``taken``.

        A grade is one only where it stands as one: "good practice" is none.
        """
        found: list[str] = []
        for wording, grade in self.grades:
            for match in re.finditer(phrase(wording), question, re.IGNORECASE):
                if any(s < match.end() and match.start() < e for s, e in taken):
                    continue
                before, after = question[: match.start()], question[match.end() :]
                capital = match[0][0].isupper() and before.strip() != ""
                verb = wording.startswith("requir")
                if not (
                    capital
                    or verb
                    or ((_CUE.search(before) or not before.strip()) and _NOUN.match(after))
                    or re.search(r"[‘“\"']$", before)
                ):
                    continue
                lead = next((m for p in (_UPWARD, _DOWNWARD, _NEGATED) if (m := p.search(before))), None)
                taken.append((lead.start() if lead else match.start(), match.end()))
                found += self._widened(grade, before, after)
        order = self.findings.grades
        return tuple(sorted(set(found), key=lambda grade: order.index(grade) if grade in order else 99))

    def _widened(self, grade: str, before: str, after: str) -> list[str]:
        """The grades that "or better", "below", "at worst", "not" and the like make of one. "Not good" is worse than good."""
        up = _UPWARD.search(before) or re.match(r"\W*or (?:better|above|higher)\b", after, re.IGNORECASE)
        down = _DOWNWARD.search(before) or re.match(r"\W*or (?:worse|below|lower)\b", after, re.IGNORECASE)
        above = re.search(r"\b(?:better|higher) than\W*$|\babove\W*$", before, re.IGNORECASE) and not down
        below = re.search(r"\b(?:below|less than|worse than|lower than|short of)\W*$", before, re.IGNORECASE) and not up
        other = re.search(r"\b(?:other than|except)\W+(?:as\W+)?$", before, re.IGNORECASE)
        negated = _NEGATED.search(before)
        if not (up or down or above or below or other or negated):
            return [grade]
        found = []
        for scale in self.scales:
            if grade in scale:
                at = scale.index(grade)
                last = at == len(scale) - 1
                found += [
                    one for n, one in enumerate(scale)
                    if (up and n <= at) or (down and n >= at) or (above and n < at) or (below and n > at) or (other and n != at)
                    or (negated and not (up or down or above or below) and (n < at if last else n > at))
                ]  # fmt: skip
        return found

    def subjects_in(self, question: str, taken: list[tuple[int, int]], *, loosely: bool = False) -> tuple[str, ...]:
        """What is judged that the question asks for, in all its names; single common words only beside "on", "for", "rated"."""
        for wording, names in self.subjects:
            for match in re.finditer(phrase(wording), question, re.IGNORECASE):
                if any(s < match.end() and match.start() < e for s, e in taken):
                    continue
                before, after = question[: match.start()], question[match.end() :]
                if (
                    not loosely
                    and " " not in wording
                    and not (
                        re.search(r"\b(?:on|for|their|its|of|about|in|the)\W+$", before, re.IGNORECASE)
                        or re.match(r"\W+(?:rat|grad|judg|standard|was|were|is|are)", after, re.IGNORECASE)
                    )
                ):
                    continue
                taken.append(match.span())
                return tuple(name for name in names if name != OVERALL) if OVERALL not in names else ()
        return ()

    def subject_of(self, question: str, taken: Sequence[tuple[int, int]]) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
        """What is judged that a question asks for, in all its names, and where it says so; none for the whole."""
        places = [*taken]
        names = self.subjects_in(question, places, loosely=True)
        return names, places[len(taken) :]

    def grade_spans(self, question: str) -> list[tuple[int, int]]:
        """Where grades are named ("Was it rated Good?")."""
        return [match.span() for wording, _ in self.grades for match in re.finditer(phrase(wording), question, re.IGNORECASE)]

    def values_in(self, question: str, taken: list[tuple[int, int]], known: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The values named in the question; the part of it that names them is taken, a head's too."""
        found: list[str] = []
        own: list[Place] = []
        for wording, value in sorted(known, key=lambda item: -len(item[0])):
            for match in re.finditer(plural(wording), question, re.IGNORECASE) if wording else ():
                if any(start < match.end() and match.start() < end for start, end in own):
                    continue  # within a longer one: "North" in "North West"
                own.append(match.span())
                if value not in found:
                    found.append(value)
        taken += own
        return tuple(found)

    def years_of(self, subjects: Sequence[str]) -> tuple[int | None, int | None]:
        """When something of several names was judged; None where that is open for any of them."""
        spans = [(s.since, s.until) for p in self.profiles for s in p.standards if s.name in subjects]
        if not spans:
            return None, None
        first = None if any(since is None for since, _ in spans) else min(since or 0 for since, _ in spans)
        last = None if any(until is None for _, until in spans) else max(until or 0 for _, until in spans)
        return first, last


def plural(wording: str) -> str:
    """A pattern for the words, in the singular or with an s."""
    return phrase(wording).removesuffix(r"\b") + r"s?\b"
