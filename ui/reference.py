"""A citation as one writes it down: title, publisher, day, page, quote, file. Takes a Citation; gives a line to copy or to file."""

from __future__ import annotations

from datetime import date

from assistant.types import Citation
from ui.record import Source


def reference(citation: Citation, source: Source | None) -> str:
    """One line: ``Title, Publisher, 17 July 2019, page 10: “quote” (file.pdf)``. Line breaks of the page become spaces."""
    quote = " ".join(citation.quote.split())
    return f"{place(citation, source)}: “{quote}” ({citation.document})"


def place(citation: Citation, source: Source | None) -> str:
    """The same without quote and file. The service stands for a publisher that nobody knows, unless the title names it."""
    source = source or Source()
    service = "" if source.service.casefold() in citation.title.casefold() else source.service
    day = long_day(source.published) if source.published else ""
    return ", ".join(part for part in (citation.title, source.publisher or service, day, f"page {citation.page}") if part)


def long_day(day: date) -> str:
    """``17 July 2019``."""
    return f"{day.day} {day:%B %Y}"
