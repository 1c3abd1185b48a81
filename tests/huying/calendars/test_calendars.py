"""Calendars in force: numbered versions, built on one another, named by overrides, seen by every process of a house."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from definitions.calendars.reader import CALENDARS
from definitions.finding import Unreadable
from definitions.loader import LIBRARY, Unsound
from definitions.source.tree import read
from engine import State
from huying.database.connections import Database
from huying.database.tables import history, issues, participants
from huying.errors import NotFound
from huying.house.calendars import CalendarVersion, publish_calendar, publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.processes.overrides import publish_override
from huying.processes.publication import publish
from huying.register.imports import import_register
from huying.timers.recalculation import count_behind, reckon_again

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CITY = Path(__file__).parents[3] / "huying" / "demo" / "sample" / "city.yaml"
SHIPPED = (CALENDARS / "china.yaml").read_text("utf-8")
LOCAL = """
id: harbour
title: {zh: 港区, en: Harbour}
extends: china
working hours: ["08:00-12:00", "14:30-17:30"]
seasons: [{from: 06-01, until: 09-30, hours: ["08:00-12:00", "15:00-18:00"]}]
festivals:
  boat: {zh: 送王船, en: Boat festival}
days:
  - {festival: boat, off: 2026-03-03..2026-03-04, work: [2026-03-07]}
