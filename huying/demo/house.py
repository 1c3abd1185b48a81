"""The demonstration's own house: its people and issues are made up, and never stand among those of an office."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from huying.settings import read

#: What an office has said about its house, and not about this machine.
_OFFICE = ("HUYING_DATABASE_URL", "HUYING_PREFECT_DATABASE_URL", "HUYING_SMTP_URL", "HUYING_CONSOLE_LOGIN")


def apart(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment, with a data folder inside the office's own, an embedded database and the local mailbox."""
    home = read(environment).home
    return {**environment, **dict.fromkeys(_OFFICE, ""), "HUYING_HOME": str(Path(home) / "demo")}
