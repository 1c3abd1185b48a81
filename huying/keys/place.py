"""Where the ring is kept: in a file of its own, in a variable, or with somebody whom a command asks; never in the database."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path

from huying.keys.ring import Keys, Ring, WrongRing, new_keys, read_keys
from huying.settings import SettingError, Settings

_WITHIN = 30.0
_REMARK = "# 钥匙串：丢了它，库里的电话、诉求内容谁也读不出。请另存一份。 The ring: without it nobody reads what people told. Keep a copy.\n"


def file_of(settings: Settings) -> Path:
    """The file in which the ring is kept, unless a variable or a command gives it."""
    return settings.keys_file or settings.home / "keys" / "ring"


def found(settings: Settings) -> Ring | None:
    """The ring of these settings; ``None`` if there is none yet. ``SettingError`` for one that cannot be read."""
    if settings.keys is not None:
        return _of_variable(settings.keys)
    if settings.keys_command is not None:
        return Ring(_read("HUYING_KEYS_COMMAND", _said_by(settings.keys_command)))
    file = file_of(settings)
    return kept_in(file) if file.exists() else None


def make(settings: Settings, made_on: date) -> Ring:
    """A new ring for a house in which nothing is sealed yet; of several processes that start at once, the first one's stays."""
    file = file_of(settings)
    with suppress(FileExistsError):
        write(file, new_keys(made_on), anew=True)
    return kept_in(file)


def write(file: Path, keys: Keys, *, anew: bool = False) -> None:
    """Keep a ring in a file that nobody else on this machine reads, there whole or not at all; ``FileExistsError`` if ``anew`` and there is one."""
    name = None
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        with os.fdopen(number, "w", encoding="utf-8") as made:
            made.write(_REMARK + keys.written())
            made.flush()
            os.fsync(made.fileno())
        if anew:
            os.link(name, file)
        else:
            os.replace(name, file)
            name = None
    except FileExistsError:
        raise
    except OSError as error:
        raise SettingError(
            str(file),
            f"钥匙串写不进这里（{error.strerror}）。",
            f"The ring of keys cannot be kept there ({error.strerror}).",
        ) from None
    finally:
        if name is not None:
            os.unlink(name)


def standing() -> Ring | None:
    """The ring in the variable HUYING_KEYS, for whoever opens a database by its address alone; ``None`` without it."""
    text = os.environ.get("HUYING_KEYS")
    return _of_variable(text) if text else None


@lru_cache(maxsize=8)
def _of_variable(text: str) -> Ring:
    return Ring(_read("HUYING_KEYS", text))


def kept_in(file: Path) -> Ring:
    """The ring in a file, read again when the file has changed."""
    stamp = _stamp(file)

    def again() -> Keys | None:
        nonlocal stamp
        now = _stamp(file)
        if now is None or now == stamp:
            return None
        stamp = now
        return _read(str(file), _text(file))

    return Ring(_read(str(file), _text(file)), again)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        known = file.stat()
    except OSError:
        return None
    return known.st_mtime_ns, known.st_ino


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            str(file), f"钥匙串读不出（{error}）。", f"The ring of keys cannot be read ({error})."
        ) from None


def _said_by(command: str) -> str:
    try:
        done = subprocess.run(shlex.split(command), capture_output=True, timeout=_WITHIN, check=True)
        return done.stdout.decode()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SettingError(
            "HUYING_KEYS_COMMAND",
            f"这个命令没有给出钥匙串（{type(error).__name__}）。",
            f"The command gave no ring of keys ({type(error).__name__}).",
        ) from None


def _read(where: str, text: str) -> Keys:
    try:
        return read_keys(text)
    except WrongRing:
        # what stands there is secret, and is not repeated
        raise SettingError(
            where,
            "不是完整的钥匙串：请从另存的那份恢复（huying keys export 存下的）。",
            "This is no whole ring of keys: put back the copy that huying keys export made.",
        ) from None
