"""Who is credited with a public case: its deputies by name, departments and the station by theirs; never who reported it, and no clerk by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from definitions.text import Said
from huying.database.day import day_of
from huying.database.tables import history, issues, memberships, organisations, participants, stations

#: As what somebody or something is credited.
AS = {
    "deputy": Said("代表", "Deputy"),
    "department": Said("承办单位", "Department"),
    "station": Said("联络站", "Station"),
}


@dataclass(frozen=True, slots=True)
class Credit:
    """Who handled a matter: as what, under which name; ``person`` is the participant, of a deputy."""

    kind: str
    zh: str
    en: str
    person: int | None = None

    def written(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {"as": self.kind, "zh": self.zh, "en": self.en, "person": self.person}


def credit(connection: Connection, issue_id: int, reporter: int) -> tuple[Credit, ...]:
    """The deputies who acted in an issue or answered for it, then the departments that acted, then its station."""
    acts = select(history.c.actor_id, history.c.at).where(history.c.issue_id == issue_id, history.c.kind == "act")
    acted = [(row.actor_id, day_of(row.at, connection)) for row in connection.execute(acts) if row.actor_id != reporter]
    whole = select(issues.c.answerable_id, stations.c.name_zh, stations.c.name_en).join(
        stations, stations.c.id == issues.c.station_id
    )
    issue = connection.execute(whole.where(issues.c.id == issue_id)).one()
    who = {one for one in (*(person for person, _ in acted), issue.answerable_id) if one and one != reporter}
    people = select(participants.c.id, participants.c.name).where(
        participants.c.id.in_(who), participants.c.kind == "deputy", participants.c.erased_at.is_(None)
    )
    deputies = [Credit("deputy", row.name, row.name, row.id) for row in connection.execute(people.order_by("id"))]
    return (
        *deputies,
        *_departments(connection, acted),
        Credit("station", issue.name_zh, issue.name_en or issue.name_zh),
    )


def _departments(connection: Connection, acted: Sequence[tuple[int | None, date]]) -> Iterator[Credit]:
    """Those for which somebody acted: where they served on that day, wherever they were before and have gone since."""
    units = (
        select(
            organisations.c.name_zh,
            organisations.c.name_en,
            memberships.c.participant_id,
            memberships.c.since,
            memberships.c.until,
        )
        .join(memberships, memberships.c.organisation_id == organisations.c.id)
        .where(memberships.c.participant_id.in_({person for person, _ in acted if person}))
        .where(organisations.c.kind == "department")
        .order_by(organisations.c.name_zh)
    )
    named: dict[str, Credit] = {}
    for row in connection.execute(units):
        since, until = row.since or date.min, row.until or date.max
        if any(person == row.participant_id and since <= day <= until for person, day in acted):
            named.setdefault(row.name_zh, Credit("department", row.name_zh, row.name_en or row.name_zh))
    yield from named.values()
