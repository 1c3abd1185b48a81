"""Making a backup while people work: attachments, then the database as of one moment, then what was added meanwhile; and looking at it again.

Attachments are kept by their digest and only added, so what the database names is in the copy. An attachment that is cleared away in between was
taken in the first round.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select

from huying import VERSION
from huying.audit.record import AuditNote, note_at_once
from huying.backups import seal
from huying.backups.dump import dump, kind_of
from huying.backups.folder import UNFINISHED, alone, backups_in
from huying.backups.manifest import (
    FORMAT,
    MANIFEST,
    Backup,
    Holdings,
    Manifest,
    Part,
    is_genuine,
    name_of,
    shared_by,
    signed,
    written,
)
from huying.database.tables import history, issues, offices, participants, ring_keys
from huying.evidence.notary import notary_of
from huying.house.house import House
from huying.shelf.envelope import key_id
from huying.shelf.store import FileShelf, Lying


def take(
    house: House, target: Path, clock: Callable[[], datetime], recipients: Sequence[str] = (), *, noted: bool = True
) -> Backup:
    """Make a backup of the house in a folder, sealed for the recipients (``age1…``) if there are any; ``noted``: in its audit log.

    A backup appears whole or not at all. ``BackupRefusal`` if it cannot be made, also where another one is being made in the folder.
    """
    seal.assure_recipients(recipients)
    with alone(target), tempfile.TemporaryDirectory(prefix="backup-", dir=house.files.parent) as aside:
        kept = _known(target, recipients)
        _lay_files(house.store.shelf, Path(aside), target, recipients, kept)
        moment = clock()
        database, facts = dump(house.database, Path(aside), _facts)
        _lay_files(house.store.shelf, Path(aside), target, recipients, kept)
        unfinished = target / f"{UNFINISHED}{os.getpid()}"
        unfinished.mkdir(mode=0o700)
        manifest = Manifest(
            format=FORMAT,
            program=VERSION,
            tables=facts.tables,
            kind=kind_of(house.database),
            taken_at=moment,
            office=facts.office,
            holdings=facts.holdings,
            database=seal.lay(database, unfinished, database.name, recipients),
            files={name: kept[name] for name in sorted(map(_place, house.store.shelf.lying())) if name in kept},
            sealed_for=tuple(recipients),
            keys=facts.keys,
        )
        ring = house.database.ring
        made = _finished(unfinished, target, signed(manifest, notary_of(house.database)) if ring else manifest)
    if not noted:
        return made
    told = {"issues": manifest.holdings.issues, "files": len(manifest.files)}
    note_at_once(
        house.database.engine, AuditNote(what="backup-made", object=f"backup:{made.name}", detail=told, at=moment)
    )
    return made


def check(backup: Backup) -> list[str]:
    """Read all of a backup again; what is missing, or is not what was written."""
    faults = []
    if not is_genuine(backup.manifest):
        faults.append(f"{MANIFEST}: 清单被改过，或不是本系统签的。 It was changed, or was not signed by the house.")
    shared = ((backup.folder.parent, part) for part in backup.manifest.files.values())
    for root, part in [(backup.folder, backup.manifest.database), *shared]:
        path = root / part.path
        if not path.is_file():
            faults.append(f"{part.path}: 缺失。 It is missing.")
        elif path.stat().st_size != part.size or seal.digest_of(path) != part.digest:
            faults.append(f"{part.path}: 与写入时不同。 It is not what was written.")
    return faults


def holdings_of(connection: Connection) -> Holdings:
    """What a house holds, with the root of all histories."""
    root = hashlib.sha256()
    count = 0
    for number, last_hash in connection.execute(select(issues.c.number, issues.c.last_hash).order_by(issues.c.id)):
        root.update(f"{number} {last_hash}\n".encode())
        count += 1
    entries, people = (
        int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in (history, participants)
    )
    return Holdings(count, entries, people, root.hexdigest())


class _Facts(NamedTuple):
    """What the database says of itself at the moment of the copy."""

    tables: str
    office: str
    holdings: Holdings
    keys: tuple[str, ...]


def _facts(connection: Connection) -> _Facts:
    tables = MigrationContext.configure(connection).get_current_revision()
    name = connection.execute(select(offices.c.name_zh)).scalar()
    return _Facts(tables or "", name or "", holdings_of(connection), _keys(connection))


def _keys(connection: Connection) -> tuple[str, ...]:
    """The keys by which something is sealed there; of a house from before there were keys none."""
    if not inspect(connection).has_table(ring_keys.name):
        return ()
    mine = select(ring_keys.c.id).where(ring_keys.c.ended_at.is_(None)).order_by(ring_keys.c.id)
    return tuple(connection.execute(mine).scalars())


def _place(one: Lying) -> str:
    """Where an attachment lies in a folder of a house."""
    return f"{one.name[:2]}/{one.name}"


def _known(target: Path, recipients: Sequence[str]) -> dict[str, Part]:
    """What lies in the folder already, sealed for the same people: it is not written again."""
    known: dict[str, Part] = {}
    for backup in backups_in(target):
        if backup.manifest.sealed_for == tuple(recipients):
            known |= backup.manifest.files
    return {name: part for name, part in known.items() if _is_whole(target / part.path, part.size)}


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _lay_files(shelf: FileShelf, aside: Path, target: Path, recipients: Sequence[str], kept: dict[str, Part]) -> None:
    """Copy the attachments that are not there yet, or are sealed by another key of the ring than those that are."""
    for one in shelf.lying():
        name = _place(one)
        if name in kept and kept[name].path.removesuffix(seal.SEALED) == _path(
            name, shelf.begins(one.name), recipients
        ):
            continue
        content = shelf.read(one.name)
        if content is None:
            # it was cleared away since: then nothing names it
            continue
        source = aside / "attachment"
        source.write_bytes(content)
        kept[name] = seal.lay(source, target, _path(name, content, recipients), recipients)


def _path(name: str, content: bytes, recipients: Sequence[str]) -> str:
    """Where a copy lies: apart for each key of the ring, since an old one may be thrown away."""
    key = key_id(content[:256])
    return f"{shared_by(recipients)}/{name}{f'.{key}' if key else ''}"


def _finished(unfinished: Path, target: Path, manifest: Manifest) -> Backup:
    """Give it its name, when all of it is on the disk."""
    named = target / name_of(manifest.taken_at)
    with seal.whole(unfinished / MANIFEST) as file:
        file.write(written(manifest))
    unfinished.rename(named)
    seal.sync(target)
    return Backup(named, manifest)
