"""A stand-in for the assistant, with the surface that the page uses, and a server of it for browser tests.

Run as ``python tests/fake_page.py PORT [full|empty|judged|drawn|toured] [HOME]``. Questions choose what happens: see ``Fake.stream``;
with ``judged`` there are inspections of several services, one document under embargo among them, with ``drawn`` some samples, with
``toured`` both of these, and an inspection every word of which is hostile.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.errors import AssistantError
from assistant.findings import Findings
from assistant.inspections import findings_of
from assistant.names import Names
from assistant.scope import Filters
from assistant.settings import Settings
from assistant.types import Answer, AnswerStatus, Cell, Citation, Restriction, Stated, Table, Topic, Understood, Written
from corpus.read import Limits, read
from corpus.types import FIELDS, Block, Fact, Page, Passage
from index.errors import BadCorrection, LibraryError, UnknownDocument
from index.facts import evened
from index.originals import Originals
from index.types import AddReport, Entry, FileReport, Hit, Progress, Status

HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>'
LINKS = "[click](javascript:window.pwned=3) **bold** ${window.pwned=4} {{constructor}} `tick` </button></mark></div>"
CARE = (
    "Riverside House\nInspection report\n\nSafety\nMedicines were stored safely and records were complete.\n"
    + "Staff knew how to report concerns, and did so when they had to.\n" * 30
    + "Governance\nThe registered manager had left in March.\nAudits were not always followed up, and two actions\n"
    "from the last inspection were still open.\nRating\tGood\n" + "People told us that they felt listened to.\n" * 20
)
PRESS = "Press release\n\nRiverside House told to improve its governance, and praised for its kindness.\n"
EVIL = f"Before {HOSTILE}\n{LINKS}\nThe kitchen was clean & tidy <b>always</b>.\nAfter."

NONE = Filters()
SCALE = ("Outstanding", "Good", "Requires improvement", "Inadequate")
SAMPLES = Path(__file__).resolve().parents[1] / "corpus" / "samples"
_REPORT = "eastmere-and-saltings-crc-inspection-report-2019.pdf"
DRAWN = (
    (_REPORT, 10, "Home visits were needed in 52 cases and made in four, 8 per cent."),
    (_REPORT, 10, "Breach is used too late and then all at once: 140 people were taken back to court in the week before the end"),
    ("port-tamsin-youth-justice-press-release-2023.docx", 1, "It scored 26 out of a possible 30 points"),
    ("eastmere-and-saltings-crc-press-release-2019.html", 1, "Home visits were needed in 52 cases and took place in four."),
)
"""Sample file, page and words that are cited when a question says ``drawn``."""

JUDGED = (
    ("ashby-2019.pdf", "Ashby Court", "2019-03-04", "Requires improvement", "Good"),
    ("ashby-2022.pdf", "Ashby Court", "2022-05-06", "Good", "Good"),
    ("bray-2021.pdf", "Bray Lodge", "2021-02-03", "Inadequate", "Inadequate"),
    ("cole-2020.pdf", "Cole Grove", "2020-07-08", "Good", ""),
    ("dene-2022.pdf", "Dene Hall", "2022-09-10", "", "Good"),
    ("east-undated.pdf", "East Mill", "", "Outstanding", ""),
)
"""File, service, day of publication, overall grade and that of leadership of inspections; empty for what cannot be read."""

WRITTEN = Written(
    "small model", "statements", "1 statement of the chat model left out: the documents do not support it.",
    (Stated("Audits were not always followed up.", "kept"), Stated("Medicines were safe.", "recited"),
     Stated(f"All 40 audits were lost. {HOSTILE}", "removed", ("number: 40", "meaning: lost"))),
    6, 1, 1200, 80, 2400.0, 5200.0,
)  # fmt: skip


def page_of(text: str, number: int, headings: Sequence[str] = ()) -> Page:
    """A page whose headings are the lines named."""
    found = [(text.index(h), len(h)) for h in headings]
    return Page(number, text, tuple(Block("heading", start, start + size) for start, size in sorted(found)))


def entry_of(identity: str, name: str, title: str, pages: int, service: str = "", **more: Any) -> Entry:
    """A catalogue entry with plausible figures."""
    plain = Entry(
        id=identity, name=name, source=name, media="pdf", title=title, service=service, published=date(2024, 5, 3),
        pages=pages, passages=pages * 7, bytes=90_000, added=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    )  # fmt: skip
    return replace(plain, **more)


def stands(text: str, field: str, value: str, quote: str = "", subject: str = "") -> Fact:
    """A fact that stands on page 1; grades are on SCALE."""
    quote = quote or value
    start = text.index(quote)
    scale = SCALE if field in ("overall", "judgement") else ()
    return Fact(field, value, 1, start, start + len(quote), quote, "wording", subject, scale)


class FakeLibrary:
    """Documents in a dictionary. A file whose name holds ``bad`` is skipped, ``slow`` takes a while."""

    def __init__(self, full: bool = True, home: Path | None = None) -> None:
        self._folder = None if home else TemporaryDirectory()
        self.home = home or Path(self._folder.name if self._folder else "")
        self.entries: dict[str, Entry] = {}
        self.pages: dict[tuple[str, int], Page] = {}
        self.paths: list[Path] = []
        self.read: dict[str, list[Fact]] = {}
        self.corrections: dict[tuple[str, str, str], str] = {}
        self.held: set[str] = set()
        self.files: dict[str, Path] = {}
        self.originals = Originals(self.entry, self.original)
        self.embedder = SimpleNamespace(name="fake")
        if full:
            self._fill()

    def _fill(self) -> None:
        care = page_of(CARE, 4, ("Inspection report", "Safety\n", "Governance\n"))
        house, press = "Riverside House", "press-2024-05.html"
        for entry, page in (
            (entry_of("a1", "riverside-house-2024.pdf", "Riverside House: inspection report", 12, house), care),
            (entry_of("b2", press, "Press release: Riverside House", 1, house), page_of(PRESS, 1)),
            (entry_of("c3", "x<b>.pdf", HOSTILE, 2, HOSTILE, published=None, notices=(HOSTILE,)), page_of(EVIL, 2)),
        ):
            self.entries[entry.id] = entry
            self.pages[entry.id, page.number] = page

    def judge(self, name: str, service: str, day: str, overall: str, leadership: str) -> None:
        """One more inspection report, judged as told on its first page."""
        text = f"{service}\nInspection report\n\nThe quality of this service\nOverall\t{overall or 'see below'}\nLeadership\t{leadership or 'n/a'}\n"
        text += f"Inspector: Jo {service.split()[0]}\n" + "Staff knew how to report concerns, and did so when they had to.\n" * 40
        self.entries[name] = entry_of(name, name, f"{service}: inspection report", 1, service, kind="inspection report",
                                      published=date.fromisoformat(day) if day else None)  # fmt: skip
        self.pages[name, 1] = page_of(text, 1)
        facts = [stands(text, "inspector", f"Jo {service.split()[0]}")]
        facts += [stands(text, "overall", overall, f"Overall\t{overall}")] if overall else []
        facts += [stands(text, "judgement", leadership, f"Leadership\t{leadership}", "Leadership")] if leadership else []
        facts += [Fact("published", day, rule="file name")] if day else []
        self.read[name] = facts

    def hold(self, name: str, until: str) -> None:
        """One more report, under embargo."""
        self.judge(name, "Secret Manor", "2026-12-01", "Inadequate", "")
        self.read[name].append(Fact("embargo", until, 1, 0, 6, "Secret", "wording"))
        self.held.add(name)

    def documents(self, *, held: bool = False) -> list[Entry]:
        return [entry for entry in self.entries.values() if held or entry.id not in self.held]

    def facts(self, document_ids: Sequence[str] | None = None, *, blanks: bool = False) -> dict[str, tuple[Fact, ...]]:
        found = {}
        for id in self.entries if document_ids is None else document_ids:
            facts = {(fact.field, fact.subject): fact for fact in self.read.get(id, ())}
            for (of, field, subject), value in self.corrections.items():
                if of == id:
                    scale = SCALE if field in ("overall", "judgement") else ()
                    facts[field, subject] = Fact(field, value, rule="corrected by hand", subject=subject, scale=scale, corrected=True)
            found[id] = tuple(sorted((fact for fact in facts.values() if fact.value or blanks), key=lambda fact: FIELDS.index(fact.field)))
        return found

    def correct(self, document_id: str, field: str, value: str, subject: str = "") -> Fact:
        value, subject = evened(field, value, subject)
        if value and field in ("overall", "judgement") and value not in SCALE:
            raise BadCorrection(f"{value!r} is no grade of this document's scale: {', '.join(SCALE)}.")
        self.corrections[document_id, field, subject] = value
        if field == "embargo" and not value:
            self.held.discard(document_id)
        return Fact(field, value, rule="corrected by hand", subject=subject, corrected=True)

    def take_back(self, document_id: str, field: str, subject: str = "") -> bool:
        return self.corrections.pop((document_id, field, subject), None) is not None

    def page(self, document_id: str, number: int) -> Page:
        if (document_id, number) not in self.pages:
            raise UnknownDocument("This document is no longer in the library.")
        return self.pages[document_id, number]

    def all_pages(self, document_id: str) -> tuple[Page, ...]:
        self.entry(document_id)
        return tuple(page for (id, _), page in sorted(self.pages.items()) if id == document_id)

    def passages(self, document_id: str) -> list[Passage]:
        """Each line of its pages."""
        found = [(page, match) for page in self.all_pages(document_id) for match in re.finditer(r".+", page.text)]
        return [Passage(f"{document_id}-{at}", document_id, page.number, *match.span(), match[0], "Safety", "", len(match[0].split()))
                for at, (page, match) in enumerate(found)]  # fmt: skip

    def without_original(self) -> set[str]:
        return set()

    def entry(self, document_id: str) -> Entry:
        if document_id not in self.entries or document_id in self.held:
            raise UnknownDocument("This document is no longer in the library, or is under embargo.")
        return self.entries[document_id]

    def original(self, document_id: str) -> Path:
        self.entry(document_id)
        if document_id not in self.files:
            raise UnknownDocument("The original of this document is no longer in the library.")
        return self.files[document_id]

    def search(self, question: str, limit: int = 10, within: Sequence[str] | None = None) -> list[Hit]:
        """The beginnings of pages that have the question's first word."""
        if "crash" in question:
            raise RuntimeError("a secret detail of the machine")
        word, seen = question.split()[0].casefold(), {entry.id for entry in self.documents()}
        found = [
            Hit(Passage(f"{id}-{number}", id, number, 0, len(page.text[:300]), page.text[:300], "", "", 60), self.entries[id], 0.5)
            for (id, number), page in self.pages.items()
            if id in (seen if within is None else seen & set(within)) and word in page.text.casefold()
        ]  # fmt: skip
        return found[:limit]

    def keep(self, path: Path) -> str:
        """One more document, read from a file; its id."""
        read_in = read(path.read_bytes(), path.name, str(path), Limits())
        self.entries[read_in.id] = entry_of(read_in.id, path.name, read_in.title, len(read_in.pages), media=read_in.media)
        self.pages |= {(read_in.id, page.number): page for page in read_in.pages}
        self.files[read_in.id] = path
        return read_in.id

    def status(self) -> Status:
        return Status("/tmp/fake", len(self.entries), 15, 105, 105, "fake", 8, 1_000)

    def add(
        self, paths: Sequence[Path], *, uploaded: bool = False, progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> AddReport:  # fmt: skip
        files: list[FileReport] = []
        sources = {f"upload:{p.relative_to(root).as_posix()}": p for root in paths for p in sorted(root.rglob("*")) if p.is_file()}
        if any("locked" in source for source in sources):
            raise LibraryError("Another process is writing to this library. Try again when it has finished.")
        paths, names = list(sources.values()), tuple(sources)
        if progress:
            progress(Progress(0, len(paths), 0, len(paths) * 100, 0, 0, 0.0, found=tuple((s, p.name) for s, p in sources.items())))
        for at, path in enumerate(paths, start=1):
            self.paths.append(path)
            for _ in range(40 if "slow" in path.name else 1):
                if stop and stop.is_set():
                    return AddReport(tuple(files), 0.2 * at, interrupted=True)
                time.sleep(0.1)
                if progress:
                    progress(Progress(at - 1, len(paths), at * 100, len(paths) * 100 + 50, at * 3, at * 9, 0.2 * at,
                                      working=names[at - 1 : at]))  # fmt: skip
            files.append(self._one(path, names[at - 1]))
            if progress:
                progress(Progress(at, len(paths), at * 100, len(paths) * 100, at * 3, at * 9, 0.2 * at, files[-1]))
        return AddReport(tuple(files), 0.2 * len(paths))

    def _one(self, path: Path, source: str) -> FileReport:
        size = path.stat().st_size
        if "bad" in path.name:
            return FileReport(path.name, source, "skipped", "Not a PDF, whatever its name says.")
        known = any(entry.name == path.name for entry in self.entries.values())
        self.entries[f"new-{path.name}"] = entry_of(f"new-{path.name}", path.name, path.stem.title(), 3, bytes=size)
        return FileReport(path.name, source, "unchanged" if known else "added", "", 3, 9, size)

    def remove(self, document_ids: Sequence[str]) -> AddReport:
        gone = [self.entries.pop(i) for i in document_ids if i in self.entries]
        return AddReport(tuple(FileReport(e.name, e.source, "removed") for e in gone), 0.1)


class Fake:
    """The assistant, without one: what a question says decides the answer."""

    def __init__(self, full: bool = True, pause: float = 0.05, home: Path | None = None) -> None:
        self.library = FakeLibrary(full, home)
        self.settings = Settings(home=self.library.home)
        self.pause, self.model = pause, "ollama:small"
        self.drawn: dict[str, str] = {}
        self.asked: list[tuple[str, int, bool]] = []
        """Each question, how many answers came before it, and whether all documents were to be searched."""
        self.narrowed: list[tuple[Filters, frozenset[str]]] = []
        """The filters of each question, and what was not to be read out of it."""

    def findings(self) -> Findings:
        entries = self.library.documents()
        return findings_of(entries, self.library.facts([entry.id for entry in entries]), Names(entries, lambda id: ""))

    def services(self) -> list[str]:
        return sorted({entry.service for entry in self.library.documents() if entry.service})

    def services_of(self, document_ids: Iterable[str]) -> dict[str, str]:
        return {id: self.library.entries[id].service for id in document_ids}

    def search(self, words: str, limit: int = 10, filters: Filters = NONE) -> list[Hit]:
        within = self.within(filters)
        return self.library.search(words, limit, within) if within is None or within else []

    def within(self, filters: Filters) -> tuple[str, ...] | None:
        """By service, kind and day of publication only."""
        if not filters:
            return None
        since, until = filters.since or date.min, filters.until or date.max
        return tuple(
            entry.id for entry in self.library.documents()
            if entry.service in (filters.services or (entry.service,)) and entry.kind in (filters.kinds or (entry.kind,))
            and since <= (entry.published or date.min) <= until
        )  # fmt: skip

    def judge(self) -> Fake:
        """Fills the library with the inspections of JUDGED, and one under embargo."""
        for row in JUDGED:
            self.library.judge(*row)
        self.library.hold("secret-2026.pdf", "2099-07-17T00:01+01:00")
        return self

    def plant(self) -> Fake:
        """Adds an inspection whose every word is hostile."""
        name = f"{HOSTILE}.pdf"
        self.library.judge(name, HOSTILE, "2021-01-02", "Good", "Good")
        self.library.read[name] += [Fact(field, HOSTILE, rule=HOSTILE) for field in ("type", "region", "inspectorate", "provider")]
        self.library.read[name] += [Fact("judgement", "Inadequate", rule=HOSTILE, subject=LINKS, scale=SCALE)]
        return self

    def keep_samples(self) -> Fake:
        """Adds the samples that DRAWN cites, with their files."""
        for name in {name for name, _, _ in DRAWN}:
            self.drawn[name] = self.library.keep(SAMPLES / name)
        return self

    def examples(self) -> list[str]:
        if not self.library.entries:
            return []
        return ["What was still open at Riverside House?", "How were medicines stored?", f"What of {HOSTILE}?"]

    def cite(self, number: int, document_id: str, page: int, quote: str) -> Citation:
        entry, text = self.library.entries[document_id], self.library.pages[document_id, page].text
        start = text.index(quote)
        return Citation(number, entry.name, entry.id, entry.title, page, quote, start, start + len(quote))

    def stream(
        self, question: str, history: Sequence[Answer] = (), *, everywhere: bool = False, quotes: bool = False,
        filters: Filters = NONE, lifted: frozenset[str] = frozenset(),
    ) -> Generator[Answer, None, None]:  # fmt: skip
        """``slow`` lasts, ``long`` is long, ``weather`` is refused, ``fail``, ``crash``, ``evil`` do so; ``write`` is written,
        ``drawn`` cites the samples, ``table`` is counted."""
        self.asked.append((question, len(history), everywhere))
        self.narrowed.append((filters, lifted))
        asked = question.casefold()
        time.sleep(self.pause * (20 if "slow" in asked else 1))
        if "fail" in asked:
            raise AssistantError("The chat model does not answer. Start it, or unset ASSISTANT_MODEL.")
        if "crash" in asked:
            raise RuntimeError("a secret detail of the machine")
        if "weather" in asked:
            near = Topic("Safety", "riverside-house-2024.pdf", "a1", "Riverside House: inspection report", 4, 0, 17)
            yield Answer("The documents in the library do not answer this question.", "not_found", nearest=(near,))
        else:
            yield from self._answer(asked)
        status: AnswerStatus = "not_found" if "weather" in asked else "partial" if "partly" in asked else "answered"
        said = "" if everywhere or "narrow" not in asked else "Only documents on Riverside House."
        read = [Restriction("service", "Riverside House"), Restriction("time", "from 2024")] if said else []
        kept = (*(one for one in read if one.key not in lifted), *filters.restrictions)
        understood = Understood(question, question.replace("it", "Riverside House"), said=said, restrictions=kept)
        written = WRITTEN if "write" in asked and not quotes else None
        yield Answer("", status, ms={"total": 812.0}, understood=understood, written=written)

    def ask(self, question: str, history: Sequence[Answer] = (), **more: Any) -> Answer:
        """The whole answer."""
        pieces = self.stream(question, history, **more)
        answer = next(pieces)
        for piece in pieces:
            answer += piece
        return answer

    def _answer(self, asked: str) -> Iterator[Answer]:
        if "evil" in asked:
            quote = f"{LINKS}\nThe kitchen was clean & tidy <b>always</b>."
            yield Answer(f"{HOSTILE} {LINKS} says [1] and [7].", "answered", (self.cite(1, "c3", 2, quote),))
            return
        if "drawn" in asked:
            for number, (name, page, quote) in enumerate(DRAWN, start=1):
                yield Answer(f"As it says [{number}].\n\n", "answered", (self.cite(number, self.drawn[name], page, quote),))
            return
        if "table" in asked:
            rows = tuple((Cell(name), Cell("3 May 2024"), Cell(grade, 1)) for name, grade in (("Riverside House", "Good"), (HOSTILE, LINKS)))
            counted = Table("2 services", ("Service", "Published", "Judgement"), rows, listed=False)
            yield Answer("2 of the 5 services were rated Good [1].", "answered", (self.cite(1, "a1", 4, "Rating\tGood"),), table=counted)
            return
        if "write" in asked:
            yield Answer("", "answered", stage="small model reads 6 passages…")
            time.sleep(8 * self.pause)
        first = "Audits were not always followed up, and two actions\nfrom the last inspection were still open."
        yield Answer("Two actions from the last inspection were ", "answered")
        time.sleep(self.pause)
        yield Answer("still open [1].", "answered", (self.cite(1, "a1", 4, first),))
        for number in range(60 if "long" in asked else 100 if "slow" in asked else 0):
            time.sleep(self.pause)
            yield Answer(f"\n\nParagraph {number}: staff knew how to report concerns, and did so. " * 3, "answered")
        time.sleep(self.pause)
        second = "Riverside House told to improve its governance"
        third = "Medicines were stored safely and records were complete."
        yield Answer("\n\nThe press release says the same [2]", "answered", (self.cite(2, "b2", 1, second),))
        yield Answer("; medicines were safe [3].", "answered", (self.cite(3, "a1", 4, third),))


def pretend(full: bool = True, pause: float = 0.05, home: Path | None = None) -> Any:
    """A Fake that passes for the assistant. What the page keeps goes into ``home``, or is gone with the Fake."""
    return Fake(full, pause, home)


if __name__ == "__main__":
    from ui.web.app import serve

    shown = pretend(full="empty" not in sys.argv, home=Path(sys.argv[3]) if len(sys.argv) > 3 else None)
    shown = shown.keep_samples() if {"drawn", "toured"} & {*sys.argv} else shown
    shown = shown.plant() if "toured" in sys.argv else shown
    serve(shown.judge() if {"judged", "toured"} & {*sys.argv} else shown, "127.0.0.1", int(sys.argv[1]))
