"""What a question asks about: which services, which time, and, in a conversation, what "it" and "the one before" are.

Takes a question and the answers before it; gives an Understood (what to search for, in which documents) to pipeline.
Documents are left out only where the question is certain to mean others, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.in_time import in_order, in_time
from assistant.names import Mention, Names
from assistant.narrow import left_out, listed, narrowing
from assistant.scope import Filters, Scope
from assistant.types import Answer, Understood
from assistant.when import When, asked_for, said, when_of
from index.types import Entry

_FEW = 0.03
"""A capitalised word is a name where at most this share of the passages has it."""
_OPENS = re.compile(r"^(?:and|but|so|ok(?:ay)?|then|also)\b[\s,]*", re.IGNORECASE)
_BACK = re.compile(r"\b(?:it|its|they|their|them|he|she|his|her|the (?:same|latter|former))\b", re.IGNORECASE)
_IT = re.compile(
    r"\b(?P<it>it|they|them|(?<!is )(?<!are )(?<!was )(?<!were )there)\b"
    r"(?!\s+(?:is|was|were|are)\s+(?:that|a|an|any|no|many|more|enough)\b)",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_FILLERS = re.compile(
    r"\b(?:and|but|so|ok|okay|then|what|how|about|in|for|at|of|from|on|the|one|inspection|report|was|were|with|same|year)\b", re.IGNORECASE
)
_EVERYWHERE = re.compile(
    r"\b(?:which|what|how many|all|any|every|other|most|across)\s+(?:of (?:the )?)?(?:\w+\s+){0,3}?"
    r"(?:services|reports|inspections|authorities|councils|providers|regions|divisions|prisons|places|schools|publications|documents|"
    r"releases|trusts|homes|areas|hospitals)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the conversation is about: the services, the documents last answered from, the last complete question."""

    names: tuple[str, ...]
    documents: tuple[str, ...]
    since: date | None
    until: date | None
    question: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads questions with one state of the library in mind."""

    entries: tuple[Entry, ...]
    names: Names
    known: Callable[[str], int]
    """In how many passages a word stands."""
    filters: Filters = Filters()
    scope: Scope | None = None
    """What the filters let through; None for everything."""
    lifted: frozenset[str] = frozenset()
    """Keys of restrictions that are not to be read out of a question."""

    def understand(self, question: str, history: Sequence[Answer] = ()) -> Understood:
        """What the question asks for, completed from the conversation where it is not complete by itself."""
        subject = _subject(history, self.names)
        mentions, when = self.names.mentions(question, self.known), when_of(question)
        mentions = [m for m in mentions if not any(s < m.end and m.start < e for s, e in when.spans)]
        complete = question
        if subject and not _EVERYWHERE.search(question):
            complete, mentions, when = self._completed(question, mentions, when, subject)
        named = tuple(dict.fromkeys(complete[m.start : m.end] for m in mentions))
        others = tuple(self.proper(complete, mentions, when_of(complete)))
        mentions = [m for m in mentions if f"service:{m.name}" not in self.lifted]
        when = When() if "time" in self.lifted else when
        names = tuple(dict.fromkeys(m.name for m in mentions)) or self.filters.services
        understood = Understood(question, complete, names, named, others, when.since, when.until)
        whole = not mentions and bool(_EVERYWHERE.search(complete))
        return self._restricted(replace(understood, whole=whole), mentions, when, subject)

    # ---- follow-ups

    def _completed(
        self, question: str, mentions: list[Mention], when: When, subject: _Subject
    ) -> tuple[str, list[Mention], When]:
        """The question with what it leaves out; unchanged when it leaves out nothing."""
        if _is_fragment(question, mentions, when) and subject.question:
            return self._continued(mentions, when, subject)
        named = self.proper(question, mentions, when) and not _BACK.search(question)
        if mentions or named or not (subject.names or subject.documents):
            return question, mentions, when
        text = _OPENS.sub("", question)
        text = text[:1].upper() + text[1:]
        name = " and ".join(subject.names)
        inherited = when
        if not when.dated and not when.order and (subject.since or subject.until):
            inherited = replace(when, since=subject.since, until=subject.until, certain=True)
        if name:
            text = _with_subject(text, name, asked_for(inherited.since, inherited.until) if inherited is not when else "")
        return text, self.names.mentions(text, self.known) or mentions, inherited

    def _continued(self, mentions: list[Mention], when: When, subject: _Subject) -> tuple[str, list[Mention], When]:
        """The question before, asked of another service or another time ("What about Harrowdale?", "And in 2019?")."""
        text, before = subject.question, when_of(subject.question)
        if mentions:
            olds = self.names.mentions(text, self.known)
            new = " and ".join(m.name for m in mentions)
            text = text[: olds[0].start] + new + text[olds[-1].end :] if olds else f"{text.rstrip(' ?')} ({new})?"
        if when.dated or when.order:
            text = _without(text, when_of(text)).rstrip(" ?")
            text = f"{text} {asked_for(when.since, when.until) or _ORDER_SAID.get(when.order, '')}".rstrip() + "?"
            inherited = replace(when, certain=True)
        else:
            text = _without(text, when_of(text)) if mentions and before.dated else text
            inherited = When()
        return text, self.names.mentions(text, self.known) or mentions, inherited

    # ---- documents

    def _restricted(self, understood: Understood, mentions: list[Mention], when: When, subject: _Subject | None) -> Understood:
        """Which documents can answer, and in words which those are; why none can, when none can."""
        about = list(dict.fromkeys(id for m in mentions for id in m.documents))
        read = narrowing(understood.services if about else (), when, self.filters)
        understood = replace(understood, restrictions=read)
        pool = [e for e in self.entries if self.scope is None or self.scope.allows(e.id)]
        entries = [e for e in pool if e.id in set(about)] if about else pool
        unknown = [word for word in understood.others if not self.known(word)]
        if not about and unknown:
            missing = f"No document in the library speaks of “{unknown[0]}”." + self._holds([])
            return replace(understood, documents=(), missing=missing)
        if self.scope and not entries:
            missing = left_out(understood.services if about else (), self.scope)
            return replace(understood, documents=(), missing=missing)
        if when.order and (about or subject):
            entries = in_order(entries, when.order, subject.documents if subject else ())
            if not entries:
                which = "an earlier" if when.order == "previous" else "a later" if when.order == "next" else "a dated"
                missing = f"{self._place} no {which[2:].strip()} document on {listed(understood.services) or 'it'}." + self._holds(about)
                return replace(understood, documents=(), missing=missing)
        if when.dated:
            fitting = in_time(entries, when)
            if not fitting and when.certain:
                where = f" on {listed(understood.services)}" if about else ""
                missing = f"{self._place} no document{where} {said(when.since, when.until)}." + self._holds(about)
                return replace(understood, documents=(), missing=missing, wider=tuple(e.id for e in entries) if about else ())
            wider = tuple(e.id for e in entries) if fitting and not when.certain else ()
            entries = fitting or entries
            understood = replace(understood, wider=wider, timed=bool(fitting) and when.certain)
        if len(entries) == len(self.entries):  # nothing to be said of it; but whom it is about is settled
            return replace(understood, documents=tuple(e.id for e in entries)) if about else understood
        timed = bool(when.dated and in_time(entries, when))
        sentence = self._sentence(understood, mentions, entries, said(when.since, when.until) if timed else "")
        return replace(understood, documents=tuple(e.id for e in entries), said=sentence)

    @property
    def _place(self) -> str:
        return "Within your filters there is" if self.scope else "The library has"

    def _sentence(self, understood: Understood, mentions: Sequence[Mention], entries: Sequence[Entry], time: str) -> str:
        """Which documents are searched, in words."""
        read = "; ".join(f"“{understood.question[m.start : m.end]}” is read as {m.name}" for m in mentions if m.how == "misspelt")
        services = understood.services if mentions else self.filters.services
        out: list[str] = []
        if self.scope:
            there = {name for name in services if any(self.scope.allows(id) for id in self.names.documents_of(name))}
            out, services = [name for name in services if name not in there], tuple(name for name in services if name in there)
        what = ["Only documents", *([f"on {listed(services)}"] if services else []), *([time] if time else [])]
        if len(entries) == 1:
            what = [f"Only “{entries[0].title}”" + (f" ({_day(entries[0])})" if entries[0].day else "")]
        elif len(what) == 1:
            what = ["Only documents that your filters let through"]
        left = f" Your filters leave out {listed(out)}." if out else ""
        return " ".join(what) + "." + left + (f" ({read}.)" if read else "")

    def proper(self, question: str, mentions: Sequence[Mention], when: When) -> list[str]:
        """Names in the question that are of no service: capitalised words, not the first, that few passages have.

        None where most words are capitalised, as in a headline: there it says nothing.
        """
        words = [(m[0], m.start()) for m in re.finditer(r"[^\W\d_][\w'’-]*", question)]
        if sum(word[0].isupper() for word, _ in words) > 0.6 * len(words):
            return []
        places = [*((m.start, m.end) for m in mentions), *when.spans]
        few = max(2.0, _FEW * sum(entry.passages for entry in self.entries))
        found = []
        for word, start in words:
            bare = re.sub(r"['’]s$", "", word)
            opens = not question[:start].strip() or question[:start].rstrip().endswith((".", "?", "!", ":"))
            if len(bare) > 2 and bare[0].isupper() and not opens and not any(s <= start < e for s, e in places) and self.known(bare) <= few:
                found.append(bare)
        return found

    def _holds(self, about: Sequence[str]) -> str:
        """What the library does have: the years it has on these documents' service, or some of its names."""
        if about:
            days = sorted({e.day for e in self.entries if e.id in set(about) and e.day})
            years = list(dict.fromkeys(str(day.year) for day in days))
            return f" {'The library' if self.scope else 'It'} has {listed(years)}." if years else ""
        names = self.names.all()
        if not names:
            return ""
        some = names if len(names) <= 6 else names[:6]
        more = "" if len(names) <= 6 else f" and {len(names) - 6} others"
        return f" It has documents on {', '.join(some)}{more}." if more else f" It has documents on {listed(some)}."


