"""Keeping the lines of files: what has changed in issues is looked at anew, in portions; and all of it, if somebody wants it made anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, func, select, text, update

from definitions.files.chapters import shipped_rules
from huying.database.statement import Statement
from huying.database.tables import file_lines, issues
from huying.files.store import courses, matters, replaced, rows_of
from huying.house.house import House

#: So many issues are looked at in one transaction.
PORTION = 400
#: So many are made anew in one.
_MANY = 5_000
#: Who only reads waits for so many and not more; the chore does the rest.
_AT_MOST = 2_000
#: One transaction at a time makes lines, on PostgreSQL: any number that nobody else uses.
_MAKING = 7_227_393
_waiting = select(issues.c.id).where(issues.c.filed_version < issues.c.version).order_by(issues.c.id)
_known = Statement(
    update(issues)
    .where(issues.c.id == bindparam("of_id"))
    .values(filed_version=bindparam("seen", type_=issues.c.filed_version.type))
)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many issues were read, and how many lines they came to."""

    issues: int
    lines: int


def waiting(house: House) -> int:
    """1 if something has happened that files do not know yet, else 0; cheap."""
    with house.database.reading() as connection:
        return 1 if connection.execute(_waiting.limit(1)).first() else 0


def keep_up(house: House, portion: int = PORTION) -> int:
    """Look at a portion of what has changed; of how many issues it was."""
    with house.database.reading() as connection:
        ids = list(connection.execute(_waiting.limit(portion)).scalars())
    if ids:
        with house.database.writing() as connection:
            project(house, connection, ids)
    return len(ids)


def freshen(house: House) -> None:
    """Let whoever reads a file see what has just happened."""
    seen = 0
    while seen < _AT_MOST and (count := keep_up(house)):
        seen += count


def project(house: House, connection: Connection, ids: Sequence[int]) -> int:
    """Make the lines of issues, and of those that belong to the same matter, anew in the caller's transaction; how many lines."""
    alone(connection)
    # read before anything else: what happens to these issues meanwhile waits, and is looked at afterwards
    query = select(issues.c.id, issues.c.version).where(issues.c.id.in_(ids))
    versions = {row.id: row.version for row in connection.execute(query)}
    groups = matters(connection, ids)
    all_of = sorted({one for group in groups for one in group})
    found = courses(house, connection, issues.c.id.in_(all_of))
    rows = rows_of(groups, found, shipped_rules(), house.zone)
    replaced(connection, all_of, rows)
    _seen(connection, versions)
    return len(rows)


def _seen(connection: Connection, versions: Mapping[int, int]) -> None:
    """Keep as which version each issue was looked at."""
    _known.put_many(connection, [{"of_id": one, "seen": version} for one, version in versions.items()])


def alone(connection: Connection) -> None:
    """Let others who make lines, or that of which lines are made, wait until this transaction has ended; the first statement of it.

    On SQLite there is one that writes anyway.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKING})


def rebuild(house: House) -> Iterator[Rebuilt]:
    """Throw the lines away and make them anew, a range of issues after the other; after each, how many it was."""
    with house.database.writing() as connection:
        gone = delete(file_lines).where(file_lines.c.issue_id.not_in(select(issues.c.id)))
        connection.execute(gone)
    with house.database.reading() as connection:
        last = connection.execute(select(func.max(issues.c.id))).scalar_one() or 0
    for start in range(0, last + 1, _MANY):
        with house.database.writing() as connection:
            made = _range(house, connection, start)
        yield made


def _range(house: House, connection: Connection, start: int) -> Rebuilt:
    alone(connection)
    within = and_(issues.c.id >= start, issues.c.id < start + _MANY)
    # read before anything else, as above
    versions = {row.id: row.version for row in connection.execute(select(issues.c.id, issues.c.version).where(within))}
    groups = matters(connection, versions)
    # a matter is made with the issue that goes on: whatever of it lies in another range comes along
    groups = [group for group in groups if start <= group[0] < start + _MANY]
    members = sorted({one for group in groups for one in group})
    found = courses(house, connection, within)
    outside = [one for one in members if one not in found]
    if outside:
        found |= courses(house, connection, issues.c.id.in_(outside))
    rows = rows_of(groups, found, shipped_rules(), house.zone)
    replaced(connection, members, rows)
    # what was left to another range was not looked at here
    _seen(connection, {one: versions[one] for one in members if one in versions})
    return Rebuilt(len(versions), len(rows))
