"""Settings of attachments, read from the environment; ``SettingError`` for a wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huying.settings.error import SettingError

#: The kinds of files that can be told with certainty, and those that are taken where nothing was chosen.
FILE_KINDS = ("jpg", "png", "gif", "webp", "heic", "pdf", "docx", "xlsx", "ofd", "mp3", "amr", "mp4")
USUAL_KINDS = FILE_KINDS[:9]


def attachments(environment: Mapping[str, str]) -> dict[str, Any]:
    """Which files are taken."""
    return {"file_kinds": _kinds(environment, "HUYING_FILE_KINDS")}


def _kinds(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    said = {one.lower() for one in (environment.get(name) or "").replace(",", " ").split()}
    if not said <= set(FILE_KINDS):
        raise SettingError(
            f"{name}={environment.get(name)!r}",
            f"应为用逗号隔开的文件种类：{'、'.join(FILE_KINDS)}。",
            f"This is a list, with commas, of kinds of files: {', '.join(FILE_KINDS)}.",
        )
    return tuple(kind for kind in FILE_KINDS if kind in said) or USUAL_KINDS
