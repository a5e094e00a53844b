"""Makes the vectors anew from the catalogue, with the same embedder or another. Takes a library folder that nobody writes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index import vectors as chroma
from index.catalogue import Catalogue, in_batches
from index.embed import Embedder
from index.errors import LibraryLocked


def rebuild(home: Path, embedder: Embedder, progress: Callable[[int, int], None] | None = None) -> int:
    """Makes Chroma's index anew from the catalogue, embedding again if the embedder is another. Returns the passages.

    Raises LibraryLocked, LibraryDamaged. Interrupted, it can be run again.
    """
    catalogue = Catalogue(home / "catalogue.sqlite")
    lock = FileLock(home / "write.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryLocked(f"Another process is writing to the library in {home}. Wait until it has finished.") from error
    try:
        same = (catalogue.fact("embedder"), catalogue.fact("width")) == (embedder.name, str(embedder.width))
        ids = catalogue.passage_ids()
        vectors = chroma.opened(home / "chroma")
        vectors.clear()
        for done, batch in enumerate(in_batches(ids, 256)):
            pieces, blobs = catalogue.stored(batch)
            whole = same and all(blob and len(blob) == 4 * embedder.width for blob in blobs)
            rows = (
                np.stack([np.frombuffer(blob or b"", np.float32) for blob in blobs])
                if whole
                else embedder.embed([p.embedded for p in pieces])
            )
            if not whole:
                catalogue.set_vectors([p.id for p in pieces], rows)
            vectors.put([p.id for p in pieces], [p.document_id for p in pieces], rows)
            if progress:
                progress(min(len(ids), (done + 1) * 256), len(ids))
        catalogue.remember(embedder=embedder.name, width=str(embedder.width), generation=f"{time.time_ns()}")
        vectors.close()
        return len(ids)
    finally:
        lock.release()
        catalogue.close()
