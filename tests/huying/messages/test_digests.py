"""What a downtime held up: each person gets one message, each issue in it with its own link, and the record stays whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, func, insert, select, update

from huying.access.links import open_link
from huying.database.tables import addresses, deliveries, outbox, participants, timers
from huying.delivery.sender import has_pending, send_pending
from huying.effects.carriers import carry
from huying.issues.verification import verify
from huying.messages.digests import LONGEST, QUIET, merge
from huying.outbox.claims import claim_effects
from huying.timers.sweep import sweep
from notifications import Smtp, Transports
from tests.conftest import Office
from tests.huying.story import Story
from tests.notifications.conftest import MailSink, mail_sink
from tests.ports import free_port as any_port

MINUTE = timedelta(minutes=1)
PORTAL = "https://portal.example"


@pytest.fixture
def mails() -> Iterator[MailSink]:
    """A mail server that takes everything."""
    with mail_sink(any_port()) as sink:
        yield sink


class Days:
    """An office whose people have addresses, and the clock of its dispatcher."""

    def __init__(self, office: Office, now: datetime, mails: MailSink, language: str = "zh") -> None:
        self.office, self.house, self.now, self.mails = office, office.house, now, mails
        people = ("clerk", "deputy", "water_handler", "power_handler", "resident")
        rows = [
            {"participant_id": office.city[name], "channel": "mail", "target": f"{name}@office.example"}
            for name in people
        ]
        with self.house.database.writing() as connection:
            connection.execute(insert(addresses), rows)
            connection.execute(update(participants).values(language=language))

    def issues(self, count: int) -> list[Story]:
        """So many issues, with both departments; what was told so far has been sent long ago."""
        stories = []
        for number in range(count):
            story = Story(self.office, self.now)
            story.open(f"open-{number}", subject=f"路灯不亮 {number}")
            story.act("clerk", "accept")
            city = self.office.city
            lead, assist = f"organisation:{city['water']}", [f"organisation:{city['power']}"]
            story.act("deputy", "send", lead=lead, assist=assist)
            stories.append(story)
        with self.house.database.writing() as connection:
            connection.execute(update(outbox).values(status="done"))
        return stories

    def due(self) -> datetime:
        """When the last timer is due."""
        with self.house.database.reading() as connection:
            last: datetime = connection.execute(select(func.max(timers.c.due_at))).scalar_one()
            return last

    def fire(self) -> None:
        """Fire everything, and carry out what follows."""
        while sweep(self.house, self.now).claimed:
            pass
        while effects := claim_effects(self.house, self.now):
            for effect in effects:
                carry(self.house, effect, self.now)

    def send(self) -> int:
        """Send what is ready; how many messages."""
        server: Smtp = self.mails.server
        return send_pending(self.house, Transports(mail=server), PORTAL, self.now).accepted

    def rows(self, **having: Any) -> list[Row[Any]]:
        """Messages."""
        query = select(deliveries).where(*(deliveries.c[name] == value for name, value in having.items()))
        with self.house.database.reading() as connection:
            return list(connection.execute(query.order_by(deliveries.c.id)))

    def inbox(self) -> Counter[str]:
        """How many mails each person got."""
        return Counter(envelope.rcpt_tos[0].split("@")[0] for envelope in self.mails.envelopes)


@pytest.fixture
def days(office: Office, now: datetime, mails: MailSink) -> Days:
    """On each kind of database."""
    return Days(office, now, mails)


@pytest.fixture
def sqlite_days(sqlite_office: Office, now: datetime, mails: MailSink) -> Days:
    """For what is not about the database."""
    return Days(sqlite_office, now, mails)


def test_after_three_days_of_downtime_each_gets_one_message_for_two_hundred_issues(days: Days) -> None:
    stories = days.issues(200)
    days.now = days.due() + timedelta(days=3)
    days.fire()
    assert {row.status for row in days.rows()} == {"gathered"}
    assert days.send() == 0, "others may follow"
    days.now += QUIET
    assert has_pending(days.house, days.now)
    assert days.send() == 3
    assert days.inbox() == {"water_handler": 1, "power_handler": 1, "deputy": 1}
    digests = days.rows(occasion="digest")
    assert {row.status for row in digests} == {"accepted"}
    merged = Counter(row.digest_id for row in days.rows(status="merged"))
    assert merged == dict.fromkeys((row.id for row in digests), 200), "the record of what was told is whole"
    [mail] = [mail for mail in days.mails.mails if mail["To"] == "water_handler@office.example"]
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    tokens = re.findall(rf"{PORTAL}/t/(\S+)", body)
    assert {open_link(days.house, token, days.now).issue_id for token in tokens} == {s.issue_id for s in stories}
    assert len(tokens) == len(set(tokens)) == 200
    assert days.send() == 0
    assert verify(days.house).faults == []


def test_merging_again_or_by_several_at_once_makes_no_second_digest(days: Days) -> None:
    days.issues(12)
    days.now = days.due() + timedelta(days=3)
    days.fire()
    days.now += QUIET
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: merge(days.house, days.now), range(4)))
    assert merge(days.house, days.now) == 0
    assert len(days.rows(occasion="digest")) == 3
    assert len(days.rows(status="merged")) == 36
    told = [row.key for row in days.rows(occasion="overdue")]
    with days.house.database.writing() as connection:
        connection.execute(update(outbox).values(status="pending", available_at=days.now))
    for effect in claim_effects(days.house, days.now, 500):
        carry(days.house, effect, days.now)
    assert [row.key for row in days.rows(occasion="overdue")] == told, "what is carried out again tells nobody again"
    assert days.rows(status="gathered") == []


def test_one_message_alone_is_sent_as_itself(sqlite_days: Days) -> None:
    days = sqlite_days
    days.issues(1)
    days.now = days.due() + timedelta(days=3)
    days.fire()
    days.now += QUIET
    assert days.send() == 3
    assert days.rows(occasion="digest") == []
    assert {row.occasion for row in days.rows(status="accepted")} == {"overdue"}


def test_of_several_messages_about_one_issue_the_last_is_sent_as_itself(sqlite_days: Days) -> None:
    days = sqlite_days
    Story(days.office, days.now).open()
    with days.house.database.writing() as connection:
        connection.execute(update(outbox).values(status="done"))
    days.now = days.due() + timedelta(days=3)
    days.fire()
    days.now += QUIET
    assert days.send() == 1
    [sent] = days.rows(status="accepted")
    assert sent.occasion == "overdue"
    assert {row.digest_id for row in days.rows(status="merged")} == {sent.id}


def test_what_fires_in_time_is_sent_at_once_one_by_one(sqlite_days: Days) -> None:
    days = sqlite_days
    days.issues(2)
    days.now = days.due() + 29 * MINUTE
    days.fire()
    assert days.send() == 6


def test_while_more_comes_a_digest_waits_but_not_for_ever(sqlite_days: Days) -> None:
    days = sqlite_days
    days.issues(3)
    days.now = days.due() + timedelta(days=3)
    begun = days.now
    with days.house.database.writing() as connection:
        held = days.now + timedelta(days=1)
        connection.execute(update(timers).where(timers.c.issue_id > 1).values(retry_at=held, attempts=1))
    days.fire()
    while days.now < begun + LONGEST:
        days.now += timedelta(seconds=50)
        with days.house.database.writing() as connection:
            # somebody else's message comes again and again
            row = days.rows()[-1]
            newest = {**row._asdict(), "id": None, "key": f"x{days.now}", "created_at": days.now}
            connection.execute(insert(deliveries), {**newest, "participant_id": days.office.city["resident"]})
        sent = days.send()
        assert sent == 0 or days.now - begun >= LONGEST
    assert sent == 3


def test_a_digest_says_of_each_issue_what_is_the_matter_and_till_when(
    sqlite_office: Office, now: datetime, mails: MailSink
) -> None:
    days = Days(sqlite_office, now, mails)
    days.issues(2)
    days.now = days.due() + timedelta(days=3)
    days.fire()
    days.now += QUIET
    merge(days.house, days.now)
    [digest] = days.rows(occasion="digest", participant_id=sqlite_office.city["water_handler"])
    assert digest.subject == "【汇总】2 件事项到期提醒"
    lines = digest.text.splitlines()
    assert lines[0] == "water_handler，系统曾中断运行，以下 2 件事项的提醒未能按时发出，现一并告知，请逐件查看。"
    assert lines[3] == "1. XG-2026-00001 路灯不亮 0"
    assert lines[4] == "   “办理”应于3月23日（周一）前办理，现已逾期，请立即办理。"
    assert lines[5].startswith("   ⟦LINK ")


def test_a_digest_is_in_the_language_of_its_reader(sqlite_office: Office, now: datetime, mails: MailSink) -> None:
    days = Days(sqlite_office, now, mails, "en")
    days.issues(2)
    days.now = days.due() + timedelta(days=3)
    days.fire()
    days.now += QUIET
    merge(days.house, days.now)
    [digest] = days.rows(occasion="digest", participant_id=sqlite_office.city["water_handler"])
    assert digest.subject == "Summary: 2 issues with deadlines"
    assert "1. XG-2026-00001 路灯不亮 0\n   This is overdue, please do it now" in digest.text


def test_of_an_issue_with_several_messages_the_digest_shows_how_it_stands_now(
    sqlite_office: Office, now: datetime, mails: MailSink
) -> None:
    days = Days(sqlite_office, now, mails)
    for number in range(2):
        Story(sqlite_office, now).open(f"open-{number}", subject=f"路灯不亮 {number}")
    with days.house.database.writing() as connection:
        connection.execute(update(outbox).values(status="done"))
    days.now = days.due() + timedelta(days=3)
    days.fire()
    assert Counter(row.occasion for row in days.rows()) == {"reminded": 2, "overdue": 2}, "one message by one event"
    days.now += QUIET
    merge(days.house, days.now)
    [digest] = days.rows(occasion="digest")
    assert digest.subject == "【汇总】2 件事项到期提醒"
    assert digest.text.count("现已逾期") == 2
    assert len(days.rows(status="merged")) == 4


def test_a_failing_mail_server_gets_the_digest_again_with_links_that_open(
    sqlite_office: Office, now: datetime, mails: MailSink
) -> None:
    days = Days(sqlite_office, now, mails)
    days.issues(3)
    days.now = days.due() + timedelta(days=3)
    days.fire()
    days.now += QUIET
    mails.refusals["DATA"] = "451 later"
    assert days.send() == 0
    mails.refusals.clear()
    days.now += timedelta(hours=1)
    assert days.send() == 3
    assert days.inbox() == {"water_handler": 1, "power_handler": 1, "deputy": 1}
    body = days.mails.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert len({open_link(days.house, t, days.now).issue_id for t in re.findall(rf"{PORTAL}/t/(\S+)", body)}) == 3
