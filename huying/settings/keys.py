"""Settings: where the ring of keys is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huying.settings.error import SettingError


def keys(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where the ring of keys is: in one place."""
    names = ("HUYING_KEYS", "HUYING_KEYS_FILE", "HUYING_KEYS_COMMAND")
    given = [name for name in names if environment.get(name)]
    if len(given) > 1:
        raise SettingError(
            "、".join(given),
            "钥匙串只能放在一处，请只写其中一个。",
            "The ring of keys is in one place: set one of them alone.",
        )
    file = environment.get("HUYING_KEYS_FILE")
    return {
        "keys": environment.get("HUYING_KEYS") or None,
        "keys_file": Path(file).expanduser().resolve() if file else None,
        "keys_command": environment.get("HUYING_KEYS_COMMAND") or None,
    }
