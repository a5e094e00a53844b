"""Reads a question set. Takes a JSONL or CSV file written by people; gives Questions, or every bad line with its reason.

A question has ``id``, ``kind`` (a label to group by), ``question``, ``answer`` (text; a list of names, where an empty list
means "none" and is an answer; a number; null = the library does not say and a refusal is right), ``documents`` (names of
the files that hold the answer), and may have ``pages``, ``conversation`` (one chat, asked in order of the file),
``alternatives`` (other texts that are right too) and
``evidence`` (places ``{document, page, start, end}`` where the answer stands, as offsets into a page's text).

JSONL has one object a line. CSV has a header; its delimiter is a comma, a semicolon or a tab, whichever the header has
most of. In its cells a list of documents or pages is parted by ``;`` or ``|``. An answer that is empty is null; one that is
a JSON list, number, string or null is that value, and so is ``6,285``; one with ``|`` is a list of what the bars part;
anything else is text, semicolons included. ``[]`` is the empty list.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadQuestionSet

Expected = str | float | tuple[str, ...] | None
COLUMNS = ("id", "kind", "question", "answer", "documents", "pages", "conversation", "alternatives", "evidence")
KIND = "question"
"""The kind of a question that names none."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch ``[start, end)`` of a page's text in the file ``document``; ``page`` is 1-based."""

    document: str
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is right. ``pages`` are 1-based; ``conversation`` is empty for a question of its own.

    ``alternatives`` are other texts that are right; ``evidence`` are the places where the answer stands.
    """

    id: str
    kind: str
    question: str
    answer: Expected
    documents: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    conversation: str = ""
    alternatives: tuple[str, ...] = ()
    evidence: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A file of questions, in its order; ``sha256`` is of its bytes."""

    name: str
    sha256: str
    questions: tuple[Question, ...]

    def kinds(self) -> list[str]:
        """In order of first appearance."""
        return list(dict.fromkeys(q.kind for q in self.questions))

    def names(self) -> list[str]:
        """Every name that an expected list holds."""
        return sorted({name for q in self.questions if isinstance(q.answer, tuple) for name in q.answer})

    def texts(self, kind: str) -> list[str]:
        """Every text that a question of this kind expects."""
        return sorted({q.answer for q in self.questions if q.kind == kind and isinstance(q.answer, str)})


class _Bad(Exception):
    """What is wrong with one line."""


def load(path: Path) -> QuestionSet:
    """The questions of a .jsonl, .csv or .tsv file. Raises BadQuestionSet, which names every bad line and why."""
    if not path.is_file():
        raise BadQuestionSet(f"There is no question set {str(path)!r}. Check the path.")
    data = path.read_bytes()
    readers = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv_rows, ".tsv": _csv_rows}
    if path.suffix.lower() not in readers:
        raise BadQuestionSet(f"{path.name} is neither a .jsonl nor a .csv file. Name it by what it holds.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadQuestionSet(f"Line {line} of {path.name} is not UTF-8. Save the file again as UTF-8 (“CSV UTF-8”).") from error
    questions, problems = _collect(readers[path.suffix.lower()](text))
    if problems:
        more = [f"  and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        raise BadQuestionSet("\n".join([f"{path.name} cannot be used:", *problems[:_SHOWN], *more]))
    if not questions:
        raise BadQuestionSet(f"{path.name} holds no questions.")
    return QuestionSet(path.name, hashlib.sha256(data).hexdigest(), tuple(questions))


def _collect(rows: Iterator[tuple[int, dict[str, Any] | _Bad]]) -> tuple[list[Question], list[str]]:
    questions: list[Question] = []
    problems: list[str] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        try:
            if isinstance(row, _Bad):
                raise row
            question = _question(row, line)
            if question.id in lines:
                raise _Bad(f"the id {question.id!r} is that of line {lines[question.id]} already")
            lines[question.id] = line
            questions.append(question)
        except _Bad as bad:
            problems.append(f"  line {line}: {bad}")
    return questions, problems


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, Any] | _Bad]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            yield number, _Bad(f"is not JSON ({error})")
            continue
        if not isinstance(row, dict):
            yield number, _Bad("is not an object { … }")
        else:
            yield number, row


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any] | _Bad]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    header: list[str] = []
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, _Bad(f"is not CSV ({error})")
            return
        begins, line = line, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if header:
            yield begins, _csv_row(header, cells)
            continue
        header = [cell.strip().casefold() for cell in cells]
        if bad := _bad_header(header):
            yield begins, bad
            return


