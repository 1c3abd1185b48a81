"""A house made again from a backup: in an empty data folder and an empty database, checked before it is anybody's house.

Whatever happens on the way, the folder says that it is no house yet, and beginning again does all of it anew.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import MetaData, inspect
from sqlalchemy.engine import URL

from huying.audit.record import AuditNote, note
from huying.backups.copy import check, holdings_of
from huying.backups.dump import kind_of, load
from huying.backups.manifest import Backup
from huying.backups.quarantine import hold
from huying.backups.refusal import BackupRefusal
from huying.backups.seal import open_sealed
from huying.database.connections import Database
from huying.evidence.notary import Notary, notary_of
from huying.evidence.verification import verify_evidence
from huying.house.house import House
from huying.issues.verification import verify
from huying.keys import place
from huying.keys.ring import Ring
from huying.privacy.erased_list import ErasedList
from huying.privacy.erasures import erase_again
from huying.settings import RESTORING
from huying.shelf.folder import Folder
from huying.shelf.store import FileShelf, Store

#: So far do running numbers jump, if nobody says otherwise.
BEYOND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a house is to be: its data folder, its database and its ring of keys, and the key by which a sealed backup is opened.

    Attachments lie in its folder, unless another ``shelf`` is named. ``erased`` lists what must not come back: without it nothing is erased again.
    """

    home: Path
    database_url: str
    key: Path | None = None
    ring: Ring | None = None
    shelf: FileShelf | None = None
    erased: ErasedList | None = None

    @property
    def files(self) -> Path:
        """The folder of its attachments."""
        return self.home / "files"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was made: how much was verified, and what was found wrong in words, which was wrong in the backup too."""

    issues: int
    entries: int
    faults: list[str]


def restore(backup: Backup, site: Site, now: Callable[[], datetime], *, beyond: int = BEYOND) -> Restored:
    """Make a house of a backup. ``BackupRefusal``, and nothing usable is left behind, where there is a house already or the backup is damaged."""
    damaged = check(backup)
    if damaged:
        raise BackupRefusal(
            f"备份不完整，没有恢复：\n{chr(10).join(damaged)}", "The backup is not whole, and was not restored."
        )
    _assure_readable(backup, site)
    _assure_empty(site, backup)
    with _under_way(site):
        database = Database(site.database_url, ring=site.ring)
        try:
            _load(backup, site, database)
            shelf = site.shelf or Folder(site.files)
            _bring_files(backup, site, shelf)
            house = House(database, site.files, Store(shelf, ring=database.ring))
            made = _verified(backup, house)
            # what was erased after the backup was taken does not come back with it
            if site.erased is not None:
                erase_again(house, site.erased, now())
            with database.writing() as connection:
                moment = now()
                hold(connection, str(backup.folder), backup.manifest.taken_at, moment, beyond)
                told = {"before": f"{backup.manifest.taken_at:%Y-%m-%d %H:%M}", "faults": len(made.faults)}
                note(connection, AuditNote(what="restored", object=f"backup:{backup.name}", detail=told, at=moment))
        finally:
            database.close()
    return made


def is_under_way(home: Path) -> bool:
    """Whether a restoration of this data folder did not come to its end."""
    return (home / RESTORING).exists()


def _assure_readable(backup: Backup, site: Site) -> None:
    """``BackupRefusal`` without the keys by which what is private in it is sealed: they are kept apart from backups."""
    ring = site.ring or place.standing()
    missing = sorted(set(backup.manifest.keys) - ({*ring.ids, ring.keys.lasting_id} if ring else set()))
    if missing:
        names = ", ".join(missing)
        raise BackupRefusal(
            f"这份备份要用它的钥匙串才读得出，钥匙不在备份里：缺 {names}。请先把另存的钥匙串（huying keys export 存下的）放到数据目录的 keys/ring，"
            "或用 HUYING_KEYS_FILE 指明。",
            f"What is private in this backup is sealed, and the keys are not in it: {names} missing. Put the copy of the ring (made by huying keys "
            "export) into keys/ring of the data folder first, or name it in HUYING_KEYS_FILE.",
        )
    if ring and backup.manifest.signature and backup.manifest.signed_by != Notary(ring.sub_key).public_key:
        raise BackupRefusal(
            "这份备份不是用这串钥匙签的，可能被人换过：没有恢复。",
            "This backup was not signed by this ring, and somebody may have exchanged it: it was not restored.",
        )


def _assure_empty(site: Site, backup: Backup) -> None:
    database = Database(site.database_url)
    try:
        if kind_of(database) != backup.manifest.kind:
            raise BackupRefusal(
                f"备份来自 {backup.manifest.kind}，HUYING_DATABASE_URL 是 {kind_of(database)}：要用同一种数据库恢复。",
                f"The backup is of {backup.manifest.kind}, and HUYING_DATABASE_URL of {kind_of(database)}: restore into the same kind.",
            )
        if is_under_way(site.home):
            return
        file = Path(str(database.engine.url.database)) if database.sqlite else None
        if file is not None and not file.exists():
            return
        if inspect(database.engine).get_table_names():
            raise BackupRefusal(
                "这里已经有一个呼应，备份只恢复到空的数据目录和数据库：请用 HUYING_HOME、HUYING_DATABASE_URL 另指一处，"
                "或先把现有的移开。",
                "There is a house already, and a backup is restored into an empty folder and database alone: name others in HUYING_HOME and "
                "HUYING_DATABASE_URL, or move what is there out of the way.",
            )
    finally:
        database.close()


@contextmanager
def _under_way(site: Site) -> Iterator[None]:
    """Mark the folder as no house until all is done."""
    try:
        site.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        site.home.chmod(0o700)
        (site.home / RESTORING).touch()
        yield
    except OSError as error:
        raise BackupRefusal(
            f"恢复没有完成（{error.strerror}）：{site.home}", f"It was not restored ({error.strerror}): {site.home}"
        ) from error
    (site.home / RESTORING).unlink()


def _load(backup: Backup, site: Site, database: Database) -> None:
    """Make the database, and bring it up to this program's version."""
    part = backup.manifest.database
    with tempfile.TemporaryDirectory(prefix="restore-", dir=site.home) as aside:
        plain = Path(aside) / Path(part.path).name.removesuffix(".age")
        open_sealed(backup.folder / part.path, plain, site.key)
        url: URL = database.engine.url
        if database.sqlite:
            made = Path(aside) / "made.db"
            load(plain, url.set(database=str(made)))
            target = Path(str(url.database))
            for left in target.parent.glob(f"{target.name}*"):
                left.unlink()
            shutil.move(made, target)
            os.chmod(target, 0o600)
        else:
            _empty(database)
            load(plain, url)
    database.migrate()


def _empty(database: Database) -> None:
    """Take away what an interrupted try has left, tables of this program's version among them."""
    left = MetaData()
    with database.writing() as connection:
        left.reflect(connection)
        left.drop_all(connection)


def _bring_files(backup: Backup, site: Site, shelf: FileShelf) -> None:
    with tempfile.TemporaryDirectory(prefix="restore-", dir=site.home) as aside:
        opened = Path(aside) / "attachment"
        for name, part in backup.manifest.files.items():
            open_sealed(backup.folder.parent / part.path, opened, site.key)
            # on the disk, name and all, before it returns
            shelf.write(name.rsplit("/", 1)[-1], opened.read_bytes())


def _verified(backup: Backup, house: House) -> Restored:
    """Look whether all is there; ``BackupRefusal`` if it is not what was backed up."""
    with house.database.reading() as connection:
        found = holdings_of(connection)
    if found != backup.manifest.holdings:
        raise BackupRefusal(
            "恢复出来的数据与备份时记下的不符，请换一份备份。",
            "What was restored is not what was backed up: take another backup.",
        )
    result = verify(house)
    altered = verify_evidence(house, notary_of(house.database)).found if house.database.ring else []
    return Restored(result.issues, result.entries, [*map(str, altered), *result.faults])
