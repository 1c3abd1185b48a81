"""``backup``: the house is copied to another place while people work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take(
        "folder",
        zh="放到哪个目录；不写就用 HUYING_BACKUP_DIR。",
        en="The folder to put it into; left out, HUYING_BACKUP_DIR.",
        metavar="DIR",
        nargs="?",
        type=Path,
    )
    parser.take(
        "--prune",
        zh="备好后按 HUYING_BACKUP_KEEP 清理旧的。",
        en="Then delete old ones by HUYING_BACKUP_KEEP.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.audit.record import AuditNote, note_at_once
    from huying.backups.copy import check, take
    from huying.backups.folder import prune
    from huying.backups.refusal import BackupRefusal
    from huying.cli.recovery.place import folder_of, refused
    from huying.settings import read
    from huying.words.size import size_words

    settings = read()
    folder = folder_of(options.folder, settings)
    house = opened(settings)
    try:
        made = take(house, folder, lambda: datetime.now(UTC), settings.backup_recipients)
        faults = check(made)
        gone = prune(folder, settings.backup_keep, house.zone) if options.prune and not faults else []
        if gone:
            note_at_once(house.database.engine, AuditNote(what="backup-removed", detail={"removed": len(gone)}))
    except BackupRefusal as refusal:
        return refused(refusal, options)
    manifest = made.manifest
    held = manifest.holdings
    said = Said(
        f"已备份到 {made.folder}：{held.issues} 件事项，{len(manifest.files)} 个附件文件，{size_words(manifest.size)}。",
        f"Backed up to {made.folder}: {held.issues} issues, {len(manifest.files)} files, {size_words(manifest.size)}.",
    )
    print(said.read(options.languages))
    if not manifest.sealed_for:
        said = Said(
            "没有封存：拿到它的人读得到里面的一切。要封存，先用 huying backup-key 生成钥匙。",
            "It is not sealed: whoever has it can read all of it. To seal, make a key first with huying backup-key.",
        )
        print(said.read(options.languages))
    for name in gone:
        print(Said(f"已清理 {name}", f"Deleted {name}").read(options.languages))
    for line in faults:
        print(line)
    return FINDINGS if faults else SOUND


COMMAND = Command(
    "backup",
    Said("备份全部数据，照常办公时也行。", "Back everything up, also while people work."),
    _run,
    _arguments,
)
