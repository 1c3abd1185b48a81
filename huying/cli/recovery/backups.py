"""``backups``: which there are, and whether they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.backups.manifest import Backup
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
    from huying.backups.copy import check
    from huying.backups.folder import surveyed
    from huying.cli.output import show_json
    from huying.cli.recovery.place import folder_of
    from huying.settings import read

    folder = folder_of(options.folder, read())
    found, damaged = surveyed(folder)
    faults = {one.name: check(one) for one in found} if options.check else {}
    if options.format == "json":
        rows = [
            {
                "name": one.name,
                "taken_at": one.manifest.taken_at,
                "program": one.manifest.program,
                "issues": one.manifest.holdings.issues,
                "bytes": one.manifest.size,
                "sealed": bool(one.manifest.sealed_for),
                "faults": faults.get(one.name, []),
            }
            for one in found
        ]
        show_json({"backups": rows, "unreadable": damaged})
    else:
        _show(found, damaged, faults, options)
        if not found and not damaged:
            print(Said(f"{folder} 里还没有备份。", f"There is no backup in {folder} yet.").read(options.languages))
    return FINDINGS if damaged or any(faults.values()) else SOUND


def _show(found: list[Backup], damaged: list[str], faults: dict[str, list[str]], options: Namespace) -> None:
    from huying.words.size import size_words

    for one in found:
        held = one.manifest.holdings.issues
        sealed = Said("已封存", "sealed") if one.manifest.sealed_for else Said("未封存", "not sealed")
        words = Said(f"{held} 件事项", f"{held} issues").read(options.languages)
        print(one.name, words, size_words(one.manifest.size), sealed.read(options.languages), sep="  ")
        for line in faults.get(one.name, []):
            print(f"  {line}")
    for name in damaged:
        print(name, Said("读不出", "cannot be read").read(options.languages), sep="  ")


COMMAND = Command(
    "backups",
    Said("列出备份，核对是否完好。", "List the backups, and say whether they are whole."),
    _run,
    _arguments,
    json=(("", "{backups: [{name, taken_at, program, issues, bytes, sealed, faults}], unreadable}"),),
)
