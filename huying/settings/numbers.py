"""Settings that are numbers, and yes or no, read from the environment; ``SettingError`` for a wrong one."""

from __future__ import annotations

from collections.abc import Mapping

from huying.settings.error import SettingError


def minutes(environment: Mapping[str, str], name: str, default: int) -> int:
    """A number of minutes, from 2 to 720."""
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdigit()) or not 2 <= int(value[:9]) <= 720:
        raise SettingError(
            f"{name}={value!r}", "分钟数应为 2 到 720 的整数。", "A number of minutes is an integer from 2 to 720."
        )
    return int(value)


def count(environment: Mapping[str, str], name: str) -> int:
    """How many of something, from 1 to 64."""
    value = environment.get(name) or "1"
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value[:9]) <= 64:
        raise SettingError(f"{name}={value!r}", "应为 1 到 64 的整数。", "This is an integer from 1 to 64.")
    return int(value)


def port(environment: Mapping[str, str], name: str, default: int) -> int:
    """A port."""
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value[:9]) <= 65535:
        raise SettingError(f"{name}={value!r}", "端口应为 1 到 65535 的整数。", "A port is an integer from 1 to 65535.")
    return int(value)


def days(environment: Mapping[str, str], name: str, default: int) -> int:
    """A number of days, to a hundred years."""
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value[:9]) <= 36_500:
        raise SettingError(
            f"{name}={value!r}", "天数应为 1 到 36500 的整数。", "A number of days is an integer from 1 to 36500."
        )
    return int(value)


def flag(environment: Mapping[str, str], name: str, *, usual: bool = False) -> bool:
    """Yes or no; ``usual`` where nothing is said."""
    value = (environment.get(name) or str(usual)).lower()
    if value not in ("true", "false"):
        raise SettingError(f"{name}={value!r}", "应为 true 或 false。", "This is true or false.")
    return value == "true"
