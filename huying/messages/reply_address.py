"""Addresses that say which message is answered, or came back: ``reply+42-TAG@…`` and ``bounce+42-TAG@…``.

The tag is made by the house's own keys over the message's number and key. Whoever has the mail can answer it; nobody can make up an address.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from hashlib import sha256
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select

from definitions.text import Said
from huying.database.tables import deliveries
from models.sealed import Seals, ring_of

#: Stands at the top of mails that can be answered: whatever a program makes of them, what is above it is new.
ABOVE_THIS = Said("—— 请在此线以上回复 ——", "—— Please reply above this line ——")
#: What stands at the foot of a mail that nobody reads an answer to, and what stays of it where somebody does.
_UNANSWERED = Said("系统自动发送，请勿直接回复。", "Sent automatically, please do not reply.")
_ANSWERED = Said("系统自动发送。", "Sent automatically.")
ReplyKind = Literal["reply", "bounce"]
_PURPOSE = "mail addresses"
_TAG = 13
_LOCAL = re.compile(rf"(reply|bounce)\+(\d{{1,18}})-([a-z2-7]{{{_TAG}}})", re.I)


class AnsweredMessage(NamedTuple):
    """A message of ours to which an address belongs, and what the address is for."""

    kind: ReplyKind
    delivery: int


def reply_address(ring: Seals, kind: ReplyKind, delivery: int, key: str, domain: str) -> str:
    """The address at which the message is answered, or comes back."""
    return f"{kind}+{delivery}-{_tag(ring, kind, delivery, key)}@{domain}"


def invite(body: str, language: str) -> str:
    """The body of a mail that can be answered: it does not ask at its foot that nobody answer."""
    return body.replace(_UNANSWERED.of(language), _ANSWERED.of(language))


def is_tagged(local: str) -> bool:
    """Whether what stands before an ``@`` looks like such an address."""
    return _LOCAL.fullmatch(local) is not None


def answered(connection: Connection, local: str) -> AnsweredMessage | None:
    """The message that an address (what stands before its ``@``) belongs to; ``None`` if it is not one that this house made."""
    found = _LOCAL.fullmatch(local)
    if found is None:
        return None
    kind: ReplyKind = "reply" if found[1].lower() == "reply" else "bounce"
    delivery = int(found[2])
    if delivery >= 2**63:
        return None
    key = connection.execute(select(deliveries.c.key).where(deliveries.c.id == delivery)).scalar()
    if key is None:
        return None
    right = _tag(ring_of(connection.dialect), kind, delivery, key)
    return AnsweredMessage(kind, delivery) if hmac.compare_digest(right, found[3].lower()) else None


def _tag(ring: Seals, kind: ReplyKind, delivery: int, key: str) -> str:
    made = hmac.digest(ring.sub_key(_PURPOSE), f"{kind}.{delivery}.{key}".encode(), sha256)
    return b32encode(made).decode().lower()[:_TAG]
