"""Codes by which somebody without an account shows that it is they: six figures, sent to their own mail address, for ten minutes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from engine.refusal import Invalid
from huying.database.tables import addresses, data_codes
from huying.errors import Later
from huying.house.house import House
from huying.messages.notices import write_notice

OCCASION = "data-code"
_LIVES, _AGAIN = timedelta(minutes=10), timedelta(minutes=1)
#: So often a code may be typed wrongly.
_TRIES = 5
_WRONG = {
    "code": {"zh": "验证码不对，或已过期。请重新获取。", "en": "The code is wrong or over. Please have a new one sent."}
}


def reachable(house: House, person: int) -> bool:
    """Whether a code can be sent to somebody."""
    mail = select(addresses.c.id).where(addresses.c.participant_id == person, addresses.c.channel == "mail")
    with house.database.reading() as connection:
        return connection.execute(mail).first() is not None


def send_code(house: House, person: int, now: datetime) -> None:
    """Send somebody a new code, which ends the one before; ``Later`` if that was a moment ago, ``Invalid`` without an address."""
    if not reachable(house, person):
        words = {"zh": "没有登记邮箱，请直接提出申请。", "en": "No mail address is known; please file a request."}
        raise Invalid({"code": words})
    code = f"{secrets.randbelow(1_000_000):06d}"
    with house.database.writing() as connection:
        before = connection.execute(select(data_codes).where(data_codes.c.participant_id == person)).one_or_none()
        if before is not None and before.expires_at - _LIVES + _AGAIN > now:
            left = (before.expires_at - _LIVES + _AGAIN - now).total_seconds()
            raise Later(int(left), "验证码刚刚发出", "A code was sent just now")
        connection.execute(delete(data_codes).where(data_codes.c.participant_id == person))
        row = {"participant_id": person, "code_hash": _hash(person, code), "expires_at": now + _LIVES, "tries": 0}
        connection.execute(insert(data_codes), row)
        event = f"data-code.{secrets.token_hex(8)}"
        write_notice(connection, OCCASION, event, person, lambda language: {"note": code}, now)


def check_code(house: House, person: int, code: str, now: datetime) -> None:
    """Take a code, once; ``Invalid`` if it is not the one that was sent, is over, or was tried too often."""
    with house.database.writing() as connection:
        row = connection.execute(select(data_codes).where(data_codes.c.participant_id == person)).one_or_none()
        wanted = row.code_hash if row is not None and row.expires_at > now and row.tries < _TRIES else ""
        right = hmac.compare_digest(wanted, _hash(person, code.strip()))
        if right:
            connection.execute(delete(data_codes).where(data_codes.c.participant_id == person))
        elif row is not None:
            tried = update(data_codes).where(data_codes.c.participant_id == person)
            connection.execute(tried.values(tries=data_codes.c.tries + 1))
    if not right:
        raise Invalid(_WRONG)


def _hash(person: int, code: str) -> str:
    return hashlib.sha256(f"data-code:{person}:{code}".encode()).hexdigest()
