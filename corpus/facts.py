"""Facts: what a publication says of itself, each with the place it was read from. Blank rather than wrong.

Takes a Document's pages and the Profiles; gives its Facts to read, and to the library when profiles change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from corpus.dates import MONTHS, Stretch, day_without_year, first_day, first_time, stretches
from corpus.judgements import judgements_of, sentence
from corpus.profile import Named, Profile, profile_of
from corpus.publication import fieldwork_of, published_by_name, published_of, service_of, service_on_cover
from corpus.types import FIELDS, Fact, Page
from corpus.wording import number_in, phrase

DECLARED = "declared in the file"
NEVER = "9999-12-31T00:00+00:00"
"""The end of an embargo that nobody knows."""
_NEAR = 60
"""So many characters may stand between a wording and its date."""
_DEPUTY = re.compile(r"(?:deputy|assistant|former|previous|chief|ofsted|majesty['’]s|\bHM)[ -]+$", re.IGNORECASE)
_OPEN_ENDS = re.compile(r"(?:\s+(?:and|of|the|upon|on|for|in|&|A|An|It|Its))+$|[.,’'-]+$")
_EARLIER = re.compile(
    r"\b(?:previous|last|earlier)\s+(?:full\s+)?(?:inspection|report|visit|time)|\bpreviously\b|\bin (?:\w+ )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s*(?:cases|people|staff|respondents|children|months|weeks|%)", re.IGNORECASE)
"""Things of which so many out of so many are no points."""
_ITEM = re.compile(r"(?:(?P<number>\d{1,3})[.)]|[•◼▪■–*-])\s")


@dataclass(frozen=True, slots=True)
class _Text:
    """What facts are read from: the pages, title and name of one publication, with its profile."""

    pages: Sequence[Page]
    title: str
    name: str
    profile: Profile
    about: str = ""
    """Who was inspected, once that is known."""

    @property
    def outer(self) -> list[Page]:
        """The pages that speak of the publication: the first six, and the last three."""
        return [*self.pages[:6], *self.pages[6:][-3:]]


def facts_of(pages: Sequence[Page], title: str, name: str, known: Sequence[Profile], declared: str = "") -> tuple[Fact, ...]:
    """The facts, in the order of FIELDS. ``declared`` is a day of publication (ISO) that the file declares of itself."""
    if not pages:
        return ()
    order = [pages[0], *pages[:0:-1][:2], *pages[1:4]]
    profile = profile_of([page.text for page in order], known, "\n".join([title, *(page.text for page in pages[:3])]))
    text = _Text(pages, title, name, profile)
    fieldwork, service = _fieldwork(text), list(_service(text))
    text = replace(text, about=service[0].value if service else "")
    published = _published(text, fieldwork, declared)
    found: list[Fact | None] = [
        *_kind(text), _inspectorate(text), *service, _type(text), _named(text, "provider"), _region(text), fieldwork,
        published, _embargo(text, published), _named(text, "inspector"), _named(text, "chief inspector"),
        *judgements_of(pages, text.profile, text.about), _score(text), _recommendations(text), _number(text, "caseload"),
    ]  # fmt: skip
    return tuple(sorted((fact for fact in found if fact), key=lambda fact: FIELDS.index(fact.field)))


def _fact(field: str, page: Page, start: int, end: int, value: str = "", rule: str = "", subject: str = "") -> Fact:
    quote = page.text[start:end]
    return Fact(field, value or re.sub(r"\s+", " ", quote).strip(), page.number, start, end, quote, rule, subject)


def _matches(text: _Text, field: str, pages: Sequence[Page]) -> Iterator[tuple[Page, re.Match[str], str]]:
    """Where a field's wordings stand, those of deputies and predecessors left out."""
    for page, match, wording in text.profile.find(field.replace(" ", "_"), pages, text.about):
        if not _DEPUTY.search(page.text[max(0, match.start() - 12) : match.start()]):
            yield page, match, wording


