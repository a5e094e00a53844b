"""Adds files to a library, one document after another: read by processes, split here, embedded by a thread, written here.

Takes files found by corpus; gives a FileReport for each to library, and progress to whoever asked.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.errors import Unreadable
from corpus.pool import read_all
from corpus.read import KINDS, Limits, Source
from corpus.split import split
from corpus.types import Document, Passage, Problem
from index.embedding import Embedding
from index.types import AddReport, FileReport, Outcome, Progress

if TYPE_CHECKING:
    from index.library import Library

_AHEAD = 6
"""How many documents are embedded or wait for it while the next are read and split."""

Report = Callable[[Progress], None]


class Adding:
    """One add, of files found by ``corpus.read.find``. Its library holds the write lock meanwhile."""

    def __init__(self, library: Library, progress: Report | None, stop: threading.Event) -> None:
        self._library, self._progress, self._stop = library, progress, stop
        self._reports: list[FileReport] = []
        self._started = time.monotonic()
        self._total = self._bytes_total = self._bytes = self._pages = self._passages = 0
        entries = library.documents(held=True)
        self._by_source = {entry.source: entry for entry in entries}
        self._by_id = {entry.id: entry for entry in entries}
        self._working: list[str] = []

    def run(self, found: list[Source | Problem]) -> AddReport:
        self._total = len(found)
        self._bytes_total = sum(item.size for item in found if isinstance(item, Source))
        self._tell(found=tuple((item.source, item.name) for item in found))
        waiting = []
        for item in found:
            if self._stop.is_set():
                break
            if isinstance(item, Problem):
                self._done(FileReport(item.name, item.source, "skipped", item.reason))
            elif not self._unchanged(item):
                waiting.append(item)
        if waiting and not self._stop.is_set():
            self._pipeline(waiting)
        return AddReport(tuple(self._reports), time.monotonic() - self._started, self._stop.is_set())

    def _unchanged(self, source: Source) -> bool:
        """Whether the same bytes are in the library already; they may have moved, or lie there twice."""
        try:
            id = hashlib.sha256(source.read(self._library.limits)).hexdigest()[:32]
        except Unreadable as error:
            self._done(FileReport(source.name, source.source, "skipped", str(error), bytes=source.size))
            return True
        entry = self._by_id.get(id)
        if entry is None:
            return False
        earlier = self._by_source.get(source.source)
        # An upload has no place of its own: two files of one name may both be uploads, and neither took over from the other.
        taken_over = earlier is not None and earlier.id != id and not source.source.startswith("upload:")
        if earlier and taken_over:  # the file now holds what another one held: its own earlier content is gone
            self._library.drop(earlier)
            self._by_id.pop(earlier.id, None)
        reason = ""
        if entry.source != source.source and (taken_over or _gone(entry.source)):
            reason = f"It has moved; it was {entry.source} before."
            self._library.catalogue.move(id, source.name, source.source)
            self._by_source.pop(entry.source, None)
            self._by_id[id] = self._by_source[source.source] = replace(entry, name=source.name, source=source.source)
        elif entry.source != source.source:
            reason = f"The same content is in the library as {entry.name}."
        self._done(FileReport(source.name, source.source, "unchanged", reason, entry.pages, entry.passages, source.size))
        return True

    def _pipeline(self, sources: list[Source]) -> None:
        queue: deque[tuple[Source, Document, list[Passage], Future[NDArray[np.float32]]]] = deque()
        embedder = self._library.embedder
        reading, unread = read_all(sources, self._library.limits), deque(source.source for source in sources)
        self._now(unread, queue)
        with Embedding(embedder) as embedding, contextlib.closing(reading):
            for source, result in reading:
                unread.popleft()
                if self._stop.is_set():
                    return
                if isinstance(result, Problem):
                    self._done(FileReport(result.name, result.source, "skipped", result.reason, bytes=source.size))
                elif result.id in self._by_id or any(waiting.id == result.id for _, waiting, _, _ in queue):
                    same = "The same content is in the library already."
                    self._done(FileReport(source.name, source.source, "unchanged", same, bytes=source.size))
                else:
                    pieces = split(result, embedder.count_tokens, embedder.max_tokens)
                    queue.append((source, result, pieces, embedding.submit([p.embedded for p in pieces])))
                self._now(unread, queue)
                while queue and (len(queue) >= _AHEAD or queue[0][3].done()):
                    self._finish(*queue.popleft())
            while queue and not self._stop.is_set():
                self._finish(*queue.popleft())

    def _now(self, unread: Sequence[str], queue: Iterable[tuple[Source, Document, list[Passage], Future[NDArray[np.float32]]]]) -> None:
        """Tells which files are worked on: those that wait for the embedder, and the next, which is read meanwhile."""
        self._working = [item[0].source for item in queue] + ([unread[0]] if unread else [])
        self._tell()

    def _finish(
        self, source: Source, document: Document, pieces: list[Passage], vectors: Future[NDArray[np.float32]]
    ) -> None:
        rows = vectors.result()
        earlier, said = self._by_source.get(source.source), list(document.notices)
        if earlier and source.source == f"upload:{source.name}":  # it came without its folder: a name alone tells no version of it
            earlier = None
            said.append("Another document of this name is in the library; both are kept. Remove the earlier one if this is a newer one.")
        try:
            keep_original(self._library.home / "files", source, document, self._library.limits)
        except (OSError, Unreadable) as error:
            self._done(FileReport(source.name, source.source, "skipped", f"It changed or vanished while it was read ({error}).",
                                  bytes=source.size))  # fmt: skip
            return
        self._library.write(document, pieces, rows, [earlier.id] if earlier else [], source.size)
        self._by_id[document.id] = self._by_source[source.source] = self._library.catalogue.entry(document.id, held=True)
        if earlier:
            self._by_id.pop(earlier.id, None)
        outcome: Outcome = "replaced" if earlier else "added"
        self._pages += len(document.pages)
        self._passages += len(pieces)
        self._done(FileReport(source.name, source.source, outcome, " ".join(said), len(document.pages), len(pieces),
                              source.size))  # fmt: skip

    def _done(self, report: FileReport) -> None:
        self._reports.append(report)
        self._bytes += report.bytes
        self._tell(report)

    def _tell(self, last: FileReport | None = None, found: tuple[tuple[str, str], ...] = ()) -> None:
        if self._progress:
            self._progress(
                Progress(len(self._reports), self._total, self._bytes, self._bytes_total, self._pages, self._passages,
                         time.monotonic() - self._started, last, found, tuple(self._working))
            )  # fmt: skip


def _gone(source: str) -> bool:
    """Whether the file that was added from there is there no longer. Uploads and members of zips never count as gone."""
    return not source.startswith("upload:") and "!/" not in source and not os.path.lexists(source)


def keep_original(folder: Path, source: Source, document: Document, limits: Limits) -> None:
    """Copies the file into the library under its id. Raises Unreadable when its content is no longer what was read."""
    data = source.read(limits)
    if hashlib.sha256(data).hexdigest()[:32] != document.id:
        raise Unreadable("its content is another now; add it again")
    suffix = Path(source.name).suffix.casefold()
    suffix = suffix if suffix in KINDS else ".bin"  # a name can end in anything, however long
    draft = folder / f"{document.id}.part"
    draft.write_bytes(data)
    os.replace(draft, folder / f"{document.id}{suffix}")
