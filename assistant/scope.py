"""What a reader lets answer: Filters as they were set by hand, and the Scope that they come to in one state of the library.

Values only; filters makes the one of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.types import Restriction
from assistant.when import said


@dataclass(frozen=True, slots=True)
class Filters:
    """What a document has to be to answer; what is empty or None restricts nothing.

    ``services`` are names as the library has them (``Assistant.services()``); ``since`` and ``until`` are inclusive days of
    publication, or of the inspection where the publication says no other; ``grades`` are those that ``subject`` (what is judged;
    the whole by default) may have.
    """

    services: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()
    subject: str = ""
    grades: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.services or self.since or self.until or self.kinds or self.grades)

    @property
    def restrictions(self) -> tuple[Restriction, ...]:
        """Each of them by itself, as it can be shown and taken back."""
        time = said(self.since, self.until)
        return (
            *(Restriction("service", name, True) for name in self.services),
            *((Restriction("time", time, True),) if time else ()),
            *(Restriction("kind", kind, True) for kind in self.kinds),
            *(Restriction("grade", grade, True, self.subject) for grade in self.grades),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """The ids of the ``documents`` that filters let through, and of those of which nobody can say (``unsure``)."""

    documents: frozenset[str]
    unsure: frozenset[str] = frozenset()

    def allows(self, document_id: str) -> bool | None:
        """None where nobody can say."""
        return True if document_id in self.documents else None if document_id in self.unsure else False
