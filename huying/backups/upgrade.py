"""Before its tables are changed a house is backed up, so that an upgrade can be taken back: the program before, and a house restored from this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from huying.audit.record import AuditNote, note_at_once
from huying.backups.copy import check, take
from huying.backups.folder import prune
from huying.backups.manifest import Backup
from huying.backups.refusal import BackupRefusal
from huying.database.connections import Database
from huying.house.house import House
from huying.house.known_keys import open_database
from huying.settings import SettingError, Settings
from huying.shelf.arrangement import store_of

#: Where it goes in the data folder if no place for backups was named: the newest alone stays there.
_ASIDE = "before-upgrade"


def open_upgraded(
    settings: Settings, tell: Callable[[str], None], clock: Callable[[], datetime] | None = None
) -> Database:
    """The database of these settings, brought up to date after a backup, which is told; nothing is made where nothing is to be changed.

    ``SettingError``, and the database is as it was, if no backup could be made.
    """
    now = clock or (lambda: datetime.now(UTC))
    made: list[Backup] = []

    def first(database: Database) -> None:
        made.append(_taken(settings, database, now, tell))

    database = open_database(settings, first if settings.upgrade_backup else None)
    for one in made:
        told = {"issues": one.manifest.holdings.issues, "files": len(one.manifest.files)}
        note_at_once(
            database.engine,
            AuditNote(what="backup-made", object=f"backup:{one.name}", detail=told, at=one.manifest.taken_at),
        )
    return database


def _taken(settings: Settings, database: Database, now: Callable[[], datetime], tell: Callable[[str], None]) -> Backup:
    folder = settings.backup_dir or settings.home / _ASIDE
    tell(f"数据库要升级，先备份到 {folder}")
    tell(f"the database is upgraded; it is backed up into {folder} first")
    try:
        house = House(database, settings.files, store_of(settings, database.ring))
        made = take(house, folder, now, settings.backup_recipients, noted=False)
        faults = check(made)
        if faults:
            raise BackupRefusal("；".join(faults[:5]), "It is not what was written.")
        if settings.backup_dir is None:
            prune(folder, {"d": 1}, house.zone)
    except BackupRefusal as refusal:
        zh, en = refusal.words
        raise SettingError(
            "",
            f"升级前的备份没有做成，数据库没有动：{zh}请排除后再启动，或用 HUYING_BACKUP_DIR 另指一处。"
            "自己已有备份的，设 HUYING_UPGRADE_BACKUP=false 跳过这一步。",
            f"No backup could be made before the upgrade, and the database is as it was. {en} Mend that and start again, or name another place in "
            "HUYING_BACKUP_DIR. If you have a backup of your own, HUYING_UPGRADE_BACKUP=false leaves this out.",
        ) from None
    tell(f"已备份 {made.name}：要退回旧版，用旧版程序从这份备份恢复（huying restore）")
    tell(f"backed up as {made.name}: to go back, restore it with the program before (huying restore)")
    return made
