"""The demonstration's own house: its people and issues are made up, and never stand among those of an office."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from huying.settings import read

#: What an office has said about its house, and not about this machine.
_OFFICE = ("HUYING_DATABASE_URL", "HUYING_PREFECT_DATABASE_URL", "HUYING_SMTP_URL", "HUYING_CONSOLE_LOGIN")
_THIS_MACHINE = "127.0.0.0/8, ::1"


def apart(environment: Mapping[str, str], name: str = "demo") -> dict[str, str]:
    """The same environment, with a data folder of this name inside the office's own, an embedded database and the local mailbox.

    Whoever tries it on this machine plays many people, and is not braked for it.
    """
    home = read(environment).home
    own = {"HUYING_HOME": str(Path(home) / name), "HUYING_OFFICE_NETWORKS": _THIS_MACHINE}
    return {**environment, **dict.fromkeys(_OFFICE, ""), **own}
