"""Secrets of people that the house has to read again, such as that of an authenticator: sealed, beside others in the same column that are digests."""

from __future__ import annotations

from sqlalchemy import Connection

from models.sealed import FIELDS, ring_of

_PLACE = "second_factor.secret"


def kept_secret(connection: Connection, secret: str) -> str:
    """What the database keeps."""
    return ring_of(connection.dialect).seal(FIELDS, secret.encode(), _PLACE)


def read_secret(connection: Connection, kept: str) -> str:
    """The secret itself; ``Sealed`` for one that does not open."""
    return ring_of(connection.dialect).open(FIELDS, kept, _PLACE).decode()
