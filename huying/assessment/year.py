"""The beginning of a year's assessment: an issue for every deputy who has none yet, at the station where they serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from definitions.forms.rules import alike
from definitions.model.reference import participant
from engine.books.books import UniqueValue
from engine.refusal import Invalid, Refusal
from huying.assessment.assessment import delegations
from huying.assessment.period import period_of
from huying.database.tables import participants, stations
from huying.database.tenure import serving
from huying.house.by import By
from huying.house.house import House
from huying.issues.opening import Report, open_issue
from huying.register.books import HouseBooks

#: The process that asks for the points of a deputy's year.
PROCESS = "yearly-assessment"


@dataclass(frozen=True, slots=True)
class Begun:
    """How many were begun, how many had been before, who has no station at which it could be, and whose was refused, with the words by language."""

    begun: int
    before: int
    without: tuple[str, ...]
    refused: tuple[tuple[str, Mapping[str, str]], ...] = ()


def begin_year(house: House, year: int, by: By) -> Begun:
    """Begin the assessment of every deputy of a year; whoever has one already keeps it. ``NotFound`` if the process is not published."""
    house.processes.newest(PROCESS)
    begun, before = 0, 0
    without, refused = list[str](), list[tuple[str, Mapping[str, str]]]()
    with house.database.reading() as connection:
        people = _places(connection, year, house)
    for person, (name, station) in sorted(people.items()):
        if station is None:
            without.append(name)
            continue
        report = Report(definition=PROCESS, station=station, reporter=person, values={"of_year": year}, channel="plan")
        try:
            open_issue(house, report, request_id=f"{by.request_id or PROCESS}.{year}.{person}", now=by.now)
            begun += 1
        except Refusal as refusal:
            if _has_one(house, person, year):
                before += 1
            else:
                refused.append((name, _words(refusal)))
    return Begun(begun, before, tuple(without), tuple(refused))


def _has_one(house: House, person: int, year: int) -> bool:
    """Whether a deputy's assessment of this year stands already, whoever began it."""
    wanted = UniqueValue(PROCESS, "of_year", str(participant(person)), alike(year))
    with house.database.reading() as connection:
        return HouseBooks(connection).stands(wanted)


def _words(refusal: Refusal) -> Mapping[str, str]:
    if not isinstance(refusal, Invalid):
        return refusal.message
    return {language: " ".join(one[language] for one in refusal.errors.values()) for language in ("zh", "en")}


def _places(connection: Connection, year: int, house: House) -> dict[int, tuple[str, str | None]]:
    """Every deputy of a year with name, and the code of the first station where they serve."""
    held = delegations(connection, period_of("year", year).last)
    query = (
        select(serving.c.participant_id, stations.c.code)
        .join(stations, stations.c.id == serving.c.station_id)
        .where(serving.c.function == "deputy", stations.c.active)
        .order_by(serving.c.id.desc())
    )
    at = {row.participant_id: row.code for row in connection.execute(query)}
    names = select(participants.c.id, participants.c.name).where(participants.c.active)
    return {row.id: (row.name, at.get(row.id)) for row in connection.execute(names) if row.id in held}
