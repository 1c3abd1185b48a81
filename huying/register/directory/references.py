"""References and what they refer to: whether it exists and is in service, and which one people mean by a number, a code or a login."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import Column, Connection, Table, bindparam, select

from definitions.model.reference import Reference, reference, refers_to
from engine.directory import TakingStation
from engine.state import State
from huying.database.statement import Statement
from huying.database.tables import areas, codes, given_numbers, issues, organisations, participants, stations
from huying.house.kept import hold
from huying.register.levels import LEVELS
from huying.shelf.store import Store

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


def _by(table: Table, key: Column[object], *more: object) -> Statement:
    return Statement(select(table.c.id).where(key == bindparam("key"), *more))  # type: ignore[arg-type]


_department = (organisations.c.kind == "department", organisations.c.active)
_exists: Mapping[str, Statement] = {
    "participant": _by(participants, participants.c.id, participants.c.active),
    "organisation": _by(organisations, organisations.c.id, *_department),
    "area": _by(areas, areas.c.id),
    "station": _by(stations, stations.c.id),
    "issue": _by(issues, issues.c.id),
}
_named: Mapping[str, Statement] = {
    "participant": _by(participants, participants.c.login, participants.c.active),
    "organisation": _by(organisations, organisations.c.code, *_department),
    "area": _by(areas, areas.c.code),
    "station": _by(stations, stations.c.code),
    "issue": _by(issues, issues.c.number),
}
_state = Statement(select(issues.c.state).where(issues.c.id == bindparam("key")))
_taking = Statement(
    select(stations.c.id, stations.c.code, stations.c.industry).where(
        stations.c.id == bindparam("key"), stations.c.active
    )
)
_given = Statement(select(given_numbers.c.issue_id).where(given_numbers.c.number == bindparam("key")))
_code = Statement(select(codes.c.code).where(codes.c.list == bindparam("of_list"), codes.c.code == bindparam("key")))


def known(connection: Connection, files: Store | None, text: str) -> bool:
    """Whether what a reference such as ``organisation:5``, ``file:<digest>`` or ``industry:law`` refers to is there and in service."""
    named = Reference.read(text)
    if named is None:
        return False
    kind, key = named
    if kind == "file":
        return files is not None and hold(files, key)
    if kind in _exists:
        return bool(_NUMBER.fullmatch(key)) and bool(_exists[kind].rows(connection, {"key": int(key)}))
    return (kind == "level" and key in LEVELS) or _in_list(connection, kind, key)


def issue_state(connection: Connection, key: str) -> State | None:
    """The state of the issue of this id."""
    rows = _state.rows(connection, {"key": int(key)}) if _NUMBER.fullmatch(key) else []
    state: State | None = rows[0][0] if rows else None
    return state


def resolve(connection: Connection, kind: str, text: str) -> str | None:
    """The reference of what people call by a text: an issue's number, a code, a login; a reference stands for itself."""
    text = text.strip()
    if "\0" in text or len(text) > 200:
        # PostgreSQL takes no text with a zero in it, and nothing is called so
        return None
    if refers_to(text, kind) and kind in _exists:
        return text if known(connection, None, text) else None
    if kind in _named:
        rows = _named[kind].rows(connection, {"key": text})
        if kind == "issue" and not rows:
            # people call it by its document number, too
            rows = _given.rows(connection, {"key": text})
        return reference(kind, rows[0][0]) if rows else None
    named = reference(kind, text)
    return named if known(connection, None, named) else None


def taking_station(connection: Connection, named: str) -> TakingStation | None:
    """The station of this reference or code, if it is not closed."""
    found = Reference.read(resolve(connection, "station", named) or "")
    rows = _taking.rows(connection, {"key": found.number}) if found is not None else []
    return TakingStation(number=rows[0][0], code=rows[0][1], industry=rows[0][2]) if rows else None


def list_of(kind: str) -> str:
    """The code list whose entries are of a kind: ``industries`` for ``industry``."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def _in_list(connection: Connection, kind: str, key: str) -> bool:
    return "\0" not in key and bool(_code.rows(connection, {"of_list": list_of(kind), "key": key}))
