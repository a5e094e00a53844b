"""Keeps passages by meaning. The only module that imports chromadb. Takes passages from library; gives ids to search.

Chroma is an index made from the catalogue, never the truth: it can be dropped and filled again at any time.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

log = logging.getLogger(__name__)
_COLLECTION = "passages"


class Vectors:
    """One persistent collection, cosine distance. ``id`` is the passage's, ``document_id`` its only metadata."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._open()

    def _open(self) -> None:
        self._held = 0  # not known yet, or none
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = Settings(anonymized_telemetry=False, allow_reset=False)
        self._client = chromadb.PersistentClient(path=str(self.folder), settings=settings)
        self._collection = self._client.get_or_create_collection(
            _COLLECTION,
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 16}},
            embedding_function=None,
        )

    def reopen(self) -> None:
        """Forgets what this process holds in memory: another one has written."""
        with self._lock:
            self.close()
            self._open()

    def close(self) -> None:
        """Lets go of the files."""
        SharedSystemClient.clear_system_cache()

    def clear(self) -> None:
        """Drops everything, files too."""
        with self._lock:
            self.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            self._open()

    def put(self, ids: Sequence[str], document_ids: Sequence[str], rows: NDArray[np.float32]) -> None:
        """Adds or replaces vectors; nothing for none."""
        self._held = 0
        if ids:
            self._collection.upsert(
                ids=list(ids), embeddings=rows, metadatas=[{"document_id": d} for d in document_ids]
            )

    def drop_document(self, document_id: str) -> None:
        """Removes a document's vectors, if any."""
        self._held = 0
        self._collection.delete(where={"document_id": document_id})

    def drop(self, ids: Sequence[str]) -> None:
        """Removes vectors by id."""
        self._held = 0
        if ids:
            self._collection.delete(ids=list(ids))

    def count(self) -> int:
        """How many vectors it holds, by the index itself."""
        self._held = int(self._collection.count())
        return self._held

    def ids(self) -> set[str]:
        """All ids. Reads the whole index: for repairs."""
        return set(self._collection.get(include=[])["ids"])

    def nearest(self, row: NDArray[np.float32], limit: int, within: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Ids with their cosine (−1..1), nearest first, of some documents if ``within`` names them; empty for an empty library."""
        held = self._held or self.count()
        if not held or (within is not None and not within):
            return []
        where: Any = None if within is None else {"document_id": {"$in": list(within)}}
        with self._lock:
            found = self._collection.query(
                query_embeddings=row[np.newaxis, :], n_results=min(limit, held), include=["distances"], where=where
            )
        distances = (found["distances"] or [[]])[0]
        return [(id, 1.0 - float(distance)) for id, distance in zip(found["ids"][0], distances, strict=True)]


def opened(folder: Path) -> Vectors:
    """The vectors in the folder; when they cannot be opened (a crash of old), an empty index in their place."""
    try:
        vectors = Vectors(folder)
        vectors.count()
        return vectors
    except (ChromaError, OSError, ValueError, RuntimeError) as error:
        log.warning("the vectors in %s cannot be opened (%s); they are made again from the catalogue", folder, error)
        SharedSystemClient.clear_system_cache()
        shutil.rmtree(folder, ignore_errors=True)
        return Vectors(folder)
