"""The one thing that a machine of ours answers: that a letter waits for a person. Rarely, never to machines, never to whom nobody verified.

Whoever wrote from a false address would have us write to strangers; whoever answers by a machine would have us write for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from sqlalchemy import Row, select, update

from definitions.text import Said
from huying.database.tables import inbound_messages
from huying.delivery.sender import signature
from huying.house.house import House
from huying.inbound.store import answered_lately
from huying.mail.automatic import hushed
from huying.mail.content import content_of, short
from huying.mail.plan import MailPlan
from huying.messages.notices import SHOWN
from huying.words.mask import mask
from notifications import LINK, MailAddress, OutgoingMessage, Transports, deliver, fill_link, fill_office, render

OCCASION = "letter-received"
#: So often in a day an address is answered.
MOST = 3
_DAY = timedelta(days=1)
_HELLO = Said("您好", "Hello")
_m = inbound_messages.c


@dataclass(frozen=True, slots=True)
class PostRoom:
    """Where mails are placed: how they come in, the ways out for an answer, and the address that links begin with."""

    plan: MailPlan
    transports: Transports
    portal_url: str


def acknowledge(house: House, room: PostRoom, message: int, now: datetime) -> bool:
    """Answer a letter that waits for a person, once if at all; whether it was."""
    if house.offices.now().held:
        # nothing leaves a restored house before somebody has looked at it
        return False
    with house.database.writing() as connection:
        row = connection.execute(select(inbound_messages).where(_m.id == message)).one_or_none()
        if row is None or not _may_be_answered(house, room.plan, row):
            return False
        if answered_lately(connection, row.sender, now - _DAY) >= MOST:
            return False
        # noted first: whoever dies now has answered once too little, which nobody minds
        done = update(inbound_messages).where(_m.id == message, _m.answered_at.is_(None)).values(answered_at=now)
        if connection.execute(done).rowcount != 1:
            return False
    deliver(_answer(house, row, room.portal_url), MailAddress(row.sender), room.transports)
    return True


def _may_be_answered(house: House, plan: MailPlan, row: Row[Any]) -> bool:
    if row.state != "tray" or row.trust != "pass" or not row.sender or row.kind not in ("letter", "reply"):
        return False
    if row.sender.rpartition("@")[2] in (plan.domain, plan.sent_from) or row.sender == plan.address.lower():
        return False
    raw = house.store.get(row.raw["digest"]) if row.raw else None
    return raw is not None and not hushed(content_of(raw))


def _answer(house: House, row: Row[Any], portal_url: str) -> OutgoingMessage:
    office = house.offices.now()
    language = _language(f"{row.subject} {row.text}")
    name = short(row.sender_name or "", 40) or _HELLO.of(language)
    # what a stranger wrote is repeated to them alone, without numbers that may be somebody's
    about = short(mask(row.subject or ""), 60)
    said = render(
        OCCASION, language, {**dict.fromkeys(SHOWN), "note": about, "link": LINK, "recipient": {"name": name}}
    )
    raw = house.store.get(row.raw["digest"])
    sign, address = signature(office, language), f"{portal_url}/report"
    return OutgoingMessage(
        key=f"{OCCASION}.{row.id}{office.epoch(row.at)}",
        subject=said.subject,
        text=fill_office(fill_link(said.text, address), sign),
        html=fill_office(fill_link(said.html, address), escape(sign)),
        occasion=OCCASION,
        language=language,
        answers=_plain(content_of(raw).message_id if raw else ""),
    )


def _language(text: str) -> str:
    return "zh" if any("\u3400" <= one <= "\u9fff" for one in text) else "en"


def _plain(name: str) -> str:
    """A Message-ID that can stand in a header of ours; else a word of our own."""
    sound = name.isascii() and name.isprintable() and " " not in name and len(name) < 400 and not {"<", ">"} & set(name)
    return name if name and sound else "unknown"
