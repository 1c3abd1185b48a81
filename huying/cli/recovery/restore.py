"""``restore``: a house is made again from a backup, or it is tried whether it could be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import moment
from huying.cli.command import FINDINGS, SOUND, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.backups.manifest import Backup
    from huying.backups.restoration import Site
    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take(
        "folder",
        zh="备份所在的目录；不写就用 HUYING_BACKUP_DIR。",
        en="The folder of the backups; left out, HUYING_BACKUP_DIR.",
        metavar="DIR",
        nargs="?",
        type=Path,
    )
    parser.take(
        "--at",
        zh="恢复到这一刻之前的最后一份。",
        en="Take the last backup before this moment.",
        metavar="MOMENT",
        type=moment,
    )
    parser.take(
        "--key", zh="封存的备份：钥匙文件。", en="Of sealed backups: the file of the key.", metavar="FILE", type=Path
    )
    parser.take(
        "--drill",
        zh="只演练：在旁边恢复一遍，核对，清掉。",
        en="A drill: restore it aside, verify, and clear it away.",
        action="store_true",
    )
    parser.take(
        "--numbers-beyond",
        zh="编号往后跳多少，免得与备份之后发出的重号（默认 1000）。",
        en="How far numbers jump, so that none given since the backup is given twice (1000).",
        metavar="N",
        type=int,
        default=1000,
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.backups.folder import chosen
    from huying.backups.refusal import BackupRefusal
    from huying.backups.restoration import Site
    from huying.cli.recovery.place import folder_of, refused
    from huying.keys import place
    from huying.privacy.erased_list import erased_list
    from huying.settings import read
    from huying.shelf.arrangement import shelf_of

    settings = read()
    try:
        backup = chosen(folder_of(options.folder, settings), options.at)
        # one from before there were keys is sealed as it is restored
        ring = place.found(settings) or (
            None if backup.manifest.keys else place.make(settings, datetime.now(UTC).date())
        )
        site = Site(
            home=settings.home,
            database_url=settings.database_url,
            key=options.key,
            ring=ring,
            shelf=shelf_of(settings),
            erased=erased_list(settings),
        )
        return _tried(backup, site, options) if options.drill else _restored(backup, site, options)
    except BackupRefusal as refusal:
        return refused(refusal, options)


def _tried(backup: Backup, site: Site, options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.backups.drill import drill
    from huying.cli.output import local_moment

    done = drill(backup, site, lambda: datetime.now(UTC))
    until = local_moment(backup.manifest.taken_at)
    said = Said(
        f"可以恢复到 {until}，用了 {done.seconds:.0f} 秒：{done.restored.issues} 件事项，{done.restored.entries} 条历史。",
        f"Recoverable up to {until}, takes {done.seconds:.0f} s: {done.restored.issues} issues, {done.restored.entries} entries.",
    )
    print(said.read(options.languages))
    return _said_faults(done.restored.faults, options)


def _restored(backup: Backup, site: Site, options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.backups.restoration import restore
    from huying.cli.output import local_moment

    made = restore(backup, site, lambda: datetime.now(UTC), beyond=options.numbers_beyond)
    until = local_moment(backup.manifest.taken_at)
    said = Said(
        f"已恢复到 {until}：{made.issues} 件事项，{made.entries} 条历史。\n"
        "可以启动了。所有人要重新登录；消息暂缓发出，管理员在“备份”页看过再放行。",
        f"Restored as of {until}: {made.issues} issues, {made.entries} entries.\n"
        "It can be started. Everybody logs in anew; messages wait until an administrator has looked at the page “Backups”.",
    )
    print(said.read(options.languages))
    if options.numbers_beyond:
        print(_numbers(options.numbers_beyond).read(options.languages))
    return _said_faults(made.faults, options)


def _numbers(beyond: int) -> Said:
    return Said(
        f"事项编号、公文编号都往后跳 {beyond} 号，备份之后发出过的号码不会再发第二次；中间空出的号码不是差错。",
        f"Numbers of issues and papers go on {beyond} further: none that was given since the backup is given twice, and the gap is no mistake.",
    )


def _said_faults(faults: list[str], options: Namespace) -> int:
    if faults:
        print(Said("备份时就有的问题：", "What was wrong when it was backed up:").read(options.languages))
        print("\n".join(faults))
    return FINDINGS if faults else SOUND


COMMAND = Command(
    "restore",
    Said("从备份恢复，或演练一遍。", "Restore from a backup, or try whether one could."),
    _run,
    _arguments,
)
