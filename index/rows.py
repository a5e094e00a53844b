"""Documents, pages and passages as the catalogue's rows, and back. Used by catalogue alone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.types import Block, Document, Page, Passage, Run
from index.types import Entry


def document_row(document: Document, state: str, passages: int, size: int) -> dict[str, object]:
    """A new row for a document."""
    return {
        "id": document.id, "state": state, "name": document.name, "source": document.source, "media": document.media,
        "title": document.title, "service": document.service,
        "published": document.published.isoformat() if document.published else None,
        "inspected": document.inspected.isoformat() if document.inspected else None,
        "bytes": size, "added": datetime.now(UTC).isoformat(timespec="seconds"),
        "notices": json.dumps(document.notices), "pages": len(document.pages), "passages": passages,
    }  # fmt: skip


def page_row(document_id: str, page: Page) -> dict[str, object]:
    """A new row for a page."""
    return {
        "document_id": document_id, "number": page.number, "label": page.label, "text": page.text,
        "blocks": json.dumps([(b.kind, b.start, b.end) for b in page.blocks], separators=(",", ":")),
        "runs": json.dumps([(r.start, r.source, r.length) for r in page.runs], separators=(",", ":")),
    }  # fmt: skip


def passage_row(passage: Passage, vector: NDArray[np.float32]) -> dict[str, object]:
    """A new row for a passage and its vector."""
    return {
        "id": passage.id, "document_id": passage.document_id, "page": passage.page, "start": passage.start,
        "end": passage.end, "text": passage.text, "section": passage.section, "header": passage.header,
        "tokens": passage.tokens, "vector": np.asarray(vector, np.float32).tobytes(),
    }  # fmt: skip


def passage_of(row: Any) -> Passage:
    """A passage from its row."""
    return Passage(
        row["id"], row["document_id"], row["page"], row["start"], row["end"], row["text"], row["section"], row["header"],
        row["tokens"],
    )  # fmt: skip


def page_of(row: Any) -> Page:
    """A page from its row."""
    blocks = tuple(Block(*item) for item in json.loads(row["blocks"]))
    return Page(row["number"], row["text"], blocks, tuple(Run(*item) for item in json.loads(row["runs"])), row["label"])


def entry_of(row: Any) -> Entry:
    """A document, as it is listed, from its row."""
    published, inspected = (date.fromisoformat(row[name]) if row[name] else None for name in ("published", "inspected"))
    return Entry(
        row["id"], row["name"], row["source"], row["media"], row["title"], row["service"], published, row["pages"],
        row["passages"], row["bytes"], datetime.fromisoformat(row["added"]), tuple(json.loads(row["notices"])),
        inspected, row["kind"] or "", datetime.fromisoformat(row["embargo"]) if row["embargo"] else None,
    )  # fmt: skip
