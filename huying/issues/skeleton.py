"""Nouns of an issue as the database keeps them: a skeleton that may be read, and in one sealed piece the words that people wrote.

Choices, numbers, dates, references, steps, kinds and moments stay readable, unless the definition keeps them from somebody: statistics and what asks
the JSON go on. Reading needs no definition, and after the key is destroyed the skeleton is still whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.reference import reference
from engine.codec import encode, plain
from engine.state import State
from huying.database.data_keys import DataKey, keep, open_keys
from models.kept import MARK, OTHER, TEXT, KeptNouns, SealedPiece, counted
from models.sealed import ring_of

#: Members of nouns whose texts somebody wrote, or that repeat what somebody wrote.
_WORDS = frozenset({"reason", "text", "what", "why", "incident", "failed", "say", "title", "thing"})
#: Members that hold fields by their names.
_VALUES = frozenset({"data", "values", "send"})
#: Members whose keys a definition chose and whose values are nobody's words.
_KEYS = frozenset(
    {"roles", "counts", "rungs", "relay", "acted", "hands", "votes", "weights", "urged", "limits", "stopped"}
    | {"stopped_parts", "steps", "fields", "save", "deadline", "clock", "timer"}
)
#: What clears away files that nobody names has to read their names.
_FILE = re.compile(r"file:[0-9a-f]{64}[\w.]*", re.ASCII)
_TEXTS = frozenset({"text", "long text", "phone", "email", "place"})
#: A text is found by its digest, if it is one that is counted by: not longer than this.
_LONGEST_COUNTED = 100
Counted = Callable[[str, Any], str]


class Skeleton:
    """What of a definition's nouns is sealed."""

    def __init__(self, definition: Definition) -> None:
        self._fields = definition.data

    def written(self, noun: Any, piece: SealedPiece, counted: Counted | None = None) -> tuple[Any, KeptNouns]:
        """A noun, or several, as they are kept: as plain data, over which the chain runs, and as text.

        ``counted`` gives the digest by which other issues with the same text are found.
        """
        words = _Words(self._fields, counted)
        tree = words.member("", plain(noun))
        if words.found:
            sealed = {MARK: piece.seal(words.found)}
            tree = [*tree, sealed] if isinstance(tree, list) else {**tree, **sealed}
        return tree, KeptNouns(encode(tree).decode())


class _Words:
    """The words of one noun, taken out of it in their order."""

    def __init__(self, fields: Mapping[str, Field], counted: Counted | None) -> None:
        self._fields, self._counted = fields, counted
        self.found: list[Any] = []

    def member(self, name: str, value: Any) -> Any:
        """A member of a noun, with tokens in the places of words."""
        if name in _KEYS or value is None:
            return value
        if name in _WORDS:
            return self._taken(value, TEXT)
        if isinstance(value, dict):
            if name in _VALUES:
                return {key: self._field(key, one, self._fields.get(key)) for key, one in value.items()}
            return self._members(value)
        if isinstance(value, list):
            return [self.member("", one) for one in value]
        return self._token(value, TEXT) if isinstance(value, str) and value.startswith(MARK) else value

    def _members(self, noun: Mapping[str, Any]) -> dict[str, Any]:
        """The members of a noun; most are plain, and cost no call: of a state there are some hundreds at each event."""
        # how a file is called tells what it is about; a message's name is the definition's
        named = "name" if "media_type" in noun else ""
        found = dict[str, Any]()
        for name, value in noun.items():
            kind = type(value)
            if kind is str:
                plain_text = name not in _WORDS and name != named and not value.startswith(MARK)
                found[name] = value if plain_text or name in _KEYS else self._text(name == named, name, value)
            elif kind is dict or kind is list:
                found[name] = self.member(name, value)
            else:
                found[name] = value
        return found

    def _text(self, is_name: bool, name: str, value: str) -> Any:
        return self._token(value, TEXT) if is_name else self.member(name, value)

    def _field(self, name: str, value: Any, field: Field | None) -> Any:
        if field is None:
            # of another definition, or of a version that named it otherwise
            return self._taken(value, TEXT)
        if field.type == "table" and isinstance(value, list):
            hidden = not field.open
            return [
                {key: self._cell(one, field.columns.get(key), hidden) for key, one in row.items()}
                if isinstance(row, dict)
                else self._taken(row, TEXT)
                for row in value
            ]
        counted = self._digest(name, value)
        return self._cell(value, field, hidden=False, counted=counted)

    def _cell(self, value: Any, field: Field | None, hidden: bool, counted: str = "") -> Any:
        if field is None or field.type in _TEXTS:
            return self._taken(value, TEXT, counted)
        return self._taken(value, OTHER, counted) if hidden or not field.open else self._marked(value)

    def _digest(self, name: str, value: Any) -> str:
        if (
            self._counted is None
            or isinstance(value, list | dict)
            or value is None
            or len(str(value)) > _LONGEST_COUNTED
        ):
            return ""
        return f".{self._counted(name, value)}"

    def _marked(self, value: Any) -> Any:
        """Nothing that is readable looks like a token."""
        if isinstance(value, list):
            return [self._marked(one) for one in value]
        if isinstance(value, dict):
            return {key: self._marked(one) for key, one in value.items()}
        return self._token(value, TEXT) if isinstance(value, str) and value.startswith(MARK) else value

    def _taken(self, value: Any, kind: str, counted: str = "") -> Any:
        """Every leaf; of words, the texts alone."""
        if isinstance(value, list):
            return [self._taken(one, kind) for one in value]
        if isinstance(value, dict):
            return {key: self._taken(one, kind) for key, one in value.items()}
        if (
            value is None
            or value == ""
            or (isinstance(value, str) and _FILE.fullmatch(value))
            or (kind == TEXT and not isinstance(value, str))
        ):
            return value
        return self._token(value, kind, counted)

    def _token(self, value: Any, kind: str, counted: str = "") -> str:
        self.found.append(value)
        return f"{MARK}{kind}{len(self.found) - 1}{counted}"


class Pen:
    """Writes the nouns of one issue by its data key."""

    def __init__(self, connection: Connection, definition: Definition, key: DataKey) -> None:
        self.key = key
        self._ring = ring_of(connection.dialect)
        self._skeleton = Skeleton(definition)

    def written(self, noun: Any, column: str) -> tuple[Any, KeptNouns]:
        """A noun, or several, as plain data and as the column (``table.column``) keeps it."""
        return self._skeleton.written(noun, SealedPiece(self.key.id, self.key.cipher, column))

    def state(self, state: State) -> KeptNouns:
        """A state, in which others that are counted alike find what is sealed."""
        return self._skeleton.written(state, SealedPiece(self.key.id, self.key.cipher, "issue.state"), self._counted)[1]

    def _counted(self, name: str, value: str) -> str:
        return counted(self._ring, name, value)


def pen_for(connection: Connection, definition: Definition, of: tuple[int, str | None], now: datetime) -> Pen:
    """What writes for an issue (its id, and its data key's): with its key, or, if it has none any more, a new one."""
    keys, (issue_id, key_id) = open_keys(connection), of
    cipher = keys.cipher(key_id) if key_id else None
    if cipher is not None and key_id:
        return Pen(connection, definition, DataKey(key_id, cipher))
    key = keys.new()
    keep(connection, key, reference("issue", issue_id), now)
    return Pen(connection, definition, key)
