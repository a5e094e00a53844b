"""Values become lines for the terminal and JSON for scripts. Takes entries, hits and answers; gives text to cli."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.counted import SHOWN
from assistant.types import Answer, Table, Understood
from corpus.types import Fact
from index.types import AddReport, Entry, Hit


def hits_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """``[{"document", "title", "page", "text", "score"}]``, best first."""
    return [
        {"document": h.entry.name, "title": h.entry.title, "page": h.passage.page, "text": h.passage.text, "score": h.score}
        for h in hits
    ]


def hit_json(hit: Hit, service: str = "") -> dict[str, Any]:
    """``{"document", "id", "title", "service", "published", "page", "start", "end", "text", "score"}``: a hit for programs."""
    entry, passage = hit.entry, hit.passage
    return {
        "document": entry.name, "id": entry.id, "title": entry.title, "service": service or entry.service or None,
        "published": entry.published.isoformat() if entry.published else None, "page": passage.page, "start": passage.start,
        "end": passage.end, "text": passage.text, "score": round(hit.score, 4),
    }  # fmt: skip


def listed_json(entry: Entry, service: str, facts: Sequence[Fact]) -> dict[str, Any]:
    """``{"document", "id", "title", "service", "kind", …, "judgements": [{"subject", "grade", "page"}]}``: a document for programs.

    A judgement's page is None where it does not stand in the text, as after a correction by hand.
    """
    judgements = [
        {"subject": fact.subject or "overall", "grade": fact.value, "page": fact.page or None}
        for fact in facts if fact.field in ("overall", "judgement") and fact.value
    ]  # fmt: skip
    return {
        "document": entry.name, "id": entry.id, "title": entry.title, "service": service or entry.service or None,
        "kind": entry.kind or None, "published": entry.published.isoformat() if entry.published else None,
        "inspected": entry.inspected.isoformat() if entry.inspected else None, "pages": entry.pages, "judgements": judgements,
    }  # fmt: skip


def answer_json(answer: Answer) -> dict[str, Any]:
    """``{"status", "text", "citations": […], "coverage", "ms", "understood": {…}, "written": {…}}``."""
    citations = [c.as_json() for c in answer.citations]
    return {
        "status": answer.status, "text": answer.text, "citations": citations, "coverage": answer.coverage,
        "table": answer.table.as_json() if answer.table else None, "ms": answer.ms,
        "understood": understood_json(answer.understood), "sureness": round(answer.evidence.probability(), 3) if answer.evidence else None,
        "written": answer.written.as_json() if answer.written else None,
        "nearest": [{"section": t.name, "document": t.document, "title": t.title, "page": t.page} for t in answer.nearest],
    }  # fmt: skip


def understood_json(understood: Understood | None) -> dict[str, Any] | None:
    """What was searched for and where; ``documents`` counts those searched (None: all)."""
    if understood is None:
        return None
    return {
        "question": understood.question, "services": list(understood.services),
        "since": understood.since.isoformat() if understood.since else None,
        "until": understood.until.isoformat() if understood.until else None,
        "documents": None if understood.documents is None else len(understood.documents), "said": understood.said,
        "restrictions": [{"field": r.field, "value": r.value, "subject": r.subject, "by_hand": r.by_hand} for r in understood.restrictions],
    }  # fmt: skip


def entries_json(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """``[{"document", "title", "pages", "passages", "added", …}]``, by title."""
    return [
        {
            "document": e.name, "id": e.id, "title": e.title, "service": e.service or None,
            "kind": e.kind or None, "published": e.published.isoformat() if e.published else None,
            "inspected": e.inspected.isoformat() if e.inspected else None, "embargo": e.embargo.isoformat() if e.embargo else None,
            "pages": e.pages, "passages": e.passages, "added": e.added.isoformat(), "media": e.media, "source": e.source,
            "bytes": e.bytes, "notices": list(e.notices),
        }
        for e in entries
    ]  # fmt: skip


def report_json(report: AddReport) -> dict[str, Any]:
    """``{"files": [{"document", "source", "outcome", "reason", …}], "seconds", "interrupted"}``."""
    files = [{"document": f.name, **{k: v for k, v in asdict(f).items() if k != "name"}} for f in report.files]
    return {"files": files, "seconds": round(report.seconds, 2), "interrupted": report.interrupted}


def summary(report: AddReport) -> str:
    """What an add or remove did: counts, then every file that was left out, with the reason."""
    counts = [f"{len(found)} {outcome}" for outcome in ("added", "replaced", "unchanged", "removed", "skipped")
              if (found := report.of(outcome))]  # fmt: skip
    pages = sum(f.pages for f in report.of("added", "replaced"))
    passages = sum(f.passages for f in report.of("added", "replaced"))
    figures = f" ({pages} pages, {passages} passages, {report.seconds:.1f} s)" if pages else ""
    lines = [(", ".join(counts) or "Nothing to add") + figures + "."]
    lines += [f"  skipped  {f.source if f.source != f.name else f.name}: {f.reason}" for f in report.of("skipped")]
    lines += [f"  note     {f.name}: {f.reason}" for f in report.of("added", "replaced") if f.reason]
    if report.interrupted:
        lines.append("Stopped early. What was added is whole and stays; run the same command again to go on.")
    return "\n".join(lines)


def table_text(table: Table) -> list[str]:
    """All rows, columns in line, each cell with the number of its source."""
    rows = [table.columns, *(tuple(f"{c.text} [{c.cite}]" if c.cite else c.text for c in row) for row in table.rows)]
    widths = [min(60, max(len(row[n]) for row in rows)) for n in range(len(table.columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def answer_text(answer: Answer) -> str:
    """The answer and its numbered sources."""
    understood = answer.understood
    lines = [answer.text.strip()]
    if understood and understood.question != understood.asked:
        lines = [f"Asked as: {understood.question}", *lines]
    if understood and understood.said:
        lines = [f"({understood.said} --everywhere asks all.)", *lines]
    if answer.written and answer.written.note:
        lines += ["", f"({answer.written.note})"]
    if answer.table and answer.table.listed and len(answer.table.rows) > SHOWN:
        lines += ["", *table_text(answer.table)]
    if answer.nearest:
        lines += ["", "What comes nearest:", *(f"• {t.name}: {t.title}, page {t.page} ({t.document})" for t in answer.nearest)]
    if answer.citations:
        lines.append("")
        lines += [f"[{c.number}] {c.title}, page {c.page} ({c.document})" for c in answer.citations]
    return "\n".join(lines)
