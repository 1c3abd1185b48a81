"""Which versions issues are still open at, and the migrations so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from huying.database.tables import definition_versions as versions
from huying.database.tables import issues
from huying.database.tables import process_migrations as migrations
from huying.house.house import House


def open_by_version(house: House, key: str) -> dict[int, int]:
    """How many issues are open, by version of a definition; versions without any are left out."""
    query = (
        select(versions.c.version, func.count())
        .join(issues, issues.c.definition_version_id == versions.c.id)
        .where(versions.c.key == key, issues.c.status == "open")
        .group_by(versions.c.version)
        .order_by(versions.c.version)
    )
    with house.database.reading() as connection:
        return {int(row[0]): int(row[1]) for row in connection.execute(query)}


def versions_in_use(house: House, key: str, but: int) -> list[int]:
    """The versions at which issues are open, but for one."""
    return [version for version in open_by_version(house, key) if version != but]


def list_migrations(house: House, key: str | None = None) -> Sequence[Row[Any]]:
    """All migrations, or those of a definition, the latest first."""
    query = select(migrations).order_by(migrations.c.id.desc())
    with house.database.reading() as connection:
        return connection.execute(query if key is None else query.where(migrations.c.key == key)).all()
