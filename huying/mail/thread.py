"""To which issue a mail belongs: by the address that it was sent to, else by the Message-ID that it answers, else by a number in its subject."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from huying.database.tables import addresses, deliveries, issues
from huying.mail.content import MailContent
from huying.mail.recipient import MailRecipient

_d = deliveries.c
#: By what it was found: the tagged address proves that somebody has the mail; a Message-ID anybody can guess; a number anybody reads.
ThreadMark = Literal["address", "message-id", "number"]
_EPOCH = re.compile(r"-r\d{1,3}$")
_NUMBER = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+){1,5}", re.I)
_MOST_NUMBERS = 10


@dataclass(frozen=True, slots=True)
class Thread:
    """The issue, and (not by a number) the message of ours that is answered, with whom that was for. ``theirs``: the sender is whom it was for."""

    mark: ThreadMark
    issue: int | None
    delivery: int | None = None
    person: int | None = None
    theirs: bool = False


def thread(
    connection: Connection, content: MailContent, recipients: Iterable[MailRecipient], own_domain: str
) -> Thread | None:
    """Where a mail belongs; the strongest mark counts."""
    for one in recipients:
        if one.delivery is not None:
            found = _of_message(connection, "address", one.delivery, content.sender.address)
            if found is not None:
                return found
    for name in content.references:
        number = _delivery_of(connection, name, own_domain)
        if number is not None:
            return _of_message(connection, "message-id", number, content.sender.address)
    return _by_number(connection, content.subject)


def message_of(connection: Connection, name: str, own_domain: str) -> int | None:
    """The message of ours with this Message-ID."""
    return _delivery_of(connection, name, own_domain)


def _of_message(connection: Connection, mark: ThreadMark, delivery: int, sender: str) -> Thread | None:
    row = connection.execute(select(deliveries).where(_d.id == delivery)).one_or_none()
    if row is None:
        return None
    return Thread(mark, row.issue_id, delivery, row.participant_id, _is_theirs(connection, row, sender))


def _is_theirs(connection: Connection, row: Row[Any], sender: str) -> bool:
    """Whether the sender is whom the message was for: at this address, or at another of their own."""
    if row.target and row.target.lower() == sender:
        return True
    own = select(addresses.c.id).where(
        addresses.c.participant_id == row.participant_id,
        addresses.c.channel == "mail",
        addresses.c.target_index == sender,
        addresses.c.state != "unconfirmed",
    )
    return bool(sender) and connection.execute(own.limit(1)).first() is not None


def _delivery_of(connection: Connection, name: str, own_domain: str) -> int | None:
    local, _, domain = name.rpartition("@")
    if not own_domain or domain.lower() != own_domain or not local or len(local) > 200:
        return None
    keys = {local, _EPOCH.sub("", local)}
    found = connection.execute(select(_d.id).where(_d.key.in_(keys)).order_by(_d.id.desc()).limit(1)).scalar()
    return int(found) if found is not None else None


def _by_number(connection: Connection, subject: str) -> Thread | None:
    for number in _NUMBER.findall(subject.upper())[:_MOST_NUMBERS]:
        if any(one.isdigit() for one in number) and len(number) <= 60:
            issue = connection.execute(select(issues.c.id).where(issues.c.number == number)).scalar()
            if issue is not None:
                return Thread("number", int(issue))
    return None
