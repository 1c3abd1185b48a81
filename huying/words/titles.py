"""The titles that a definition gives to roles and fields, for readers of one language."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.model.definition import Definition
from definitions.text import LISTED, Said, words


class Titles:
    """Says titles, and words with titles in them, in one language."""

    def __init__(self, definition: Definition, language: str) -> None:
        self._definition = definition
        self.language = language

    def say(self, said: Said, *names: object) -> str:
        """Words of the house, with titles put in."""
        return said.of(self.language).format(*names)

    def role(self, key: str) -> str:
        """A role's title."""
        return words(self._definition.role_title(key), self.language, key)

    def roles(self, keys: Iterable[str]) -> str:
        """The titles of several roles."""
        return LISTED.of(self.language).join(map(self.role, keys))

    def field(self, name: str) -> str:
        """A field's title."""
        field = self._definition.data.get(name)
        return words(field.title if field else None, self.language, name)

    def fields(self, names: Iterable[str]) -> str:
        """The titles of several fields."""
        return LISTED.of(self.language).join(map(self.field, names))
