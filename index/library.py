"""The library on disk: adds, replaces, removes, repairs and searches. Takes files from people; gives Hits and Pages.

A document is added in three steps: one transaction writes it to the catalogue, unseen; Chroma gets its vectors; one
transaction makes it visible and what it replaces invisible. A process killed in between leaves only unseen rows, which
``repair`` removes at the next start.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from corpus.facts import DECLARED, facts_of
from corpus.profile import profiles, stamp
from corpus.read import Limits, find
from corpus.types import Document, Fact, Page, Passage
from index import vectors as chroma
from index.adding import Adding, Report
from index.catalogue import Catalogue, in_batches
from index.embed import Embedder
from index.errors import EmbedderMismatch, LibraryLocked, UnknownDocument
from index.originals import Originals
from index.search import hybrid
from index.types import AddReport, Entry, FileReport, Hit, Status

log = logging.getLogger(__name__)


class Library:
    """A library folder. Any number may be open on it to read; one at a time writes."""

    def __init__(
        self, home: Path, embedder: Embedder, limits: Limits | None = None, *, embargo: bool = True,
        now: Callable[[], datetime] | None = None, tell: Callable[[int, int], None] | None = None,
    ) -> None:  # fmt: skip
        """Opens or makes the library, and repairs it if nobody is writing. Raises LibraryError, BadProfile.

        With ``embargo`` documents are kept from readers until the end of theirs, by the clock ``now`` (else the computer's).
        ``tell(done, all)`` hears how far facts are that have to be read anew. Profiles of inspectorates in the library's
        folder ``profiles`` are used beside those that are shipped.
        """
        self.home, self.embedder, self._tell = home, embedder, tell
        self.limits = replace(limits or Limits(), profiles=home / "profiles")
        self.profiles = profiles(self.limits.profiles)
        self.stamp = stamp(self.limits.profiles)
        (home / "files").mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(home / "write.lock", timeout=0)
        self.catalogue = Catalogue(home / "catalogue.sqlite")
        self.catalogue.embargo = embargo
        self.catalogue.now = now or self.catalogue.now
        self.originals = Originals(self.catalogue.entry, self.original)
        self._must_fit()
        self._vectors = chroma.opened(home / "chroma")
        self._generation = self.catalogue.fact("generation")
        with contextlib.suppress(LibraryLocked):
            self.repair()

    def close(self) -> None:
        """Lets go of the files."""
        self.originals.close()
        self.catalogue.close()
        self._vectors.close()

    def _must_fit(self) -> None:
        built, width = self.catalogue.fact("embedder"), self.catalogue.fact("width")
        if built is None:
            self.catalogue.remember(embedder=self.embedder.name, width=str(self.embedder.width))
        elif (built, width) != (self.embedder.name, str(self.embedder.width)):
            raise EmbedderMismatch(
                f"The library in {self.home} was built with {built!r} (width {width}), and the settings ask for "
                f"{self.embedder.name!r} (width {self.embedder.width}). Run `assistant rebuild`, or set ASSISTANT_EMBEDDER back."
            )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise LibraryLocked(
                f"Another process is writing to the library in {self.home}. Wait until it has finished, and try again; "
                "questions can be asked meanwhile."
            ) from error
        try:
            self._refresh()
            yield
        finally:
            self._generation = self.catalogue.fact("generation")
            self._lock.release()

    def _refresh(self) -> None:
        """Sees what another process has written since."""
        generation = self.catalogue.fact("generation")
        if generation != self._generation:
            self._vectors.reopen()
            self.catalogue.forget()
            self._generation = generation

    # ---- reading

    def documents(self, *, held: bool = False) -> list[Entry]:
        """What the library holds for readers, by title; with ``held`` also what is still under embargo."""
        return self.catalogue.entries(held=held)

    def facts(self, document_ids: Sequence[str] | None = None, *, blanks: bool = False) -> dict[str, tuple[Fact, ...]]:
        """What documents say of themselves, with corrections in place, by id; of all documents by default.

        Documents under embargo are among them: ask only for those that may be shown. With ``blanks`` a correction that says
        that there is none is among them too, its value empty.
        """
        return self.catalogue.facts.of(document_ids, blanks=blanks)

    def page(self, document_id: str, number: int) -> Page:
        """A page of a document. Raises UnknownDocument."""
        return self.catalogue.page(document_id, number)

    def all_pages(self, document_id: str) -> tuple[Page, ...]:
        """All pages of a document, in order. Raises UnknownDocument."""
        self.catalogue.entry(document_id)
        return self.catalogue.pages(document_id)

    def passages(self, document_id: str) -> list[Passage]:
        """All passages of a document, in order. Raises UnknownDocument."""
        self.catalogue.entry(document_id)
        return self.catalogue.passages_of(document_id)

    def original(self, document_id: str) -> Path:
        """The file as it was added. Raises UnknownDocument, also for a document under embargo."""
        self.catalogue.entry(document_id)
        found = next((self.home / "files").glob(f"{document_id}.*"), None)
        if found is None:
            raise UnknownDocument("The original of this document is no longer in the library.")
        return found

    def without_original(self) -> set[str]:
        """Ids of the documents, also of those under embargo, whose file is no longer in the library's folder."""
        there = {path.stem for path in (self.home / "files").iterdir()}
        return {entry.id for entry in self.documents(held=True)} - there

    def search(
        self, question: str, limit: int = 10, within: Sequence[str] | None = None, row: NDArray[np.float32] | None = None
    ) -> list[Hit]:
        """Hits for a question, best first; only from the documents ``within`` (ids) when given.

        ``row`` is the question's vector for a caller that has it already.
        """
        if not self._lock.is_locked:
            self._refresh()
        return hybrid(
            question, limit, catalogue=self.catalogue, vectors=self._vectors, embedder=self.embedder, within=within, row=row
        )

    def nearest(self, row: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Passages' ids with their cosine to a vector, nearest first."""
        return self._vectors.nearest(row, limit)

    def closest(self, row: NDArray[np.float32], within: Sequence[str], each: int) -> dict[str, list[tuple[str, float]]]:
        """Of each of these documents its ``each`` nearest passages, with their cosine to a vector, nearest first.

        All of their stored vectors are compared, none skipped: for answers that must not miss a document.
        """
        found: dict[str, list[tuple[str, float]]] = {}
        for ids, owners, rows in self.catalogue.vectors(within):
            for id, owner, cosine in zip(ids, owners, rows @ row, strict=True):
                lot = found.setdefault(owner, [])
                lot.append((id, float(cosine)))
        return {owner: sorted(lot, key=lambda item: -item[1])[:each] for owner, lot in found.items()}

    @property
    def generation(self) -> str:
        """Changes whenever what the library holds for readers changes, also by an embargo that ends."""
        return f"{self.catalogue.fact('generation') or ''}:{self.catalogue.lifted()}"

    def status(self) -> Status:
        """The library in figures, with what is wrong with it."""
        entries = self.documents(held=True)
        expected, held = sum(e.passages for e in entries), self._vectors.count()
        problems = self.catalogue.check()
        if expected != held and not self._lock.is_locked:
            problems.append(f"{expected} passages in the catalogue and {held} vectors: run `assistant rebuild`.")
        lost = self.without_original()
        problems += [f"The original of {e.name} is missing." for e in entries if e.id in lost]
        size = sum(f.stat().st_size for f in self.home.rglob("*") if f.is_file())
        return Status(
            str(self.home), len(entries), sum(e.pages for e in entries), expected, held, self.embedder.name,
            self.embedder.width, size, tuple(problems),
        )  # fmt: skip

    # ---- writing

    def add(
        self, paths: Sequence[Path], *, uploaded: bool = False, progress: Report | None = None,
        stop: threading.Event | None = None, sync: bool = False,
    ) -> AddReport:  # fmt: skip
        """Adds files, folders and zips; content that is here already costs nothing. Raises LibraryLocked.

        Never raises for a bad file: each file is reported. ``stop`` ends it after the document at hand. ``sync`` also
        removes what was added from these folders and zips earlier and is no longer in them.
        """
        with self._writing():
            found = list(find(paths, self.limits, uploaded=uploaded))
            report = Adding(self, progress, stop or threading.Event()).run(found)
            if not sync or report.interrupted:
                return report
            there = {item.source for item in found}
            under = tuple(f"{path.resolve()}{joint}" for path in paths for joint in (os.sep, "!/"))
            lost = [e for e in self.documents(held=True) if e.source.startswith(under) and e.source not in there]
            return replace(report, files=report.files + self._removed(lost))

    def remove(self, document_ids: Sequence[str]) -> AddReport:
        """Removes documents by id. Raises UnknownDocument before removing any, and LibraryLocked."""
        with self._writing():
            known = {entry.id: entry for entry in self.documents(held=True)}
            for id in document_ids:
                if id not in known:
                    raise UnknownDocument(f"There is no document {id!r} in the library.")
            return AddReport(self._removed([known[id] for id in document_ids]))

    def _removed(self, entries: Sequence[Entry]) -> tuple[FileReport, ...]:
        self.catalogue.hide([entry.id for entry in entries])
        for entry in entries:
            self._purge(entry.id)
        return tuple(FileReport(entry.name, entry.source, "removed") for entry in entries)

    def drop(self, entry: Entry) -> None:
        """Ends a document that its file no longer holds; for Adding, which holds the lock."""
        self._removed([entry])

    def _purge(self, document_id: str) -> None:
        """Ends a document that is already invisible."""
        self._vectors.drop_document(document_id)
        self.catalogue.delete(document_id)
        for file in (self.home / "files").glob(f"{document_id}.*"):
            file.unlink(missing_ok=True)

    def repair(self) -> list[str]:
        """Makes catalogue, vectors and files agree; says what it did. Raises LibraryLocked. Cheap when all is well."""
        with self._writing():
            done = []
            for id in self.catalogue.unfinished():
                self._purge(id)
                done.append("removed a half-added document")
            if stale := self.catalogue.facts.stale(self.stamp):
                done.append(self._read_facts(stale))
            expected = sum(entry.passages for entry in self.documents(held=True))
            if self._vectors.count() != expected:
                done.append(self._restore_vectors())
            return done

    def _read_facts(self, ids: Sequence[str]) -> str:
        """Reads facts anew from the pages that are kept: the profiles have changed, or there were none."""
        for done, id in enumerate(ids):
            if self._tell:
                self._tell(done, len(ids))
            entry, pages = self.catalogue.entry(id, held=True), self.catalogue.pages(id)
            read = self.catalogue.facts.as_read(id)
            earlier = next((fact.value for fact in read if fact.rule == DECLARED), "")
            if not read and entry.media == "html" and entry.published:  # a library from before facts were kept
                earlier = entry.published.isoformat()
            found = facts_of(pages, entry.title, entry.name, self.profiles, earlier)
            self.catalogue.facts.rewrite(id, found, self.stamp)
        if self._tell:
            self._tell(len(ids), len(ids))
        self.catalogue.forget()
        log.info("read the facts of %d documents anew", len(ids))
        return f"read the facts of {len(ids)} documents anew"

    def correct(self, document_id: str, field: str, value: str, subject: str = "") -> Fact:
        """Sets a fact by hand ("" for none), which survives reading anew. Raises BadCorrection, UnknownDocument, LibraryLocked."""
        with self._writing():
            self.catalogue.entry(document_id, held=True)
            kept = self.catalogue.facts.correct(document_id, field, value, subject)
            self.catalogue.forget()
        return kept

    def check(self, document_id: str, field: str, value: str, subject: str = "") -> None:
        """Raises what ``correct`` would raise, and changes nothing."""
        self.catalogue.entry(document_id, held=True)
        self.catalogue.facts.checked(document_id, field, value, subject)

    def take_back(self, document_id: str, field: str, subject: str = "") -> bool:
        """Ends a correction; whether there was one. Raises UnknownDocument, LibraryLocked."""
        with self._writing():
            self.catalogue.entry(document_id, held=True)
            gone = self.catalogue.facts.take_back(document_id, field, subject)
            self.catalogue.forget()
        return gone

    def _restore_vectors(self) -> str:
        wanted, held = self.catalogue.passage_ids(), self._vectors.ids()
        extra = sorted(held - set(wanted))
        for batch in in_batches(extra):
            self._vectors.drop(batch)
        missing = [id for id in wanted if id not in held]
        for batch in in_batches(missing):
            self._put_stored(batch)
        log.warning("repaired the vectors: %d were missing, %d too many", len(missing), len(extra))
        return f"put back {len(missing)} vectors and dropped {len(extra)}"

    def _put_stored(self, ids: Sequence[str]) -> None:
        pieces, blobs = self.catalogue.stored(ids)
        rows = np.stack([np.frombuffer(blob or b"", np.float32) for blob in blobs])
        self._vectors.put([p.id for p in pieces], [p.document_id for p in pieces], rows)

    def write(self, document: Document, pieces: list[Passage], rows: NDArray[np.float32], replaces: list[str], size: int) -> None:
        """The three steps of adding a document; for Adding, which holds the lock."""
        self.catalogue.insert(document, pieces, rows, size, self.stamp)
        for start in range(0, len(pieces), 1000):
            lot = pieces[start : start + 1000]
            self._vectors.put([p.id for p in lot], [document.id] * len(lot), rows[start : start + 1000])
        for earlier in replaces:
            self.catalogue.facts.carry(earlier, document.id)
        self.catalogue.show(document.id, replaces)
        for id in replaces:
            self._purge(id)
