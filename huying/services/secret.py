"""The password of Prefect, which no person has to know: made at the first start, kept in the data folder, read by every process of the house."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from huying.settings import SettingError, Settings, credentials

#: Its file in the data folder; whoever wants to ask Prefect from a command line reads it there.
FILE = "prefect-auth"
_USER = "huying"


def guarded_by(settings: Settings) -> Settings:
    """The settings with the password in force: the one that is set, else the house's own, which is made if there is none.

    A Prefect that somebody else starts has theirs, or none. ``SettingError`` when the file cannot be read or made.
    """
    if settings.prefect_auth is not None or not settings.prefect_is_ours:
        return settings
    return replace(settings, prefect_auth=_kept(settings))


def _kept(settings: Settings) -> str:
    settings.make_home()
    file = settings.home / FILE
    try:
        if not file.exists():
            _make(file)
        found = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            str(file),
            f"读不出 Prefect 的口令（{error}）。",
            f"The password of Prefect cannot be read ({error}).",
        ) from None
    return credentials(str(file), found) or _lost(file)


def _lost(file: Path) -> str:
    raise SettingError(
        str(file), "是空的；删去它，下次启动另生成一个。", "It is empty; delete it, and the next start makes another."
    )


def _make(file: Path) -> None:
    """A new one, for this account alone; of several processes that start at once, the first one's stays."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{FILE}-")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as made:
            made.write(f"{_USER}:{secrets.token_urlsafe(32)}\n")
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        os.unlink(name)
