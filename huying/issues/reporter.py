"""Who reports without being registered: what they are asked about themselves, and how the register comes to know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from definitions.forms.address import digits
from definitions.model.definition import Definition
from definitions.model.field import Field
from huying.access.parties import NO_NAME
from huying.database.tables import addresses, participants

#: What somebody who is not signed in tells about themself.
CONTACT: Mapping[str, Field] = {
    "name": Field(type="text", title={"zh": "您的姓名", "en": "Your name"}, private=True, longest=40),
    "phone": Field(type="phone", title={"zh": "电话", "en": "Telephone"}, private=True),
    "email": Field(
        type="email",
        title={"zh": "电子邮箱", "en": "E-mail"},
        help={"zh": "办理有进展时通知您。", "en": "We write to you when there is news."},
        private=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReporter:
    """What they say of themselves, as entered; who leaves no e-mail address follows by number and code."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str = "zh"

    @property
    def entered(self) -> Mapping[str, str]:
        """The entries that there are, by name."""
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name in CONTACT}
        return {name: value for name, value in given.items() if value is not None}


def contact_fields(definition: Definition) -> Mapping[str, Field]:
    """What a definition leaves to be asked about somebody new: nothing that it asks for itself. Nobody has to give a name."""
    return {name: field for name, field in CONTACT.items() if name not in definition.fields}


def resident(connection: Connection, said: Mapping[str, Any], now: datetime, *, confirmed: bool = False) -> int:
    """Who tells something to whoever takes it: the resident known by this number and name, else entered as somebody new.

    With the number alone it is whoever is the only one known by it; a number that several share needs the name too.
    """
    name, number = said.get("name") or "", digits(said.get("phone") or "")
    if number:
        known = connection.execute(_residents.where(participants.c.phone_index == number)).all()
        same = [one.id for one in known if not name or one.name == name]
        if len(same) == 1:
            return int(same[0])
    writer = _known_by(connection, said.get("email") or "", name) if confirmed else None
    if writer is not None:
        return writer
    return register(connection, said, "zh", now, confirmed=confirmed)


def _known_by(connection: Connection, email: str, name: str) -> int | None:
    """The one resident who has said that this address is theirs, if they are called so."""
    own = (addresses.c.channel == "mail", addresses.c.target_index == email, addresses.c.state != "unconfirmed")
    query = _residents.join(addresses, addresses.c.participant_id == participants.c.id).where(*own)
    known = [one.id for one in connection.execute(query).all() if not name or one.name in (name, NO_NAME)]
    return int(known[0]) if len(set(known)) == 1 else None


_residents = (
    select(participants.c.id, participants.c.name)
    .where(participants.c.kind == "citizen", participants.c.active)
    .order_by(participants.c.id)
)


#: What somebody is who was entered with their report.
NEW_KIND = "citizen"


def register(
    connection: Connection, said: Mapping[str, Any], language: str, now: datetime, *, confirmed: bool = False
) -> int:
    """Enter somebody new; ``said`` is what they tell about themselves, checked. ``confirmed``: the address is theirs."""
    row = {
        "name": said.get("name") or NO_NAME,
        "phone": said.get("phone"),
        "language": language,
        "kind": NEW_KIND,
        "active": True,
        "created_at": now,
    }
    person = int(connection.execute(insert(participants).returning(participants.c.id), row).scalar_one())
    if said.get("email"):
        known = {"state": "usable", "confirmed_at": now} if confirmed else {"state": "unconfirmed"}
        address = {"participant_id": person, "channel": "mail", "target": said["email"], **known}
        connection.execute(insert(addresses), address)
    return person
