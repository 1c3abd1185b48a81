"""Invitations and resets that go out as messages: the link is made when the message leaves, so that it waits nowhere."""

from __future__ import annotations

from sqlalchemy import Connection, exists, select

from huying.access.accounts import AccountRefusal, link_for, person_row
from huying.access.credential_links import MadeLink
from huying.database.tables import addresses, participants
from huying.house.by import By
from huying.messages.notices import write_notice

#: What the messages are called, by what the link is for.
OCCASIONS = {"invitation": "invited", "reset": "passphrase-reset"}


def send_link(connection: Connection, person: int, by: By) -> MadeLink:
    """Invite somebody by a message, or let them set their passphrase anew; ``AccountRefusal`` for whoever has no address."""
    row = person_row(connection, person)
    mail = exists().where(addresses.c.participant_id == person, addresses.c.channel == "mail")
    if not connection.execute(select(mail)).scalar_one():
        raise AccountRefusal(
            f"{row.name}没有登记邮箱，请打印单子交给本人。",
            f"{row.name} has no mail address; print a slip and hand it over.",
        )
    made = link_for(connection, person, "message", by)
    sender = connection.execute(select(participants.c.name).where(participants.c.id == by.person)).scalar_one_or_none()
    said = {"actor": sender, "login": row.login}
    event = f"account.{by.now.isoformat()}"
    write_notice(connection, OCCASIONS[made.purpose], event, person, lambda language: said, by.now)
    return made
