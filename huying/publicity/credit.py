"""Who is credited with a public case: its deputies by name, departments and the station by theirs; never who reported it, and no clerk by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from definitions.text import Said
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
    acted = select(history.c.actor_id).where(history.c.issue_id == issue_id, history.c.kind == "act").distinct()
    whole = select(issues.c.answerable_id, stations.c.name_zh, stations.c.name_en).join(
        stations, stations.c.id == issues.c.station_id
    )
    issue = connection.execute(whole.where(issues.c.id == issue_id)).one()
    who = {one for one in (*connection.execute(acted).scalars(), issue.answerable_id) if one and one != reporter}
    people = select(participants.c.id, participants.c.name).where(
        participants.c.id.in_(who), participants.c.kind == "deputy", participants.c.erased_at.is_(None)
    )
    deputies = [Credit("deputy", row.name, row.name, row.id) for row in connection.execute(people.order_by("id"))]
    units = (
        select(organisations.c.name_zh, organisations.c.name_en)
        .join(memberships, memberships.c.organisation_id == organisations.c.id)
        .where(memberships.c.participant_id.in_(who), organisations.c.kind == "department")
        .distinct()
        .order_by(organisations.c.name_zh)
    )
    departments = [Credit("department", zh, en or zh) for zh, en in connection.execute(units)]
    return (*deputies, *departments, Credit("station", issue.name_zh, issue.name_en or issue.name_zh))
