"""How long the audit log is kept, and where its lines are handed on to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huying.settings.error import SettingError
from huying.settings.numbers import days

#: Half a year, which the law asks for.
_LEAST = 183


def audit(environment: Mapping[str, str]) -> dict[str, Any]:
    """Both settings."""
    kept, place = days(environment, "HUYING_AUDIT_KEEP_DAYS", 1096), environment.get("HUYING_AUDIT_LINES") or ""
    if kept < _LEAST:
        raise SettingError(
            f"HUYING_AUDIT_KEEP_DAYS={kept}",
            f"审计日志至少保留六个月（{_LEAST} 天，网络安全法第二十一条）。",
            f"The audit log is kept for six months at least ({_LEAST} days).",
        )
    if place not in ("", "-") and not Path(place).is_absolute():
        raise SettingError(
            f"HUYING_AUDIT_LINES={place!r}",
            "应为文件的完整路径，或一个减号（标准输出）。",
            "This is the whole path of a file, or - for the standard output.",
        )
    return {"audit_keep_days": kept, "audit_lines": place}
