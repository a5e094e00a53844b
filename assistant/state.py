"""What is known of the library's present state: its names, its findings and their words. Made anew when the library changes.

Takes a Library; gives the pipeline a Reader of questions, a Vocabulary, and the Scope that filters come to.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from assistant.filters import scope_of
from assistant.findings import Findings
from assistant.inspections import findings_of
from assistant.names import Names
from assistant.scope import Filters
from assistant.understand import Reader
from assistant.vocabulary import Vocabulary
from index.library import Library

_HEAD = 3000
"""So many characters of a first page are looked through for the name of a service."""


class State:
    """One library's names and findings as they are now. For any thread."""

    def __init__(self, library: Library) -> None:
        self._library, self._lock = library, threading.Lock()
        self._generation: str | None = None
        self._reader: Reader | None = None
        self._vocabulary: Vocabulary | None = None

    def reader(self) -> Reader:
        """Reads questions with what the library holds in mind."""
        with self._lock:
            return self._read()

    def findings(self) -> Findings:
        """The inspections that the library knows of."""
        return self.vocabulary().findings

    def vocabulary(self) -> Vocabulary:
        """The words in which it can be asked for them."""
        return self._both()[1]

    def _both(self) -> tuple[Reader, Vocabulary]:
        """Reader and words of one and the same state."""
        with self._lock:
            reader = self._read()
            if self._vocabulary is None:
                self._vocabulary = Vocabulary(findings_of(reader.entries, self._library.facts(), reader.names), self._library.profiles)
            return reader, self._vocabulary

    def narrowed(self, filters: Filters, lifted: frozenset[str] = frozenset()) -> tuple[Reader, Vocabulary, Findings]:
        """The reader of questions within the filters, the words for it, and the inspections to count among.

        ``lifted`` are keys of restrictions that are not to be read out of a question. A filter of kinds leaves each inspection
        with its publications of these kinds; all others let an inspection through as a whole, or not.
        """
        reader, vocabulary = self._both()
        findings = vocabulary.findings
        if not (filters or lifted):
            return reader, vocabulary, findings
        scope = scope_of(filters, reader.entries, findings, reader.names)
        if filters.kinds:
            kept = [entry for entry in reader.entries if not entry.kind or entry.kind in filters.kinds]
            findings = findings_of(kept, findings.facts, reader.names, len(findings.inspections))
        return replace(reader, filters=filters, scope=scope, lifted=lifted), vocabulary, findings

    def _read(self) -> Reader:
        generation = self._library.generation
        if self._reader is None or generation != self._generation:
            entries = tuple(self._library.documents())
            self._library.catalogue.forget()  # another process may have written
            names = Names(entries, lambda id: self._library.catalogue.page_text(id, 1)[:_HEAD])
            self._reader = Reader(entries, names, self._library.catalogue.frequency)
            self._vocabulary, self._generation = None, generation
        return self._reader
