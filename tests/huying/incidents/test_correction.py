"""A recipient's address that a real mail server refuses: the office corrects it, and the message goes there, and so do all others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from engine.refusal import Invalid, NotAllowed
from huying.database.connections import Database
from huying.database.tables import addresses, deliveries
from huying.delivery.sender import send_pending
from huying.errors import NotFound
from huying.house.by import By
from huying.incidents.correction import correct
from huying.incidents.remedy import Righted
from huying.incidents.settlement import settle
from notifications import Transports
from tests.huying.calling_office import CallingOffice, calling_office
from tests.notifications.conftest import MailSink, mail_sink
from tests.ports import free_port


@pytest.fixture
def mails() -> Iterator[MailSink]:
    with mail_sink(free_port()) as sink:
        yield sink


@pytest.fixture
def office(
    copied: tuple[Database, dict[str, int]], tmp_path: Path, now: datetime, mails: MailSink
) -> Iterator[CallingOffice]:
    """An office, a message of which was refused: there is no such user."""
    with calling_office(copied, tmp_path / "files", now) as made:
        with copied[0].writing() as connection:
            row = {"participant_id": made.city["resident"], "channel": "mail", "target": "zhnag@example.org"}
            connection.execute(insert(addresses), row)
        made.open()
        made.carry()
        mails.refusals["RCPT"] = "550 No such user zhnag@example.org"
        _send(made, mails)
        mails.refusals.clear()
        yield made


def _send(office: CallingOffice, mails: MailSink) -> None:
    send_pending(office.house, Transports(mail=mails.server), "http://x", office.now)


def _correct(office: CallingOffice, address: str, who: str = "centre") -> Righted:
    (row,) = office.incidents()
    return correct(office.house, row.id, address, By(office.city[who], office.now, f"{who}-{address}"))


def test_the_message_and_all_later_ones_go_to_the_corrected_address(office: CallingOffice, mails: MailSink) -> None:
    (row,) = office.incidents()
    assert (row.kind, row.status) == ("message", "open")
    assert "zhnag@" not in row.reason
    assert _correct(office, " zhang@example.org ").done == 1
    assert [one.status for one in office.incidents()] == ["retrying"]
    _send(office, mails)
    assert [envelope.rcpt_tos for envelope in mails.envelopes][:1] == [["zhang@example.org"]]
    assert settle(office.house, office.now) == 1
    assert [one.outcome for one in office.incidents()] == ["fixed"]
    with office.house.database.reading() as connection:
        assert list(connection.execute(select(addresses.c.target)).scalars()) == ["zhang@example.org"]
    assert office.kinds(row.issue_id)[-1] == "retry", "the history says who had it tried again"
    office.now += timedelta(days=1)
    office.open("two")
    office.carry()
    _send(office, mails)
    reached = [to for envelope in mails.envelopes for to in envelope.rcpt_tos]
    assert (reached.count("zhang@example.org"), reached.count("zhnag@example.org")) == (2, 0)


def test_what_else_waits_for_the_person_goes_there_too(office: CallingOffice, mails: MailSink) -> None:
    office.open("two")
    office.carry()
    _correct(office, "zhang@example.org")
    _send(office, mails)
    reached = [to for envelope in mails.envelopes for to in envelope.rcpt_tos]
    assert (reached.count("zhang@example.org"), reached.count("zhnag@example.org")) == (2, 0)


def test_who_has_given_another_address_meanwhile_keeps_that(office: CallingOffice) -> None:
    with office.house.database.writing() as connection:
        connection.execute(update(addresses).values(target="zhangxm@example.org", target_index="zhangxm@example.org"))
    _correct(office, "zhang@example.org")
    with office.house.database.reading() as connection:
        assert list(connection.execute(select(addresses.c.target)).scalars()) == ["zhangxm@example.org"]


def test_only_the_office_may_and_only_to_what_is_an_address(office: CallingOffice) -> None:
    with pytest.raises(NotAllowed):
        _correct(office, "zhang@example.org", "clerk")
    for wrong in ("clerk", "a@b, c@d.org", "x" * 300 + "@example.org"):
        with pytest.raises(Invalid) as refused:
            _correct(office, wrong)
        assert set(refused.value.errors) == {"address"}
    assert [one.status for one in office.incidents()] == ["open"]


def test_a_webhook_is_its_owners_to_correct(office: CallingOffice) -> None:
    with office.house.database.writing() as connection:
        connection.execute(update(deliveries).values(channel="webhook"))
    with pytest.raises(NotFound):
        _correct(office, "zhang@example.org")
