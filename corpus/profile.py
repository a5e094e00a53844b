"""Profiles: what one inspectorate's publications look like, declared in a TOML file. A new inspectorate is a new file.

Takes files from corpus/profiles and from the library folder; gives Profiles to facts. How to write one: docs/profiles.md.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from corpus.errors import BadProfile
from corpus.types import Page
from corpus.wording import compiled, phrase, telling

SHIPPED = Path(__file__).with_name("profiles")
VERSION = "1"
"""Changes when the reading of facts changes: libraries then read them anew."""
_COMMON = "generic"

Wording = Annotated[str, AfterValidator(lambda text: compiled(text) and text)]
"""A phrase with places for what is looked for, such as "Lead inspector: {person}" (see corpus/wording.py)."""


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scale(_Strict):
    """Grades, best first, each with its other wordings and older names."""

    name: Text
    grades: tuple[Text, ...] = Field(min_length=2)
    also: dict[str, tuple[Text, ...]] = {}

    @model_validator(mode="after")
    def _known(self) -> Scale:
        for grade in self.also:
            if grade not in self.grades:
                raise ValueError(f"{grade!r} has other wordings but is no grade of the scale {self.name!r}")
        return self

    @property
    def wordings(self) -> list[tuple[str, str]]:
        """``(wording, grade)``, each grade's own name among them."""
        return [(wording, grade) for grade in self.grades for wording in (grade, *self.also.get(grade, ()))]


class Standard(_Strict):
    """Something that is judged: its name today, its other and older names, and whether it is the judgement of the whole."""

    name: Text
    also: tuple[Text, ...] = ()
    asked: tuple[Text, ...] = ()
    """What people call it in questions."""
    overall: bool = False
    since: int | None = None
    """The first and the last year in which it was judged, where known: said to readers, not used to leave anything out."""
    until: int | None = None


class Named(_Strict):
    """A kind of publication or a type of service with the phrases that tell it, in the title or anywhere on the first page."""

    name: Text
    title: tuple[Text, ...] = ()
    text: tuple[Text, ...] = ()
    asked: tuple[Text, ...] = ()
    """What people call it in questions."""
    broad: bool = False
    """Whether its words are also used of other types: then a question that uses them means all."""


class Wordings(_Strict):
    """How each fact is worded, the likeliest first."""

    service: tuple[Wording, ...] = ()
    provider: tuple[Wording, ...] = ()
    region: tuple[Wording, ...] = ()
    inspectorate: tuple[Wording, ...] = ()
    inspector: tuple[Wording, ...] = ()
    chief_inspector: tuple[Wording, ...] = ()
    published: tuple[Wording, ...] = ()
    fieldwork: tuple[Wording, ...] = ()
    embargo: tuple[Wording, ...] = ()
    overall: tuple[Wording, ...] = ()
    judgement: tuple[Wording, ...] = ()
    score: tuple[Wording, ...] = ()
    recommendations: tuple[Wording, ...] = ()
    caseload: tuple[Wording, ...] = ()


class Profile(_Strict):
    """One inspectorate's publications. Read with ``load``."""

    name: Text
    recognise: tuple[Text, ...] = ()
    about: tuple[Text, ...] = ()
    timezone: str = "Europe/London"
    scales: tuple[Scale, ...] = ()
    standards: tuple[Standard, ...] = ()
    kinds: tuple[Named, ...] = ()
    types: tuple[Named, ...] = ()
    inspectorates: tuple[Text, ...] = ()
    """Names of inspectorates: what one of them gave is no judgement of a report by another."""
    recommendations_under: tuple[Text, ...] = ()
    """Headings under which recommendations are listed one by one."""
    wordings: Wordings = Wordings()

    @model_validator(mode="after")
    def _possible(self) -> Profile:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {self.timezone!r}") from error
        seen: dict[str, str] = {}
        for standard in self.standards:
            for name in {standard.name.casefold(), *(also.casefold() for also in standard.also)}:
                if seen.setdefault(name, standard.name) != standard.name:
                    raise ValueError(f"{name!r} is a name of both {seen[name]!r} and {standard.name!r}")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where its times of day are meant."""
        return ZoneInfo(self.timezone)

    @cached_property
    def grades(self) -> dict[str, tuple[str, Scale]]:
        """Every wording of a grade, folded, with the grade and its scale; the first scale that has a wording owns it."""
        found: dict[str, tuple[str, Scale]] = {}
        for scale in self.scales:
            for wording, grade in scale.wordings:
                found.setdefault(folded(wording), (grade, scale))
        return found

    @cached_property
    def names(self) -> dict[str, Standard]:
        """Every name of a standard, folded, with the standard."""
        return {folded(name): standard for standard in self.standards for name in (standard.name, *standard.also)}

    @cached_property
    def grade(self) -> str:
        """A pattern for any grade, the longest wordings first; it never matches when there are no scales."""
        return "|".join(phrase(wording) for wording in sorted(self.grades, key=len, reverse=True)) or r"(?!)"

    @cached_property
    def standard(self) -> str:
        """A pattern for any name of a standard, the longest first."""
        return "|".join(phrase(name) for name in sorted(self.names, key=len, reverse=True)) or r"(?!)"

    def find(self, field: str, pages: Sequence[Page], service: str = "") -> Iterator[tuple[Page, re.Match[str], str]]:
        """Where a field's wordings stand, with the wording: the likeliest first, each in order of pages.

        ``service`` is who the publication is about, as far as that is known.
        """
        folded = [_casefold(page.text) for page in pages]
        for wording in getattr(self.wordings, field):
            told = telling(wording)
            for page in [page for page, text in zip(pages, folded, strict=True) if told in text]:
                pattern = _pattern(wording, self.grade, service if "{service}" in wording else "")
                for match in pattern.finditer(page.text):
                    yield page, match, wording.replace("\n", " ")

    def is_worded(self, text: str, *fields: str) -> bool:
        """Whether the text begins with a wording of one of these fields."""
        folded = text.casefold()
        wordings = (wording for field in fields for wording in getattr(self.wordings, field) if telling(wording) in folded)
        return any(_pattern(wording, self.grade, "").match(text) for wording in wordings)

    def recognises(self, text: str) -> re.Match[str] | None:
        """Where the text names this inspectorate, if it does."""
        found = (re.search(phrase(words), text, re.IGNORECASE) for words in self.recognise)
        return next((match for match in found if match), None)

    def concerns(self, text: str) -> bool:
        """Whether the text speaks of what this profile is about; any does, where it does not say."""
        return not self.about or any(self.outside_names(phrase(words), text) for words in self.about)

    def outside_names(self, pattern: str, text: str) -> re.Match[str] | None:
        """The first match that is not within an inspectorate's own name ("…, Children's Services and Skills")."""
        plain = [phrase(wording.strip("^$")) for wording in self.wordings.inspectorate if "{" not in wording]
        names = [match.span() for name in plain for match in re.finditer(name, text, re.IGNORECASE)]
        found = re.finditer(pattern, text, re.IGNORECASE)
        return next((m for m in found if not any(start <= m.start() < end for start, end in names)), None)


