"""What is kept of a published version besides what it says: who withdrew it and why, and what was found before it was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from huying.database.tables import definition_versions as versions
from huying.database.tables import issues
from huying.house.house import House
from huying.house.processes import Version


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version with how many issues follow it (all, and open ones)."""

    version: Version
    withdrawn_by: str | None
    withdrawn_because: str | None
    has_report: bool
    issues: int
    open: int


def report_of(house: House, key: str, number: int) -> Mapping[str, Any] | None:
    """The report that was kept with a version; ``NotFound`` if there is no such version."""
    version = house.processes.version(key, number)
    with house.database.reading() as connection:
        found: Mapping[str, Any] | None = connection.execute(
            select(versions.c.report).where(versions.c.id == version.id)
        ).scalar_one()
    return found


def records(house: House, key: str) -> tuple[VersionRecord, ...]:
    """All versions of a definition, the latest first."""
    known = {version.version: version for version in house.processes.versions(key)}
    counted = (
        select(versions.c.version, func.count(), func.count().filter(issues.c.status == "open"))
        .join(issues, issues.c.definition_version_id == versions.c.id)
        .where(versions.c.key == key)
        .group_by(versions.c.version)
    )
    columns = versions.c.version, versions.c.withdrawn_by, versions.c.withdrawn_because, versions.c.report
    with house.database.reading() as connection:
        counts = {int(row[0]): (int(row[1]), int(row[2])) for row in connection.execute(counted)}
        rows = connection.execute(
            select(*columns).where(versions.c.key == key, versions.c.variant == "").order_by(versions.c.version.desc())
        ).all()
    return tuple(
        VersionRecord(
            known[row.version],
            row.withdrawn_by,
            row.withdrawn_because,
            row.report is not None,
            *counts.get(row.version, (0, 0)),
        )
        for row in rows
    )
