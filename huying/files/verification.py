"""Whether the lines of files are what the histories say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import and_, func, select

from definitions.files.chapters import shipped_rules
from huying.database.tables import file_lines, issues
from huying.files.store import courses, matters, rows_of
from huying.house.house import House

_MANY = 5_000


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line that is ``missing``, that nothing ``stands for``, or that says something else than the history (``changed``)."""

    key: str
    fault: Literal["missing", "extra", "changed"]


def count(house: House) -> int:
    """How many lines there are."""
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(file_lines)).scalar_one())


def differences(house: House) -> Iterator[LineFault]:
    """How the lines differ from what the histories say now; of issues that are only waiting to be looked at, nothing is told."""
    with house.database.at_one_moment() as connection:
        last = connection.execute(select(func.max(issues.c.id))).scalar_one() or 0
        known = select(issues.c.id)
        for key in connection.execute(select(file_lines.c.key).where(file_lines.c.issue_id.not_in(known))).scalars():
            yield LineFault(key, "extra")
        for start in range(0, last + 1, _MANY):
            within = and_(issues.c.id >= start, issues.c.id < start + _MANY)
            behind = and_(within, issues.c.filed_version < issues.c.version)
            waiting = set(connection.execute(select(issues.c.id).where(behind)).scalars())
            ids = list(connection.execute(select(issues.c.id).where(within)).scalars())
            groups = [one for one in matters(connection, ids) if start <= one[0] < start + _MANY]
            groups = [one for one in groups if waiting.isdisjoint(one)]
            members = {one for group in groups for one in group}
            found = courses(house, connection, issues.c.id.in_(sorted(members)))
            wanted = {one["key"]: one for one in rows_of(groups, found, shipped_rules(), house.zone)}
            held = select(file_lines).where(file_lines.c.issue_id.in_(sorted(members)))
            kept = {row["key"]: dict(row) for row in connection.execute(held).mappings()}
            yield from (LineFault(key, "missing") for key in sorted(wanted.keys() - kept.keys()))
            yield from (LineFault(key, "extra") for key in sorted(kept.keys() - wanted.keys()))
            both = sorted(key for key in wanted.keys() & kept.keys() if wanted[key] != kept[key])
            yield from (LineFault(key, "changed") for key in both)
