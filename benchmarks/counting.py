"""How long lists and counts take over a large library: invented inspections in the catalogue, no passages.

    python benchmarks/counting.py [--documents 10000] [--home FOLDER]

Prints the time to make the findings once, then p50 and p95 of each kind of question, whole answers with citations, and
checks each count against one made directly from what was put in.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from assistant.build import Assistant
from assistant.settings import Settings
from corpus.types import Block, Document, Fact, Page
from index.embed import HashEmbedder
from index.library import Library

SCALE = ("Outstanding", "Good", "Requires improvement", "Inadequate")
STANDARDS = ("Leadership", "Staff", "Services", "Assessment", "Planning", "Reviewing", "Resettlement")
TYPES = ("Community Rehabilitation Company", "Youth justice service", "Probation delivery unit")
FIRST = "Ash Bram Carn Dun Elm Fen Glen Hart Ivy Kel Lang Mar Nor Oak Pen Quil Rush Stan Thorn Ux Vale Wend Yar".split()
LAST = "bury cote dale field ford gate ham hurst ley mere mouth port ridge shaw stead thorpe ton wade wick worth".split()


def invented(number: int, chance: random.Random) -> Document:
    """A report on one of a few thousand services, each inspected several times."""
    service = number % 3000
    name = f"{FIRST[service % 23]}{LAST[service // 23 % 20]} {FIRST[service // 460 % 23]}{LAST[service % 20]}"
    day = date(2010, 1, 4) + timedelta(days=chance.randrange(5800))
    grades = {"overall": chance.choice(SCALE)} | {standard: chance.choice(SCALE) for standard in STANDARDS}
    lines = [f"Inspection of {name}", *(f"{standard} {grade}" for standard, grade in grades.items())]
    text = "\n".join(lines)
    facts = [Fact("kind", "inspection report", 1, 0, 10, text[:10], "title"), Fact("service", name, 1, 14, 14 + len(name), name, "title"),
             Fact("type", chance.choice(TYPES), rule="title"), Fact("published", day.isoformat(), rule="file name")]  # fmt: skip
    at = len(lines[0]) + 1
    for line, (standard, grade) in zip(lines[1:], grades.items(), strict=True):
        field, subject = ("overall", "") if standard == "overall" else ("judgement", standard)
        facts.append(Fact(field, grade, 1, at, at + len(line), line, "row of a known standard", subject, SCALE))
        at += len(line) + 1
    page = Page(1, text, (Block("text", 0, len(text)),))
    return Document(f"{number:032x}", f"report-{number:05}.pdf", f"/invented/report-{number:05}.pdf", "pdf", lines[0], (page,), name, day,
                    facts=tuple(facts))  # fmt: skip


def filled(home: Path, count: int) -> tuple[Library, list[Document]]:
    """A library of so many, written straight into the catalogue."""
    chance = random.Random(3)
    documents = [invented(number, chance) for number in range(count)]
    library = Library(home, HashEmbedder())
    if len(library.documents()) != count:
        for document in documents:
            library.catalogue.insert(document, [], np.zeros((0, library.embedder.width), np.float32), 1000, library.stamp)
            library.catalogue.show(document.id)
    return library, documents


def truth(documents: list[Document], year: int, grade: str, subject: str = "") -> int:
    """How many of these were published in the year and have the grade."""
    wanted = "judgement" if subject else "overall"
    return sum(
        document.published is not None and document.published.year == year
        and any(f.field == wanted and f.subject == subject and f.value == grade for f in document.facts)
        for document in documents
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--home", type=Path, help="keep the library here, to be faster the next time")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="counting-") as scratch:
        library, documents = filled(given.home or Path(scratch), given.documents)
        assistant = Assistant(library, Settings(home=library.home))
        started = time.perf_counter()
        found = assistant.findings()
        took = time.perf_counter() - started
        print(f"{len(documents):,} documents, {len(found.inspections):,} inspections: findings made in {took:.2f} s")
        kinds = {
            "count": "How many reports published in {year} were rated {grade}?",
            "list": "Which reports published in {year} were rated {grade}?",
            "judgement": "Which reports published in {year} were rated {grade} on leadership?",
            "distribution": "What is the distribution of ratings in {year}?",
            "change": "Which services declined?", "trend": "What is the trend in ratings over the years?",
        }  # fmt: skip
        for kind, form in kinds.items():
            times = []
            for year in range(2011, 2025):
                grade = SCALE[year % 4]
                question = form.format(year=year, grade=grade)
                started = time.perf_counter()
                answer = assistant.ask(question)
                times.append((time.perf_counter() - started) * 1000)
                matched = (answer.coverage or {}).get("matched")
                if kind in ("count", "list") and matched != truth(documents, year, grade):
                    print(f"WRONG: {question} {matched}, should be {truth(documents, year, grade)}")
                if kind == "judgement" and matched != truth(documents, year, grade, "Leadership"):
                    print(f"WRONG: {question} {matched}, should be {truth(documents, year, grade, 'Leadership')}")
            print(f"{kind:13} p50 {np.percentile(times, 50):6.1f} ms   p95 {np.percentile(times, 95):6.1f} ms   last: {matched} rows")
        library.close()


if __name__ == "__main__":
    main()
