"""A sender over its limit gives its messages later moments, and keeps no other waiting."""

from __future__ import annotations

from datetime import timedelta

from tests.huying.delivery.desk import address, messages, send, smtp, tell
from tests.huying.town import Town
from tests.notifications.conftest import MailSink


def test_one_over_its_limit_does_not_stall_others(town: Town, mail_server: MailSink) -> None:
    smtp(town, "slow", mail_server.server.port, per_minute=2)
    smtp(town, "quick", mail_server.server.port, rank=1)
    address(town, "clerk", "slow@example.org", sender_key="slow")
    address(town, "clerk2", "quick@example.org", sender_key="quick")
    for number in range(5):
        town.report(subject=f"第 {number} 件")
    tell(town)
    send(town, mail_server.server.port)
    slow, quick = messages(town, "clerk"), messages(town, "clerk2")
    assert [row.status for row in quick] == ["accepted"] * 5
    assert [row.status for row in slow] == ["accepted", "accepted", "pending", "pending", "pending"]
    moments = [row.available_at - town.clock.now for row in slow[2:]]
    assert moments == [timedelta(seconds=30), timedelta(minutes=1), timedelta(seconds=90)]
    town.clock.move(minutes=1)
    send(town, mail_server.server.port)
    assert [row.status for row in messages(town, "clerk")].count("accepted") == 4
    town.clock.move(minutes=1)
    send(town, mail_server.server.port)
    assert {row.status for row in messages(town, "clerk")} == {"accepted"}


def test_one_person_has_no_more_of_a_sender_than_its_share_of_a_day(town: Town, mail_server: MailSink) -> None:
    smtp(town, "slow", mail_server.server.port, per_person_day=1)
    address(town, "clerk", "slow@example.org")
    for number in range(2):
        town.report(subject=f"第 {number} 件")
    tell(town)
    send(town, mail_server.server.port)
    assert [row.status for row in messages(town, "clerk")] == ["accepted", "pending"]
    town.clock.move(days=1)
    send(town, mail_server.server.port)
    assert [row.status for row in messages(town, "clerk")] == ["accepted", "accepted"]


def test_a_sender_on_trial_writes_to_nobody_and_one_with_guests_to_them(town: Town, mail_server: MailSink) -> None:
    smtp(town, "guests", mail_server.server.port, mode="guests", guests=[town.people["clerk"]])
    smtp(town, "trial", mail_server.server.port, mode="test", rank=-1)
    address(town, "clerk", "a@example.org")
    address(town, "clerk2", "b@example.org")
    town.report()
    tell(town)
    send(town, mail_server.server.port)
    (first,), (second,) = messages(town, "clerk"), messages(town, "clerk2")
    assert (first.sender_key, second.sender_key) == ("guests", None)
    assert (first.status, second.status) == ("accepted", "accepted")


def test_what_a_paused_sender_would_send_waits(town: Town, mail_server: MailSink) -> None:
    smtp(town, "gate", mail_server.server.port, channel="sms", state="paused")
    address(town, "clerk", "13800000000", channel="sms")
    town.report()
    tell(town)
    send(town, mail_server.server.port)
    (told,) = messages(town, "clerk")
    assert (told.status, told.attempts) == ("pending", 0)
