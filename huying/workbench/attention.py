"""What somebody has an eye on, and what they have looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from huying.database.tables import attentions, issues
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.issues.sight import may_see


def follow_issue(house: House, issue_id: int, by: By, *, follows: bool = True) -> None:
    """Keep an eye on an issue that one may see, or no longer; nobody is told, and the issue knows nothing of it."""
    if not may_see(house, issue_id, by.somebody):
        raise NotFound("没有这件事项。", "There is no such issue.")
    _write(house, issue_id, by.somebody, {"followed_at": by.now if follows else None})


def follows(house: House, issue_id: int, participant_id: int) -> bool:
    """Whether somebody has an eye on an issue."""
    return bool(_read(house, issue_id, participant_id)[0])


def looked_at(house: House, issue_id: int, participant_id: int) -> None:
    """Remember that somebody has seen an issue as it is now; writes only what is new."""
    _, seen = _read(house, issue_id, participant_id)
    with house.database.reading() as connection:
        version = connection.execute(select(issues.c.version).where(issues.c.id == issue_id)).scalar_one()
    if version > seen:
        _write(house, issue_id, participant_id, {"version": version})


def _read(house: House, issue_id: int, participant_id: int) -> tuple[datetime | None, int]:
    query = select(attentions.c.followed_at, attentions.c.version).where(
        attentions.c.issue_id == issue_id, attentions.c.participant_id == participant_id
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, 0)


def _write(house: House, issue_id: int, participant_id: int, what: dict[str, Any]) -> None:
    keys = {"issue_id": issue_id, "participant_id": participant_id}
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    statement = make(attentions).values(**keys, **{"version": 0, **what})
    with house.database.writing() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=what))