# ---- what kind of publication, of whom


def _kind(text: _Text) -> Iterator[Fact]:
    kinds = {kind.name: kind for kind in reversed(text.profile.kinds)}
    for name in dict.fromkeys(kind.name for kind in text.profile.kinds):
        if found := _told(text, "kind", kinds[name], text.pages[:2]):
            yield found
            return
    yield Fact("kind", "other", rule="no words of another kind")


def _told(text: _Text, field: str, named: Named, pages: Sequence[Page]) -> Fact | None:
    """Where the title has one of its words, else where the first pages have one."""
    for words in named.title:
        if re.search(phrase(words), text.title, re.IGNORECASE):
            for page in pages:
                if match := re.search(phrase(words), page.text, re.IGNORECASE):
                    return _fact(field, page, match.start(), match.end(), named.name, f"title has “{words}”")
            return Fact(field, named.name, rule=f"title has “{words}”")
    for words in named.text:
        for page in pages:
            if match := text.profile.outside_names(phrase(words), page.text):
                return _fact(field, page, match.start(), match.end(), named.name, f"first pages have “{words}”")
    return None


def _inspectorate(text: _Text) -> Fact | None:
    for page, match, wording in _matches(text, "inspectorate", text.outer):
        start, end = _trimmed(page.text, match.start(), match.end())
        month = re.search(rf",\s+(?:{'|'.join(MONTHS)})\b", page.text[start:end], re.IGNORECASE)
        end = start + month.start() if month else end
        if re.search(r"\d|\bInspection of\b", page.text[start:end]):
            continue
        if page.text[start].isupper() and not re.match(r"(?:The|This|An|Our)\s+\w+$", page.text[start:end]):
            name = re.sub(r"\s+", " ", page.text[start:end]).replace("’", "'")  # or one inspectorate would count as two
            return _fact("inspectorate", page, start, end, name, f"wording “{wording}”")
    return None


_SERVICE_ENDS = re.compile(
    r"\s+(?:HM|His Majesty|Her Majesty|Fieldwork|Inspected|Inspection|Published|Report|Lead inspector|Date)\b.*$"
    r"|\s+\d{1,2}\s+\w+\s+\d{4}.*$", re.DOTALL,
)  # fmt: skip
"""What stands behind a service's name on covers, and is none of it."""


def _service(text: _Text) -> Iterator[Fact]:
    """Who was inspected, and the shorter name that the text gives it in brackets."""
    name, rule = service_of(text.title), "title"
    if not name and (cover := service_on_cover(text.pages)):
        name, rule = cover, "cover"
    found: Fact | None = None
    name = _SERVICE_ENDS.sub("", name).strip(" ,–—-")
    if name and re.match(r"an?\s", name):
        name = ""
    if name:
        place = next(((p, m) for p in text.pages[:3] if (m := re.search(phrase(name), p.text, re.IGNORECASE))), None)
        found = _fact("service", place[0], place[1].start(), place[1].end(), name, rule) if place else Fact("service", name, rule=rule)
    elif len(text.pages) <= 4:
        for page, match, wording in _matches(text, "service", text.pages):
            start, end = _trimmed(page.text, *match.span("value"))
            value = re.sub(r"\s+\([A-Z]\w*\)$", "", re.sub(r"\s+", " ", page.text[start:end]))
            if len(value.split()) >= 2 and not re.match(r"(?:The|This|Inspectors?)\b", value):
                end = start + len(re.sub(r"\s+\([A-Z]\w*\)$", "", page.text[start:end]))
                found = _fact("service", page, start, end, value, f"wording “{wording}”")
                break
    if found:
        yield found
        yield from _alias(text, found.value)


