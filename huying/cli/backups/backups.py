"""``backups``: which there are, and whether they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take(
        "folder",
        zh="哪个目录；不写就用 HUYING_BACKUP_DIR。",
        en="The folder; left out, HUYING_BACKUP_DIR.",
        metavar="DIR",
        nargs="?",
        type=Path,
    )
    parser.take(
        "--check",
        zh="逐个重读，核对是否完好。",
        en="Read each again, and say whether it is whole.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from huying.backups.backup import check
    from huying.backups.folder import backups_in, unreadable_in
    from huying.cli.backups.place import folder_of
    from huying.cli.output import show_json, size_words
    from huying.settings import read

    folder = folder_of(options.folder, read())
    found, damaged = backups_in(folder), unreadable_in(folder)
    faults = {one.name: check(one) for one in found} if options.check else {}
    if options.format == "json":
        rows = [
            {
                "name": one.name,
                "taken_at": one.manifest.taken_at,
                "program": one.manifest.program,
                "issues": one.manifest.tally.issues,
                "bytes": one.manifest.size,
                "sealed": bool(one.manifest.sealed_for),
                "faults": faults.get(one.name, []),
            }
            for one in found
        ]
        show_json({"backups": rows, "unreadable": damaged})
    else:
        for one in found:
            sealed = Said("封存", "sealed") if one.manifest.sealed_for else Said("未封存", "open")
            words = Said(f"{one.manifest.tally.issues} 件事项", f"{one.manifest.tally.issues} issues")
            print(
                one.name,
                words.read(options.languages),
                size_words(one.manifest.size),
                sealed.read(options.languages),
                sep="  ",
            )
            for line in faults.get(one.name, []):
                print(f"  {line}")
        for name in damaged:
            print(name, Said("读不出", "cannot be read").read(options.languages), sep="  ")
        if not found and not damaged:
            print(Said(f"{folder} 里还没有备份。", f"There is no backup in {folder} yet.").read(options.languages))
    return FINDINGS if damaged or any(faults.values()) else SOUND


COMMAND = Command(
    "backups",
    Said("列出备份，核对是否完好。", "List the backups, and say whether they are whole."),
    _run,
    _arguments,
    json=(("", "{backups: [{name, taken_at, program, issues, bytes, sealed, faults}], unreadable}"),),
)
