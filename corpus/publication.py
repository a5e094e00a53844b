"""What a publication says of itself: its title, when it was published, which service it is about.

Only what stands there plainly; blank rather than wrong. Takes pages (and what the file's information says) from read;
gives the Document its facts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from corpus.dates import DAY, ISO, MONTH, MONTHS, Stretch, first_date, first_day, stretches
from corpus.types import Block, Page

_PUBLISHED = re.compile(
    r"\b(?:(?:report|date|first|originally|was|is|be)?\s*(?:published|publication|publication date|released|issued)"
    r"|available (?:at|on|from)|embargo(?:ed)?(?:\s+until)?|for (?:immediate )?release)\b",
    re.IGNORECASE,
)
_FIELDWORK = re.compile(
    r"\b(?:inspection|fieldwork|inspected|visit)(?:\s+(?:dates?|period|for this inspection|of this service))*"
    r"(?:\s+(?:took place|was carried out|were carried out|was conducted|ran))?\s*(?:on|in|between|from|during)?\s*:?\s*"
    r"(?=\d|" + "|".join(MONTHS) + r")",
    re.IGNORECASE,
)
_ANOTHERS_DAY = re.compile(
    r"\b(?:previous(?:ly)?|last|earlier|guidance|act|strategy|framework|statistics|data|census|law|regulations?|white paper|policy|pilot|"
    r"since|after)\b", re.IGNORECASE,
)  # fmt: skip
_THIS = re.compile(
    r"\b(?:reports?|release|this|document|publication|findings|embargo\w*|review|letter|date|inspection)\b", re.IGNORECASE
)
_NOT_A_TITLE = re.compile(
    r"^(?:(?:inspection|fieldwork|publication|report)s?\s+(?:dates?|published)|published|lead inspector|date[ds]?\b|"
    r"contents|dear\b|by\b|judgements?\b|page\b|ref(?:erence)?\b|isbn|urn\b|\d|www\.|https?:|notes? to editors?|"
    r"(?:the )?overall (?:judgement|effectiveness|rating))",
    re.IGNORECASE,
)
_WORTHLESS_INFORMATION = re.compile(
    r"^(?:microsoft word|untitled|document\d*$|slide|layout|print|powerpoint)|draft|\.(?:docx?|pdf|indd|pptx?|rtf)$|QA\b|^\W*$",
    re.IGNORECASE,
)
_GOES_ON = (" in", " of", " to", " at", " on", " in:", " of:", " for")
_KIND_OF_REPORT = re.compile(
    r"(?:inspections?|re-?inspections?|review|report|monitoring visit|focused visit|assurance visit|follow[- ]up|audit)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"^(?P<service>[A-Z].{2,60}?)\s+(?:re-?)?inspection(?:\s+report)?$", re.IGNORECASE)
_BODY = re.compile(
    r"^(?P<service>[A-Z][^:–—]{2,80}\b(?:services?|CRC|company|council|trust|prison|division|region|hospital|school|unit|team))\s*"
    r"(?::|\s[–—])\s"
)
_NAMED_BODY = re.compile(
    r"(?:[A-Z][\w’'.&-]*\s+(?:(?:and|of|the|upon|on|in|&)\s+)*){1,8}(?:Council|Borough|Authority|Trust|Service|Services|Company|CRC|"
    r"Division|Region|Prison|Hospital|School|Academy|College|Home|Unit|Constabulary|Police|Partnership)",
)
_SUBJECT = re.compile(
    r"\b(?:re-?)?(?:inspections?|review|report|visit)\s+(?:report\s+)?(?:of|on|to|at|into)\s+(?:the\s+)?(?P<service>[A-Z].{2,90}?)"
    r"(?=$|\s+[–—-]\s|[:;,]|\s+\(|\s+(?:19|20)\d\d\b|\s+" + f"(?:{'|'.join(MONTHS)})" + r"\b)",
    re.IGNORECASE,
)


def title_of(pages: Sequence[Page], information: str, name: str) -> str:
    """The title in the file's information where the cover bears it out; else as printed; else the file's name.

    A cover's first headings count together up to its first date or similar line ("London Borough of X – Inspection of
    …"), since on covers the place and the kind of report often stand apart.
    """
    if pages and _vouched_for(information, pages[0].text):
        return _shortened(information)
    for page in pages[:2]:
        parts = _cover_headings(page)
        if parts:
            return _shortened(" – ".join(parts))
    if information and not _WORTHLESS_INFORMATION.search(information):
        return _shortened(information)
    for page in pages[:2]:
        for block in page.blocks:
            text = _flat(page, block)
            if 8 <= len(text) <= 160 and any(c.isalpha() for c in text) and not _NOT_A_TITLE.match(text):
                return text
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return re.sub(r"[_\-\s]+", " ", stem).strip().capitalize() or name


def _vouched_for(information: str, cover: str) -> bool:
    """Whether the file's own title is no leftover of its making: three words or more, nearly all of them on the cover."""
    words = set(re.findall(r"[^\W_]+", information.casefold()))
    if len(words) < 3 or _WORTHLESS_INFORMATION.search(information):
        return False
    printed = set(re.findall(r"[^\W_]+", cover.casefold()))
    return len(words & printed) >= 0.75 * len(words)


