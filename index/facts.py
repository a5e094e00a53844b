"""Keeps what each publication says of itself, and what people have corrected, beside the catalogue in the same SQLite file.

Takes Facts from library; gives them back with corrections in their place. What was read and what was corrected are kept
apart, so that reading anew never loses a correction, and taking one back shows what was read.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from corpus.dates import first_day, first_time, stretches
from corpus.types import FIELDS, Fact
from index.errors import BadCorrection

GENERATION = "INSERT INTO facts VALUES ('generation', '1') ON CONFLICT(key) DO UPDATE SET value = value + 1"
"""Counts a generation of the catalogue: whoever remembers its state sees that it has changed."""
LONGEST = 200
"""A value typed by hand has at most so many characters."""
JUDGED = ("overall", "judgement")


def tables(metadata: sa.MetaData) -> tuple[sa.Table, sa.Table, sa.Table]:
    """The three tables: what was read, what was corrected, and what searching needs to know of each document."""
    read = sa.Table(
        "read_facts", metadata,
        sa.Column("document_id", sa.Text, nullable=False, index=True), sa.Column("field", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False), sa.Column("page", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False), sa.Column("end", sa.Integer, nullable=False),
        sa.Column("quote", sa.Text, nullable=False), sa.Column("rule", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False), sa.Column("scale", sa.Text, nullable=False),
    )  # fmt: skip
    corrected = sa.Table(
        "corrections", metadata,
        sa.Column("document_id", sa.Text, primary_key=True), sa.Column("field", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False),
        sa.Column("made", sa.Text, nullable=False), sa.Column("scale", sa.Text, nullable=False),
    )  # fmt: skip
    standing = sa.Table(
        "standing", metadata,
        sa.Column("document_id", sa.Text, primary_key=True), sa.Column("kind", sa.Text, nullable=False),
        sa.Column("embargo", sa.Text), sa.Column("stamp", sa.Text, nullable=False),
    )  # fmt: skip
    return read, corrected, standing


class FactStore:
    """The facts of one catalogue. ``engine`` is the catalogue's own."""

    def __init__(self, engine: sa.Engine, read: sa.Table, corrected: sa.Table, standing: sa.Table, documents: sa.Table) -> None:
        self._engine, self._read, self._corrected, self._standing, self._documents = engine, read, corrected, standing, documents

    def write(self, connection: sa.Connection, document_id: str, facts: Sequence[Fact], stamp: str) -> None:
        """Keeps what was read, in place of what was read before. Corrections stay, and count."""
        connection.execute(self._read.delete().where(self._read.c.document_id == document_id))
        if facts:
            connection.execute(self._read.insert(), [_row(document_id, fact) for fact in facts])
        self._settle(connection, document_id, stamp)

    def rewrite(self, document_id: str, facts: Sequence[Fact], stamp: str) -> None:
        """The same in a transaction of its own."""
        with self._engine.begin() as connection:
            self.write(connection, document_id, facts, stamp)
            connection.execute(sa.text(GENERATION))

    def _settle(self, connection: sa.Connection, document_id: str, stamp: str = "") -> None:
        """Brings what is searched and listed in line with the facts as they now count."""
        told = {fact.field: fact.value for fact in reversed(self._of(connection, [document_id]).get(document_id, ()))}
        embargo = datetime.fromisoformat(told["embargo"]).astimezone(UTC).isoformat() if told.get("embargo") else None
        kept = connection.execute(sa.select(self._standing.c.stamp).where(self._standing.c.document_id == document_id)).scalar()
        connection.execute(self._standing.delete().where(self._standing.c.document_id == document_id))
        connection.execute(self._standing.insert(), {"document_id": document_id, "kind": told.get("kind", ""), "embargo": embargo,
                                                     "stamp": stamp or kept or ""})  # fmt: skip
        values = {"service": told.get("service", ""), "published": told.get("published"),
                  "inspected": told["fieldwork"].split("/")[-1] if told.get("fieldwork") else None}  # fmt: skip
        connection.execute(self._documents.update().where(self._documents.c.id == document_id).values(**values))

    def delete(self, connection: sa.Connection, document_id: str) -> None:
        """Forgets what was read from a document. Corrections are kept: the same file may come back."""
        for table in (self._read, self._standing):
            connection.execute(table.delete().where(table.c.document_id == document_id))

    def of(self, document_ids: Sequence[str] | None = None, *, blanks: bool = False) -> dict[str, tuple[Fact, ...]]:
        """Each document's facts as they count, corrections in place, in the order of FIELDS; of all documents by default.

        With ``blanks`` a correction that says that there is none is among them, its value empty.
        """
        with self._engine.connect() as connection:
            return self._of(connection, document_ids, blanks)

    def _of(self, connection: sa.Connection, ids: Sequence[str] | None, blanks: bool = False) -> dict[str, tuple[Fact, ...]]:
        read, corrected = sa.select(self._read), sa.select(self._corrected)
        if ids is not None:
            wanted: Any = sa.select(sa.column("value")).select_from(sa.func.json_each(json.dumps(list(ids))))
            read, corrected = read.where(self._read.c.document_id.in_(wanted)), corrected.where(self._corrected.c.document_id.in_(wanted))
        found: dict[str, list[Fact]] = defaultdict(list)
        for row in connection.execute(read):
            found[row[0]].append(_fact(row))
        for row in connection.execute(corrected.order_by(self._corrected.c.made)):
            found[row.document_id] = _with(found[row.document_id], row, blanks)
        return {id: tuple(sorted(facts, key=lambda fact: FIELDS.index(fact.field))) for id, facts in found.items()}

    def stale(self, stamp: str) -> list[str]:
        """Documents whose facts were read with other profiles, or never."""
        query = sa.select(self._documents.c.id).join(self._standing, self._standing.c.document_id == self._documents.c.id, isouter=True)
        with self._engine.connect() as connection:
            return list(connection.execute(query.where(sa.func.coalesce(self._standing.c.stamp, "") != stamp)).scalars())

    def correct(self, document_id: str, field: str, value: str, subject: str = "") -> Fact:
        """Sets a value by hand, "" meaning that there is none. Returns it as it is kept. Raises BadCorrection."""
        fact = self.checked(document_id, field, value, subject)
        key = {"document_id": document_id, "field": field, "subject": fact.subject}
        made = {"value": fact.value, "made": datetime.now(UTC).isoformat(), "scale": json.dumps(fact.scale) if fact.scale else ""}
        with self._engine.begin() as connection:
            connection.execute(_same(self._corrected, key))
            connection.execute(self._corrected.insert(), key | made)
            self._settle(connection, document_id)
            connection.execute(sa.text(GENERATION))
        return fact

    def checked(self, document_id: str, field: str, value: str, subject: str = "") -> Fact:
        """The fact that a value typed by hand would become. Raises BadCorrection."""
        kept, subject = evened(field, value, subject)
        known = self.as_read(document_id)
        scale: tuple[str, ...] = ()
        if field in JUDGED and kept:
            with self._engine.connect() as connection:
                kept, scale = _on_scale(kept, known, self._scales(connection))
        if field == "judgement":
            subject = next((fact.subject for fact in known if fact.subject.casefold() == subject.casefold()), subject)
        return Fact(field, kept, rule="corrected by hand", subject=subject, scale=scale, corrected=True)

    def _scales(self, connection: sa.Connection) -> list[tuple[str, ...]]:
        """The scales in use in the library, the commonest first."""
        count = sa.func.count()
        query = sa.select(self._read.c.scale, count).where(self._read.c.scale != "").group_by(self._read.c.scale).order_by(count.desc())
        return [tuple(json.loads(row[0])) for row in connection.execute(query)]

    def take_back(self, document_id: str, field: str, subject: str = "") -> bool:
        """Ends a correction, so that what was read counts again. Whether there was one."""
        own = self._corrected.c
        of = sa.and_(own.document_id == document_id, own.field == field, sa.func.lower(own.subject) == subject.lower())
        with self._engine.begin() as connection:
            gone = connection.execute(self._corrected.delete().where(of))
            self._settle(connection, document_id)
            connection.execute(sa.text(GENERATION))
        return bool(gone.rowcount)

    def as_read(self, document_id: str) -> tuple[Fact, ...]:
        """What was read, without corrections."""
        with self._engine.connect() as connection:
            return tuple(_fact(row) for row in connection.execute(sa.select(self._read).where(self._read.c.document_id == document_id)))

    def carry(self, before: str, after: str) -> int:
        """Gives a file's new content the corrections of its earlier one, where it has none itself; how many they were."""
        with self._engine.begin() as connection:
            rows = connection.execute(sa.select(self._corrected).where(self._corrected.c.document_id.in_((before, after)))).mappings().all()
            own = {(row["field"], row["subject"]) for row in rows if row["document_id"] == after}
            lost = [row for row in rows if row["document_id"] == before and (row["field"], row["subject"]) not in own]
            carried = [{**row, "document_id": after} for row in lost]
            if carried:
                connection.execute(self._corrected.insert(), carried)
                self._settle(connection, after)
        return len(carried)


