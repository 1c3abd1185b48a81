"""The sample city with a few definitions, its plans, and a clock that is passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from definitions.loader import LIBRARY
from definitions.source.tree import read
from huying.database.connections import Database
from huying.database.tables import (
    absences,
    dated_duties,
    deliveries,
    file_deeds,
    participants,
    plan_occurrences,
    stations,
)
from huying.duties.plans.publication import publish_plan
from huying.duties.round import plan_due
from huying.files.volume import hand_key
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from huying.register.imports import import_register
from tests.template import Template

CHINA = ZoneInfo("Asia/Shanghai")
CITY = Path(__file__).parents[2] / "huying" / "demo" / "sample" / "city.yaml"
PLANS = LIBRARY / "plans"
BEGINNING = datetime(2025, 12, 20, 1, tzinfo=UTC)


def at(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in China, in UTC."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute), CHINA).astimezone(UTC)


@dataclass
class PlannedCity:
    """The city, its people and stations by login and code, and the moment."""

    house: House
    now: datetime = BEGINNING
    people: dict[str, int] = field(default_factory=dict)
    stations: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def publish(self, source: str) -> None:
        """Publish a plan."""
        publish_plan(self.house, source, "plan.yaml", by="test", now=self.now)

    def run(self, now: datetime | None = None) -> None:
        """Carry on until nothing is left, as the dispatcher does."""
        self.now = now or self.now
        while (did := plan_due(self.house, self.now)).done or did.failures:
            self.said += did.done
            self.failures += did.failures

    def days_pass(self, last: str, hour: int = 9) -> None:
        """Run every morning up to a day."""
        while self.now < at(last, hour):
            self.run(min(self.now + timedelta(days=1), at(last, hour)))

    def duties(self, station: str = "XG", status: str = "planned") -> list[tuple[str, str]]:
        """Who has duties of a plan, as (day, login)."""
        query = (
            select(dated_duties.c.day, participants.c.login)
            .join(participants, participants.c.id == dated_duties.c.participant_id)
            .where(
                dated_duties.c.station_id == self.stations[station],
                dated_duties.c.plan_key.is_not(None),
                dated_duties.c.status == status,
            )
        )
        with self.house.database.reading() as connection:
            return [(str(day), who) for day, who in connection.execute(query.order_by(dated_duties.c.day))]

    def duty(self, day: str, station: str = "XG") -> Any:
        """The row of the duty on a day."""
        query = select(dated_duties).where(
            dated_duties.c.station_id == self.stations[station],
            dated_duties.c.day == date.fromisoformat(day),
            dated_duties.c.status == "planned",
        )
        with self.house.database.reading() as connection:
            return connection.execute(query).one()

    def messages(self, occasion: str) -> list[Any]:
        """The messages of an occasion, in the order in which they were written."""
        query = (
            select(deliveries, participants.c.login)
            .join(participants, participants.c.id == deliveries.c.participant_id)
            .where(deliveries.c.occasion == occasion)
        )
        with self.house.database.reading() as connection:
            return list(connection.execute(query.order_by(deliveries.c.id)))

    def occurrences(self, plan: str) -> list[Any]:
        """What came of a plan, by day."""
        query = select(plan_occurrences).where(plan_occurrences.c.plan_key == plan)
        with self.house.database.reading() as connection:
            return list(connection.execute(query.order_by(plan_occurrences.c.rule_day, plan_occurrences.c.scope)))

    def away(self, login: str, first: str, last: str, substitute: str | None = None) -> None:
        """Somebody is away."""
        row: Mapping[str, Any] = {
            "participant_id": self.people[login],
            "first_day": date.fromisoformat(first),
            "last_day": date.fromisoformat(last),
            "substitute_id": self.people[substitute] if substitute else None,
        }
        with self.house.database.writing() as connection:
            connection.execute(insert(absences), row)

    def received(self, login: str, times: int, year: int = 2026, kind: str = "reception", **facts: Any) -> None:
        """Somebody has entries in their yearly file, entered by hand and confirmed; ``facts`` are more of their matter."""
        person, evidence = self.people[login], facts.pop("evidence", [])
        matter = {"kind": kind, "day": f"{year}-{self.now:%m-%d}", "title": "接待", **facts}
        row = {"at": self.now, "by_id": person, "participant_id": person, "year": year}
        for _ in range(times):
            with self.house.database.writing() as connection:
                entered = {**row, "what": "entered", "body": {"matter": matter}, "evidence": evidence}
                number = connection.execute(
                    insert(file_deeds).values(**entered).returning(file_deeds.c.id)
                ).scalar_one()
                confirmed = {**row, "what": "confirmed", "line": hand_key(number), "body": {}, "evidence": []}
                connection.execute(insert(file_deeds).values(**confirmed))


@dataclass(frozen=True)
class Census:
    """The ids of people and stations by login and code."""

    people: dict[str, int]
    stations: dict[str, int]


def _found(database: Database, folder: Path) -> Census:
    import_register(database, read(CITY.read_text(encoding="utf-8"), "city.yaml").plain(), BEGINNING, "passphrase")
    path = LIBRARY / "reception-day" / "definition.yaml"
    publish(House(database, folder), path.read_bytes(), str(path), Imprint("test", BEGINNING))
    with database.reading() as connection:
        return Census(
            {row.login: row.id for row in connection.execute(select(participants.c.login, participants.c.id))},
            {row.code: row.id for row in connection.execute(select(stations.c.code, stations.c.id))},
        )


#: What the city has in its database.
CENSUS = Template("planned_city", _found)


def city_in(copied: tuple[Database, Census], folder: Path) -> PlannedCity:
    """The city, with the process that its plans begin, in a copy of its template."""
    database, census = copied
    return PlannedCity(House(database, folder / "files"), people=census.people, stations=census.stations)


def shipped(name: str, **changes: str) -> str:
    """A shipped plan, with lines of it said otherwise."""
    text = (PLANS / f"{name}.yaml").read_text(encoding="utf-8")
    for key, value in changes.items():
        key = key.rstrip("_")
        lines = [line for line in text.splitlines() if not line.startswith(f"{key}:")]
        text = "\n".join([*lines, f"{key}: {value}"]) + "\n"
    return text