"""


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


def put(house: House, source: str, *, by: str = "test") -> tuple[CalendarVersion, bool]:
    """Publish a calendar."""
    return publish_calendar(house.calendars, house.database, source, "calendar.yaml", Imprint(by, NOW))


def test_without_any_version_the_shipped_calendars_count(house: House) -> None:
    assert house.calendars.in_force("china").name == "china v0"
    assert {"china", "england", "plain", "singapore"} <= set(house.calendars.known())
    with pytest.raises(NotFound, match="atlantis"):
        house.calendars.in_force("atlantis")


def test_publishing_numbers_the_versions_and_the_same_text_makes_none(house: House) -> None:
    first, new = put(house, SHIPPED)
    assert (first.version, new) == (1, True)
    assert put(house, SHIPPED) == (first, False)
    second, _ = put(house, SHIPPED.replace("2026-12-31", "2027-12-31"))
    assert second.version == 2
    assert house.calendars.in_force("china").published_until == date(2027, 12, 31)
    assert [one.version for one in house.calendars.versions("china")] == [2, 1]


def test_days_that_were_announced_are_not_lost(house: House) -> None:
    put(house, SHIPPED)
    shorter = SHIPPED.split("  # 2026\n")[0].replace("2026-12-31", "2025-12-31")
    with pytest.raises(Unreadable, match=r"2022-01-01\.\.2026-12-31"):
        put(house, shorter)
    assert house.calendars.in_force("china").version == 1


def test_what_is_shipped_is_published_once_and_later_only_where_it_announces_more(house: House) -> None:
    new = publish_shipped(house.calendars, house.database, Imprint("shipped", NOW, ""))
    assert {one.key for one in new} >= {"china", "england"}
    assert publish_shipped(house.calendars, house.database, Imprint("shipped", NOW, "")) == []
    put(house, SHIPPED.replace("2026-12-31", "2027-12-31"))
    assert publish_shipped(house.calendars, house.database, Imprint("shipped", NOW, "")) == []


def test_two_offices_that_publish_at_once_make_one_version(house: House) -> None:
    done: list[bool] = []
    threads = [threading.Thread(target=lambda: done.append(put(house, SHIPPED)[1])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    assert len(house.calendars.versions("china")) == 1


def test_a_local_calendar_adds_days_and_hours_and_follows_the_one_below(house: House) -> None:
    put(house, SHIPPED)
    put(house, LOCAL)
    harbour = house.calendars.in_force("harbour")
    assert harbour.name == "harbour v1 (china v1)"
    assert [harbour.works(date(2026, 3, day)) for day in (2, 3, 4, 5, 7)] == [True, False, False, True, True]
    assert not harbour.works(date(2026, 10, 1)), "and the national holidays hold"
    assert [f"{begin:%H:%M}" for begin, _ in harbour.hours_on(date(2026, 7, 1))] == ["08:00", "15:00"]
    assert [f"{begin:%H:%M}" for begin, _ in harbour.hours_on(date(2026, 12, 1))] == ["08:00", "14:30"]
    put(house, SHIPPED.replace("2026-12-31", "2027-12-31"))
    assert house.calendars.in_force("harbour").name == "harbour v1 (china v2)"
    assert house.calendars.in_force("harbour").published_until == date(2027, 12, 31)


def test_another_process_sees_a_new_version(house: House, tmp_path: Path) -> None:
    other = House(house.database, tmp_path)
    assert other.calendars.in_force("china").version == 0
    put(house, SHIPPED)
    other.calendars.forget()
    assert other.calendars.in_force("china").version == 1


@pytest.mark.parametrize("extends", ["atlantis", "harbour"])
def test_a_calendar_that_builds_on_nothing_or_on_itself_is_refused(house: House, extends: str) -> None:
    with pytest.raises(Unreadable, match="no calendar"):
        put(house, LOCAL.replace("extends: china", f"extends: {extends}"))


def test_an_override_names_a_station_s_own_calendar_and_its_issues_follow_it(house: House) -> None:
    import_register(house.database, read(CITY.read_text("utf-8"), "city.yaml").plain(), NOW, "passphrase")
    source = (LIBRARY / "contact-station" / "definition.yaml").read_text("utf-8")
    publish(house, source, "contact-station.yaml", Imprint("test", NOW))
    own = "override: contact-station\nfor: {station: XG}\ncalendar: harbour\nsteps: {register: {within: 2 working days}}\n"
    with pytest.raises(Unsound, match="harbour"):
        publish_override(house, own, "override.yaml", by="test", now=NOW)
    put(house, LOCAL)
    publish_override(house, own, "override.yaml", by="test", now=NOW)
    issue = _open(house)
    assert _due_on(house, issue) == "2026-03-06", "the 3rd and 4th are off"
    with house.database.reading() as connection:
        assert connection.execute(select(issues.c.calendar)).scalar_one() == "harbour v1 (china v0)"


def test_reckoning_again_goes_on_where_it_was_interrupted_and_leaves_a_note_only_where_something_moved(
    house: House,
) -> None:
    import_register(house.database, read(CITY.read_text("utf-8"), "city.yaml").plain(), NOW, "passphrase")
    source = (LIBRARY / "contact-station" / "definition.yaml").read_text("utf-8")
    publish(house, source, "contact-station.yaml", Imprint("test", NOW))
    several = [_open(house, str(number)) for number in range(6)]
    with house.database.writing() as connection:
        connection.execute(update(issues).where(issues.c.id.in_(several[:2])).values(calendar="china v99"))
    assert count_behind(house, 10) == 2, "a version that is newer than the one in force is not that either"
    put(house, SHIPPED.replace("2026-12-31", "2027-12-31"))
    assert count_behind(house, 10) == 6
    looked_at = 0
    while (done := reckon_again(house, NOW, limit=4)).looked_at:
        looked_at += done.looked_at
        assert done.moved == 0
    assert looked_at == 6
    with house.database.reading() as connection:
        assert "reckon-again" not in connection.execute(select(history.c.kind)).scalars().all()
        assert set(connection.execute(select(issues.c.calendar)).scalars()) == {"china v1"}


def _open(house: House, key: str = "a") -> int:
    with house.database.reading() as connection:
        query = select(participants.c.id).where(participants.c.login == "zhangxiaoman")
        reporter = int(connection.execute(query).scalar_one())
    values = {"subject": "路灯不亮", "category": "lighting", "place": "望海路"}
    return open_issue(
        house,
        Report(definition="contact-station", station="XG", reporter=reporter, values=values),
        request_id=key,
        now=NOW,
    ).issue_id


def _due_on(house: House, issue: int) -> str | None:
    with house.database.reading() as connection:
        state: State = connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar_one()
    return state.visits[0].due_on


def test_calendars_whose_names_begin_alike_are_not_taken_for_each_other(house: House) -> None:
    import_register(house.database, read(CITY.read_text("utf-8"), "city.yaml").plain(), NOW, "passphrase")
    source = (LIBRARY / "contact-station" / "definition.yaml").read_text("utf-8")
    for key in ("china-v", "chinav", "chin"):
        put(house, LOCAL.replace("id: harbour", f"id: {key}"))
    publish(house, source.replace("calendar: china\n", ""), "contact-station.yaml", Imprint("test", NOW))
    issue = _open(house)
    with house.database.writing() as connection:
        connection.execute(update(issues).where(issues.c.id == issue).values(calendar="china-v v1 (china v0)"))
    assert count_behind(house, 10) == 0
