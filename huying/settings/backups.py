"""Settings: where backups go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huying.settings.error import SettingError
from huying.settings.numbers import flag

#: What is kept if nothing else is said.
USUAL_KEEP = "7d,5w,12m"
_KEPT = re.compile(r"([1-9][0-9]{0,3})([dwm])", re.ASCII)


def keep_rule(said: str) -> Mapping[str, int]:
    """How many days (``d``), weeks (``w``) and months (``m``) are kept: ``7d,5w,12m``; ``SettingError`` for anything else."""
    found = {}
    for one in said.split(","):
        rule = _KEPT.fullmatch(one.strip())
        if rule is None or rule[2] in found:
            raise SettingError(
                f"HUYING_BACKUP_KEEP={said!r}",
                "应写成 7d,5w,12m：7 天、5 周、12 个月各留一份。",
                "This is written like 7d,5w,12m: one backup of each of 7 days, 5 weeks and 12 months.",
            )
        found[rule[2]] = int(rule[1])
    return found


def backups(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where backups go, for whom they are sealed, and how many are kept; whether one is made before an upgrade."""
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
        "backup_keep": keep_rule(environment.get("HUYING_BACKUP_KEEP") or USUAL_KEEP),
        "upgrade_backup": flag(environment, "HUYING_UPGRADE_BACKUP", usual=True),
    }