_ORDER_SAID = {"latest": "in the latest inspection", "previous": "in the inspection before", "first": "in the first inspection",
               "next": "in the next inspection"}  # fmt: skip


def _subject(history: Sequence[Answer], names: Names) -> _Subject | None:
    """From the newest answer that found something; else from the newest question that at least named a service."""
    spoken = [answer for answer in history if answer.understood]
    for found in (True, False):
        for answer in reversed(spoken):
            understood = answer.understood
            assert understood is not None
            if found != (answer.status != "not_found") or (not found and (understood.missing or not understood.services)):
                continue
            if understood.whole:  # it was about many: no one of them is the subject now
                return _Subject((), (), understood.since, understood.until, understood.question)
            cited = tuple(dict.fromkeys(c.document_id for c in answer.citations))[:1]
            named = understood.services or tuple(filter(None, (names.name_of(id) for id in cited)))
            documents = cited or tuple(id for name in named for id in names.documents_of(name))
            return _Subject(named, documents, understood.since, understood.until, understood.question)
    return None


def _is_fragment(question: str, mentions: Sequence[Mention], when: When) -> bool:
    """Whether nothing is asked but another service or time: "What about Harrowdale?", "And in 2019?", "The one before?"."""
    if not mentions and not when.dated and not when.order:
        return False
    places = sorted([*((m.start, m.end) for m in mentions), *when.spans], reverse=True)
    rest = question
    for start, end in places:
        rest = rest[:start] + " " + rest[end:]
    left = _FILLERS.sub(" ", rest)
    return not re.search(r"\w", re.sub(r"['’]s\b", "", left))


