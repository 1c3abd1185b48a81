"""Data keys: one for each issue or person, sealed by the ring, and kept opened for a while, since reading a list needs many."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, insert, select, update

from huying.database.statement import Statement
from huying.database.tables import data_keys
from models.kept import keys_of

if TYPE_CHECKING:
    from huying.database.connections import Database

#: So many are kept opened, and so long: another process may have destroyed one.
_MOST, _SECONDS = 50_000, 60.0
#: So many of the newest are opened with the first that is asked for.
_AHEAD = 1_000
_one = Statement(select(data_keys.c.id, data_keys.c.wrapped).where(data_keys.c.id == bindparam("key")))
_newest = Statement(
    select(data_keys.c.id, data_keys.c.wrapped)
    .where(data_keys.c.wrapped.is_not(None))
    .order_by(data_keys.c.made_at.desc())
    .limit(_AHEAD)
)
_insert = Statement(insert(data_keys), ("id", "of", "wrapped", "made_at", "destroyed_at"))


class MissingKey(LookupError):
    """There is no data key of this id: its row was deleted, which nobody does who erases."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key in use; its ``secret`` is known only until it is kept."""

    id: str
    cipher: AESGCM
    secret: bytes = field(default=b"", repr=False)


class OpenKeys:
    """The data keys of one database that this process has opened."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[float, AESGCM | None]] = OrderedDict()

    def cipher(self, key_id: str) -> AESGCM | None:
        """What seals and opens by a key; ``None`` once it is destroyed, ``MissingKey`` if it never was."""
        known = self._kept.get(key_id)
        if known is None or known[0] < time.monotonic():
            return self._looked_up(key_id)
        return known[1]

    def new(self) -> DataKey:
        """A new key, which is to be kept in the transaction that seals by it."""
        secret = AESGCM.generate_key(256)
        key = DataKey(secrets.token_hex(16), AESGCM(secret), secret)
        self._keep(key.id, key.cipher)
        return key

    def destroy(self, connection: Connection, key_ids: Sequence[str], now: datetime) -> None:
        """Destroy keys in the caller's transaction: what was sealed by them nobody reads any more, wherever it stands."""
        gone = update(data_keys).where(data_keys.c.id.in_(key_ids))
        connection.execute(gone.values(wrapped=None, destroyed_at=now))
        for key_id in key_ids:
            self._keep(key_id, None)

    def _looked_up(self, key_id: str) -> AESGCM | None:
        with self._database.reading() as connection:
            if not self._kept:
                for one, wrapped in _newest.rows(connection, {}):
                    self._keep(one, AESGCM(bytes.fromhex(wrapped)))
            rows = _one.rows(connection, {"key": key_id})
        if not rows:
            raise MissingKey(key_id)
        wrapped = rows[0][1]
        cipher = AESGCM(bytes.fromhex(wrapped)) if wrapped is not None else None
        self._keep(key_id, cipher)
        return cipher

    def _keep(self, key_id: str, cipher: AESGCM | None) -> None:
        with self._lock:
            self._kept[key_id] = time.monotonic() + _SECONDS, cipher
            self._kept.move_to_end(key_id)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)


def open_keys(connection: Connection) -> OpenKeys:
    """The data keys of the database that a connection leads to."""
    keys = keys_of(connection.dialect)
    assert isinstance(keys, OpenKeys)
    return keys


def keep(connection: Connection, key: DataKey, of: str, now: datetime) -> None:
    """Keep a new key in the caller's transaction; ``of`` says whose it is: ``issue:12``."""
    row = {"id": key.id, "of": of, "wrapped": key.secret.hex(), "made_at": now, "destroyed_at": None}
    _insert.put(connection, row)
