"""Messages that are about no issue: of duties, swaps and quotas, of accounts. Written in the transaction that decides them, sent like all others.

Repeating one is harmless: its key is made of what happened, the recipient and the template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from definitions.text import spoken
from huying.database.tables import deliveries, participants
from huying.messages.routes import Telling, route
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


def write_notice(connection: Connection, occasion: str, event: str, person: int, words: Words, now: datetime) -> int:
    """Write the message of one event to one person; how many are new."""
    recipient = connection.execute(select(participants).where(participants.c.id == person)).one()
    if not recipient.active:
        return 0
    language = recipient.language
    said = {**dict.fromkeys(SHOWN), **words(spoken(language))}
    context = {**said, "link": LINK, "recipient": {"name": recipient.name}}
    message = render(occasion, language, context)
    base = {
        "issue_id": None,
        "sequence": 0,
        "participant_id": person,
        "occasion": occasion,
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
    way = route(connection, person, recipient.kind, Telling(occasion=occasion, sooner=now))
    row = {**base, **way.row(now), "key": f"{event}.{person}.{message.template}"}
    statement = make(deliveries).values(**row).on_conflict_do_nothing(index_elements=["key"])
    # how many rows were written, PostgreSQL's driver does not always say
    return int(connection.execute(statement.returning(deliveries.c.id)).first() is not None)