def _same(table: sa.Table, key: dict[str, str]) -> sa.Delete:
    return table.delete().where(*(table.c[name] == value for name, value in key.items()))


def _row(document_id: str, fact: Fact) -> dict[str, object]:
    return {
        "document_id": document_id, "field": fact.field, "value": fact.value, "page": fact.page, "start": fact.start, "end": fact.end,
        "quote": fact.quote, "rule": fact.rule, "subject": fact.subject, "scale": json.dumps(fact.scale) if fact.scale else "",
    }  # fmt: skip


def _fact(row: Any) -> Fact:
    scale = tuple(json.loads(row.scale)) if row.scale else ()
    return Fact(row.field, row.value, row.page, row.start, row.end, row.quote, row.rule, row.subject, scale)


def _with(facts: Iterable[Fact], row: Any, blanks: bool) -> list[Fact]:
    """The facts with a correction in the place of what was read; with neither (or a blank) where it says that there is none."""
    rest = [fact for fact in facts if (fact.field, fact.subject) != (row.field, row.subject)]
    scale = tuple(json.loads(row.scale)) if row.scale else ()
    made = Fact(row.field, row.value, rule="corrected by hand", subject=row.subject, scale=scale, corrected=True)
    return [*rest, made] if row.value or blanks else rest


def _on_scale(value: str, known: Sequence[Fact], scales: Sequence[tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """The grade as its scale writes it, and the scale: the document's, else the commonest in the library that has it.

    Raises BadCorrection for none of the document's grades; a grade of no scale at all stays as it was typed.
    """
    own = next((fact.scale for fact in known if fact.scale), ())
    for scale in [own] if own else scales:
        if grade := next((grade for grade in scale if grade.casefold() == value.casefold()), ""):
            return grade, scale
    if own:
        raise BadCorrection(f"{value!r} is no grade of this document's scale: {', '.join(own)}.")
    return value, ()


def evened(field: str, value: str, subject: str = "") -> tuple[str, str]:
    """A value typed by a person in the form in which it is kept, and the subject. Raises BadCorrection, with an example."""
    value, subject = " ".join(value.split()), " ".join(subject.split())
    if field not in FIELDS:
        raise BadCorrection(f"There is no field {field!r}. Fields are {', '.join(FIELDS)}.")
    if (field == "judgement") != bool(subject):
        raise BadCorrection("A judgement needs what was judged, as in judgement:Leadership=Good; other fields have no such part.")
    if not value:
        return "", subject
    if len(value) > LONGEST:
        raise BadCorrection(f"The value has {len(value):,} characters; at most {LONGEST} are kept.")
    kept = {"published": _day, "fieldwork": _stretch, "embargo": _moment, "score": _score, "kind": str.casefold,
            "recommendations": _number, "caseload": _number}.get(field, str)(value)  # fmt: skip
    return kept, subject


def _day(value: str) -> str:
    days = list(stretches(value))
    if len(days) != 1 or days[0].since != days[0].until:
        raise BadCorrection(f"{value!r} is no day. Write it as 17 July 2019 or 2019-07-17.")
    return days[0].since.isoformat()


def _number(value: str) -> str:
    bare = value.replace(",", "")
    if not (bare.isascii() and bare.isdigit()):
        raise BadCorrection(f"{value!r} is no whole number.")
    return bare


def _score(value: str) -> str:
    match = re.fullmatch(r"(\d{1,3})\s*(?:/|of|out of)\s*(\d{1,3})", value)
    if not match or int(match[1]) > int(match[2]):
        raise BadCorrection(f"{value!r} is no score. Write it as 18/30.")
    return f"{match[1]}/{match[2]}"


def _stretch(value: str) -> str:
    since, slash, until = value.partition("/")
    if slash:
        try:
            first, last = date.fromisoformat(since), date.fromisoformat(until)
        except ValueError:
            first, last = date.max, date.min
        if first <= last:
            return f"{first}/{last}"
    found = next(iter(stretches(value)), None)
    if not found:
        raise BadCorrection(f"{value!r} is no stretch of days. Write it as 4 to 15 March 2019, or March 2019.")
    return found.since.isoformat() if found.since == found.until else f"{found.since}/{found.until}"


def _moment(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        day, time = first_day(value), first_time(value)
        if not day or not day.exact or not time:
            raise BadCorrection(f"{value!r} is no moment. Write it as 17 July 2019 00:01 or 2019-07-17T00:01.") from None
        moment = datetime.combine(day.since, time[0])
    try:
        local = moment if moment.tzinfo else moment.astimezone()  # as the clock of this computer means it
        local.astimezone(UTC)
    except (OverflowError, ValueError):
        raise BadCorrection(f"{value!r} is out of range. Write it as 17 July 2019 00:01.") from None
    return local.isoformat(timespec="minutes")
