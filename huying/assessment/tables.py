"""Scoring tables of this house: examined, adopted as immutable versions, found by the day on which they are in force."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, select

from definitions.finding import Finding
from definitions.loader import Unsound
from definitions.scores.table import ScoreTable, read_table, restore_table
from engine.refusal import Unavailable
from huying.database.connections import Writing
from huying.database.tables import score_versions
from huying.errors import NotFound
from huying.house.house import House
from huying.house.imprint import Imprint

#: What a text that somebody typed is called in findings.
TABLE_FILE = "scores.yaml"


class NoTable(NotFound):
    """No scoring table says how points come about: none has this name, or none was in force then."""


@dataclass(frozen=True, slots=True)
class ScoreVersion:
    """One version of a table."""

    id: int
    key: str
    version: int
    table: ScoreTable
    source: str
    published_at: datetime
    published_by: str
    note: str


def examine_table(source: str | bytes, name: str) -> tuple[ScoreTable | None, tuple[Finding, ...]]:
    """The table of a text, if it has a sound shape, and everything that is wrong with it; ``Unreadable`` if it is no YAML."""
    found = read_table(source, name)
    return found.table, found.findings


def publishing_table(house: House, source: str, name: str, imprint: Imprint, newest: int | None = None) -> Writing:
    """What adopts a table; ``Unsound`` for a text with faults, ``Unavailable`` if there is a newer one than ``newest``."""
    found = read_table(source, name)
    table = found.table
    if table is None or found.findings:
        raise Unsound(found.findings)
    digest = hashlib.sha256(orjson.dumps(found.body)).hexdigest()
    row = {
        "key": table.scores,
        "digest": digest,
        "source": source,
        "body": found.body,
        "begins": table.from_,
        "ends": table.until,
        "published_at": imprint.now,
        "published_by": imprint.by,
        "note": imprint.note,
    }

    def write(connection: Connection) -> None:
        last = _newest(connection, table.scores)
        if last is not None and last.digest == digest:
            return
        if newest is not None and (last.version if last else 0) != newest:
            raise Unavailable("这张计分表另有新的版本。", "There is a newer version of this table.")
        connection.execute(insert(score_versions).values(**row, version=(last.version if last else 0) + 1))

    return write


def publish_table(house: House, source: str, name: str, imprint: Imprint) -> ScoreVersion:
    """Adopt a table; the same content again makes no new version. ``Unsound`` carries the findings."""
    write = publishing_table(house, source, name, imprint)
    with house.database.writing() as connection:
        write(connection)
    table = read_table(source, name).table
    assert table is not None
    return newest_table(house, table.scores)


def newest_table(house: House, key: str) -> ScoreVersion:
    """The newest version of a table; ``NotFound`` if none was adopted."""
    with house.database.reading() as connection:
        row = _newest(connection, key)
    if row is None:
        raise _no_table(key)
    return _version(row)


def table_in_force(house: House, key: str, on: date) -> ScoreVersion:
    """The newest version that is in force on a day, the last of the period; ``NotFound`` if there is none."""
    begun = score_versions.c.begins.is_(None) | (score_versions.c.begins <= on)
    over = score_versions.c.ends.is_(None) | (score_versions.c.ends >= on)
    query = select(score_versions).where(score_versions.c.key == key, begun, over)
    with house.database.reading() as connection:
        row = connection.execute(query.order_by(score_versions.c.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise NoTable(
            f"{on.year} 年没有在用的计分表“{key}”，请先在“考核 · 计分表”里启用。",
            f"No scoring table “{key}” is in force in {on.year}; adopt one first.",
        )
    return _version(row)


def table_version(house: House, number: int) -> ScoreVersion:
    """A version by its id; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        row = connection.execute(select(score_versions).where(score_versions.c.id == number)).one_or_none()
    if row is None:
        raise _no_table(str(number))
    return _version(row)


def tables(house: House) -> tuple[ScoreVersion, ...]:
    """The newest version of each table, by key."""
    newest = select(score_versions.c.key, func.max(score_versions.c.version).label("version")).group_by(
        score_versions.c.key
    )
    last = newest.subquery()
    query = select(score_versions).join(
        last, (last.c.key == score_versions.c.key) & (last.c.version == score_versions.c.version)
    )
    with house.database.reading() as connection:
        return tuple(_version(row) for row in connection.execute(query.order_by(score_versions.c.key)))


def versions(house: House, key: str) -> tuple[ScoreVersion, ...]:
    """All versions of a table, the newest first."""
    query = select(score_versions).where(score_versions.c.key == key).order_by(score_versions.c.version.desc())
    with house.database.reading() as connection:
        return tuple(_version(row) for row in connection.execute(query))


def _newest(connection: Connection, key: str) -> Row[Any] | None:
    query = select(score_versions).where(score_versions.c.key == key).order_by(score_versions.c.version.desc()).limit(1)
    return connection.execute(query).one_or_none()


def _version(row: Row[Any]) -> ScoreVersion:
    return ScoreVersion(
        row.id,
        row.key,
        row.version,
        restore_table(row.body),
        row.source,
        row.published_at,
        row.published_by,
        row.note,
    )


def _no_table(key: str) -> NotFound:
    return NoTable(f"没有名为“{key}”的计分表。", f"There is no scoring table “{key}”.")
