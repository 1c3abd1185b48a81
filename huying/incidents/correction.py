"""Putting right what is broken where it is data, and having it tried again: another system's address, a person's mail address.

Both lead elsewhere what the house sends, links that act for people among it: so the office alone may, and the history says that it was done.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from engine.effect import Effect
from engine.refusal import Invalid, NotAllowed, Unavailable
from huying.access.viewer import viewer
from huying.connections.calls import connect
from huying.database.tables import addresses, connections, deliveries, incidents, outbox
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.incidents.remedy import Righted, right
from huying.rights.four_eyes import rule_of

Correctable = Literal["connection", "recipient"]
_MAIL = re.compile(r"[^\s@<>,;\"']{1,64}@[^\s@<>,;\"'.]+(\.[^\s@<>,;\"'.]+)+")
_SAID: dict[Correctable, str] = {
    "connection": "已更正外部系统地址 (address of the other system corrected)",
    "recipient": "已更正收件地址 (recipient's address corrected)",
}


def correctable(connection: Connection, row: Row[Any]) -> Correctable | None:
    """What of an incident can be corrected here, if it is not over."""
    if row.status == "closed":
        return None
    if row.what == "delivery":
        channel = select(deliveries.c.channel).where(deliveries.c.id == row.what_id)
        return "recipient" if connection.execute(channel).scalar_one_or_none() == "mail" else None
    return "connection" if _connection_of(connection, row) else None


def address_now(connection: Connection, row: Row[Any]) -> str:
    """The address that would be corrected, as it is; for the office alone."""
    if row.what == "delivery":
        query = select(deliveries.c.target).where(deliveries.c.id == row.what_id)
        return str(connection.execute(query).scalar_one_or_none() or "")
    url = select(connections.c.url).where(connections.c.key == _connection_of(connection, row))
    return str(connection.execute(url).scalar_one_or_none() or "")


def correct(house: House, incident_id: int, address: str, by: By) -> Righted:
    """Give the other system, or the recipient, this address from now on, and have it tried again.

    Errors: ``NotAllowed`` but for the office, ``Invalid`` for what is no such address, ``NotFound`` where there is nothing to correct.
    """
    with house.database.reading() as connection:
        if not viewer(connection, by.somebody).office:
            raise NotAllowed
        row = connection.execute(select(incidents).where(incidents.c.id == incident_id)).one_or_none()
        what = correctable(connection, row) if row is not None else None
        if row is None or what is None:
            raise NotFound("这里没有可以更正的地址。", "There is no address to correct here.")
        key = _connection_of(connection, row) if what == "connection" else ""
        if key and rule_of(connection) != "off":
            raise Unavailable(
                "外部系统的地址须两人同意，请由系统管理员在“外部系统”页面提请。",
                "The address of another system takes two; a system administrator proposes it at “Other systems”.",
            )
    if what == "connection":
        try:
            connect(house, key, address.strip(), None)
        except Invalid as wrong:
            raise Invalid({"address": next(iter(wrong.errors.values()))}) from wrong
    else:
        _correct_recipient(house, row.what_id, address.strip())
    return right(house, [incident_id], "retry", _SAID[what], by)


def _connection_of(connection: Connection, row: Row[Any]) -> str:
    """The other system that an effect calls; empty where nothing was called."""
    if row.what != "effect":
        return ""
    query = select(outbox.c.payload).where(outbox.c.id == row.what_id)
    effect: Effect | None = connection.execute(query).scalar_one_or_none()
    return (effect.connection if effect is not None else None) or ""


def _correct_recipient(house: House, delivery_id: int, address: str) -> None:
    """The person has this mail address instead of the one that a message could not reach, and what was not sent yet goes there."""
    if not _MAIL.fullmatch(address) or len(address) > 254:
        raise Invalid(
            {
                "address": {
                    "zh": "请填写邮件地址，例如 li@example.org。",
                    "en": "This is a mail address such as li@example.org.",
                }
            }
        )
    with house.database.writing() as connection:
        message = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one()
        theirs = addresses.c.participant_id == message.participant_id, addresses.c.channel == "mail"
        changed = (
            update(addresses)
            .where(*theirs, addresses.c.target_index == message.target)
            .values(target=address, target_index=address, state="usable", failures=0, failing_since=None, reason=None)
        )
        if (
            not connection.execute(changed).rowcount
            and not connection.execute(select(addresses.c.id).where(*theirs)).first()
        ):
            # who had left none has one from now on; who has given another meanwhile keeps that
            row = {"participant_id": message.participant_id, "channel": "mail", "target": address}
            connection.execute(insert(addresses), row)
        d = deliveries.c
        unsent = d.participant_id == message.participant_id, d.channel == "mail", d.target_index == message.target
        waiting = d.status.in_(("pending", "gathered")) | (d.id == delivery_id)
        connection.execute(update(deliveries).where(*unsent, waiting).values(target=address, target_index=address))
