"""The tables of the catalogue, and how a connection to it is set up. Used by catalogue alone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from index.facts import tables

metadata = sa.MetaData()
facts = sa.Table("facts", metadata, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text))
documents = sa.Table(
    "documents", metadata,
    sa.Column("id", sa.Text, primary_key=True), sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False), sa.Column("source", sa.Text, nullable=False, index=True),
    sa.Column("media", sa.Text, nullable=False), sa.Column("title", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False), sa.Column("published", sa.Text), sa.Column("inspected", sa.Text),
    sa.Column("bytes", sa.Integer, nullable=False), sa.Column("added", sa.Text, nullable=False),
    sa.Column("notices", sa.Text, nullable=False), sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("passages", sa.Integer, nullable=False),
)  # fmt: skip
pages = sa.Table(
    "pages", metadata,
    sa.Column("document_id", sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True), sa.Column("label", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False), sa.Column("blocks", sa.Text, nullable=False),
    sa.Column("runs", sa.Text, nullable=False),
)  # fmt: skip
passages = sa.Table(
    "passages", metadata,
    sa.Column("row", sa.Integer, primary_key=True), sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("document_id", sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("page", sa.Integer, nullable=False), sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False), sa.Column("text", sa.Text, nullable=False),
    sa.Column("section", sa.Text, nullable=False), sa.Column("header", sa.Text, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False), sa.Column("vector", sa.LargeBinary),
)  # fmt: skip
read_facts, corrections, standing = tables(metadata)
WORDS = (
    (
        "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(header, text, content='passages', content_rowid='row', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS passages_in AFTER INSERT ON passages BEGIN "
        "INSERT INTO words(rowid, header, text) VALUES (new.row, new.header, new.text); END"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS passages_out AFTER DELETE ON passages BEGIN "
        "INSERT INTO words(words, rowid, header, text) VALUES ('delete', old.row, old.header, old.text); END"
    ),
)



def prepare(connection: Any, _: object) -> None:
    """Settings of every new connection: readers do not wait for a writer, and a question does not read the file anew."""
    cursor = connection.cursor()
    # The default cache of 2 MB makes each question read the file anew.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536", "mmap_size=268435456"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
