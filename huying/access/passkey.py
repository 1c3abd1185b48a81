"""Passkeys as their owner has them: listed, kept, taken off. What they sign is judged in ``passkey_check``."""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from engine.refusal import Refusal
from huying.access import second_factor
from huying.access.journal import noted
from huying.access.sessions import has_second_factor
from huying.database.tables import passkeys

#: So many one person may have: of phones, computers and keys on a ring.
MOST = 10
_LONGEST_NAME = 60
_p = passkeys.c


class WrongPasskey(Refusal):
    """A passkey that is not taken; the words say what can be done."""

    code = "wrong-passkey"


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of somebody's passkeys: what they call it, since when, used when last, and whether a provider keeps it for several devices."""

    id: int
    name: str
    synced: bool
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What an authenticator made: its ids and public half as base64url, and what its owner calls it."""

    credential: str
    public_key: str
    handle: str
    name: str
    sign_count: int
    synced: bool


def passkeys_of(connection: Connection, person: int) -> tuple[Passkey, ...]:
    """Somebody's passkeys, the oldest first."""
    query = select(_p.id, _p.name, _p.synced, _p.made_at, _p.used_at).where(_p.participant_id == person).order_by(_p.id)
    return tuple(Passkey(*row) for row in connection.execute(query))


def credentials_of(connection: Connection, person: int) -> tuple[str, ...]:
    """The ids of somebody's passkeys, as base64url."""
    return tuple(connection.execute(select(_p.credential).where(_p.participant_id == person).order_by(_p.id)).scalars())


def handle_of(connection: Connection, person: int, challenge: bytes) -> str:
    """What all passkeys of somebody call them, as base64url: made of the question that the first one answered, so that it says nothing about them."""
    known = connection.execute(select(_p.handle).where(_p.participant_id == person).limit(1)).scalar_one_or_none()
    made = hashlib.sha256(b"handle " + challenge).digest()
    return known or urlsafe_b64encode(made).decode().rstrip("=")


def check_room(connection: Connection, person: int) -> None:
    """``WrongPasskey`` when somebody has as many passkeys as one may have."""
    count = connection.execute(select(func.count()).select_from(passkeys).where(_p.participant_id == person))
    if count.scalar_one() >= MOST:
        raise WrongPasskey(
            f"最多 {MOST} 个通行密钥，请先删除不用的。",
            f"There may be {MOST} passkeys at most; remove one that you do not use.",
        )


def keep_passkey(connection: Connection, person: int, new: NewPasskey, now: datetime) -> tuple[str, ...]:
    """Keep a new passkey; recovery codes, shown this once, for whoever has none yet. ``WrongPasskey`` if somebody has it already."""
    if connection.execute(select(_p.id).where(_p.credential == new.credential)).first():
        raise WrongPasskey("这个通行密钥已经添加过了。", "This passkey was added already.")
    check_room(connection, person)
    row = {
        "participant_id": person,
        "credential": new.credential,
        "public_key": new.public_key,
        "handle": new.handle,
        "name": _named(new.name),
        "sign_count": new.sign_count,
        "synced": new.synced,
        "made_at": now,
    }
    connection.execute(insert(passkeys), row)
    noted(connection, "passkey-added", person)
    if second_factor.recovery_left(connection, person):
        return ()
    return second_factor.renew_recovery(connection, person, now)


def _named(name: str) -> str:
    shown = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in name)
    return " ".join(shown.split())[:_LONGEST_NAME] or "通行密钥 Passkey"


def remove_passkey(connection: Connection, person: int, key: int, *, demanded: bool) -> bool:
    """Take off one of one's own passkeys; whether there was such a one.

    Refused for the last second factor of whoever does not come in without one; with the last one the recovery codes go.
    """
    gone = delete(passkeys).where(_p.participant_id == person, _p.id == key)
    if not connection.execute(gone).rowcount:
        return False
    if not has_second_factor(connection, person):
        if demanded:
            raise Refusal(
                "本单位要求您用第二重验证，这是最后一个，不能删除；请先添加另一个通行密钥，或设置验证器。",
                "Your office asks you for a second factor, and this is the last one; first add another passkey, or set up an authenticator.",
            )
        second_factor.take_off_recovery(connection, person)
    noted(connection, "passkey-removed", person)
    return True