def _cover_headings(page: Page) -> list[str]:
    parts: list[str] = []
    for block in page.blocks[:12]:
        text = _flat(page, block)
        if block.kind != "heading":
            if parts and (len(text) > 60 or len(parts) >= 2 or _NOT_A_TITLE.match(text)):
                break
            continue
        if _NOT_A_TITLE.match(text) or DAY.fullmatch(text) or MONTH.fullmatch(text):
            if parts:
                break
            continue
        if parts and parts[-1].endswith(_GOES_ON):  # "An inspection of services in" and the place in the next heading
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
        if (len(parts) == 2 or _KIND_OF_REPORT.search(text)) and not parts[-1].endswith(_GOES_ON):
            break
    return [part.rstrip(": ") for part in parts]


def _flat(page: Page, block: Block) -> str:
    return re.sub(r"\s+", " ", page.text[block.start : block.end]).strip()


def _shortened(text: str, limit: int = 180) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def service_of(title: str) -> str:
    """What a title of the form "Inspection of X" or "X – Inspection of …" is about; empty when it has neither form."""
    place, dash, rest = title.partition(" – ")
    if dash and _KIND_OF_REPORT.search(rest) and not _KIND_OF_REPORT.search(place):
        return place.strip()
    if dash and _KIND_OF_REPORT.search(place) and not _KIND_OF_REPORT.search(rest) and not re.search(r"\d{4}", rest):
        return rest.strip()
    kind, colon, rest = title.partition(": ")
    if colon and _KIND_OF_REPORT.search(kind) and rest[:1].isupper() and not _KIND_OF_REPORT.search(rest):
        return rest.strip()
    found = _SUBJECT.search(title) or _REPORTED.match(title) or _BODY.match(title)
    if not found:
        return ""
    service = found["service"].strip(" .–—-")
    if nested := _SUBJECT.search(service):  # "Report on an unannounced inspection of …"
        service = nested["service"].strip(" .–—-")
    return "" if _is_generic(service) else service


def _is_generic(service: str) -> bool:
    """``services for children in need of help`` names nobody: a service's name has a capital letter in it."""
    return not any(word[:1].isupper() for word in service.split())


def service_on_cover(pages: Sequence[Page]) -> str:
    """A heading of the cover that is nothing but a body's name ("Harbour Lane County Council"); empty without one."""
    for page in pages[:1]:
        for block in page.blocks[:6]:
            text = _flat(page, block)
            if block.kind == "heading" and _NAMED_BODY.fullmatch(text) and not _KIND_OF_REPORT.search(text):
                return text
    return ""


def published_of(pages: Sequence[Page]) -> tuple[Page, Stretch] | None:
    """The day the text says it was published, with its place, from the first two pages or the last one; None without one.

    Dates count only right after words of publication ("Report published: 8 August 2014", "available … on 17 July 2019"):
    a date of fieldwork is not one of publication. A month alone counts as its first day. Dates ahead are kept: an
    embargoed release is dated ahead.
    """
    for page in (*pages[:2], *pages[2:][-1:]):
        for match in _PUBLISHED.finditer(page.text):
            if _of_another(page.text, match):
                continue
            window = re.split(r"\n\n|[!?]\s", page.text[match.end() : match.end() + 110])[0]
            if found := first_day(window):
                return page, _shifted(found, match.end())
    for page in pages[:1]:
        for block in page.blocks[:10]:
            text = page.text[block.start : block.end].strip()
            if (DAY.fullmatch(text) or MONTH.fullmatch(text)) and (found := first_day(text)):
                return page, _shifted(found, page.text.index(text, block.start))
    return None


def _of_another(text: str, match: re.Match[str]) -> bool:
    """Whether what was published there is not this publication: an earlier report, a law, guidance.

    In the middle of a sentence the words before have to speak of a report or release.
    """
    before = _sentence_before(text, match.end() - len(match[0].lstrip()))
    if _ANOTHERS_DAY.search(before):
        return True
    return bool(before.strip(" \t•*–—-(")) and not _THIS.search(before + match[0])


def _sentence_before(text: str, at: int) -> str:
    return re.split(r"[.!?]\s|\n", text[max(0, at - 300) : at])[-1]


def _shifted(found: Stretch, by: int) -> Stretch:
    return replace(found, start=found.start + by, end=found.end + by)


def published_by_name(name: str, pages: Sequence[Page], inspected: date | None, today: date | None = None) -> date | None:
    """The day in the file's name ("report-2024-07-12.pdf"), where the text does not contradict it; None without one.

    Publishers put the day of publication there when the report itself carries none. It must not lie ahead, nor before
    the inspection or more than a year after it; without a date of inspection, its year must be named in the text.
    """
    shown = name.replace("_", " ")
    match = ISO.search(shown) or DAY.search(shown.replace("-", " "))
    found = first_date(match[0]) if match else None
    if found is None or found > (today or date.today()):
        return None
    if inspected:
        return found if 0 <= (found - inspected).days <= 400 else None
    return found if any(str(found.year) in page.text for page in pages) else None


def fieldwork_of(pages: Sequence[Page]) -> tuple[Page, Stretch] | None:
    """The days of the fieldwork that the text names ("Inspection dates: 9 to 13 March 2026"), with their place."""
    for page in pages:
        for match in _FIELDWORK.finditer(page.text):
            if _ANOTHERS_DAY.search(_sentence_before(page.text, match.end() - len(match[0].lstrip()))):
                continue
            window = re.split(r"\n|[.;]\s", page.text[match.end() : match.end() + 90])[0]
            if found := next(stretches(window), None):
                return page, _shifted(found, match.end())
    return None
