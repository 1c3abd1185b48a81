"""What an address or a body may hold at most: numbers that the database knows, and text that can be stored and shown.

Whatever lies outside names nothing of ours; it is answered as a mistake, and never reaches a query.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from annotated_types import Interval
from pydantic import BaseModel, ConfigDict, model_validator

from definitions.forms.characters import seen

#: Whole numbers that 64 bits hold: all that a history can keep.
_LEAST, _MOST = -(2**63), 2**63 - 1
#: The number of an issue, task, file or person.
Number = Annotated[int, Interval(ge=1, le=2**31 - 1)]
#: A part of a position on the earth.
Degrees = Annotated[float, Interval(ge=-180, le=180)]

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
    """A text that the database can hold, as its reader sees it.

    U+0000 and half characters, which an odd charset can bring, become the mark for what is missing; what shows nothing, or turns the direction of
    reading, is left out, and a text of which nothing is to be seen is empty.
    """
    return seen(_UNSTORABLE.sub(_INSTEAD, text))


class Body(BaseModel):
    """What a program sends: nothing but the entries that are described, with every text made storable."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _made_storable(cls, data: Any) -> Any:
        try:
            return _storable_parts(data)
        except RecursionError:
            raise ValueError("the values lie too deep in one another") from None


def _storable_parts(data: Any) -> Any:
    if isinstance(data, str):
        return storable(data)
    if isinstance(data, int) and not _LEAST <= data <= _MOST:
        raise ValueError("a number is too large")
    if isinstance(data, dict):
        return {storable(name): _storable_parts(part) for name, part in data.items()}
    return [_storable_parts(part) for part in data] if isinstance(data, list) else data
