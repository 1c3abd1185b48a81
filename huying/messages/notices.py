"""Messages that are about no issue: of duties, swaps and quotas, of accounts. Written in the transaction that decides them, sent like all others.

Repeating one is harmless: its key is made of what happened, the recipient and the template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from definitions.text import spoken
from huying.database.tables import deliveries, participants
from huying.messages.addresses import OwnAddress
from huying.messages.routes import MessageRoute, ToBeSaid, route
from huying.words.private_text import masked
from notifications import LINK, render

#: What a notice may show beside the name of its recipient; whatever is not said is there as ``None``.
SHOWN = (
    "when",
    "old_when",
    "other_when",
    "place",
    "station",
    "people",
    "actor",
    "note",
    "quota",
    "done",
    "wanted",
    "missing",
    "own",
    "subscription",
    "issue",
    "login",
)
#: The words of a notice in the language of whoever reads it.
Words = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PersonalNotice:
    """What is said of one event: its words in the language of whoever reads them."""

    occasion: str
    event: str
    words: Words


def write_notice(connection: Connection, occasion: str, event: str, person: int, words: Words, now: datetime) -> int:
    """Write the message of one event to one person; how many are new."""
    return write_to(connection, PersonalNotice(occasion, event, words), person, now)


def write_to(
    connection: Connection, notice: PersonalNotice, person: int, now: datetime, at: OwnAddress | None = None
) -> int:
    """Write a notice to one person, ``at`` this address of theirs if it must be that one; how many are new."""
    recipient = connection.execute(select(participants).where(participants.c.id == person)).one()
    if not recipient.active:
        return 0
    language = recipient.language
    said = {**dict.fromkeys(SHOWN), **notice.words(spoken(language))}
    context = {**said, "link": LINK, "recipient": {"name": recipient.name}}
    message = render(notice.occasion, language, context)
    base = {
        "issue_id": None,
        "sequence": 0,
        "participant_id": person,
        "occasion": notice.occasion,
        "template": message.template,
        "template_version": message.template_version,
        "language": message.locale,
        "subject": masked(message.subject)[:300],
        "text": message.text,
        "html": message.html,
        "fields": dict(message.fields) or None,
        "item": None,
        "attempts": 0,
        "created_at": now,
    }
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    way = _way(connection, recipient, ToBeSaid(occasion=notice.occasion, sooner=now, language=message.locale), at)
    row = {**base, **way.row(now), "key": f"{notice.event}.{person}.{message.template}"}
    statement = make(deliveries).values(**row).on_conflict_do_nothing(index_elements=["key"])
    # how many rows were written, PostgreSQL's driver does not always say
    return int(connection.execute(statement.returning(deliveries.c.id)).first() is not None)


def _way(connection: Connection, recipient: Row[Any], said: ToBeSaid, at: OwnAddress | None) -> MessageRoute:
    if at is None:
        return route(connection, recipient.id, recipient.kind, said)
    return MessageRoute(address=at, available_at=said.sooner, urgent=True)
