"""Keeps documents, pages and passages in SQLite, with full text (FTS5): the truth about what the library holds.

Takes Documents, Passages and their vectors from library; gives entries, pages, words' hits and vectors back. The vectors
are kept here too, so that Chroma's index can be made again without embedding anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from corpus.types import Document, Page, Passage
from index.errors import LibraryDamaged, UnknownDocument
from index.facts import GENERATION, FactStore
from index.rows import document_row, entry_of, page_of, page_row, passage_of, passage_row
from index.schema import WORDS, corrections, documents, facts, metadata, pages, passages, prepare, read_facts, standing
from index.types import Entry

VERSION = 2
VISIBLE, ADDING, REMOVING = "visible", "adding", "removing"
"""States of a document. Only a visible one is searched or listed; the others are what a killed process left half done."""

_FREE = "d.id NOT IN (SELECT value FROM json_each(:hidden))"
_LISTED = sa.select(documents, standing.c.kind, standing.c.embargo).join(
    standing, standing.c.document_id == documents.c.id, isouter=True
)


class Catalogue:
    """One SQLite file. Every method is one transaction; any number of threads and processes may read meanwhile."""

    def __init__(self, path: Path) -> None:
        """Opens or makes it. Raises LibraryDamaged."""
        self.path = path
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.embargo = True
        """Whether publications are kept from readers until their embargo ends."""
        self._counts: dict[str, int] = {}
        self._holding: tuple[str, list[tuple[str, str]]] | None = None
        self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30, "check_same_thread": False})
        sa.event.listen(self._engine, "connect", prepare)
        self.facts = FactStore(self._engine, read_facts, corrections, standing, documents)
        try:
            with self._engine.begin() as connection:
                metadata.create_all(connection)
                for statement in WORDS:
                    connection.execute(sa.text(statement))
            version = int(self.fact("version") or VERSION)
        except (sa.exc.DatabaseError, ValueError) as error:
            raise LibraryDamaged(
                f"The catalogue {path} cannot be read ({error.__class__.__name__}). Restore it from a backup, or move it "
                "away and add the documents again."
            ) from error
        if version > VERSION:
            raise LibraryDamaged(f"The library in {path.parent} was made by a newer version. Update this program.")
        if self.fact("version") != str(VERSION):
            self.remember(version=str(VERSION))  # earlier programs know nothing of embargoes, and must not open it

    def close(self) -> None:
        """Ends all connections."""
        self._engine.dispose()

    def fact(self, key: str) -> str | None:
        """A remembered value (embedder, width, version, generation), None when it was never set."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(facts.c.value).where(facts.c.key == key)).scalar()

    def remember(self, **values: str) -> None:
        """Sets values."""
        with self._engine.begin() as connection:
            for key, value in values.items():
                connection.execute(sa.text("INSERT OR REPLACE INTO facts VALUES (:k, :v)"), {"k": key, "v": value})

    def _readable(self) -> sa.ColumnElement[bool]:
        """Visible, and under no embargo."""
        held = self._held()
        return sa.and_(documents.c.state == VISIBLE, documents.c.id.not_in(held)) if held else documents.c.state == VISIBLE

    def _held(self) -> list[str]:
        """The documents that readers may not see now. Those whose facts nobody has read yet are among them: who knows."""
        if not self.embargo:
            return []
        now = self._moment()
        return [id for id, until in self._embargoes() if until > now]

    def _embargoes(self) -> list[tuple[str, str]]:
        """Documents with the end of their embargo; remembered as long as nobody, in whatever process, changes the library."""
        generation = self.fact("generation") or ""
        if self._holding is None or self._holding[0] != generation:
            never = sa.func.coalesce(sa.case((standing.c.document_id.is_(None), "9999"), else_=standing.c.embargo), "")
            query = sa.select(documents.c.id, never).join(standing, standing.c.document_id == documents.c.id, isouter=True)
            with self._engine.connect() as connection:
                self._holding = generation, [(row[0], row[1]) for row in connection.execute(query.where(never != ""))]
        return self._holding[1]

    def _moment(self) -> str:
        """Now, as embargoes are kept."""
        return self.now().astimezone(UTC).isoformat()

    def held_passages(self) -> int:
        """How many passages there are that readers may not see now."""
        held = self._held()
        if not held:
            return 0
        query = sa.select(sa.func.coalesce(sa.func.sum(documents.c.passages), 0)).where(documents.c.id.in_(held))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def lifted(self) -> int:
        """How many embargoes have ended: what readers may see changes when this does."""
        now = self._moment()
        return sum(until <= now for _, until in self._embargoes())

    def insert(
        self, document: Document, pieces: Sequence[Passage], vectors: NDArray[np.float32], size: int, stamp: str = ""
    ) -> None:
        """Writes a document with all that belongs to it in one transaction, not yet visible."""
        if len(pieces) != len(vectors):
            raise ValueError(f"{len(pieces)} passages and {len(vectors)} vectors")
        with self._engine.begin() as connection:
            connection.execute(documents.insert(), document_row(document, ADDING, len(pieces), size))
            connection.execute(pages.insert(), [page_row(document.id, page) for page in document.pages])
            self.facts.write(connection, document.id, document.facts, stamp)
            if pieces:
                rows = [passage_row(p, v) for p, v in zip(pieces, vectors, strict=True)]
                connection.execute(passages.insert(), rows)

    def show(self, document_id: str, instead_of: Sequence[str] = ()) -> None:
        """Makes a document visible, and those that it replaces invisible, in one step. Counts a generation."""
        with self._engine.begin() as connection:
            self._mark(connection, [document_id], VISIBLE)
            self._mark(connection, instead_of, REMOVING)
        self.forget()

    def hide(self, document_ids: Sequence[str]) -> None:
        """Makes documents invisible, to be deleted next."""
        with self._engine.begin() as connection:
            self._mark(connection, document_ids, REMOVING)
        self.forget()

    @staticmethod
    def _mark(connection: sa.Connection, ids: Sequence[str], state: str) -> None:
        if ids:
            connection.execute(documents.update().where(documents.c.id.in_(ids)).values(state=state))
        connection.execute(sa.text(GENERATION))

    def move(self, document_id: str, name: str, source: str) -> None:
        """The same content now lies elsewhere."""
        with self._engine.begin() as connection:
            self._mark(connection, [], VISIBLE)
            connection.execute(documents.update().where(documents.c.id == document_id).values(name=name, source=source))

    def delete(self, document_id: str) -> None:
        """Removes a document with its pages, passages and facts; corrections stay, should the same file come back."""
        with self._engine.begin() as connection:
            for table in (passages, pages):
                connection.execute(table.delete().where(table.c.document_id == document_id))
            connection.execute(documents.delete().where(documents.c.id == document_id))
            self.facts.delete(connection, document_id)
        self.forget()

    def unfinished(self) -> list[str]:
        """Documents that a killed process left half added or half removed."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(documents.c.id).where(documents.c.state != VISIBLE)).scalars())

    def entries(self, *, held: bool = False) -> list[Entry]:
        """The documents that may be read, by title; with ``held`` also those under embargo."""
        query = _LISTED.where(documents.c.state == VISIBLE if held else self._readable())
        with self._engine.connect() as connection:
            return [entry_of(row) for row in connection.execute(query.order_by(documents.c.title, documents.c.name)).mappings()]

    def entry(self, document_id: str, *, held: bool = False) -> Entry:
        """One document. Raises UnknownDocument."""
        of = _LISTED.where(documents.c.state == VISIBLE if held else self._readable(), documents.c.id == document_id)
        with self._engine.connect() as connection:
            row = connection.execute(of).mappings().first()
        if row is None:
            raise UnknownDocument("This document is no longer in the library, or is under embargo.")
        return entry_of(row)

    def page(self, document_id: str, number: int) -> Page:
        """One page of a visible document. Raises UnknownDocument."""
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(pages)
                .join(documents)
                .where(self._readable(), documents.c.id == document_id, pages.c.number == number)
            ).mappings().first()  # fmt: skip
        if row is None:
            raise UnknownDocument("This document, or this page of it, is no longer in the library.")
        return page_of(row)

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """All pages of a document in whatever state, in order."""
        query = sa.select(pages).where(pages.c.document_id == document_id).order_by(pages.c.number)
        with self._engine.connect() as connection:
            return tuple(page_of(row) for row in connection.execute(query).mappings())

    def passages_of(self, document_id: str) -> list[Passage]:
        """All passages of a document in whatever state, in order."""
        columns = [column for column in passages.c if column is not passages.c.vector]
        query = sa.select(*columns).where(passages.c.document_id == document_id).order_by(passages.c.row)
        with self._engine.connect() as connection:
            return [passage_of(row) for row in connection.execute(query).mappings()]

    def passage_ids(self, document_id: str | None = None) -> list[str]:
        """Ids of all visible passages, or of one document's in whatever state."""
        query = sa.select(passages.c.id).order_by(passages.c.row)
        if document_id is None:
            query = query.join(documents).where(documents.c.state == VISIBLE)
        else:
            query = query.where(passages.c.document_id == document_id)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def visible(self, ids: Sequence[str]) -> dict[str, str]:
        """Which of these passages are visible, each with its document's id."""
        query = sa.select(passages.c.id, passages.c.document_id).join(documents)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(self._readable(), passages.c.id.in_(ids)))
            return {row[0]: row[1] for row in rows}

    def page_text(self, document_id: str, number: int) -> str:
        """A page's text alone; empty for a page that is not there."""
        query = sa.select(pages.c.text).where(pages.c.document_id == document_id, pages.c.number == number)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or ""

    def found(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Entry]]:
        """Visible passages by id, each with its document."""
        with self._engine.connect() as connection:
            query = sa.select(*(column for column in passages.c if column is not passages.c.vector)).join(documents)
            rows = connection.execute(
                query.where(self._readable(), passages.c.id.in_(ids))
            ).mappings().all()  # fmt: skip
            of = _LISTED.where(documents.c.id.in_({row["document_id"] for row in rows}))
            entries = {row["id"]: entry_of(row) for row in connection.execute(of).mappings()}
        return {row["id"]: (passage_of(row), entries[row["document_id"]]) for row in rows}

    def stored(self, ids: Sequence[str]) -> tuple[list[Passage], list[bytes | None]]:
        """Passages (visible or not) and their kept vectors, as float32 bytes."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(passages).where(passages.c.id.in_(ids))).mappings().all()
        return [passage_of(row) for row in rows], [row["vector"] for row in rows]

    def vectors(self, within: Sequence[str]) -> Iterator[tuple[list[str], list[str], NDArray[np.float32]]]:
        """The kept vectors of these documents in lots: passages' ids, their documents' ids, and rows of unit length."""
        for ids in in_batches(within, 100):
            query = sa.select(passages.c.id, passages.c.document_id, passages.c.vector).where(passages.c.document_id.in_(ids))
            with self._engine.connect() as connection:
                rows = connection.execute(query.where(passages.c.vector.is_not(None))).all()
            if rows:
                held = np.frombuffer(b"".join(row[2] for row in rows), np.float32)
                yield [row[0] for row in rows], [row[1] for row in rows], held.reshape(len(rows), -1)

    def set_vectors(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keeps other vectors for passages (after a change of embedder)."""
        with self._engine.begin() as connection:
            for id, vector in zip(ids, vectors, strict=True):
                connection.execute(passages.update().where(passages.c.id == id).values(vector=vector.tobytes()))

    def match(self, expression: str, limit: int, within: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Ids of visible passages with their BM25 (more is better), best first, of some documents if ``within`` names them.

        A word in the header counts one and a half times.
        """
        # Without a choice of documents only the best are joined, and as many more as there are that nobody may see.
        held = self._held()
        best = "SELECT rowid, rank FROM words WHERE words MATCH :expression AND rank MATCH 'bm25(1.5, 1.0)'"
        best += " ORDER BY rank LIMIT 2 * :limit + :held" if within is None else ""
        query = sa.text(
            f"SELECT p.id, -w.rank FROM ({best}) w JOIN passages p ON p.row = w.rowid JOIN documents d ON d.id = p.document_id "
            f"WHERE d.state = 'visible' {f'AND {_FREE} ' if held else ''}"
            + ("" if within is None else "AND p.document_id IN (SELECT value FROM json_each(:within)) ")
            + "ORDER BY w.rank, p.row LIMIT :limit"
        )
        given: dict[str, object] = {"expression": expression, "limit": limit, "held": self.held_passages() if held else 0}
        given |= {"hidden": json.dumps(held)} if held else {}
        given |= {} if within is None else {"within": json.dumps(list(within))}
        with self._engine.connect() as connection:
            return [(row[0], float(row[1])) for row in connection.execute(query, given)]

    def passage_count(self) -> int:
        """How many passages readers may see, remembered until ``forget``."""
        if "" not in self._counts:
            self._counts[""] = self._counted("", "SELECT count(*) FROM passages") - self.held_passages()
        return self._counts[""]

    def frequency(self, word: str) -> int:
        """In how many passages (headers included) that readers may see the word stands, in any of its inflections.

        Remembered likewise. What is under embargo is not counted: a refusal must not tell that a word is in it.
        """
        if word in self._counts:
            return self._counts[word]
        if not self._held():
            return self._counted(word, "SELECT count(*) FROM words WHERE words MATCH :expression")
        joined = "FROM words w JOIN passages p ON p.row = w.rowid JOIN documents d ON d.id = p.document_id"
        return self._counted(word, f"SELECT count(*) {joined} WHERE words MATCH :expression AND {_FREE}")

    def _counted(self, word: str, query: str) -> int:
        counts = self._counts
        quoted = '"' + word.replace('"', '""') + '"'
        given = ({"expression": quoted} if word else {}) | ({"hidden": json.dumps(self._held())} if ":hidden" in query else {})
        with self._engine.connect() as connection:
            found = int(connection.execute(sa.text(query), given).scalar() or 0)
        counts[word] = found
        return found

    def forget(self) -> None:
        """Counts anew what was remembered: the library has changed."""
        self._counts, self._holding = {}, None

    def check(self) -> list[str]:
        """Problems that SQLite itself sees, none when it is sound."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.text("PRAGMA quick_check")).scalars().all()
        return [] if rows == ["ok"] else [str(row) for row in rows]


def in_batches(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """The ids in lots that a statement can take."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
