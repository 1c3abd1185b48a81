"""Stopping a subscription whose receiver has failed for days, or wants to hear no more; and telling those who keep it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, update

from huying.database.tables import event_subscriptions as subscriptions
from huying.messages.notices import write_notice
from huying.messages.recipients import office_people
from huying.rights.grants import holders
from huying.webhooks.patience import STOPPED_AFTER

OCCASION = "webhook-stopped"


def tell_keepers(connection: Connection, receiver: Row[Any], reason: str, *, gone: bool, now: datetime) -> None:
    """Stop it, and tell the administrators, or else the office, in the same transaction; nothing if it is stopped already."""
    why = _gone() if gone else _failed()
    stopped = f"{why['zh']} {why['en']} {reason}"[:1000]
    still = subscriptions.c.id == receiver.id, subscriptions.c.active
    if connection.execute(update(subscriptions).where(*still).values(active=False, stopped=stopped)).rowcount == 0:
        return
    event = f"subscription.{receiver.id}.{now:%Y%m%dT%H%M%S}"

    def said(language: str) -> dict[str, Any]:
        return {"note": f"{why[language]}\n{reason}", "subscription": receiver.name}

    for person in holders(connection, "keep subscriptions", now) or office_people(connection):
        write_notice(connection, OCCASION, event, person, said, now)


def _failed() -> dict[str, str]:
    days = STOPPED_AFTER.days
    return {
        "zh": f"连续 {days} 天没有一次送达。",
        "en": f"Nothing was accepted for {days} days.",
    }


def _gone() -> dict[str, str]:
    return {"zh": "对方答复不再接收（410）。", "en": "The receiver wants to hear no more (410)."}
