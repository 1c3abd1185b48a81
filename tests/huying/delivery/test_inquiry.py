"""Providers that send no receipts are asked, a few times for each message; what they say counts as a receipt."""

from __future__ import annotations

from datetime import timedelta

from huying.chores.inquiry import INQUIRY
from huying.delivery.inquiry import ROUND, ask_after, to_ask
from tests.huying.delivery.desk import account, address, change, messages, tell
from tests.huying.town import Town
from tests.notifications.cases import CASES
from tests.notifications.platforms import StandIn, running

DINGTALK = next(one for one in CASES if one.kind == "dingtalk")


def _sent(town: Town, stand: StandIn) -> int:
    account(town, "ding", "dingtalk", stand.url)
    address(town, "clerk", "first@example.org")
    town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    change(town, told.id, status="accepted", sender_key="ding", reference="4711", ended_at=town.clock.now)
    return int(told.id)


def test_a_message_is_asked_after_a_few_times_until_it_is_read(town: Town) -> None:
    with running(DINGTALK.answer) as stand:
        _sent(town, stand)
        begun, asked = town.clock.now, 0
        with town.house.database.reading() as connection:
            for round_ in range(30 * 12):
                asked += len(to_ask(connection, begun + round_ * ROUND))
        assert asked == 5, "five questions in a day and more"
        assert ask_after(town.house, begun) == (0, 0)
        later = begun + timedelta(minutes=6)
        assert ask_after(town.house, later) == (1, 1)
        assert ask_after(town.house, begun + timedelta(minutes=31)) == (0, 0), "it was read"
    (told,) = messages(town, "clerk")
    assert (told.status, told.read_at) == ("delivered", later)


def test_a_provider_that_is_away_is_asked_another_time(town: Town) -> None:
    with running(DINGTALK.answer) as stand:
        _sent(town, stand)
    assert ask_after(town.house, town.clock.now + timedelta(minutes=6)) == (1, 0)
    assert messages(town, "clerk")[0].status == "accepted"


def test_it_comes_round(town: Town) -> None:
    assert INQUIRY.pace == ROUND.total_seconds()
    assert INQUIRY.due is not None
