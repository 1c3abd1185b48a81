"""Fields: the typed data that an issue holds, and that forms ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic import Field as Constrained

from definitions.node import Key, Node, Text

FieldType = Literal[
    "text",
    "long text",
    "integer",
    "number",
    "date",
    "yes/no",
    "choice",
    "choices",
    "phone",
    "email",
    "department",
    "departments",
]

_RANGE = re.compile(r"^(-?\d{1,9})\.\.(-?\d{1,9})$")


class Field(Node):
    """One typed value of an issue.

    ``required`` left out means: a field of the issue may stay empty, a field that an action asks for may not.
    ``private`` marks personal data: it is shown to those who work on the issue and never in a message or in public.
    """

    type: FieldType
    title: Text | None = None
    help: Text | None = None
    required: bool | None = None
    private: bool = False
    options: Mapping[Key, Text] = Constrained(default_factory=dict)
    at_least: float | None = Constrained(default=None, alias="at least")
    at_most: float | None = Constrained(default=None, alias="at most")
    longest: int | None = Constrained(default=None, ge=1, le=20_000)


def _shorthand(value: Any) -> Any:
    """``text`` stands for ``{type: text}``, and ``1..5`` for an integer from 1 to 5."""
    if not isinstance(value, str):
        return value
    bounds = _RANGE.match(value)
    if bounds:
        return {"type": "integer", "at least": float(bounds[1]), "at most": float(bounds[2])}
    return {"type": value}


#: A field in full, or its type alone.
ShortField = Annotated[Field, BeforeValidator(_shorthand, json_schema_input_type=str | Field)]
