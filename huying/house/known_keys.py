"""A database opened with the ring by which it was sealed: with another one, or none, a house does not start."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError

from huying.database.connections import Database
from huying.database.tables import ring_keys
from huying.keys import place
from huying.keys.ring import Ring, Sealed
from huying.settings import SettingError, Settings

_PROOF = "proof"


def open_database(settings: Settings, first: Callable[[Database], None] | None = None) -> Database:
    """The database of these settings with its ring, brought up to date; a house in which nothing is sealed yet gets a ring made.

    ``first`` is asked before the tables of a house are changed. ``SettingError`` where the ring is missing, or is not that of this database.
    """
    ring = place.found(settings)
    if ring is None:
        with closing(Database(settings.database_url)) as plain:
            _assure_unsealed(plain, settings)
        settings.make_home()
        ring = place.make(settings, datetime.now(UTC).date())
    # an address that is none is refused in words here; nothing is opened yet
    database = Database(settings.database_url, ring=ring)
    _keep_to_ourselves(database.engine.url)
    try:
        _assure_known(database, ring)
        if first is not None and database.is_outdated():
            first(database)
        database.migrate()
        note(database, ring)
    except BaseException:
        database.close()
        raise
    return database


def _keep_to_ourselves(address: URL) -> None:
    """Let nobody else on this machine read a database that is a file, nor its journals, which SQLite makes with the same rights."""
    if address.get_backend_name() != "sqlite" or not address.database:
        return
    file = Path(address.database)
    # made before SQLite does, which would let others read it; what cannot be is said when the database is reached
    with suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        for one in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            if one.exists() and one.stat().st_mode & 0o077:
                one.chmod(0o600)


def is_copied(database: Database) -> bool:
    """Whether somebody said that they keep a copy of the ring that seals now."""
    assert database.ring is not None
    query = select(ring_keys.c.copied_at).where(ring_keys.c.id == database.ring.active)
    with database.reading() as connection:
        return connection.execute(query).scalar() is not None


def note_copied(database: Database, now: datetime) -> None:
    """Somebody keeps a copy of the ring."""
    assert database.ring is not None
    mine = ring_keys.c.id.in_((*database.ring.ids, database.ring.keys.lasting_id))
    with database.writing() as connection:
        connection.execute(update(ring_keys).where(mine).values(copied_at=now))


def missing_keys(connection: Connection, ring: Ring) -> list[str]:
    """The ids of the keys by which something may be sealed here and that are not on the ring, or are others of the same id."""
    keys = connection.execute(select(ring_keys.c.id, ring_keys.c.kind, ring_keys.c.proof, ring_keys.c.ended_at))
    return sorted(key for key, kind, proof, ended in keys if ended is None and not _is_on(ring, key, kind, proof))


def _is_on(ring: Ring, key: str, kind: str, proof: str) -> bool:
    if kind == "lasting":
        return proof == ring.mac(_PROOF, key)
    try:
        return ring.open(_PROOF, proof, key) == _PROOF.encode()
    except Sealed:
        return False


def _known_to(database: Database) -> bool:
    """Whether this database has ever been sealed."""
    if database.sqlite and not Path(str(database.engine.url.database)).exists():
        # to look would make the file
        return False
    if database.found_version() is None:
        return False
    with database.reading() as connection:
        if not inspect(connection).has_table(ring_keys.name):
            return False
        return connection.execute(select(ring_keys.c.id).limit(1)).first() is not None


def _assure_unsealed(database: Database, settings: Settings) -> None:
    if _known_to(database):
        raise SettingError(
            str(place.file_of(settings)),
            "钥匙串不在这里，数据库里加密的内容谁也读不出，所以没有启动。请把另存的那份（huying keys export 存下的）放回这里，"
            "或用 HUYING_KEYS_FILE 指明它在哪里；不要新建。",
            "The ring of keys is not there, and without it nobody reads what is sealed in the database: nothing was started. Put back the copy that "
            "huying keys export made, or name its place in HUYING_KEYS_FILE; a new one would be of no use.",
        )


def _assure_known(database: Database, ring: Ring) -> None:
    if not _known_to(database):
        return
    with database.reading() as connection:
        missing = missing_keys(connection, ring)
    if missing:
        names = ", ".join(missing)
        raise SettingError(
            "",
            f"钥匙串与数据库不符：缺 {names}。请换上这个数据库自己的钥匙串（另存的那份）再启动。",
            f"The ring of keys is not that of this database: {names} missing. Put back the one of this database, and start again.",
        )


def note(database: Database, ring: Ring) -> None:
    """Remember the keys of the ring that this database has not seen yet."""
    rows = _rows(ring)
    with database.reading() as connection:
        known = set(connection.execute(select(ring_keys.c.id)).scalars())
    if not rows.keys() - known:
        return
    now = datetime.now(UTC)
    for key in sorted(rows.keys() - known):
        # several processes start at once
        with suppress(IntegrityError), database.writing() as connection:
            connection.execute(insert(ring_keys), {"id": key, "began_at": now, **rows[key]})


def _rows(ring: Ring) -> Mapping[str, dict[str, str]]:
    lasting = ring.keys.lasting_id
    return {
        lasting: {"kind": "lasting", "proof": ring.mac(_PROOF, lasting)},
        ring.active: {"kind": "sealing", "proof": ring.seal(_PROOF, _PROOF.encode(), ring.active)},
    }
