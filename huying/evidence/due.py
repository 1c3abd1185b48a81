"""What is due to be sealed: triggers of the database note it with the row itself, so that nothing that was committed is forgotten.

They are made where they are missing, also when a later program covers one more table; what stands there already is noted then.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import Connection, delete, insert, select, text

from huying.database.tables import evidence_due, segments
from huying.evidence.contents import Contents
from huying.evidence.coverage import COVERED, ENDED, NEW, Coverage

_BATCH = 1_000


def equip(connection: Connection) -> None:
    """Make the triggers that are missing, and note what was written without them."""
    there = _triggers(connection)
    for name, (covered, aspect) in _wanted().items():
        if name not in there:
            _make(connection, covered, aspect, name)
            _note_all(connection, covered, aspect)


def is_equipped(connection: Connection) -> bool:
    """Whether all triggers are there."""
    return _wanted().keys() <= _triggers(connection)


def begin_anew(connection: Connection) -> None:
    """Note all that is there: for a house whose evidence was cleared away with everything else."""
    equip(connection)
    connection.execute(delete(evidence_due))
    for covered in COVERED:
        _note_all(connection, covered, NEW)


@lru_cache(maxsize=1)
def _wanted() -> dict[str, tuple[Coverage, str]]:
    """The triggers by name: of which table, and what makes a row due."""
    return {
        f"evidence_{covered.name}_{aspect or 'new'}": (covered, aspect)
        for covered in COVERED
        for aspect in ((NEW, ENDED) if covered.ends else (NEW,))
    }


def _triggers(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'evidence_%'"
    else:
        asked = (
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND t.tgname LIKE 'evidence_%' AND t.tgenabled <> 'D'"
        )
    return set(connection.execute(text(asked)).scalars())


def _make(connection: Connection, covered: Coverage, aspect: str, name: str) -> None:
    first = covered.ends[0] if covered.ends else ""
    when = "INSERT" if aspect == NEW else f"UPDATE OF {first}"
    only = "" if aspect == NEW else f" WHEN (OLD.{first} IS NULL AND NEW.{first} IS NOT NULL)"
    sqlite = connection.dialect.name == "sqlite"
    separator = "char(31)" if sqlite else "chr(31)"
    key = f" || {separator} || ".join(f"NEW.{column.name}" for column in covered.table.primary_key)
    noted = f"INSERT INTO evidence_due (of_table, aspect, row_key) VALUES ('{covered.name}', '{aspect}', CAST({key} AS TEXT));"
    if sqlite:
        made = [f"CREATE TRIGGER {name} AFTER {when} ON {covered.name}{only} BEGIN {noted} END"]
    else:
        made = [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $body$ BEGIN {noted} RETURN NULL; END $body$",
            f"DROP TRIGGER IF EXISTS {name} ON {covered.name}",
            f"CREATE TRIGGER {name} AFTER {when} ON {covered.name} FOR EACH ROW{only} EXECUTE FUNCTION {name}()",
        ]
    for statement in made:
        connection.exec_driver_sql(statement)


def _note_all(connection: Connection, covered: Coverage, aspect: str) -> None:
    """Note the rows of a table of which nothing is sealed and nothing is due."""
    known = {key for name, of, key in _sealed(connection) if (name, of) == (covered.name, aspect)}
    mine = (evidence_due.c.of_table == covered.name, evidence_due.c.aspect == aspect)
    known.update(connection.execute(select(evidence_due.c.row_key).where(*mine)).scalars())
    own = list(covered.table.primary_key)
    query = select(*own, *(covered.table.c[name] for name in covered.ends[:1])).order_by(*own)
    fresh: list[dict[str, str]] = []
    for row in connection.execute(query).mappings().all():
        key = covered.key_of(dict(row))
        if key not in known and (aspect == NEW or row[covered.ends[0]] is not None):
            fresh.append({"of_table": covered.name, "aspect": aspect, "row_key": key})
    for begin in range(0, len(fresh), _BATCH):
        connection.execute(insert(evidence_due), fresh[begin : begin + _BATCH])


def _sealed(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """What stands in segments: table, aspect, key."""
    query = select(segments.c.contents).order_by(segments.c.id).execution_options(yield_per=50)
    for contents in connection.execute(query).scalars():
        for line in Contents.read(contents).lines:
            yield line.table, line.aspect, line.key
