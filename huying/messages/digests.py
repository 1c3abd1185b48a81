"""Many messages at once become one: what a downtime held up is gathered, and merged into one digest for each person and address.

The single messages stay, ``merged``, with a reference to the digest that told them, so the record of who was told what stays whole. Merging is
one transaction for each address: repeating it, or two at once, makes no second digest. A message that is alone is sent as itself,
and so is the last of several about the same issue.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, String, func, insert, select, type_coerce, update

from huying.database.tables import deliveries, issues, participants
from huying.house.house import House
from huying.words.private_text import masked
from notifications import Rendered, link_to, render

#: A digest is made when nothing more has come for so long …
QUIET = timedelta(minutes=1)
#: … but somebody's first message waits no longer than so for others.
LONGEST = timedelta(minutes=15)
#: So many issues are listed in one digest; of the others it says how many they are.
MOST_LISTED = 500
_log = logging.getLogger("huying.gathering")


@dataclass(frozen=True, slots=True)
class _Address:
    """Where one digest goes."""

    participant_id: int
    channel: str
    target_index: str


def is_ripe(connection: Connection, now: datetime) -> bool:
    """Whether gathered messages can be merged now; cheap."""
    query = select(func.min(deliveries.c.created_at), func.max(deliveries.c.created_at)).where(*_gathered(now))
    first, last = connection.execute(query).one()
    return first is not None and (last <= now - QUIET or first <= now - LONGEST)


def merge(house: House, now: datetime) -> int:
    """Merge what is gathered and ripe; how many messages are to be sent now."""
    with house.database.reading() as connection:
        if not is_ripe(connection, now):
            return 0
        addresses = _ripe(connection, now)
    for address in addresses:
        try:
            with house.database.writing() as connection:
                _merge_one(connection, address, now)
        # nothing may keep messages from being sent: what cannot be merged goes out one by one
        except Exception:
            _log.exception("messages to participant %s cannot be merged", address.participant_id)
            _send_singly(house, address, now)
    return len(addresses)


def _gathered(now: datetime) -> tuple[Any, ...]:
    return (deliveries.c.status == "gathered", deliveries.c.available_at <= now)


def _ripe(connection: Connection, now: datetime) -> list[_Address]:
    """The addresses whose messages wait for no more; all, if none came to anybody for a while."""
    columns = (deliveries.c.participant_id, deliveries.c.channel, deliveries.c.target_index)
    first, last = func.min(deliveries.c.created_at), func.max(deliveries.c.created_at)
    rows = connection.execute(select(*columns, first, last).where(*_gathered(now)).group_by(*columns)).all()
    quiet = max((row[4] for row in rows), default=now) <= now - QUIET
    return [_Address(*row[:3]) for row in rows if quiet or row[3] <= now - LONGEST]


def _of(address: _Address, now: datetime) -> tuple[Any, ...]:
    return (
        *_gathered(now),
        deliveries.c.participant_id == address.participant_id,
        deliveries.c.channel == address.channel,
        type_coerce(deliveries.c.target_index, String) == address.target_index,
    )


def _send_singly(house: House, address: _Address, now: datetime) -> None:
    with house.database.writing() as connection:
        connection.execute(update(deliveries).where(*_of(address, now)).values(status="pending", available_at=now))


def _merge_one(connection: Connection, address: _Address, now: datetime) -> None:
    """Make one message of an address's gathered ones; nothing if somebody else just did."""
    query = select(deliveries).where(*_of(address, now)).order_by(deliveries.c.id).with_for_update()
    rows = connection.execute(query).all()
    if not rows:
        return
    shown = _newest(rows)
    if len(shown) == 1:
        # of one issue the last message says it all, and is sent as itself
        told_by = shown[0].id
        alone = update(deliveries).where(deliveries.c.id == told_by)
        connection.execute(alone.values(status="pending", available_at=now))
    else:
        made = insert(deliveries).returning(deliveries.c.id)
        told_by = connection.execute(made, _digest(connection, rows, shown, now)).scalar_one()
    others = update(deliveries).where(deliveries.c.id.in_([row.id for row in rows if row.id != told_by]))
    connection.execute(others.values(status="merged", digest_id=told_by, ended_at=now))


def _digest(
    connection: Connection, rows: Sequence[Row[Any]], shown: Sequence[Row[Any]], now: datetime
) -> dict[str, Any]:
    """The row of a digest of several messages to one address, of which it shows these."""
    recipient = connection.execute(select(participants).where(participants.c.id == rows[0].participant_id)).one()
    listed = select(issues.c.id, issues.c.number, issues.c.subject).where(issues.c.id.in_([r.issue_id for r in shown]))
    about = {row.id: row for row in connection.execute(listed)}
    entries = [
        {
            "number": about[row.issue_id].number,
            "subject": masked(about[row.issue_id].subject),
            "what": _what(row.text, recipient.name),
            "link": link_to(row.id),
        }
        for row in shown[:MOST_LISTED]
    ]
    values = {
        "count": len(shown),
        "more": max(0, len(shown) - MOST_LISTED),
        "entries": entries,
        "recipient": {"name": recipient.name},
    }
    return _row(rows, render("digest", recipient.language, values), now)


def _row(rows: Sequence[Row[Any]], message: Rendered, now: datetime) -> dict[str, Any]:
    first = rows[0]
    return {
        "key": f"digest.{first.id}.{rows[-1].id}",
        "issue_id": None,
        "sequence": 0,
        "participant_id": first.participant_id,
        "channel": first.channel,
        "target": first.target,
        "occasion": "digest",
        "template": message.template,
        "template_version": message.template_version,
        "language": message.locale,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "item": None,
        "status": "pending",
        "attempts": 0,
        "available_at": now,
        "created_at": now,
    }


def _newest(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The message of each issue that says how it stands: the last about a task of theirs, else the last."""
    last: dict[int, Row[Any]] = {}
    for row in rows:
        if row.item is not None or row.issue_id not in last or last[row.issue_id].item is None:
            last[row.issue_id] = row
    return list(last.values())


def _what(text: str, name: str) -> str:
    """What a message's first line asks, without the name with which it begins."""
    first = text.partition("\n")[0].removeprefix(name).lstrip("，, ")
    return first[:1].upper() + first[1:]
