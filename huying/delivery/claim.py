"""Claiming messages: a batch under a lease, each with the sender that takes it; what no sender takes now is left for later, each its own moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from huying.database.day import zone_of
from huying.database.statement import Statement
from huying.database.tables import addresses, deliveries, participants
from huying.database.turns import Turns
from huying.delivery.pace import IN_TURN, buckets, keep, told_today
from huying.delivery.rungs import next_rung
from huying.messages.phone_list import lay_aside, without_address
from huying.messages.senders import SaidAbout, Sender, all_senders, sender_for
from notifications import KINDS, AccountAddress, Address, MailAddress, WebhookAddress

LEASE = timedelta(minutes=1)
#: What is said of a message while somebody holds it: by this a lease is told from a message that waits for an office to open.
SENDING = "正在发送。 It is being sent."
#: What waits until the office's own account is put right is looked at again so often.
AGAIN = timedelta(minutes=5)
PAUSED = "发送账号已暂停，恢复后再发。 The sender is paused; it is sent when that goes on."
_d = deliveries.c

turns = Turns(deliveries, select(deliveries))
_lease = Statement(
    update(deliveries)
    .where(_d.id == bindparam("of_id"))
    .values(
        available_at=bindparam("until", type_=_d.available_at.type),
        reason=bindparam("because", type_=_d.reason.type),
        sender_key=bindparam("through", type_=_d.sender_key.type),
    )
)


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that is sent now: to which address, and through which sender, if it needs one."""

    row: Row[Any]
    address: Address
    sender: str | None = None


def claim(connection: Connection, now: datetime, limit: int, *, reaches_all: bool) -> list[ClaimedMessage]:
    """Claim a batch. Unless the local mailbox takes everything, what is for nobody's address is left to be told by phone."""
    found = turns.take(connection, now, limit)
    if not reaches_all:
        lay_aside(connection, [row.id for row in found if without_address(row.target)], now)
        found = [row for row in found if not without_address(row.target)]
    found = _of_the_living(connection, found, now)
    desk = _Desk(connection, found, now)
    taken = [one for row in found if (one := desk.judge(row)) is not None]
    desk.write(taken)
    return taken


def _of_the_living(connection: Connection, found: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Without what is for somebody who was erased meanwhile: that is over."""
    people = {row.participant_id for row in found}
    c = participants.c
    erased = set(connection.execute(select(c.id).where(c.id.in_(people), c.erased_at.is_not(None))).scalars())
    if erased:
        gone = [row.id for row in found if row.participant_id in erased]
        over = update(deliveries).where(_d.id.in_(gone))
        connection.execute(over.values(status="skipped", ended_at=now, reason=None, wait_until=None))
    return [row for row in found if row.participant_id not in erased]


class _Desk:
    """Where each message of a batch is given its sender, or a later moment."""

    def __init__(self, connection: Connection, found: Sequence[Row[Any]], now: datetime) -> None:
        self._connection, self._now = connection, now
        self._known = all_senders(connection) if found else ()
        self._buckets = buckets(connection, [one for one in self._known if one.state == "active"], now) if found else {}
        self._wanted = self._own(found)
        self._secrets = self._hooks(found)
        self._today: Counter[tuple[str, int]] = Counter()
        self._later: list[dict[str, Any]] = []

    def _own(self, found: Sequence[Row[Any]]) -> Mapping[int, str]:
        """The senders that addresses name."""
        numbers = {row.address_id for row in found if row.address_id} if self._known else set()
        query = select(addresses.c.id, addresses.c.sender_key).where(
            addresses.c.id.in_(numbers), addresses.c.sender_key.is_not(None)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)} if numbers else {}

    def _hooks(self, found: Sequence[Row[Any]]) -> Mapping[str, str | None]:
        """The secrets of webhooks."""
        hooks = {row.target for row in found if row.channel == "webhook"}
        query = select(addresses.c.target, addresses.c.secret).where(addresses.c.target_index.in_(hooks))
        return {row[0]: row[1] for row in self._connection.execute(query)} if hooks else {}

    def judge(self, row: Row[Any]) -> ClaimedMessage | None:
        """The message with its sender, if it is sent now."""
        if row.channel == "webhook":
            return ClaimedMessage(row, WebhookAddress(row.target, self._secrets.get(row.target)))
        wanted, about = self._wanted.get(row.address_id or 0), SaidAbout(row.occasion, row.language)
        sender = sender_for(self._known, row.channel, row.participant_id, wanted, about)
        if sender is None or (row.channel == "mail" and sender.state != "active"):
            if row.channel == "mail":
                return ClaimedMessage(row, MailAddress(row.target))
            self._without(row)
            return None
        if sender.state != "active":
            self._put_off(row, self._now + AGAIN, PAUSED, sender.key)
            return None
        return self._by(row, sender)

    def _by(self, row: Row[Any], sender: Sender) -> ClaimedMessage | None:
        if (tomorrow := self._enough(row, sender)) is not None:
            self._put_off(row, tomorrow, IN_TURN, None)
            return None
        bucket = self._buckets.get(sender.key)
        if bucket is not None and row.reason != IN_TURN and (moment := bucket.take(self._now)) is not None:
            self._put_off(row, moment, IN_TURN, sender.key)
            return None
        try:
            kind = KINDS[sender.kind]
            credential = kind.credential(sender.fields, sender.secret)
        except (KeyError, ValueError):
            self._put_off(row, self._now + AGAIN, PAUSED, sender.key)
            return None
        return ClaimedMessage(row, AccountAddress(sender.kind, row.target, credential, sender.templates), sender.key)

    def _enough(self, row: Row[Any], sender: Sender) -> datetime | None:
        """When the next day begins, if they have had their share of this one."""
        if not sender.per_person_day:
            return None
        zone = zone_of(self._connection)
        begun = datetime.combine(self._now.astimezone(zone).date(), time.min, zone).astimezone(UTC)
        told = told_today(self._connection, sender.key, row.participant_id, begun)
        told += self._today[sender.key, row.participant_id]
        self._today[sender.key, row.participant_id] += 1
        return begun + timedelta(days=1) if told >= sender.per_person_day else None

    def _without(self, row: Row[Any]) -> None:
        """Nothing leaves on its channel any more: to the next rung."""
        over = next_rung(self._connection, row, self._now)
        # its sender was taken away since it was written, or the template that it was to go by
        words = "这种方式已停用，或没有经批准的模板。 Nothing leaves on this channel any more, or no template is approved for it."
        ended = {"status": "skipped" if over else "failed", "ended_at": self._now, "reason": words, "wait_until": None}
        self._connection.execute(update(deliveries).where(_d.id == row.id).values(**ended))

    def _put_off(self, row: Row[Any], until: datetime, why: str, sender: str | None) -> None:
        self._later.append({"of_id": row.id, "until": until, "because": why, "through": sender})

    def write(self, taken: Sequence[ClaimedMessage]) -> None:
        """Write the leases, the later moments, and how full the buckets are."""
        until = self._now + LEASE
        held = [{"of_id": one.row.id, "until": until, "because": SENDING, "through": one.sender} for one in taken]
        _lease.put_many(self._connection, [*held, *self._later])
        keep(self._connection, list(self._buckets.values()), self._now)
