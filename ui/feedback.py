"""What readers said of answers: kept in the library folder, one JSON object a line, and drafted as a question set for evaluators.

Takes a judged turn from the page; gives lines to the file, and questions in the form of docs/evaluation.md to the command line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from assistant.address import Address
from ui.record import Kept, now, plain_text
from ui.restrictions import words

NAME = "feedback.jsonl"
REASONS = {
    "useful": {"right": "Right", "complete": "Complete", "sourced": "Good sources"},
    "not useful": {
        "wrong": "Wrong", "incomplete": "Incomplete", "beside": "Not what I asked", "source": "Wrong source",
        "missed": "It is in the documents", "invented": "It is not in the documents",
    },
}  # fmt: skip
"""What can be ticked, by what was said of the answer."""
_SETTINGS = ("embedder", "precision", "embargo", "sureness", "reranker", "model", "answers", "unsupported", "entailment")
"""What bears on answers, and is no secret."""
_COMMENT = 4_000
_MARKER = re.compile(r"\s*\[\d{1,4}\]")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader said: useful or not, the reasons that were ticked, and a comment."""

    useful: bool
    reasons: tuple[str, ...] = ()
    comment: str = ""

    @property
    def rated(self) -> str:
        return "useful" if self.useful else "not useful"


def add(home: Path, turn: Kept, opinion: Opinion, settings: Any) -> None:
    """Appends a line; of several about one turn the last counts. Raises OSError, or Timeout (an OSError) when it stays locked."""
    line = json.dumps(_record(turn, opinion, settings), ensure_ascii=False).encode("utf-8", "replace")
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "feedback.lock", timeout=10), (home / NAME).open("a+b") as out:
        out.seek(0, 2)
        if end := out.tell():
            out.seek(end - 1)
            line = line if out.read(1) == b"\n" else b"\n" + line  # a write was cut off
        out.write(line + b"\n")


def _record(turn: Kept, opinion: Opinion, settings: Any) -> dict[str, Any]:
    answer = turn.answer
    known = REASONS[opinion.rated]
    return {
        "at": now().isoformat(timespec="seconds"), "turn": turn.id, "useful": opinion.useful,
        "reasons": [reason for reason in opinion.reasons if reason in known], "comment": plain_text(opinion.comment.strip())[:_COMMENT],
        "question": turn.question, "understood": answer.understood.question if answer and answer.understood else turn.question,
        "status": answer.status if answer else turn.state, "answer": answer.text if answer else "",
        "citations": [citation.as_json() for citation in turn.citations],
        "counted": answer.coverage.get("matched") if answer and answer.coverage else None,
        "written": answer.written.part if answer and answer.written else None,
        "everywhere": turn.everywhere, "quotes": turn.quotes, "filters": [words(one) for one in turn.filters.restrictions],
        "lifted": [words(one) for one in turn.lifted], "settings": _settings(settings),
    }  # fmt: skip


def _settings(settings: Any) -> dict[str, Any]:
    """By name, an allowlist: no key, no folder, and a server's address without its credentials."""
    url = getattr(settings, "model_url", None)
    return {name: getattr(settings, name, None) for name in _SETTINGS} | {"model_url": Address.of(url).url if url else None}


def read(home: Path) -> tuple[list[dict[str, Any]], int]:
    """The last judgement of each turn, oldest first, and how many lines could not be read."""
    path = home / NAME
    found: dict[str, dict[str, Any]] = {}
    bad = 0
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            found.pop(str(record["turn"]), None)
            found[str(record["turn"])] = {**record, "useful": bool(record["useful"]), "question": str(record["question"])}
        except (ValueError, KeyError, TypeError, RecursionError):
            bad += 1
    return list(found.values()), bad


def drafts(records: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A question for each judgement, as ``assistant evaluate`` reads it; a question that was asked twice comes once, as last judged.

    ``answer`` is what was answered where that was useful, null where it was useful to refuse. Where an answer was not useful
    it is null too, and the id ends in ``-fill-in``: somebody has to write what is right.
    """
    latest = {str(record.get("understood") or record["question"]).strip(): record for record in records}
    for number, (question, record) in enumerate(latest.items(), start=1):
        if not question:
            continue
        answer, known = _answer(record)
        citations = [c for c in record.get("citations") or () if isinstance(c, dict)] if record["useful"] else []
        yield {
            "id": f"feedback-{number}" + ("" if known else "-fill-in"), "kind": "feedback", "question": question, "answer": answer,
            "documents": list(dict.fromkeys(str(c["document"]) for c in citations if c.get("document"))),
            "pages": sorted({c["page"] for c in citations if isinstance(c.get("page"), int) and c["page"] > 0}),
        }  # fmt: skip


def told(home: Path, export: Path | None) -> list[str]:
    """What there is, in lines; the drafts are written to ``export``, if it is given."""
    records, bad = read(home)
    useful = sum(record["useful"] for record in records)
    lines = [f"{len(records)} {'answer' if len(records) == 1 else 'answers'} judged: {useful} useful, {len(records) - useful} not."]
    if bad:
        lines.append(f"{bad} lines of {home / NAME} could not be read, and were left out.")
    if export is None:
        for record in records:
            why = ", ".join(map(str, record.get("reasons") or ())) + (f" “{record['comment']}”" if record.get("comment") else "")
            lines.append(f"{'useful    ' if record['useful'] else 'not useful'}  {record['question']}{f'  ({why.strip()})' if why else ''}")
        return lines
    questions = list(drafts(records))
    export.write_text("".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions), encoding="utf-8")
    blank = sum(str(question["id"]).endswith("-fill-in") for question in questions)
    lines.append(f"{len(questions)} questions are in {export}; {blank} of them wait for the right answer (their ids end in -fill-in).")
    return lines


def _answer(record: dict[str, Any]) -> tuple[str | int | None, bool]:
    """What is expected, and whether that is known."""
    if not record["useful"]:
        return None, False
    if record.get("status") == "not_found":
        return None, True
    if isinstance(record.get("counted"), int) and re.match(r"\s*how many\b", str(record["question"]), re.IGNORECASE):
        return record["counted"], True
    text = " ".join(_MARKER.sub("", str(record.get("answer") or "")).split())
    return (text, True) if text else (None, False)
