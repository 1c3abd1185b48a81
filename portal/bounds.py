"""What an address or a body may hold at most: numbers that the database knows, and text that can be stored and shown.

Whatever lies outside names nothing of ours; it is answered as a mistake, and never reaches a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from annotated_types import Interval
from pydantic import BaseModel, ConfigDict, model_validator

#: The number of an issue, task, file or person.
Number = Annotated[int, Interval(ge=1, le=2**31 - 1)]

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_CONTROL_ESCAPED = re.compile(rb"%(?:[01][0-9A-Fa-f]|7[Ff])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: What stands for a character that cannot be there, as browsers do it too.
_INSTEAD = "\ufffd"


def plain_path(path: str) -> str:
    """A path without control characters: no address of ours has any, so it leads to nothing, and that is said in the usual words."""
    return _CONTROL.sub(_INSTEAD, path)


def plain_query(query: bytes) -> bytes:
    """A query string without escaped control characters."""
    return _CONTROL_ESCAPED.sub(b"%EF%BF%BD", query)


def storable(text: str) -> str:
    """A text that the database can hold: U+0000 and half characters, which an odd charset can bring, become the mark for what is missing."""
    return _UNSTORABLE.sub(_INSTEAD, text)


class Body(BaseModel):
    """What a program sends: nothing but the entries that are described, and no text that cannot be stored."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        if any(_UNSTORABLE.search(text) for text in _texts(data)):
            raise ValueError("a text holds U+0000 or half a character")
        return data


def _texts(data: Any) -> Iterator[str]:
    """Every text in a JSON value, names included, however deep it lies."""
    left = [data]
    while left:
        part = left.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            left += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            left += part
