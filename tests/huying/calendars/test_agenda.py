"""What stands in somebody's calendar, and what never does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select, update

from engine.event import Resume, Suspend
from huying.access.sessions import token_hash
from huying.calendars.agenda import agenda
from huying.calendars.feeds import feed_of, make_feed, open_feed, revoke_feed
from huying.calendars.icalendar import Event
from huying.database import tables as t
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.bulk import in_bulk
from huying.issues.deeds import comment
from tests.huying.town import Town


def _events(town: Town, login: str, *, subjects: bool = False) -> dict[str, Event]:
    make_feed(town.house, town.people[login], subjects=subjects, now=town.clock.now)
    feed = feed_of(town.house, town.people[login])
    assert feed is not None
    seen = agenda(town.house, feed, "https://huying.example", town.clock.now)
    assert len({event.uid for event in seen.events}) == len(seen.events)
    return {event.uid: event for event in seen.events}


def _only(town: Town, login: str, *, subjects: bool = False) -> Event:
    [event] = _events(town, login, subjects=subjects).values()
    return event


def _staff(town: Town, issue: int, event: Suspend | Resume) -> None:
    key = f"{type(event).__name__}-{town.clock.now}"
    in_bulk(town.house, [issue], lambda _: event, By(town.people["office"], town.clock.now, key[:40]))


def test_a_task_stands_on_its_last_day_with_an_alarm_the_morning_before(town: Town) -> None:
    issue = town.report()
    event = _only(town, "clerk")
    item = town.item(issue, town.party("clerk"))
    assert event.uid == f"task-{issue}-{item}@huying.example"
    assert (event.begins, event.ends) == (date(2026, 11, 24), date(2026, 11, 25))
    assert event.summary == "到期：受理登记，XG-2026-00001"
    assert event.url == f"https://huying.example/tasks/{issue}/{item}"
    assert event.alarm == timedelta(hours=15)
    assert (event.tentative, event.busy, event.categories) == (False, False, ("期限",))


def test_the_calendar_is_in_the_persons_language(town: Town) -> None:
    town.report()
    with town.house.database.writing() as connection:
        connection.execute(update(t.participants).where(t.participants.c.login == "clerk").values(language="en"))
    event = _only(town, "clerk")
    assert event.summary == "Due: Registration, XG-2026-00001"
    assert event.categories == ("Deadline",)


def test_what_somebody_entered_is_left_out_unless_they_want_the_subject(town: Town) -> None:
    town.report()
    assert not any(private in repr(_only(town, "clerk")) for private in ("路灯不亮", "光明路", "李明", "一周"))
    shown = repr(_only(town, "clerk", subjects=True))
    assert "路灯不亮" in shown
    assert not any(private in shown for private in ("光明路", "李明", "13800000000", "一周"))


def test_what_a_colleague_took_or_somebody_did_stands_there_no_more(town: Town) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    assert _events(town, "clerk") == {}
    assert len(_events(town, "deputy")) == 1
    assert _events(town, "stranger") == {}


def test_a_department_reads_its_tasks(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    assert _only(town, "lighting").begins == date(2026, 12, 14)


def test_a_clock_that_stands_makes_the_event_tentative_and_a_later_version_of_itself(town: Town) -> None:
    issue = town.report()
    before = _only(town, "clerk")
    town.clock.move(hours=2)
    _staff(town, issue, Suspend("等材料"))
    paused = _only(town, "clerk")
    town.clock.move(days=3)
    _staff(town, issue, Resume())
    after = _only(town, "clerk")
    assert before.uid == paused.uid == after.uid
    assert before.sequence < paused.sequence < after.sequence
    assert before.modified < paused.modified < after.modified
    assert (paused.tentative, paused.alarm) == (True, None)
    assert paused.summary.endswith("（计时暂停）")
    assert after.begins == date(2026, 11, 27)
    assert not after.tentative


def test_what_does_not_touch_the_deadline_leaves_the_event_as_it_is(town: Town) -> None:
    issue = town.report()
    before = _only(town, "clerk")
    town.clock.move(minutes=5)
    comment(town.house, issue, "收到。", By(town.people["clerk"], town.clock.now, "c"), public=False)
    assert _only(town, "clerk") == before


def test_a_provisional_deadline_is_tentative_and_says_so(town: Town) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    town.clock.now = datetime(2026, 12, 21, 2, tzinfo=UTC)
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"])
    event = _only(town, "lighting")
    assert event.tentative
    assert event.summary.endswith("（暂定）")
    assert "放假安排" in event.description


def test_promises_stand_on_their_day(town: Town) -> None:
    issue = town.report()
    row = {
        "issue_id": issue, "number": 9, "party": town.departments["cg"], "what": "换新灯", "status": "open",
        "due_on": date(2026, 12, 8), "made_at": town.clock.now,
    }  # fmt: skip
    with town.house.database.writing() as connection:
        connection.execute(insert(t.promises), row)
    event = _only(town, "lighting")
    assert (event.begins, event.summary) == (date(2026, 12, 8), "承诺到期，XG-2026-00001")
    assert "换新灯" in _only(town, "lighting", subjects=True).summary


@pytest.mark.parametrize(
    ("starts", "ends", "begins", "until"),
    [
        (None, None, date(2026, 11, 25), date(2026, 11, 26)),
        (time(9), time(12), datetime(2026, 11, 25, 1, tzinfo=UTC), datetime(2026, 11, 25, 4, tzinfo=UTC)),
        (time(14), None, datetime(2026, 11, 25, 6, tzinfo=UTC), datetime(2026, 11, 25, 16, tzinfo=UTC)),
        (time(22), time(6), datetime(2026, 11, 25, 14, tzinfo=UTC), datetime(2026, 11, 25, 22, tzinfo=UTC)),
    ],
)
def test_a_dated_duty_lasts_for_its_hours(
    town: Town, starts: time | None, ends: time | None, begins: date, until: date
) -> None:
    with town.house.database.writing() as connection:
        station = connection.execute(select(t.stations.c.id).where(t.stations.c.code == "XG")).scalar_one()
        row = {"station_id": station, "participant_id": town.people["deputy"], "starts_at": starts, "ends_at": ends}
        connection.execute(insert(t.dated_duties), {**row, "day": date(2026, 11, 25)})
    event = _only(town, "deputy")
    assert (event.begins, event.ends) == (begins, until)
    assert (event.summary, event.busy) == ("值班：星光站", True)


def test_an_address_is_kept_as_a_hash_only_and_renewing_it_revokes_the_one_before(town: Town) -> None:
    now, clerk = town.clock.now, town.people["clerk"]
    first = make_feed(town.house, clerk, subjects=False, now=now)
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.calendar_feeds.c.token_hash)).scalars().all() == [token_hash(first)]
    assert open_feed(town.house, first, now).participant_id == clerk
    second = make_feed(town.house, clerk, subjects=True, now=now)
    assert open_feed(town.house, second, now).subjects
    with pytest.raises(NotFound) as revoked:
        open_feed(town.house, first, now)
    with pytest.raises(NotFound) as unknown:
        open_feed(town.house, "x" * 43, now)
    assert revoked.value.message == unknown.value.message
    revoke_feed(town.house, clerk, now)
    assert feed_of(town.house, clerk) is None
    with pytest.raises(NotFound):
        open_feed(town.house, second, now)


def test_an_address_of_somebody_who_has_left_opens_nothing(town: Town) -> None:
    token = make_feed(town.house, town.people["clerk"], subjects=False, now=town.clock.now)
    with town.house.database.writing() as connection:
        connection.execute(update(t.participants).where(t.participants.c.login == "clerk").values(active=False))
    with pytest.raises(NotFound):
        open_feed(town.house, token, town.clock.now)


def test_it_is_noted_when_an_address_was_read(town: Town) -> None:
    token = make_feed(town.house, town.people["clerk"], subjects=False, now=town.clock.now)
    begin = town.clock.now
    open_feed(town.house, token, begin)
    town.clock.move(minutes=1)
    assert open_feed(town.house, token, town.clock.now).last_read_at == begin
    town.clock.move(minutes=10)
    open_feed(town.house, token, town.clock.now)
    seen = feed_of(town.house, town.people["clerk"])
    assert seen is not None
    assert seen.last_read_at == town.clock.now
