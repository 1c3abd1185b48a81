"""Taking a mail, by whatever way it came: once this returns it is kept, and nothing else was done yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from huying.house.house import House
from huying.inbound.store import Arrived, keep_message
from huying.mail.content import body_of, message_id_of
from huying.mail.plan import MAIL


@dataclass(frozen=True, slots=True)
class MailEnvelope:
    """Around a mail: ``returned_to``, where it comes back (empty: nowhere; ``None``: not known), and for whom it is, as its server says.

    ``cut``: only its head was fetched, since it is too large.
    """

    returned_to: str | None
    recipients: tuple[str, ...] = ()
    cut: bool = False


def take(house: House, raw: bytes, envelope: MailEnvelope, now: datetime) -> bool:
    """Keep a mail; whether it is new. A mail is known again by its Message-ID."""
    name = message_id_of(raw)
    body = hashlib.sha256(body_of(raw)).hexdigest()
    key = (
        f"id:{hashlib.sha256(name.encode()).hexdigest()[:40]}"
        if name
        else f"body:{hashlib.sha256(raw).hexdigest()[:40]}"
    )
    told = {"to": list(envelope.recipients)[:100], "returned_to": envelope.returned_to}
    why = "too-large" if envelope.cut else ""
    arrived = Arrived(channel=MAIL, key=key, content=raw, body_digest=body, recipients=told, why=why)
    return keep_message(house, arrived, now)
