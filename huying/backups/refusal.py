"""Why a backup is not made, or not taken back."""

from __future__ import annotations

from definitions.text import Said


class BackupRefusal(Exception):
    """It cannot be done; nothing was changed. The words say why, and what would be right."""

    def __init__(self, zh: str, en: str) -> None:
        self.words = Said(zh, en)
        super().__init__(f"{zh} {en}")
