"""Addresses, senders and messages of a town, for the tests of what leaves it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select, update

from huying.database import tables as t
from huying.delivery.sender import Sent, send_pending
from huying.effects.carriers import carry
from huying.outbox.claims import claim_effects
from notifications import KINDS, Transports, mail_server
from tests.huying.town import Town
from tests.notifications.cases import CASES


def address(town: Town, login: str, target: str, **values: Any) -> int:
    """Give somebody a mail address."""
    row = {"participant_id": town.people[login], "channel": "mail", "target": target, **values}
    with town.house.database.writing() as connection:
        return int(connection.execute(insert(t.addresses).returning(t.addresses.c.id), row).scalar_one())


def wish(town: Town, login: str, topic: str, **values: Any) -> None:
    """Somebody chooses how they are told of a topic."""
    row = {"participant_id": town.people[login], "topic": topic, "changed_at": town.clock.now, **values}
    with town.house.database.writing() as connection:
        connection.execute(insert(t.preferences), row)


def smtp(town: Town, key: str, port: int, **values: Any) -> None:
    """Add a mail server as a sender."""
    row = {
        "key": key,
        "title": key,
        "channel": "mail",
        "kind": "smtp",
        "fields": {"from": "house@example.org"},
        "secret": {"url": f"smtp+plain://127.0.0.1:{port}"},
        "mode": "live",
        "created_at": town.clock.now,
        **values,
    }
    with town.house.database.writing() as connection:
        connection.execute(insert(t.senders), row)


def account(town: Town, key: str, kind: str, url: str, **values: Any) -> None:
    """Add a sender of one of the providers, at its stand-in."""
    case = next(one for one in CASES if one.kind == kind)
    row = {
        "key": key,
        "title": key,
        "channel": KINDS[kind].channel,
        "kind": kind,
        "fields": case.entered(url),
        "secret": dict(case.secret),
        "mode": "live",
        "created_at": town.clock.now,
        **values,
    }
    with town.house.database.writing() as connection:
        connection.execute(insert(t.senders), row)


def template(town: Town, sender: str, occasion: str, **values: Any) -> None:
    """Have a template be approved."""
    params = [{"theirs": "number", "ours": "number", "longest": 20, "kind": "text"}]
    row = {
        "sender_key": sender,
        "occasion": occasion,
        "language": "*",
        "code": "SMS_1",
        "title": "",
        "text": "编号${number}",
        "params": params,
        "state": "approved",
        "remark": "",
        "changed_at": town.clock.now,
        **values,
    }
    with town.house.database.writing() as connection:
        connection.execute(insert(t.sender_templates), row)


def tell(town: Town) -> None:
    """Have everybody's messages written."""
    for errand in claim_effects(town.house, town.clock.now):
        carry(town.house, errand, town.clock.now)


def send(town: Town, port: int = 9, limit: int = 200) -> Sent:
    """Send what waits; where nothing is said, the mail server of the settings is away."""
    transports = Transports(mail=mail_server(f"smtp+plain://127.0.0.1:{port}", "house@example.org"))
    return send_pending(town.house, transports, "http://portal", town.clock.now, limit)


def messages(town: Town, login: str) -> list[Row[Any]]:
    """What was written to somebody."""
    query = select(t.deliveries).where(t.deliveries.c.participant_id == town.people[login]).order_by(t.deliveries.c.id)
    with town.house.database.reading() as connection:
        return list(connection.execute(query))


def change(town: Town, message: int, **values: Any) -> None:
    """Have a message be in a state."""
    with town.house.database.writing() as connection:
        connection.execute(update(t.deliveries).where(t.deliveries.c.id == message).values(**values))


def count(town: Town, table: str) -> int:
    """How many rows there are."""
    with town.house.database.reading() as connection:
        return len(connection.execute(select(getattr(t, table))).all())