def _with_subject(text: str, name: str, time: str) -> str:
    """The question with its subject said: in place of "it" or "its", else behind it."""
    if _IT.search(text):
        text = _IT.sub(lambda m: f"in {name}" if m["it"].casefold() == "there" else name, text, count=1)
        return f"{text.rstrip(' ?')} {time}?" if time else text
    if _ITS.search(text):
        text = _ITS.sub(f"{name}’s", text, count=1)
        return f"{text.rstrip(' ?')} {time}?" if time else text
    return f"{text.rstrip(' ?')} – {name}{f' {time}' if time else ''}?"


def _without(text: str, when: When) -> str:
    """The question without its dates and the words that only led to them."""
    for start, end in sorted(when.spans, reverse=True):
        before = re.sub(r"(?:\s+(?:in|of|from|on|for|since|before|after|published|dated))+\s*$", "", text[:start])
        before = re.sub(r"\s+(?:in|of|from|on|by)\s+(?:the|its|their)\s+(?:(?:re-)?inspection|(?:inspection )?report)s?\s*$", "", before)
        text = (before + text[end:]).strip()
    return text


def _day(entry: Entry) -> str:
    if entry.published:
        return f"published {entry.published.day} {entry.published:%B %Y}"
    assert entry.inspected is not None
    return f"inspected {entry.inspected:%B %Y}"