def _bad_header(header: Sequence[str]) -> _Bad | None:
    if missing := [name for name in ("question", "answer") if name not in header]:
        return _Bad(f"the header has no column {' and no column '.join(missing)}; columns are {', '.join(COLUMNS)}")
    if twice := {name for name in header if name and header.count(name) > 1}:
        return _Bad(f"the header has {', '.join(sorted(twice))} twice")
    if unknown := [name for name in header if name and name not in COLUMNS]:
        return _Bad(f"unknown column {', '.join(map(repr, unknown))}; columns are {', '.join(COLUMNS)}")
    return None


def _csv_row(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any] | _Bad:
    if any(cell.strip() for cell in cells[len(header) :]):
        return _Bad("has more cells than the header; put a cell that holds the delimiter in double quotes")
    row: dict[str, Any] = dict.fromkeys(header, "") | dict(zip(header, (cell.strip() for cell in cells), strict=False))
    if any(row.pop("", "")):
        return _Bad("has a cell under a column without a name")
    try:
        return {
            **row,
            "answer": _answer_cell(row["answer"]),
            "documents": _list_cell(row.get("documents", "")),
            "pages": [_page_cell(cell) for cell in _list_cell(row.get("pages", ""))],
            "alternatives": _list_cell(row.get("alternatives", "")),
            "evidence": _list_cell(row.get("evidence", "")),
        }
    except _Bad as bad:
        return bad


def _list_cell(cell: str) -> list[Any]:
    value = _json_cell(cell)
    return value if isinstance(value, list) else [part.strip() for part in re.split(r"[;|]", cell) if part.strip()]


def _page_cell(cell: Any) -> Any:
    return int(cell) if isinstance(cell, str) and cell.isdecimal() else cell


def _answer_cell(cell: str) -> Any:
    if not cell:
        return None
    value = _json_cell(cell)
    if value is None or isinstance(value, (list, int, float, str)) and value is not cell:
        return value
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", cell):
        return float(cell.replace(",", ""))
    return [part.strip() for part in cell.split("|") if part.strip()] if "|" in cell else cell


def _json_cell(cell: str) -> Any:
    """The JSON value in a cell; the cell itself when it is none."""
    try:
        value = json.loads(cell, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return cell
    return cell if isinstance(value, (dict, bool)) else value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a value")


def _question(row: dict[str, Any], line: int) -> Question:
    if unknown := [name for name in row if name not in COLUMNS]:
        raise _Bad(f"unknown column {', '.join(map(repr, unknown))}; columns are {', '.join(COLUMNS)}")
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise _Bad("has no question")
    if "answer" not in row:
        raise _Bad("has no answer; write null where a refusal is right")
    return Question(
        id=_label(row, "id") or f"line-{line}",
        kind=_label(row, "kind") or KIND,
        question=text.strip(),
        answer=_expected(row["answer"]),
        documents=_names(row.get("documents"), "documents"),
        pages=_pages(row.get("pages")),
        conversation=_label(row, "conversation"),
        alternatives=_names(row.get("alternatives"), "alternatives"),
        evidence=_places(row.get("evidence")),
    )


def _label(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _Bad(f"{name} must be text, and is {value!r}")
    return str(value).strip()


def _expected(value: Any) -> Expected:
    if value is None:
        return None
    if isinstance(value, str):
        if not value.strip():
            raise _Bad("the answer is empty text; write null where a refusal is right")
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not _finite(value):
            raise _Bad("the answer is not a number that can be compared")
        return value
    if isinstance(value, list):
        return _names(value, "answer")
    raise _Bad(f"the answer must be text, a list of names, a number or null, and is {value!r}")


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number of hundreds of digits
        return False


def _names(value: Any, column: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _Bad(f"{column} must be a list, and is {value!r}")
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise _Bad(f"{column} must be a list of names, and one is {item!r}")
    return tuple(dict.fromkeys(item.strip() for item in value))


def _pages(value: Any) -> tuple[int, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _Bad(f"pages must be a list, and is {value!r}")
    for item in value:
        if isinstance(item, bool) or not isinstance(item, int) or item < 1:
            raise _Bad(f"pages must be numbers from 1, and one is {item!r}")
    return tuple(value)


def _places(value: Any) -> tuple[Place, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _Bad(f"evidence must be a list of places, and is {value!r}")
    for item in value:
        whole = isinstance(item, dict) and set(item) == {"document", "page", "start", "end"} and isinstance(item["document"], str)
        if not whole or not all(type(item[name]) is int for name in ("page", "start", "end")) or not 0 <= item["start"] < item["end"]:
            raise _Bad(f"evidence must be places {{document, page, start, end}} with start before end, and one is {item!r}")
    return tuple(Place(**item) for item in value)
