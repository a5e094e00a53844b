"""Answers written by a chat model from the passages that were found, statement by statement, each checked before it is shown.

Takes a question with its hits and quotes; gives the pieces of an Answer. What the documents do not support is never on
screen but in the folded record of what was left out; when the model fails, the answer is the quotes, and says so.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from assistant import prompts
from assistant.agreement import against
from assistant.asking import Asking
from assistant.errors import ModelUnavailable
from assistant.model import ChatModel, Message
from assistant.quotes import REFUSAL, Quote, pieces_of
from assistant.statements import Draft, Reading
from assistant.types import Answer, AnswerStatus, Citation, Stated
from assistant.verify import Entails, Offered, Verdict, Verifier
from assistant.vocabulary import Vocabulary
from corpus.types import Page
from index.embed import Embedder
from index.types import Hit

log = logging.getLogger(__name__)

OFFERED = 5
"""At most so many passages are offered: more of them are worse ones, and a small model loses itself in them."""
_MOST = 12
"""After so many statements a model is stopped: nobody asked for more."""
_SPARE = 96
"""Tokens for what a server puts around messages."""
UNSUPPORTED = " (not supported by the documents)"
Pages = Callable[[str, int], Page]
Pieces = Generator[Answer, None, AnswerStatus]


@dataclass(frozen=True, slots=True)
class Writer:
    """A chat model, and how its words are treated: ``tokens`` of the longest answer, ``mark`` for unsupported statements to
    be shown as such rather than left out, ``entails`` in place of the calibrated level."""

    model: ChatModel
    tokens: int = 800
    mark: bool = False
    entails: Entails | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may rest on: the hits and the quotes chosen from them, where their pages and facts are."""

    question: str
    hits: Sequence[Hit]
    quotes: Sequence[Quote]
    pages: Pages
    embedder: Embedder
    vocabulary: Vocabulary
    services: Sequence[str]


@dataclass
class _Page:
    """What is shown so far: whether there is any text, citations by place, the words of each statement."""

    begun: bool = False
    places: dict[tuple[str, int, int, int], int] = field(default_factory=dict)
    said: list[frozenset[str]] = field(default_factory=list)

    def repeats(self, text: str) -> bool:
        """Whether the same words were said before, in whatever order; remembered when not."""
        words = frozenset(re.findall(r"\w+", text.casefold()))
        known = words in self.said
        self.said.append(words)
        return known

    def cite(self, offered: Offered, start: int, end: int) -> tuple[int, Citation | None]:
        """The number of a place, and its citation if it is new."""
        entry, page = offered.entry, offered.passage.page
        place = (entry.id, page, start, end)
        if place in self.places:
            return self.places[place], None
        number = self.places[place] = len(self.places) + 1
        return number, Citation(number, entry.name, entry.id, entry.title, page, offered.page.text[start:end], start, end)


def written(writer: Writer, ground: Ground, asking: Asking) -> Pieces:
    """Yields the pieces of a written answer, or of the quotes instead; returns its status."""
    offered = offered_of(ground, writer)
    shown, reading = _Page(), Reading()
    stated: list[Stated] = []
    asking.offered, asking.part = len(offered), "statements"
    try:
        yield Answer("", "answered", stage=f"{writer.model.name} reads {_passages(len(offered))}…")
        for judged in _judged(writer, ground, asking, offered, reading):
            if judged is None:
                yield Answer("", "answered", stage=_stage(writer, stated))
                continue
            draft, verdict, recited = judged
            if shown.repeats(draft.text):
                continue
            piece, outcome = _piece(writer, shown, draft, verdict, recited, offered)
            stated.append(outcome)
            asking.statements = tuple(stated)
            yield replace(piece, stage=_stage(writer, stated))
    except ModelUnavailable as error:
        return (yield from _broken(ground, asking, shown, str(error), _note(stated, reading)))
    except (ValueError, TypeError, OverflowError, RecursionError):  # what nobody foresaw in a model's words must not cost the answer
        log.exception("A written answer could not be checked")
        why = f"What the chat model {writer.model.name} wrote could not be checked."
        return (yield from _broken(ground, asking, shown, why, _note(stated, reading)))
    if not (stated or reading.missing or reading.silent):
        return (yield from _quoted(ground, asking, f"What the chat model {writer.model.name} wrote could not be read."))
    asking.note = _note(stated, reading)
    if shown.places and asking.cut:
        asking.note = f"{asking.note} The answer was cut off at its longest (ASSISTANT_MODEL_TOKENS).".strip()
    if shown.places:
        return "partial" if reading.missing or reading.silent or asking.cut else "answered"
    yield Answer(f"{' ' if shown.begun else ''}{REFUSAL}", "not_found")
    return "not_found"


