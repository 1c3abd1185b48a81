"""What is said of a wrong setting."""

from __future__ import annotations

from definitions.text import Said


class SettingError(Exception):
    """A setting is wrong; the words say which (``about``, if it is one alone), and what would be right."""

    def __init__(self, about: str, zh: str, en: str) -> None:
        self.words = Said(f"{about}：{zh}", f"{about}: {en}") if about else Said(zh, en)
        super().__init__(f"{about}：{zh} {en}" if about else f"{zh} {en}")
