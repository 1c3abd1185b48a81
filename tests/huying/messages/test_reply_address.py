"""Mails of an issue can be answered by mail where the house takes mail: the address is its message's alone."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from huying.database import tables as t
from huying.effects.carriers import carry
from huying.messages.reply_address import answered, is_tagged, reply_address
from huying.outbox.claims import claim_effects
from tests.huying.town import Town

_BROKEN = (
    "reply+{n}-aaaaaaaaaaaaa",
    "reply+{m}-{tag}",
    "bounce+{n}-{tag}",
    "reply+{n}-{tag}x",
    "reply+99999999999999999999-{tag}",
    "reply+{n}",
    "",
)


def _told(town: Town) -> int:
    row = {"participant_id": town.people["clerk"], "channel": "mail", "target": "chen@xg.example"}
    with town.house.database.writing() as connection:
        connection.execute(insert(t.addresses), row)
    town.report()
    for errand in claim_effects(town.house, town.clock.now):
        carry(town.house, errand, town.clock.now)
    query = select(t.deliveries.c.id).where(t.deliveries.c.participant_id == town.people["clerk"])
    with town.house.database.reading() as connection:
        return int(connection.execute(query).scalars().first() or 0)


@pytest.mark.parametrize("broken", _BROKEN)
def test_an_address_that_was_not_made_here_is_nobodys(town: Town, broken: str) -> None:
    number, ring = _told(town), town.house.database.ring
    assert ring is not None
    with town.house.database.reading() as connection:
        key = connection.execute(select(t.deliveries.c.key).where(t.deliveries.c.id == number)).scalar_one()
        local = reply_address(ring, "reply", number, key, "x.gov.cn").partition("@")[0]
        assert is_tagged(local)
        assert len(local) <= 64
        # servers and people write it in whatever letters
        assert answered(connection, local.upper()) == ("reply", number)
        tag = local.rpartition("-")[2]
        assert answered(connection, broken.format(n=number, m=number + 1, tag=tag)) is None
