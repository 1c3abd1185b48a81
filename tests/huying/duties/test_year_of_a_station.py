"""A year of a station, on a clock that is passed in: receptions, rota, announcements, a swap, an absence, a quota, and forty days of darkness."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from huying.database.connections import Database
from huying.database.tables import dated_duties, issues
from huying.duties.swaps import answer_swap, ask_swap
from huying.house.by import By
from tests.huying.planned_city import CENSUS, Census, PlannedCity, at, city_in, shipped
from tests.template import Template

#: The 25th of each month of 2026; where that is no working day, the next one.
RECEPTIONS = [
    "2026-01-26",
    "2026-02-25",
    "2026-03-25",
    "2026-04-27",
    "2026-05-25",
    "2026-06-25",
    "2026-07-27",
    "2026-08-25",
    "2026-09-28",
    "2026-10-26",
    "2026-11-25",
    "2026-12-25",
]


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return CENSUS


@pytest.fixture
def city(copied: tuple[Database, Census], tmp_path: Path) -> PlannedCity:
    made = city_in(copied, tmp_path)
    made.publish(shipped("reception-rota", for_="XG", seats="2", until="2026-12-31"))
    made.publish(shipped("monthly-reception", for_="XG"))
    made.publish(shipped("reception-quota", for_="XG"))
    return made


def _in_2026(days: list[str]) -> list[str]:
    return [day for day in days if day.startswith("2026")]


def test_a_year_of_a_station(city: PlannedCity) -> None:
    city.run()
    assert [day for day, _ in city.duties()][::2] == ["2025-12-25", "2026-01-26", "2026-02-25"]

    city.days_pass("2026-01-24")
    assert _announced(city, "2026-01-26") == {"zhaoping", "linxiaoyu", *_on_duty(city, "2026-01-26")}
    assert {str(row.created_at) for row in city.messages("duty-announced")} == {
        str(at("2025-12-22")),
        str(at("2026-01-23")),
    }

    # a swap with consent: who is asked takes the duty, and gives theirs
    city.days_pass("2026-02-10")
    mine, theirs = _on_duty(city, "2026-02-25")[0], _on_duty(city, "2026-03-25")[0]
    assert mine != theirs
    asked = ask_swap(
        city.house,
        _duty(city, "2026-02-25", mine),
        city.people[theirs],
        By(city.people[mine], city.now),
        other_duty_id=_duty(city, "2026-03-25", theirs),
        note="那天出差",
    )
    assert [row.login for row in city.messages("swap-asked")] == [theirs]
    answer_swap(city.house, asked, By(city.people[theirs], city.now), accept=True)
    assert {row.login for row in city.messages("swap-accepted")} == {mine, theirs}
    assert theirs in _on_duty(city, "2026-02-25")
    assert mine in _on_duty(city, "2026-03-25")

    # away when the rota is made: passed over, and catches up
    city.away("huangmin", "2026-05-20", "2026-06-30")
    city.days_pass("2026-07-01")
    assert "huangmin" not in {*_on_duty(city, "2026-05-25"), *_on_duty(city, "2026-06-25")}

    # half of the year: who has received nobody hears of it
    city.received("chenhaisheng", 1)
    city.received("wuzhiyuan", 2)
    city.days_pass("2026-07-03")
    assert {row.login for row in city.messages("falling-behind")} == {"zhengsiqi", "huangmin", "liuaimei"}

    # forty days of darkness, and then all at once, and nothing twice
    city.days_pass("2026-07-10")
    city.run(at("2026-08-19"))
    before = _counted(city)
    city.run(at("2026-08-19", 10))
    assert _counted(city) == before

    city.days_pass("2026-12-31")
    assert city.failures == []
    days = [day for day, _ in city.duties()]
    assert sorted(set(_in_2026(days))) == RECEPTIONS
    assert all(days.count(day) == 2 for day in RECEPTIONS)
    turns = Counter(login for day, login in city.duties())
    assert len(turns) == 5
    assert max(turns.values()) - min(turns.values()) <= 1

    # one issue for each reception, of the clerk, on the right day, with those on duty
    opened = [row for row in city.occurrences("monthly-reception") if str(row.day).startswith("2026")]
    assert [str(row.day) for row in opened] == RECEPTIONS
    assert [row.status for row in opened] == ["done"] * 12
    with city.house.database.reading() as connection:
        numbers = connection.execute(select(issues.c.id, issues.c.subject, issues.c.reporter_id)).all()
    assert len(numbers) == 13
    assert {row.reporter_id for row in numbers} == {city.people["linxiaoyu"]}
    assert {row.issue_id for row in opened} <= {row.id for row in numbers}

    # three reminders of the quota, each told once, the later ones by what was done since
    told = [row.login for row in city.messages("falling-behind")]
    assert sorted(told[3:7]) == sorted([*told[:3], "chenhaisheng"])
    assert sorted(told[7:]) == sorted(told[3:7])

    # every reception was announced but the one that the darkness swallowed
    announced = Counter(row.key.split(".")[1] for row in city.messages("duty-announced"))
    assert len(announced) == 13 - 1
    assert set(announced.values()) == {4}


def _on_duty(city: PlannedCity, day: str) -> list[str]:
    return [login for on, login in city.duties() if on == day]


def _duty(city: PlannedCity, day: str, login: str) -> int:
    query = select(dated_duties.c.id, dated_duties.c.day).where(
        dated_duties.c.participant_id == city.people[login], dated_duties.c.status == "planned"
    )
    with city.house.database.reading() as connection:
        return next(int(row.id) for row in connection.execute(query) if str(row.day) == day)


def _announced(city: PlannedCity, day: str) -> set[str]:
    words = f"{int(day[5:7])}月{int(day[8:])}日"
    return {row.login for row in city.messages("duty-announced") if words in row.text or "26 January" in row.text}


def _counted(city: PlannedCity) -> tuple[int, ...]:
    plans = ("monthly-reception", "reception-rota", "reception-quota")
    kinds = ("duty-announced", "falling-behind")
    return (
        *(len(city.occurrences(key)) for key in plans),
        *(len(city.messages(kind)) for kind in kinds),
        len(city.duties()),
    )
