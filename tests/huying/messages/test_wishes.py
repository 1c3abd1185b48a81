"""Wishes, occasions and hours: what somebody chose holds, but what the law demands is never off."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, update

from definitions.model.message_rule import Outlet, ToldOf
from engine.effect import Occasion
from huying.database import tables as t
from huying.house.imprint import Imprint
from huying.messages.quiet import QuietHours, next_daily, next_hour
from huying.messages.routes import ToBeSaid, route
from huying.messages.topics import PROMPT, STATUTORY, may_be_off, topic_of
from huying.processes.publication import publish
from notifications import CHANNELS
from tests.huying.delivery.desk import address, messages, send, tell, wish
from tests.huying.town import DEFINITION, Town

SHANGHAI = "Asia/Shanghai"


def _at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(SHANGHAI)).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (_at(21, 59), _at(21, 59)),
        (_at(22), _at(8, day=3)),
        (_at(23, 30), _at(8, day=3)),
        (_at(0, 0, 3), _at(8, day=3)),
        (_at(7, 59, 3), _at(8, day=3)),
        (_at(8, 0, 3), _at(8, day=3)),
    ],
)
def test_quiet_hours_go_over_midnight(moment: datetime, until: datetime) -> None:
    assert QuietHours("22:00", "08:00", SHANGHAI).until(moment) == until


def test_quiet_hours_at_noon_and_in_another_zone() -> None:
    noon = QuietHours("12:00", "14:00", SHANGHAI)
    assert noon.until(_at(13)) == _at(14)
    assert noon.until(_at(14)) == _at(14)
    assert QuietHours("12:00", "14:00", "Europe/Berlin").until(_at(13)) == _at(13)


def test_digests_go_out_on_the_hour_and_at_the_hour_of_a_day() -> None:
    assert next_hour(_at(9, 20)) == _at(10)
    assert next_daily(_at(8, 59), "09:00", ZoneInfo(SHANGHAI)) == _at(9)
    assert next_daily(_at(9), "09:00", ZoneInfo(SHANGHAI)) == _at(9, day=3)


def test_every_wish_at_every_hour_for_every_occasion(town: Town) -> None:
    address(town, "clerk", "a@example.org")
    for topic in ("tasks", "progress", "digests", "notices"):
        wish(town, "clerk", topic, off=True)
    hours = {"starts": "22:00", "ends": "08:00", "zone": SHANGHAI, "changed_at": town.clock.now}
    occasions = (*get_args(Occasion), "guessed", "data-code", "grant-ends", "digest")
    with town.house.database.writing() as connection:
        connection.execute(insert(t.quiet_hours), {"participant_id": town.people["clerk"], **hours})
        for digest in ("once", "hourly", "daily"):
            connection.execute(update(t.preferences).values(digest=digest))
            for occasion, hour in product(occasions, (3, 10, 23)):
                _ask(connection, town.people["clerk"], occasion, digest, _at(hour))


def _ask(connection: Connection, person: int, occasion: str, digest: str, sooner: datetime) -> None:
    """What becomes of one occasion, for somebody who wants nothing, and quiet nights."""
    said = ToBeSaid(occasion=occasion, sooner=sooner, gathers=True)
    way = route(connection, person, "staff", said, ZoneInfo(SHANGHAI))
    urgent = route(connection, person, "staff", ToBeSaid(occasion="task", sooner=sooner, urgent=True))
    assert (urgent.available_at, urgent.status) == (sooner, "pending"), "what is urgent passes quiet hours"
    assert (way.status == "skipped") == may_be_off(occasion)
    if occasion in STATUTORY or occasion in PROMPT:
        assert way.status in ("pending", "gathered")
    if occasion in PROMPT:
        assert way.available_at == sooner
    elif way.status != "skipped":
        assert 8 <= way.available_at.astimezone(ZoneInfo(SHANGHAI)).hour < 22
        assert (way.status == "gathered") == (digest != "once")


def test_definitions_name_the_occasions_and_channels_that_there_are() -> None:
    assert get_args(ToldOf) == get_args(Occasion)
    assert set(get_args(Outlet)) <= set(CHANNELS)


def test_a_definition_s_own_order_and_urgency_go_before_everything(town: Town) -> None:
    source = f"{DEFINITION}messages: {{task: {{by: [webhook, mail], urgent: true}}}}\n"
    publish(town.house, source, "street-matters.yaml", Imprint("test", town.clock.now))
    address(town, "clerk", "a@example.org", rank=0)
    hook = address(town, "clerk", "https://example.org/hook", rank=1, channel="webhook")
    wish(town, "clerk", "tasks", channels=["mail"], digest="daily")
    town.clock.move(minutes=1)
    town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    assert (told.address_id, told.status, told.urgent) == (hook, "pending", True)


def test_every_occasion_has_a_topic() -> None:
    assert {topic_of(one) for one in get_args(Occasion)} == {"tasks", "progress"}


def test_who_wants_one_digest_a_day_gets_one(town: Town) -> None:
    address(town, "clerk", "a@example.org")
    wish(town, "clerk", "tasks", digest="daily", daily_at="18:00")
    for number in range(3):
        town.report(subject=f"第 {number} 件")
    tell(town)
    assert {row.status for row in messages(town, "clerk")} == {"gathered"}
    town.clock.move(days=1)
    send(town)
    assert [row.status for row in messages(town, "clerk")] == ["merged", "merged", "merged", "pending"]


def test_the_order_of_channels_is_the_person_s_own(town: Town) -> None:
    address(town, "clerk", "a@example.org", rank=0)
    hook = address(town, "clerk", "https://example.org/hook", rank=1, channel="webhook")
    wish(town, "clerk", "tasks", channels=["webhook", "mail"])
    town.report()
    tell(town)
    assert [row.address_id for row in messages(town, "clerk")] == [hook]
