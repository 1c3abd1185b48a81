"""Where backups lie, and how a refusal is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from huying.cli.command import FINDINGS
from huying.settings import SettingError

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.backups.refusal import BackupRefusal
    from huying.settings import Settings


def folder_of(named: Path | None, settings: Settings) -> Path:
    """The folder that was named, or the one of the settings; ``SettingError`` where there is neither, or where it would be lost with the house."""
    folder = named.expanduser().resolve() if named else settings.backup_dir
    if folder is None:
        raise SettingError(
            "HUYING_BACKUP_DIR", "请写明备份目录，或设置它。", "Name the folder of the backups, or set this."
        )
    if folder == settings.home or settings.home in folder.parents:
        raise SettingError(
            str(folder),
            f"备份不能放在数据目录 {settings.home} 里面：数据目录没了，备份也没了。",
            f"Backups must not lie in the data folder {settings.home}: they would be lost with it.",
        )
    return folder


def refused(refusal: BackupRefusal, options: Namespace) -> int:
    """Say why; the exit code."""
    print(refusal.words.read(options.languages), file=sys.stderr)
    return FINDINGS