def _alias(text: _Text, name: str) -> Iterator[Fact]:
    """ "Harbour Lane Community Rehabilitation Company (CRC)" is also Harbour Lane CRC: the letters begin its last words."""
    words = name.split()
    pattern = phrase(name) + r"\s+\((?P<short>[A-Z]{2,6})\)"
    for page in text.pages[:4]:
        match = re.search(pattern, page.text, re.IGNORECASE)
        short = match["short"] if match else ""
        if match and "".join(word[0] for word in words[-len(short) :]).casefold() == short.casefold():
            yield _fact("alias", page, match.start(), match.end(), " ".join([*words[: -len(short)], short]), "letters in brackets")
            return


def _type(text: _Text) -> Fact | None:
    for pages in ((), text.pages[:2]):  # what the title says comes before what the first pages say
        for named in text.profile.types:
            wanted = named if pages else named.model_copy(update={"text": ()})
            if found := _told(text, "type", wanted, pages or text.pages[:2]):
                return found
    return None


def _region(text: _Text) -> Fact | None:
    return _named(text, "region")


def _named(text: _Text, field: str) -> Fact | None:
    """A person or an organisation, by the field's wordings."""
    people = "inspector" in field
    for page, match, wording in _matches(text, field, text.pages if people else text.outer):
        start, end = _trimmed(page.text, *match.span("value"))
        value = re.sub(r"\s+", " ", page.text[start:end])
        value = re.sub(r"\s+-\s*(?=[a-z])", "-", value) if people else value
        if len(value) > 2:
            return _fact(field, page, start, end, value, f"wording “{wording}”")
    return None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The place without little words and marks at its end."""
    while end > start and (match := _OPEN_ENDS.search(text[start:end])):
        end = start + match.start()
    return start, end


# ---- when


def _fieldwork(text: _Text) -> Fact | None:
    pages = [*text.pages[:4], *text.pages[4:][-2:]]
    for page, match, wording in _matches(text, "fieldwork", pages):
        start = match.start("value")
        found = next(iter(stretches(page.text[start : match.end("value")])), None)
        if found and found.start <= _NEAR:
            return _days(page, start, found, f"wording “{wording}”")
    found_generally = fieldwork_of(pages)
    if found_generally:
        return _days(found_generally[0], 0, found_generally[1], "words of fieldwork")
    for page in pages[:1]:  # several days on the cover are those of the inspection: nothing is published on several
        for block in page.blocks[:12]:
            line = page.text[block.start : block.end]
            found = next(iter(stretches(line)), None)
            if found and found.since != found.until and found.exact and line.strip() == line[found.start : found.end]:
                return _days(page, block.start, found, "several days on the cover")
    return None


def _days(page: Page, offset: int, days: Stretch, rule: str, field: str = "fieldwork") -> Fact:
    value = days.since.isoformat() if days.since == days.until else f"{days.since.isoformat()}/{days.until.isoformat()}"
    return _fact(field, page, offset + days.start, offset + days.end, value, rule)


def _published(text: _Text, fieldwork: Fact | None, declared: str) -> Fact | None:
    """The day the text says, else the file's own declaration of it, else the day in the file's name."""
    if declared:
        return Fact("published", declared, rule=DECLARED)
    for page, match, wording in _matches(text, "published", text.outer):
        start = match.start("value")
        found = first_day(page.text[start : match.end("value")])
        if found and found.start <= _NEAR:
            return _fact("published", page, start + found.start, start + found.end, found.since.isoformat(), f"wording “{wording}”")
    if told := published_of(text.pages):
        page, days = told
        return _fact("published", page, days.start, days.end, days.since.isoformat(), "words of publication")
    ended = datetime.fromisoformat(fieldwork.value.split("/")[-1]).date() if fieldwork else None
    named = published_by_name(text.name, text.pages, ended)
    return Fact("published", named.isoformat(), rule="file name") if named else None


def _embargo(text: _Text, published: Fact | None) -> Fact | None:
    """Until when it must not be shown: a day with a time of day, or a day after the word embargo.

    An embargo whose day cannot be read holds for good, until somebody sets it: shown too early cannot be taken back.
    """
    for page, match, wording in _matches(text, "embargo", text.outer):
        start = match.start("value")
        said = re.split(r"\n\n|[.!?]\s+(?=[A-Z])", page.text[start : start + 130])[0]
        strict = "embargo" in wording or "not " in wording
        day = first_day(said)
        if not day or day.start > _NEAR or day.since != day.until:
            day = day_without_year(said, _years(published)) if strict else None
        if day is None:
            if strict and re.match(r"\W*(?:\w+\W+){0,3}\d", said):
                return _fact("embargo", page, match.start(), start + len(said), NEVER, "embargo whose day could not be read")
            continue
        time_after, time_before = first_time(said[day.end : day.end + 25]), first_time(said[max(0, day.start - 40) : day.start])
        timed = time_after or time_before
        if not timed and not strict:
            continue  # "available on 17 July" tells when, not that it is held back
        at = datetime.combine(day.since, timed[0] if timed else time(), tzinfo=text.profile.zone)
        if re.search(r"\bmidnight\b", said, re.IGNORECASE):
            at += timedelta(days=1)  # the end of that day, if in doubt
        end = start + day.end + (time_after[2] if time_after else 0)
        return _fact("embargo", page, match.start(), end, at.isoformat(timespec="minutes"), f"wording “{wording}”")
    return None


def _years(published: Fact | None) -> list[int]:
    """The years that a day without one can be of: that of publication, else this year, the next and the last."""
    if published:
        return [int(published.value[:4])]
    this = date.today().year
    return [this, this + 1, this - 1]


# ---- figures


def _score(text: _Text) -> Fact | None:
    for page, match, wording in _matches(text, "score", text.outer):
        numbers = re.findall(r"\d+", match["value"])
        after = page.text[match.end() : match.end() + 12]
        if len(numbers) == 2 and int(numbers[0]) <= int(numbers[1]) >= 6 and not _COUNTED.match(after) and not _earlier(page.text, match):
            return _fact("score", page, match.start(), match.end(), "/".join(numbers), f"wording “{wording}”")
    return None


def _number(text: _Text, field: str) -> Fact | None:
    for page, match, wording in _matches(text, field, text.outer):
        value = number_in(match["value"])
        if value is not None and not _earlier(page.text, match):
            return _fact(field, page, match.start(), match.end(), str(value), f"wording “{wording}”")
    return None


def _earlier(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence up to a match tells of an earlier inspection."""
    start, _ = sentence(text, match.start(), match.end())
    return _EARLIER.search(text[start : match.end()]) is not None


def _recommendations(text: _Text) -> Fact | None:
    """How many, as a sentence says it; else as many as are listed under their heading, to the next heading."""
    if said := _number(text, "recommendations"):
        return said
    blocks = [(page, block) for page in text.pages for block in page.blocks if block.kind not in ("contents", "note")]
    heads = {words.casefold().rstrip("?:") for words in text.profile.recommendations_under}
    for at, (page, block) in enumerate(blocks):
        head = page.text[block.start : block.end].strip()
        if re.sub(r"^\d+(?:\.\d+)*\.?\s+|[\d?:¹²³]+$", "", head).strip("? ").casefold() not in heads or block.kind == "row":
            continue
        items = []
        for where, other in blocks[at + 1 :]:
            line = where.text[other.start : other.end]
            if other.kind == "heading" and not line.rstrip().endswith((":", "should", "must")):
                break
            if match := _ITEM.match(line.lstrip()):
                items.append(match["number"])
        numbers = [int(number) for number in items if number]
        # Numbered or bulleted, not a mixture; and a numbering that runs on.
        steady = all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))
        if items and len(numbers) in (0, len(items)) and steady:
            return _fact("recommendations", page, block.start, block.end, str(len(items)), f"items under the heading “{head}”")
    return None
