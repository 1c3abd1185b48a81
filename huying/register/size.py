"""How much a house holds: whether its register is still empty, and what would go if it were cleared."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from huying.database.tables import areas, issues, participants, stations
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class HouseSize:
    """How many people (residents too), stations and issues there are; ``empty``: nobody but administrators, and no place."""

    people: int
    stations: int
    issues: int
    empty: bool


def size(house: House) -> HouseSize:
    """The house as it is now."""
    others = select(func.count()).select_from(participants).where(participants.c.kind != "administrator")
    with house.database.reading() as connection:
        people, places, stood, matters = (
            int(connection.execute(query).scalar_one())
            for query in (others, *(select(func.count()).select_from(table) for table in (areas, stations, issues)))
        )
    return HouseSize(people, stood, matters, not (people or places or stood))
