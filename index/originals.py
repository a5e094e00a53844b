"""The files as they were added: what they are, where they lie, and their pages as pictures, for readers who may see them.

Takes ids from the page, and asks the library each time whether the document is still for readers; drawn pages are kept for a while.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from corpus.errors import WrongType
from corpus.picture import Sight, characters_of, draw, sight
from corpus.studio import Studio
from corpus.types import Page
from index.types import Entry

SCALES = (1.5, 3.0)
"""Pixels a point that pages are drawn with: enough for a page as wide as a column, and for one enlarged."""
_KEPT = 64 << 20


class Originals:
    """Originals of one library. Every method raises UnknownDocument for what readers may not see; any thread may call."""

    def __init__(self, entry: Callable[[str], Entry], path: Callable[[str], Path]) -> None:
        """``entry`` and ``path`` give a document's entry and its file, and raise UnknownDocument."""
        self.entry, self.path = entry, path
        self.studio = Studio()
        self._lock = threading.Lock()
        self._drawn: OrderedDict[tuple[str, int, float], bytes] = OrderedDict()
        self._size = 0

    def sight(self, document_id: str, page: Page, start: int, end: int) -> Sight:
        """A page's measures, and where ``page.text[start:end]`` stands on it. Raises Unreadable, UnknownDocument."""
        return self.studio.work(sight, self._pdf(document_id), page.number, characters_of(page, start, end))

    def picture(self, document_id: str, number: int, scale: float) -> bytes:
        """A page as a WebP file; ``scale`` is one of SCALES. Raises Unreadable, UnknownDocument."""
        path, key = self._pdf(document_id), (document_id, number, scale)
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return self._drawn[key]
        made = self.studio.work(draw, path, number, scale)
        self._keep(key, made)
        return made

    def _pdf(self, document_id: str) -> Path:
        if self.entry(document_id).media != "pdf":
            raise WrongType("Only pages of PDF files are shown as pictures.")
        return self.path(document_id)

    def _keep(self, key: tuple[str, int, float], made: bytes) -> None:
        """Keeps what was drawn, and lets go of what nobody has looked at for longest."""
        with self._lock:
            self._size += len(made) - len(self._drawn.get(key, b""))
            self._drawn[key] = made
            while self._size > _KEPT and len(self._drawn) > 1:
                self._size -= len(self._drawn.popitem(last=False)[1])

    def close(self) -> None:
        """Ends the process that draws."""
        self.studio.close()
