"""``backup-key``: a pair of keys, by which backups are sealed here and opened elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("file", zh="钥匙写到哪个新文件。", en="The new file for the key.", metavar="FILE", type=Path)


def _run(options: Namespace) -> int:
    from huying.backups.seal import new_key

    key, recipient = new_key()
    try:
        with open(options.file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(f"# {recipient}\n{key}\n")
    except OSError as error:
        said = Said(
            f"{options.file} 不能写（{error.strerror}）。", f"{options.file} cannot be written ({error.strerror})."
        )
        print(said.read(options.languages))
        return FINDINGS
    said = Said(
        f"钥匙在 {options.file}：请抄两份放到别处（U 盘、保险柜），再从本机删掉。钥匙丢了，封存的备份谁也打不开。\n"
        f"以后这样设置，备份就会封存：\nHUYING_BACKUP_RECIPIENTS={recipient}",
        f"The key is in {options.file}: keep two copies elsewhere (a stick, a safe), then delete it here. Without it nobody opens a sealed backup.\n"
        f"Backups are sealed from when on this is set:\nHUYING_BACKUP_RECIPIENTS={recipient}",
    )
    print(said.read(options.languages))
    return SOUND


COMMAND = Command("backup-key", Said("生成封存备份用的钥匙。", "Make a key to seal backups with."), _run, _arguments)
