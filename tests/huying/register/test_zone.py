"""Days begin and end where the office's calendar says: one on each side of the date line, so that no clock makes them the same day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from huying.access.viewer import viewer
from huying.database.day import day_of
from huying.database.tables import memberships
from huying.database.tenure import Today, serving
from huying.house.calendars import publish_calendar
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.office import OfficeEntry
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from tests.conftest import Office

#: Twenty-five hours apart: never the same day.
WEST, EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def settled(house: House, zone: str) -> None:
    """The office reckons by a calendar in a zone."""
    source = f"id: far\ntitle: {{zh: 远, en: Far}}\nextends: plain\ntimezone: {zone}\n"
    publish_calendar(house.calendars, house.database, source, "far.yaml", Imprint("test", NOON))
    house.calendars.forget()
    house.offices.settle(
        OfficeEntry(name_zh="远", name_en="", address="", calendar="far", languages=("zh",)), house.calendars, NOON
    )


def asked(house: House) -> date:
    """The day that the database takes for today."""
    with house.database.reading() as connection:
        found: date = connection.execute(select(Today())).scalar_one()
    return found if isinstance(found, date) else date.fromisoformat(found)


def between(house: House, ask: Callable[[], object]) -> None:
    """What is asked is the day at its beginning or at its end, should midnight fall between."""
    before = house.day_of(datetime.now(UTC))
    found = ask()
    assert found in (before, house.day_of(datetime.now(UTC)))


@pytest.mark.parametrize("zone", [WEST, EAST])
def test_today_is_the_day_in_the_zone_of_the_office(office: Office, zone: str) -> None:
    settled(office.house, zone)
    between(office.house, lambda: asked(office.house))
    between(office.house, office.house.database.day.today)


def test_every_process_learns_of_another_zone(office: Office) -> None:
    elsewhere = House(office.house.database, office.house.files)
    days = []
    for zone in (WEST, EAST):
        settled(office.house, zone)
        elsewhere.calendars.forget()
        elsewhere.offices.forget()
        days.append(asked(elsewhere))
    assert days[0] < days[1]


def test_whoever_served_until_yesterday_there_serves_no_more(office: Office) -> None:
    settled(office.house, EAST)
    today = asked(office.house)
    for until, serves in ((today - timedelta(days=1), False), (today + timedelta(days=1), True)):
        with office.house.database.writing() as connection:
            mine = memberships.c.participant_id == office.city["clerk"]
            connection.execute(update(memberships).where(mine).values(since=None, until=until))
            found = connection.execute(select(serving.c.id).where(serving.c.participant_id == office.city["clerk"]))
            assert bool(found.all()) is serves


@pytest.mark.parametrize(("zone", "holds"), [(WEST, False), (EAST, True)])
def test_a_grant_begins_at_the_midnight_of_the_office(office: Office, zone: str, holds: bool) -> None:
    """At noon of the second in Greenwich it is still the second in the west, and the third in the east."""
    settled(office.house, zone)
    with office.house.database.writing() as connection:
        assert day_of(NOON, connection) == date(2026, 11, 3 if holds else 2)
        give(connection, NewGrant(office.city["clerk"], "editor", HOUSE, date(2026, 11, 3), None, "写流程"), NOON, None)
        somebody = viewer(connection, office.city["clerk"])
        assert somebody.may("write processes", NOON) is holds
