"""Who is on duty today, as everybody may read it."""

from __future__ import annotations

from datetime import time

from sqlalchemy import delete, insert, select

from huying.database import tables as t
from huying.duties.today import on_duty_today
from tests.huying.town import Town


def _station(town: Town, code: str) -> int:
    with town.house.database.reading() as connection:
        return int(connection.execute(select(t.stations.c.id).where(t.stations.c.code == code)).scalar_one())


def _rota(town: Town, *people: str, weekday: int = 1) -> None:
    with town.house.database.writing() as connection:
        connection.execute(delete(t.duties))
        rows = [
            {"station_id": _station(town, "XG"), "weekday": weekday, "participant_id": town.people[one]}
            for one in people
        ]
        connection.execute(insert(t.duties), rows)


def test_the_deputy_of_this_weekday_is_named_and_nobody_of_the_staff(town: Town) -> None:
    _rota(town, "deputy", "clerk")
    assert [(one.name, one.hours, one.station_code) for one in on_duty_today(town.house, "zh", town.clock.now)] == [
        ("王芳", "", "XG")
    ]
    assert on_duty_today(town.house, "zh", town.clock.now, station="YF") == ()


def test_whoever_was_entered_for_this_day_comes_instead_with_their_hours(town: Town) -> None:
    _rota(town, "clerk")
    today = town.clock.now.date()
    row = {
        "station_id": _station(town, "XG"),
        "day": today,
        "participant_id": town.people["deputy"],
        "starts_at": time(9),
        "ends_at": time(17, 30),
    }
    with town.house.database.writing() as connection:
        connection.execute(insert(t.dated_duties), [row])
    assert [(one.name, one.hours) for one in on_duty_today(town.house, "en", town.clock.now)] == [
        ("王芳", "09:00–17:30")
    ]


def test_whoever_is_away_is_not_there(town: Town) -> None:
    _rota(town, "deputy")
    row = {"participant_id": town.people["deputy"], "first_day": town.clock.now.date()}
    with town.house.database.writing() as connection:
        connection.execute(insert(t.absences), [row])
    assert on_duty_today(town.house, "zh", town.clock.now) == ()