def _broken(ground: Ground, asking: Asking, shown: _Page, why: str, note: str) -> Pieces:
    """What there is when a model fails: the quotes, or if anything is shown already, that it is not all."""
    if not shown.begun:
        return (yield from _quoted(ground, asking, why))
    asking.note = f"{note} The answer is not complete. {why}".strip()
    return "partial" if shown.places else "not_found"


def _quoted(ground: Ground, asking: Asking, why: str) -> Pieces:
    """The quotes, for want of a written answer."""
    asking.part, asking.note, asking.statements = "nothing", f"These are quotes, not a written answer. {why}", ()
    yield from pieces_of(ground.quotes)
    return "answered"


def offered_of(ground: Ground, writer: Writer) -> list[Offered]:
    """The passages that a model gets: those quoted from, then the next best, as many as its window holds, at least one."""
    hits = {hit.passage.id: hit for hit in (*(quote.hit for quote in ground.quotes), *ground.hits)}
    chosen = [Offered(hit.entry, hit.passage, ground.pages(hit.entry.id, hit.passage.page)) for hit in hits.values()][:OFFERED]
    while len(chosen) > 1 and not _fits(_messages(ground, chosen), writer):
        chosen.pop()
    return chosen


def _fits(messages: Sequence[Message], writer: Writer) -> bool:
    room = writer.model.window - min(writer.tokens, writer.model.window // 4) - _SPARE
    text = "\n".join(message.text for message in messages)
    return len(text.encode()) / 2 <= room or writer.model.count(text) <= room


def _messages(ground: Ground, offered: Sequence[Offered]) -> list[Message]:
    numbers = {one.passage.id: number for number, one in enumerate(offered, start=1)}
    nearest = [(numbers[quote.hit.passage.id], quote.text) for quote in ground.quotes if quote.hit.passage.id in numbers]
    return prompts.writing(ground.question, [prompts.passage(number, one) for number, one in enumerate(offered, start=1)], nearest)


_Judged = tuple[Draft, Verdict, bool]


def _judged(writer: Writer, ground: Ground, asking: Asking, offered: Sequence[Offered], reading: Reading) -> Iterator[_Judged | None]:
    """Each statement with its verdict, and whether it was cited anew; None while nothing is to be told. Raises ModelUnavailable."""
    tokens = min(writer.tokens, writer.model.window // 4)
    messages = _messages(ground, offered)
    vocabulary = ground.vocabulary
    verifier: Verifier | None = None
    count = 0
    with closing(asking.ask(writer.model, messages, tokens, prompts.SCHEMA)) as texts:
        for text in texts:
            if verifier is None:  # made while the model reads
                grades = [wording for wording, _ in vocabulary.grades]
                verifier = Verifier(ground.embedder, offered, grades, ground.services, entails=writer.entails)
            drafts = reading.feed(text)[: _MOST - count] if text else []
            for draft in drafts:
                yield (draft, *_checked(verifier, draft, offered, vocabulary))
            count += len(drafts)
            if count >= _MOST:
                return
            yield None
    if verifier is not None:
        for draft in reading.finish(asking.cut)[: _MOST - count]:
            yield (draft, *_checked(verifier, draft, offered, vocabulary))


def _checked(verifier: Verifier, draft: Draft, offered: Sequence[Offered], vocabulary: Vocabulary) -> tuple[Verdict, bool]:
    """The verdict on a statement by what it cites, or else by another offered passage."""
    cited = [number - 1 for number in draft.cites if 1 <= number <= len(offered)]
    verdict = _weighed(verifier, draft, cited, offered, vocabulary)
    if verdict.supported:
        return verdict, False
    documents = {offered[index].entry.id for index in cited}
    same = [index for index, one in enumerate(offered) if one.entry.id in documents]
    others = [[index] for index in range(len(offered)) if [index] != cited] + ([same] if len(same) > 1 else [])
    for other in others:
        found = _weighed(verifier, draft, other, offered, vocabulary)
        if found.supported:
            return found, True
    return verdict, False


def _weighed(verifier: Verifier, draft: Draft, cited: Sequence[int], offered: Sequence[Offered], vocabulary: Vocabulary) -> Verdict:
    """What the passages say of a statement, and what the catalogue says of their documents."""
    verdict = verifier.check(draft.text, cited)
    if not verdict.supported:
        return verdict
    for index in sorted({place.offered for place in verdict.places}):
        one = offered[index]
        if problem := against(draft.text, vocabulary.findings.facts.get(one.entry.id, ()), vocabulary):
            return replace(verdict, supported=False, problems=(problem,))
    return verdict


def _piece(
    writer: Writer, shown: _Page, draft: Draft, verdict: Verdict, recited: bool, offered: Sequence[Offered]
) -> tuple[Answer, Stated]:
    """What is shown of a statement, and what became of it."""
    lead = " " if shown.begun else ""
    text = draft.text if re.search(r"[.!?]['’”\")]*$", draft.text) else f"{draft.text}."
    if not verdict.supported:
        why = tuple(dict.fromkeys(f"{problem.way}: {problem.said}" for problem in verdict.problems))
        outcome = Stated(draft.text, "marked" if writer.mark else "removed", why)
        shown.begun = shown.begun or writer.mark
        return Answer(f"{lead}{text}{UNSUPPORTED}" if writer.mark else "", "answered"), outcome
    shown.begun = True
    marks, citations = [], []
    for place in verdict.places:
        number, citation = shown.cite(offered[place.offered], place.start, place.end)
        marks.append(f"[{number}]")
        citations += [citation] if citation else []
    text = _placed(text, [offered[place.offered] for place in verdict.places], offered)
    stated = Stated(draft.text, "recited" if recited else "kept")
    return Answer(f"{lead}{text} {''.join(dict.fromkeys(marks))}", "answered", tuple(citations)), stated


def _placed(text: str, cited: Sequence[Offered], offered: Sequence[Offered]) -> str:
    """The statement with the service or day of its document, where it might be taken for one of another that was offered."""
    entries = list({one.entry.id: one.entry for one in cited}.values())
    if len(entries) != 1 or len({one.entry.id for one in offered}) == 1:
        return text
    entry = entries[0]
    others = [one.entry for one in offered if one.entry.id != entry.id]
    told = []
    if entry.service and any(other.service != entry.service for other in others) and not _names(text, entry.service):
        told.append(entry.service)
    day = entry.published or entry.inspected
    if day and any(other.service == entry.service for other in others) and str(day.year) not in text:
        told.append(f"{day:%B %Y}")
    return re.sub(r"([.!?]?)$", lambda end: f" ({', '.join(told)}){end[1]}", text, count=1) if told else text


_KINDS = frozenset(
    "council county city borough london metropolitan district royal children children's children’s local authority services service "
    "community rehabilitation company prison probation youth justice home school hospital trust".split()
)
"""Words of services' names that many of them have."""


def _names(text: str, service: str) -> bool:
    """Whether a text has a word of a service's name that is its own."""
    own = [word for word in re.findall(r"[\w’'-]{3,}", service.casefold()) if word not in _KINDS]
    return any(word in text.casefold() for word in own or [service.casefold()])


def _note(stated: Sequence[Stated], reading: Reading) -> str:
    """What was left out, and what the model found nothing on."""
    gone = sum(one.outcome == "removed" for one in stated)
    notes = []
    if gone:
        many = "1 statement" if gone == 1 else f"{gone} statements"
        notes.append(f"{many} of the chat model left out: the documents do not support {'it' if gone == 1 else 'them'}.")
    if reading.missing or reading.silent:
        part = "part of the question" if any(one.outcome in ("kept", "recited") for one in stated) else "the question"
        notes.append(f"The chat model found nothing on {part} in the passages that it read.")
    return " ".join(notes)


def _stage(writer: Writer, stated: Sequence[Stated]) -> str:
    count = len(stated)
    return f"{writer.model.name} writes; {count} statement{'s' if count != 1 else ''} checked…" if count else f"{writer.model.name} reads…"


def _passages(number: int) -> str:
    return f"{number} passage{'s' if number != 1 else ''}"
