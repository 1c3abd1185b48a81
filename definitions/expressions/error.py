"""What is wrong with an expression, in words for administrators."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.text import Said

#: What an expression may be: characters of its source, and of its result.
LONGEST_SOURCE = 2_000
LONGEST_RESULT = 20_000

_REMEDY = Said("请对照《表达式参考》改正。", "See the reference of expressions.")


class ExpressionError(ValueError):
    """An expression cannot be parsed or evaluated; as a text, it says what is wrong and what would be right, in English.

    ``message`` and ``remedy`` say it in each language; ``position`` is the offset in its source, if it is known, and ``length`` how
    many characters are meant there.
    """

    def __init__(
        self,
        message_zh: str,
        message_en: str,
        position: int | None = None,
        length: int = 1,
        *,
        remedy: Said | None = None,
    ) -> None:
        super().__init__(f"{message_en} {remedy[1]}" if remedy else message_en)
        self.message: Mapping[str, str] = {"zh": message_zh, "en": message_en}
        self.remedy: Mapping[str, str] = dict(zip(("zh", "en"), remedy or _REMEDY, strict=True))
        self.position = position
        self.length = length

    @property
    def message_zh(self) -> str:
        """The message in Chinese."""
        return self.message["zh"]

    @property
    def message_en(self) -> str:
        """The message in English."""
        return self.message["en"]


class Missing(Exception):
    """A name is read that is not there; ``known`` are the names that are. Never leaves this package."""

    def __init__(self, name: str, known: Mapping[str, object] | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.known = known
