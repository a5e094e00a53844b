"""What narrows a question, in words. Takes Restrictions; gives labels to the page and to what is filed."""

from __future__ import annotations

from assistant.types import Restriction

FIELDS = {
    "service": "Service", "time": "Date", "kind": "Kind", "type": "Type of service", "region": "Region", "provider": "Provider",
    "judgement": "Judgement", "grade": "Grade", "latest": "Only",
}  # fmt: skip


def words(one: Restriction) -> str:
    """``Service: Sefton``, ``Date: from 2019``, ``Grade: Good for Leadership``."""
    return f"{FIELDS[one.field]}: {one.value}{f' for {one.subject}' if one.subject else ''}"
