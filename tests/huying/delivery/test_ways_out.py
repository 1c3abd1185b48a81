"""One task through every kind of sender: from a resident's report to the provider's stand-in, recorded with the provider's number."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from huying.database import tables as t
from huying.delivery.receipts import take_receipts
from notifications import KINDS
from tests.huying.delivery.desk import account, address, messages, send, tell, template
from tests.huying.town import Town
from tests.notifications.cases import CASES, ProviderCase, raw
from tests.notifications.platforms import StandIn, running


def _told(town: Town, case: ProviderCase, stand: StandIn) -> None:
    kind = KINDS[case.kind]
    account(town, "office", case.kind, stand.url)
    if kind.templates is not None:
        template(town, "office", "task", language="zh")
    address(town, "clerk", case.target, channel=kind.channel, rank=1)
    address(town, "clerk", "clerk@example.org", rank=2)
    town.report()
    tell(town)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_a_task_comes_to_its_provider(case: ProviderCase, town: Town) -> None:
    with running(case.answer) as stand:
        _told(town, case, stand)
        send(town)
        (told,) = messages(town, "clerk")
        assert (told.status, told.sender_key) == ("accepted", "office")
        assert len(stand.sent) == 1
        if case.text is not None:
            said = case.text(stand.sent[0])
            assert told.subject in said
            assert "http://portal/t/" in said
        kind = KINDS[case.kind]
        if kind.asks_after is not None:
            credential = kind.credential(case.entered(stand.url), case.secret)
            with town.house.database.writing() as connection:
                assert take_receipts(
                    connection, "office", kind.asks_after(credential, [told.reference]), town.clock.now
                )
            assert messages(town, "clerk")[0].read_at is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_what_a_provider_does_not_take_waits_or_goes_on(case: ProviderCase, town: Town) -> None:
    with running(case.answer) as stand:
        _told(town, case, stand)
        stand.instead = [(200, raw(case.busy))]
        send(town)
        (told,) = messages(town, "clerk")
        assert told.status == "pending"
        assert told.reason
        if case.knows_nobody:
            nobody = "00000000000" if KINDS[case.kind].channel == "sms" else "nobody"
            with town.house.database.writing() as connection:
                gone = {"target": nobody, "target_index": nobody, "available_at": town.clock.now}
                connection.execute(update(t.deliveries).where(t.deliveries.c.id == told.id).values(**gone))
            send(town)
            rows = [(row.status, row.channel) for row in messages(town, "clerk")]
            assert rows == [("failed", KINDS[case.kind].channel), ("pending", "mail")]
