"""The sample city with all that is shipped, and who does what in the life of an issue of "contact-station": five actions from report to closure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from definitions.loader import library
from definitions.model.reference import organisation
from engine import State
from huying.access.parties import actor
from huying.database import tables as t
from huying.database.connections import Database
from huying.demo.sample import fill
from huying.house.calendars import publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.publication import Edition, publish_all

#: Actions in their order; what is given to two departments is answered twice.
ACTIONS = ("accept", "coordinate", "reply", "reply", "satisfied")
REPORTER = "zhangxiaoman"


def furnished(database: Database, folder: Path, now: datetime) -> House:
    """The house, ready for issues."""
    database.migrate()
    house = House(database, folder)
    publish_shipped(house.calendars, database, Imprint("benchmark", now, ""))
    editions = [Edition(path.read_bytes(), str(path)) for path in library()]
    publish_all(house, editions, Imprint("benchmark", now), unconnected=True)
    fill(database, now)
    return house


def report(number: int) -> dict[str, Any]:
    """What is entered when an issue is reported."""
    return {
        "subject": f"仙港路 {number % 300 + 1} 号门口路灯不亮",
        "category": "lighting",
        "place": f"仙港路 {number % 300 + 1} 号门口",
        "description": "路灯坏了三天，晚上老人出门看不清路，希望尽快修好。",
    }


class Cast:
    """The people of the sample city."""

    def __init__(self, house: House) -> None:
        self._house = house
        with house.database.reading() as connection:
            rows = connection.execute(select(t.participants.c.login, t.participants.c.id))
            self.people = {row.login: int(row.id) for row in rows if row.login}
            self._parties = {person: actor(connection, person).parties for person in self.people.values()}
            codes = connection.execute(select(t.organisations.c.code, t.organisations.c.id))
            self._departments = {row.code: organisation(row.id) for row in codes}

    def task(self, issue: int) -> tuple[int, int]:
        """The number of an open task of the issue, and somebody who may do it."""
        with self._house.database.reading() as connection:
            state: State = connection.execute(select(t.issues.c.state).where(t.issues.c.id == issue)).scalar_one()
        item = next(item for item in state.items if not item.done)
        who = next(person for person, parties in self._parties.items() if not parties.isdisjoint(item.candidates))
        return item.number, who

    def answers(self, action: str) -> dict[str, Any]:
        """What is entered with an action."""
        known: dict[str, dict[str, Any]] = {
            "accept": {"kind": "request"},
            "coordinate": {
                "lead": self._departments["CG"],
                "assist": [self._departments["GD"]],
                "advice": "请三天内恢复照明。",
            },
            "reply": {"reply": "已派人到现场查看，线路已检修，今晚恢复照明。"},
            "satisfied": {"stars": 5},
        }
        return known[action]
