"""Settings: where backups go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huying.settings.error import SettingError


def backups(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where backups go, for whom they are sealed, and how many are kept."""
    name, rules = "HUYING_BACKUP_KEEP", environment.get("HUYING_BACKUP_KEEP") or "7d,5w,12m"
    if not re.fullmatch(r"[1-9]\d{0,3}[dwm](,[1-9]\d{0,3}[dwm])*", rules, re.ASCII):
        raise SettingError(
            f"{name}={rules!r}",
            "应写成 7d,5w,12m：7 天、5 周、12 个月各留一份。",
            "This is written like 7d,5w,12m: one backup of each of 7 days, 5 weeks and 12 months.",
        )
    recipients = tuple((environment.get("HUYING_BACKUP_RECIPIENTS") or "").replace(",", " ").split())
    for one in recipients:
        if not re.fullmatch(r"age1[0-9a-z]{58}", one):
            raise SettingError(
                f"HUYING_BACKUP_RECIPIENTS={one!r}",
                "应为 age1 开头的公钥，用 huying backup-key 生成。",
                "This is a public key that begins with age1; huying backup-key makes one.",
            )
    folder = environment.get("HUYING_BACKUP_DIR")
    return {
        "backup_dir": Path(folder).expanduser().resolve() if folder else None,
        "backup_recipients": recipients,
        "backup_keep": rules,
    }
