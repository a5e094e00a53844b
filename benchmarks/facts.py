"""How right the facts are that are read from reports: precision and recall by field, against a gold file.

    python benchmarks/facts.py FOLDER            FOLDER holds reports and gold.jsonl, a line for each file

Precision: of the values read where gold has one, the share that equals it. Recall: of gold's values, the share that was
read and equals it. Every difference is printed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from corpus.pool import read_all
from corpus.read import Limits, Source, find
from corpus.types import Document

NONE = ("", "data_unreadable", "not_reported_post_reform", "inspection_pre_dates_judgement")
JUDGED = {
    "impact_of_leaders_grade": ("impact of leaders", "leadership, management"),
    "help_and_protection_grade": ("help and protection",),
    "in_care_grade": ("children in care",),
    "care_leavers_grade": ("progress of care leavers",),
}


def _day(text: str) -> str:
    form = "%d/%m/%Y" if len(text.rsplit("/", 1)[-1]) == 4 else "%d/%m/%y"
    return datetime.strptime(text, form).date().isoformat()


def _name(text: str) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"\s*-\s*", "-", text)).casefold().strip()


def _read(document: Document) -> dict[str, str]:
    """The document's facts under the names that gold uses."""
    one = {fact.field: fact.value for fact in reversed(document.facts)}
    since, _, until = one.get("fieldwork", "").partition("/")
    judged = {fact.subject.casefold(): fact.value.casefold() for fact in document.facts if fact.field == "judgement"}
    found = {
        "publication_date": one.get("published", ""), "inspection_start_date": since, "inspection_end_date": until or since,
        "inspector_name": _name(one.get("inspector", "")), "overall_effectiveness_grade": one.get("overall", "").casefold(),
    }  # fmt: skip
    for field, words in JUDGED.items():
        found[field] = next((grade for subject, grade in judged.items() if any(word in subject for word in words)), "")
    return found


def _gold(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    shapes: dict[str, Callable[[str], str]] = {"publication_date": _day, "inspection_start_date": _day, "inspection_end_date": _day,
                                               "inspector_name": _name}  # fmt: skip
    for field in (
        "publication_date",
        "inspection_start_date",
        "inspection_end_date",
        "inspector_name",
        "overall_effectiveness_grade",
        *JUDGED,
    ):
        if row[field] not in NONE:
            yield field, shapes.get(field, str.casefold)(row[field])


def compared(documents: dict[str, Document], gold: list[dict[str, str]]) -> tuple[dict[str, tuple[int, int, int]], list[str]]:
    """By field: how many values are right, how many were read, how many gold has; and a line for each difference."""
    tallies: dict[str, tuple[int, int, int]] = {}
    differences = []
    for row in gold:
        document = documents.get(row["file"])
        found = _read(document) if document else {}
        for field, value in _gold(row):
            right, given, wanted = tallies.get(field, (0, 0, 0))
            has = found.get(field, "")
            tallies[field] = (right + (has == value), given + bool(has), wanted + 1)
            if has != value:
                differences.append(f"{row['file']}  {field}: gold {value!r}, read {has!r}")
    return tallies, differences


def measure(documents: dict[str, Document], gold: list[dict[str, str]]) -> None:
    """Prints a line for each difference, then a table."""
    tallies, differences = compared(documents, gold)
    print("\n".join(differences))
    print(f"\n{'field':32} precision  recall   of")
    for field, (right, given, wanted) in tallies.items():
        print(f"{field:32} {right / given if given else 0:9.3f}  {right / wanted:6.3f}  {wanted:3d}")
    graded = sum(bool(_read(document)["overall_effectiveness_grade"]) for document in documents.values())
    print(f"\noverall grades read: {graded} of {len(documents)} documents")


def read_folder(folder: Path) -> dict[str, Document]:
    """The PDFs of a folder by file name, read by two processes."""
    sources = [item for item in find([folder], Limits()) if isinstance(item, Source) and item.name.endswith(".pdf")]
    return {source.name: found for source, found in read_all(sources, Limits(), workers=2) if isinstance(found, Document)}


def read_gold(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]


def main(folder: Path) -> None:
    measure(read_folder(folder), read_gold(folder))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "gold.jsonl").exists():
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
