"""The titles that a definition gives to roles and fields, for readers of one language."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.model.definition import Definition
from definitions.text import COLON, LISTED, Said, words
from engine import State
from engine.rules.rows import row_of
from engine.state import WorkItem
from huying.words.values import row_words


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


def step_words(definition: Definition, state: State | None, items: Iterable[WorkItem], key: str, language: str) -> str:
    """A step's title; of tasks about rows of a table, with what tells these rows from the others."""
    step = definition.steps[key]
    title, table = words(step.title, language, key), definition.data.get(step.row_of or "")
    if state is None or table is None:
        return title
    rows = [row_words(table, row_of(state, step, item), language) for item in items if item.row is not None]
    said = LISTED.of(language).join(dict.fromkeys(row for row in rows if row))
    return f"{title}{COLON.of(language)}{said}" if said else title
