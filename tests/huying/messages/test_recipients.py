"""Whom the clock's messages reach, and when: in office hours where the definition says so, and never nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import Row, insert, select, update

from definitions.calendars.reader import load_calendar
from engine.effect import Tell
from huying.access.viewer import Look
from huying.database.tables import deliveries, memberships, organisations, outbox, participants, stations, timers
from huying.effects.carriers import carry
from huying.issues.views.issue import issue_view
from huying.messages.recipients import when_open
from huying.outbox.claims import claim_effects
from huying.timers.sweep import fire_due
from tests.conftest import Office
from tests.huying.story import Story


class Told:
    """One issue in an office; its reminder and its deadline are about to be told."""

    def __init__(self, office: Office, now: datetime) -> None:
        self.office, self.house, self.story = office, office.house, Story(office, now)
        self.story.open()
        with self.house.database.writing() as connection:
            connection.execute(update(outbox).values(status="done"))
            self.due = min(connection.execute(select(timers.c.due_at)).scalars())

    def change(self, *statements: Any) -> None:
        """Change the register."""
        with self.house.database.writing() as connection:
            for statement in statements:
                connection.execute(statement)

    def office_people(self, *names: str, active: bool = True) -> list[int]:
        """People of the office that looks after the house."""
        with self.house.database.writing() as connection:
            row = {"code": "OFFICE", "name_zh": "办公室", "name_en": "Office", "kind": "office", "active": True}
            key = connection.execute(insert(organisations).returning(organisations.c.id), row).scalar_one()
            found = []
            for name in names:
                person = {"name": name, "kind": "administrator", "language": "zh", "active": active}
                made = insert(participants).returning(participants.c.id)
                number = connection.execute(made, {**person, "created_at": self.story.now}).scalar_one()
                serves = {"participant_id": number, "organisation_id": key, "function": "clerk"}
                connection.execute(insert(memberships), serves)
                found.append(int(number))
        return found

    def tell(self, at: datetime, **said: Any) -> list[Row[Any]]:
        """Fire what is due and carry out what follows, with this said of it; the messages."""
        assert fire_due(self.house, at)
        for errand in claim_effects(self.house, at):
            carry(self.house, replace(errand, effect=structs.replace(errand.effect, **said)), at)
        with self.house.database.reading() as connection:
            return list(connection.execute(select(deliveries).order_by(deliveries.c.id)))


@pytest.fixture
def told(sqlite_office: Office, now: datetime) -> Told:
    """On SQLite."""
    return Told(sqlite_office, now)


def leave(person: int) -> Any:
    """Somebody is no longer in service."""
    return update(participants).where(participants.c.id == person).values(active=False)


def test_when_nobody_is_behind_its_parties_the_office_hears_of_a_deadline(told: Told) -> None:
    office = told.office_people("温如玉", "冯硕")
    told.change(leave(told.office.city["clerk"]))
    rows = told.tell(told.due)
    assert [row.participant_id for row in rows] == office
    assert {row.occasion for row in rows} == {"reminded"}
    assert "本通知原应发给clerk，因对方没有在岗人员接收，特转办公室处理。" in rows[0].text
    assert rows[0].instead_of == f"participant:{told.office.city['clerk']}"


def test_the_issue_s_history_says_that_the_office_was_told(told: Told) -> None:
    [office] = told.office_people("温如玉")
    told.change(leave(told.office.city["clerk"]))
    told.tell(told.due)
    happened = {
        language: issue_view(told.house, told.story.issue_id, Look(office, language, told.due)).timeline[-1]
        for language in ("zh", "en")
    }
    assert "clerk没有在岗人员接收通知，已改为通知办公室" in happened["zh"].follows
    assert "Nobody could be told for clerk; so the office was" in happened["en"].follows


def test_the_reporter_does_not_read_who_could_not_be_told(told: Told) -> None:
    told.office_people("温如玉")
    told.change(leave(told.office.city["clerk"]))
    told.tell(told.due)
    view = issue_view(told.house, told.story.issue_id, Look(told.office.city["resident"], "zh", told.due))
    assert "办公室" not in str(view.timeline)


def test_somebody_who_is_there_is_enough(told: Told) -> None:
    told.office_people("温如玉")
    [row] = told.tell(told.due)
    assert (row.participant_id, row.instead_of) == (told.office.city["clerk"], None)


def test_news_that_nobody_waits_for_is_not_sent_to_the_office(told: Told) -> None:
    told.office_people("温如玉")
    told.change(leave(told.office.city["clerk"]))
    assert told.tell(told.due, occasion="informed") == []


def test_parties_that_are_empty_are_told_to_the_office_too(told: Told) -> None:
    [office] = told.office_people("温如玉")
    [row] = told.tell(told.due, parties=[])
    assert row.participant_id == office
    assert "本通知没有可以接收的人，特转办公室处理。" in row.text


def test_without_an_office_the_log_says_that_nobody_was_told(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    told.change(leave(told.office.city["clerk"]))
    assert told.tell(told.due) == []
    assert "nobody can be told" in caplog.text


def test_carried_out_again_the_office_hears_it_once(told: Told) -> None:
    told.office_people("温如玉")
    told.change(leave(told.office.city["clerk"]))
    first = told.tell(told.due)
    told.change(update(outbox).where(outbox.c.kind == "tell").values(status="pending", available_at=told.due))
    for errand in claim_effects(told.house, told.due):
        if isinstance(errand.effect, Tell) and errand.effect.occasion == "reminded":
            carry(told.house, errand, told.due)
    with told.house.database.reading() as connection:
        again = connection.execute(select(deliveries.c.key).where(deliveries.c.occasion == "reminded")).scalars().all()
    assert list(again) == [row.key for row in first]


CHINA = load_calendar("china")
#: Half past ten at night in China, a Tuesday; the office opens at nine.
NIGHT, NINE = datetime(2026, 3, 3, 14, 30, tzinfo=UTC), datetime(2026, 3, 4, 1, tzinfo=UTC)


def test_where_the_definition_says_so_a_message_waits_for_office_hours(told: Told) -> None:
    rows = told.tell(NIGHT, office_hours=True)
    assert {row.available_at for row in rows} == {NINE}
    assert {row.created_at for row in rows} == {NIGHT}


def test_in_office_hours_it_does_not_wait(told: Told) -> None:
    moment = NINE + timedelta(hours=1)
    assert {row.available_at for row in told.tell(moment, office_hours=True)} == {moment}


def test_where_the_definition_says_nothing_it_is_sent_at_any_hour(told: Told) -> None:
    assert {row.available_at for row in told.tell(NIGHT)} == {NIGHT}


def test_the_calendar_of_where_the_recipient_serves_says_when_they_are_at_work(told: Told) -> None:
    afternoons = replace(CHINA, hours=CHINA.hours[1:])
    city = told.office.city

    def opens(person: str) -> datetime:
        with told.house.database.reading() as connection:
            return when_open(told.house.calendars, connection, city[person], afternoons, NIGHT)

    assert opens("clerk") == opens("water_handler") == NINE + timedelta(hours=5), "the usual one, when none is named"
    told.change(update(stations).values(calendar="china"))
    assert (opens("clerk"), opens("water_handler")) == (NINE, NINE + timedelta(hours=5))
    told.change(update(organisations).values(calendar="china"))
    assert opens("water_handler") == NINE
    assert opens("resident") == NINE + timedelta(hours=5), "who serves nowhere"


def test_a_calendar_that_is_gone_leaves_that_of_the_process(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    told.change(update(stations).values(calendar="gone"))
    assert {row.available_at for row in told.tell(NIGHT, office_hours=True)} == {NINE}
    assert "there is no calendar gone" in caplog.text
