"""For whom a mail is: an answer to a message of ours, one that came back, or a letter to a station or to the office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from definitions.channels.channel import STATION, Letters
from huying.database.tables import stations
from huying.house.house import House
from huying.mail.plan import MAIL, MailPlan
from huying.messages.reply_address import answered

RecipientKind = Literal["reply", "bounce", "letter"]
#: Every mail server has to take these (RFC 2142, RFC 5321); the office reads them.
_ALWAYS = frozenset({"postmaster", "abuse"})


@dataclass(frozen=True, slots=True)
class MailRecipient:
    """``delivery``: the message of ours that it answers or that came back; of a letter, ``station`` and what it opens (``definition``)."""

    kind: RecipientKind
    delivery: int | None = None
    station: int | None = None
    definition: str | None = None


_OFFICE = MailRecipient("letter")


def recipient(house: House, connection: Connection, plan: MailPlan, address: str) -> MailRecipient | None:
    """Whom an address belongs to; ``None`` if it is none of ours."""
    plain = address.strip().strip("<>").lower()
    local, _, domain = plain.rpartition("@")
    if plain and plain in (plan.address.lower(), plan.own.lower()):
        return _OFFICE
    if not local or not plan.domain or domain != plan.domain:
        return None
    if (message := answered(connection, local)) is not None:
        return MailRecipient(message.kind, delivery=message.delivery)
    for one in _letters(house):
        found = _station(connection, one, local)
        if found is not None:
            return MailRecipient("letter", station=found or None, definition=one.opens)
    return _OFFICE if local in _ALWAYS else None


def recipients(
    house: House, connection: Connection, plan: MailPlan, addresses: Iterable[str]
) -> Mapping[str, MailRecipient]:
    """All that are ours, by address."""
    found = {one: recipient(house, connection, plan, one) for one in dict.fromkeys(addresses)}
    return {address: one for address, one in found.items() if one is not None}


def _letters(house: House) -> tuple[Letters, ...]:
    """The addresses that the ways in name, those of one station before those of any."""
    listed = [one for channel in house.channels.at(MAIL).values() for one in channel.letters]
    return tuple(sorted(listed, key=lambda one: STATION in one.to))


def _station(connection: Connection, letters: Letters, local: str) -> int | None:
    """The station of letters to this address; 0: of none; ``None``: it is another address."""
    if STATION not in letters.to:
        if letters.to != local:
            return None
        return _of_code(connection, letters.station) if letters.station else 0
    before, _, after = letters.to.partition(STATION)
    found = re.fullmatch(rf"{re.escape(before)}(.{{1,40}}){re.escape(after)}", local)
    return _of_code(connection, found[1]) or None if found else None


def _of_code(connection: Connection, code: str) -> int:
    """The open station of a code, however it is written; 0 if there is none."""
    found = connection.execute(select(stations.c.id, stations.c.code).where(stations.c.active)).all()
    return next((int(row.id) for row in found if row.code.lower() == code.lower()), 0)


def addresses_of(house: House, connection: Connection, plan: MailPlan, station: int | None) -> tuple[str, ...]:
    """The addresses at which letters reach a station, or (``None``) the office."""
    if not plan.domain:
        return (plan.address,) if plan.address and station is None else ()
    code = connection.execute(select(stations.c.code).where(stations.c.id == station)).scalar() if station else None
    found = []
    for one in _letters(house):
        if STATION in one.to and code:
            found.append(one.to.replace(STATION, code.lower()))
        elif STATION not in one.to and (one.station or "").lower() == (code or "").lower():
            found.append(one.to)
    return tuple(f"{one}@{plan.domain}" for one in found)
