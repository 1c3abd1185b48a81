"""One address a message, and the next one when that fails: once, as long as it is needed, whoever finds out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select, update

from huying.database import tables as t
from huying.delivery.bounces import bounced
from huying.delivery.rungs import fall_back
from huying.privacy.erasure import erase_person
from notifications.retry import ATTEMPTS
from tests.huying.delivery.desk import address, change, count, messages, send, tell
from tests.huying.town import Town
from tests.notifications.conftest import MailSink


def _two(town: Town) -> tuple[int, int]:
    return address(town, "clerk", "first@example.org", rank=1), address(town, "clerk", "other@example.org", rank=2)


def test_somebody_with_two_addresses_is_told_at_the_first_alone(town: Town) -> None:
    second = address(town, "clerk", "later@example.org", rank=5)
    first = address(town, "clerk", "sooner@example.org", rank=1)
    town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    assert (told.address_id, told.target, told.rung) == (first, "sooner@example.org", 0)
    assert second != told.address_id


def test_what_is_refused_goes_to_the_next_address_and_fails_only_at_the_last(town: Town) -> None:
    _two(town)
    issue = town.report()
    tell(town)
    for _ in range(ATTEMPTS):
        send(town)
        town.clock.move(hours=13)
    first, second = messages(town, "clerk")[:2]
    assert (first.status, second.rung, second.instead_of_id) == ("failed", 1, first.id)
    assert second.key == f"{first.key}.1"
    assert count(town, "incidents") == 0, "there is another address"
    for _ in range(ATTEMPTS):
        send(town)
        town.clock.move(hours=13)
    assert messages(town, "clerk")[1].status == "failed"
    assert count(town, "incidents") == 1
    assert issue


def test_two_that_find_a_bounce_at_once_write_one_rung(town: Town) -> None:
    first, _ = _two(town)
    town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    change(town, told.id, status="accepted", ended_at=town.clock.now)

    def find(_: int) -> bool:
        with town.house.database.writing() as connection:
            return bounced(connection, told.id, "550 5.1.1 no such user", town.clock.now, hard=True)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(find, range(2))) == [False, True]
    came_back, again = messages(town, "clerk")
    assert (came_back.status, again.status, again.target) == ("undelivered", "pending", "other@example.org")
    with town.house.database.reading() as connection:
        state = connection.execute(select(t.addresses.c.state).where(t.addresses.c.id == first)).scalar_one()
    assert state == "gone"


def test_what_stays_unread_goes_on_once_by_two_dispatchers_and_not_when_the_task_is_done(town: Town) -> None:
    _two(town)
    issue = town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    now = town.clock.now
    change(town, told.id, status="accepted", wait_until=now, ended_at=now)

    def look(_: int) -> int:
        with town.house.database.writing() as connection:
            return fall_back(connection, now)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, range(2)))
    assert [row.rung for row in messages(town, "clerk")] == [0, 1]
    town.act(issue, "clerk", "accept")
    change(town, told.id, key="x.done", wait_until=now)
    look(0)
    assert [row.rung for row in messages(town, "clerk")] == [0, 1], "the task is done"


def test_what_was_read_does_not_go_on(town: Town) -> None:
    _two(town)
    town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    change(town, told.id, status="delivered", wait_until=town.clock.now, read_at=town.clock.now)
    with town.house.database.writing() as connection:
        assert fall_back(connection, town.clock.now) == 1
    assert len(messages(town, "clerk")) == 1


def test_three_soft_bounces_within_two_weeks_suspend_an_address(town: Town) -> None:
    first, second = _two(town)
    states = []
    for day in range(3):
        town.report(subject=f"第 {day} 件")
        tell(town)
        told = next(row for row in reversed(messages(town, "clerk")) if row.address_id == first)
        change(town, told.id, status="accepted")
        with town.house.database.writing() as connection:
            assert bounced(connection, told.id, "452 4.2.2 mailbox full", town.clock.now, hard=False)
            own = select(t.addresses.c.state).where(t.addresses.c.id == first)
            states.append(connection.execute(own).scalar_one())
        town.clock.move(days=1)
    assert states == ["usable", "usable", "suspended"]
    town.report(subject="又一件")
    tell(town)
    assert messages(town, "clerk")[-1].address_id == second


def test_who_left_a_telephone_alone_is_told_by_it_when_mail_comes_back(town: Town) -> None:
    issue = town.report()
    person = town.reporter(issue)
    town.people["reporter"] = person
    address(town, "reporter", "li@example.org")
    tell(town)
    (told,) = messages(town, "reporter")
    with town.house.database.writing() as connection:
        assert bounced(connection, told.id, "550 5.1.1", town.clock.now, hard=True)
    assert [row.status for row in messages(town, "reporter")] == ["undelivered", "untold"]
    assert count(town, "incidents") == 0


def test_whoever_was_erased_gets_nothing(town: Town, mail_server: MailSink) -> None:
    issue = town.report()
    town.people["reporter"] = town.reporter(issue)
    address(town, "reporter", "li@example.org")
    tell(town)
    with town.house.database.writing() as connection:
        connection.execute(
            update(t.participants)
            .where(t.participants.c.id == town.people["reporter"])
            .values(erased_at=town.clock.now, active=False)
        )
    send(town, mail_server.server.port)
    assert messages(town, "reporter")[0].status == "skipped"
    town.act(issue, "clerk", "accept")
    tell(town)
    assert len(messages(town, "reporter")) == 1
    with town.house.database.writing() as connection:
        erase_person(connection, town.people["reporter"], town.clock.now)
    assert "li@example.org" not in {target for one in mail_server.envelopes for target in one.rcpt_tos}


def test_killed_between_sending_and_recording_it_goes_out_again_with_the_same_key(town: Town) -> None:
    from huying.delivery import sender

    address(town, "clerk", "first@example.org")
    town.report()
    tell(town)
    taken, _ = sender._claim(town.house, town.clock.now, 100)
    key = next(one.row.key for one in taken if one.row.target == "first@example.org")
    assert not sender.has_pending(town.house, town.clock.now + timedelta(seconds=30))
    again, _ = sender._claim(town.house, town.clock.now + timedelta(minutes=2), 100)
    assert key in {one.row.key for one in again}
    assert len(messages(town, "clerk")) == 1
