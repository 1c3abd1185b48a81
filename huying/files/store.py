"""Rows of histories as matters, and lines as rows of ``file_line``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Text, cast, delete, func, insert, or_, select, type_coerce

from definitions.files.chapters import FileRules
from huying.database.statement import Statement
from huying.database.tables import file_entries, file_lines, history, issue_links, issues
from huying.files.projection import SIGNS, FileLine, IssueCourse, KeptEvent, RegisteredEntry, lines_of
from huying.house.house import House

_COLUMNS = ("key", "participant_id", "day", "at", "kind", "rule", "issue_id", "sequence", "entry_id", "points")
_insert = Statement(insert(file_lines), _COLUMNS)
#: Longer chains of merged issues are not followed: there are none, but for a circle in old data.
_LONGEST = 50


def matters(connection: Connection, ids: Iterable[int]) -> list[list[int]]:
    """The matters to which issues belong: of each the issue that goes on, then those that were merged into it."""
    seen, found = set[int](), list[list[int]]()
    into, merged = _merged(connection, set(ids))
    for start in sorted(ids):
        root = start
        for _ in range(_LONGEST):
            root = into.get(root, root)
            if root not in into:
                break
        if root in seen:
            continue
        group, at = [root], 0
        while at < len(group):
            group += sorted(one for one in merged.get(group[at], ()) if one not in group)
            at += 1
        seen.update(group)
        found.append(group)
    return found


def _merged(connection: Connection, ids: set[int]) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Into which issue each was merged, and which into each: of these, and of all that belong together with them."""
    into, merged = dict[int, int](), defaultdict[int, list[int]](list)
    known, fresh = set[int](), set(ids)
    while fresh:
        some = sorted(fresh)[:900]
        query = select(issue_links.c.issue_id, issue_links.c.other_id).where(
            issue_links.c.kind == "merged",
            or_(issue_links.c.issue_id.in_(some), issue_links.c.other_id.in_(some)),
        )
        known.update(some)
        fresh.difference_update(some)
        for one, other in connection.execute(query):
            if one not in into:
                into[one] = other
                merged[other].append(one)
            fresh.update({one, other} - known)
    return into, merged


def courses(house: House, connection: Connection, which: ColumnElement[bool]) -> dict[int, IssueCourse]:
    """The issues of a condition on ``issue`` as files see them; of their histories only what a rule could look at."""
    query = select(issues.c.id, issues.c.status, issues.c.definition_version_id).where(which)
    classes: dict[int, Mapping[str, str]] = {}
    found = dict[int, IssueCourse]()
    for issue_id, status, version in connection.execute(query):
        if version not in classes:
            named = house.processes.process(version).definition.resolutions
            classes[version] = {key: one.class_ or key for key, one in named.items()}
        found[issue_id] = IssueCourse(issue_id, status == "closed", classes[version])
    of = select(issues.c.id).where(which)
    for issue_id, sequence, at, changes in _told(connection, of):
        found[issue_id].told.append(KeptEvent(sequence, at, changes))
    for entry in _registered(connection, of):
        found[entry[0]].registered.append(RegisteredEntry(*entry[1:]))
    return found


def _told(connection: Connection, of: Any) -> Iterator[Any]:
    kept = type_coerce(cast(history.c.changes, Text), Text)
    place = func.instr if connection.dialect.name == "sqlite" else func.strpos
    signs = [place(kept, sign) > 0 for sign in SIGNS]
    query = select(history.c.issue_id, history.c.sequence, history.c.at, kept).where(
        history.c.issue_id.in_(of), or_(*signs)
    )
    yield from connection.execute(query.order_by(history.c.issue_id, history.c.sequence)).all()


def _registered(connection: Connection, of: Any) -> Iterator[tuple[int, int, int, str, Any, int, float | None]]:
    """What processes registered, in order: issue, row, whose, kind, moment, event, points."""
    columns = file_entries.c
    query = select(columns.issue_id, columns.id, columns.participant_id, columns.kind, columns.at, columns.key)
    rows = connection.execute(query.add_columns(columns.points).where(columns.issue_id.in_(of)))
    made = [(row[0], row[1], row[2], row[3], row[4], _sequence(row[5]), row[6]) for row in rows]
    yield from sorted(made, key=lambda one: (one[0], one[5], one[1]))


def _sequence(key: str) -> int:
    """The event by which an entry was registered: its key is ``issue.event.position.person``."""
    parts = key.split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0


def replaced(connection: Connection, ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    """Let the lines of issues be these, in the caller's transaction."""
    for start in range(0, len(ids), 900):
        connection.execute(delete(file_lines).where(file_lines.c.issue_id.in_(ids[start : start + 900])))
    _insert.put_many(connection, rows)


def rows_of(
    groups: Iterable[Sequence[int]], found: Mapping[int, IssueCourse], rules: FileRules, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """The rows of matters."""
    made = list[dict[str, Any]]()
    for group in groups:
        for line in lines_of([found[one] for one in group if one in found], rules):
            made.append(row_of(line, zone))
    return made


def row_of(line: FileLine, zone: ZoneInfo) -> dict[str, Any]:
    """A line with the day on which the office counts it."""
    return {**line._asdict(), "day": line.at.astimezone(zone).date()}
