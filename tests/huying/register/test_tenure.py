"""Memberships have days: whoever reads them sees those that hold, and open work follows when one has ended, by no job's doing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from huying.access.parties import people
from huying.access.viewer import viewer
from huying.database.tables import codes, duties, memberships, organisations, participants, stations
from huying.database.tenure import serving, serving_on
from huying.duties.today import on_duty_today
from huying.issues.departures import count_departed, see_off
from huying.register.directory.duty import on_duty
from huying.register.view import people_at, station_names
from tests.conftest import Office
from tests.huying.story import Story

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
BEFORE, AFTER = FIRST - timedelta(days=1), LAST + timedelta(days=1)


@pytest.fixture(autouse=True)
def _any_day(office: Office) -> Iterator[None]:
    yield
    office.house.database.day.believe(None)


def spell(office: Office, who: str, since: date | None = FIRST, until: date | None = LAST) -> None:
    """Somebody's memberships hold in these days."""
    with office.house.database.writing() as connection:
        mine = memberships.c.participant_id == office.city[who]
        connection.execute(update(memberships).where(mine).values(since=since, until=until))


def station_of(office: Office, code: str = "XG") -> int:
    with office.house.database.reading() as connection:
        return int(connection.execute(select(stations.c.id).where(stations.c.code == code)).scalar_one())


@pytest.mark.parametrize(
    ("day", "holds"), [(BEFORE, False), (FIRST, True), (date(2026, 3, 15), True), (LAST, True), (AFTER, False)]
)
def test_a_membership_holds_from_its_first_day_to_its_last(office: Office, day: date, holds: bool) -> None:
    spell(office, "clerk")
    office.house.database.day.believe(day)
    with office.house.database.reading() as connection:
        mine = select(serving.c.id).where(serving.c.participant_id == office.city["clerk"])
        assert bool(connection.execute(mine).all()) is holds
        then = serving_on(day)
        that_day = select(then.c.id).where(then.c.participant_id == office.city["clerk"])
        assert bool(connection.execute(that_day).all()) is holds
        assert bool(viewer(connection, office.city["clerk"]).stations) is holds
    names = [one.reference for one in people_at(office.house, station_of(office), "zh")]
    assert (f"participant:{office.city['clerk']}" in names) is holds


def test_a_writing_connection_knows_the_same_day(office: Office) -> None:
    spell(office, "clerk")
    for day, holds in ((LAST, True), (AFTER, False)):
        office.house.database.day.believe(day)
        with office.house.database.writing() as connection:
            assert bool(viewer(connection, office.city["clerk"]).stations) is holds


def test_a_department_is_told_only_through_those_who_serve_today(office: Office) -> None:
    spell(office, "water_handler")
    party = f"organisation:{office.city['water']}"
    for day, there in ((LAST, True), (AFTER, False)):
        office.house.database.day.believe(day)
        with office.house.database.reading() as connection:
            assert (office.city["water_handler"] in people(connection, party)) is there


def test_a_membership_that_ended_by_date_is_brought_to_open_work(office: Office, now: datetime) -> None:
    story = Story(office, now)
    office.house.database.day.believe(LAST)
    story.open()
    while count_departed(office.house):
        see_off(office.house, now)
    holder = f"participant:{office.city['clerk']}"
    assert holder in [party for item in story.state.items if not item.done for party in item.candidates]
    with office.house.database.writing() as connection:
        row: dict[str, Any] = {"code": "RDB", "kind": "office", "active": True, "name_zh": "机构", "name_en": ""}
        number = connection.execute(insert(organisations).returning(organisations.c.id), row).scalar_one()
        member = {"participant_id": office.city["power_handler"], "organisation_id": number, "function": "clerk"}
        connection.execute(insert(memberships), member)
    spell(office, "clerk")
    office.house.database.day.believe(AFTER)
    for _ in range(10):
        if not count_departed(office.house):
            break
        see_off(office.house, now + timedelta(days=30))
    assert count_departed(office.house) == 0
    assert holder not in [party for item in story.state.items if not item.done for party in item.candidates]


def test_the_rota_has_hours_and_days_and_only_people_who_serve(office: Office) -> None:
    # Monday 2 March, nine o'clock in China
    monday = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    at, who = station_of(office), office.city["deputy"]
    with office.house.database.writing() as connection:
        connection.execute(duties.delete())
        hours = {"starts_at": time(9), "ends_at": time(11)}
        days = {"first_day": FIRST, "last_day": LAST}
        connection.execute(insert(duties), {"station_id": at, "weekday": 1, "participant_id": who, **hours, **days})
    with office.house.database.reading() as connection:
        assert on_duty(connection, at, monday) == {who}
        assert on_duty(connection, at, monday.replace(hour=11)) == frozenset()
        assert on_duty(connection, at, monday.replace(month=4, day=6)) == frozenset()
    moment = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert [(one.hours) for one in on_duty_today(office.house, "en", moment, "XG")] == ["09:00–11:00"]
    spell(office, "deputy", until=FIRST)
    with office.house.database.reading() as connection:
        assert on_duty(connection, at, monday) == frozenset()
    assert on_duty_today(office.house, "en", moment, "XG") == ()


def test_a_name_that_has_no_english_reads_in_chinese(office: Office) -> None:
    with office.house.database.writing() as connection:
        connection.execute(update(stations).where(stations.c.code == "XG").values(name_en=""))
        connection.execute(insert(codes), {"list": "haves", "code": "sign", "name_zh": "有牌子", "name_en": ""})
        chinese = connection.execute(select(stations.c.name_zh).where(stations.c.code == "XG")).scalar_one()
        assert connection.execute(select(participants.c.id)).first() is not None
    assert station_names(office.house, "en")[f"station:{station_of(office)}"] == chinese