@lru_cache(maxsize=1000)
def _casefold(text: str) -> str:
    return text.casefold()


@lru_cache(maxsize=2000)
def _pattern(wording: str, grade: str, service: str) -> re.Pattern[str]:
    return compiled(wording, grade, service)


def folded(text: str) -> str:
    """Case, apostrophes and white space evened out, so that wordings compare."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'")).strip()


def load(path: Path) -> Profile:
    """The profile in a file. Raises BadProfile, with the file, the place in it, and what is wrong there."""
    try:
        return Profile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadProfile(f"The profile {path} cannot be read ({error}).") from error
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(f"The profile {path} is no TOML: {error}.") from error
    except ValidationError as error:
        raise BadProfile(f"The profile {path} is not right: {_said(error.errors()[0])}. See docs/profiles.md.") from error


def _said(first: Any) -> str:
    place = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in first["loc"])
    what = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {what[:1].lower()}{what[1:]}" if place else what


def stamp(folder: Path | None = None) -> str:
    """Changes when a profile changes, or how facts are read."""
    return hashlib.sha256(repr((VERSION, [(path.name, path.read_bytes()) for path in _files(folder)])).encode()).hexdigest()[:16]


def _files(folder: Path | None) -> list[Path]:
    files = {path.name: path for path in sorted(SHIPPED.glob("*.toml"))}
    files |= {path.name: path for path in sorted(folder.glob("*.toml"))} if folder and folder.is_dir() else {}
    return sorted(files.values(), key=lambda path: (path.name == f"{_COMMON}.toml", path.parent == SHIPPED, path.name))


def profiles(folder: Path | None = None) -> tuple[Profile, ...]:
    """The profiles in the folder, then those that are shipped, the generic one last. Raises BadProfile.

    What the generic one says of kinds, grades and wordings also counts for the others, after what they say themselves. A
    file in the folder with the name of a shipped one takes its place.
    """
    return _loaded(folder, stamp(folder))


@lru_cache(maxsize=16)
def _loaded(folder: Path | None, _: str) -> tuple[Profile, ...]:
    found = [load(path) for path in _files(folder)]
    return (*(_completed(profile, found[-1]) for profile in found[:-1]), found[-1])


def _completed(profile: Profile, common: Profile) -> Profile:
    wordings = {name: getattr(profile.wordings, name) + getattr(common.wordings, name) for name in Wordings.model_fields}
    return profile.model_copy(
        update={
            "kinds": profile.kinds + common.kinds, "types": profile.types + common.types, "scales": profile.scales or common.scales,
            "inspectorates": profile.inspectorates + common.inspectorates,
            "recommendations_under": profile.recommendations_under or common.recommendations_under,
            "wordings": Wordings.model_construct(**wordings),
        }
    )  # fmt: skip


def profile_of(texts: Sequence[str], known: Sequence[Profile], beginning: str = "") -> Profile:
    """The profile whose inspectorate these texts name first; the generic one, the last, when none is named.

    ``beginning`` is what tells what a publication is about: its title and first pages.
    """
    fitting = [(number, p) for number, p in enumerate(known[:-1]) if p.concerns(beginning or "\n".join(texts))]
    for text in texts:
        named = [(match.start(), number) for number, p in fitting if (match := p.recognises(text))]
        if named:
            return known[min(named)[1]]
    return known[-1]
