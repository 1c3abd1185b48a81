"""Fields: the typed data that an issue holds, and that forms ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic import Field as Constrained
from pydantic_core import PydanticKnownError

from definitions.expressions.expression import Expression
from definitions.model.node import Guard, Key, Names, Node, Text

FieldType = Literal[
    "text",
    "long text",
    "integer",
    "number",
    "money",
    "date",
    "date-time",
    "time",
    "yes/no",
    "choice",
    "choices",
    "phone",
    "email",
    "person",
    "people",
    "department",
    "departments",
    "area",
    "station",
    "place",
    "file",
    "files",
    "issue",
    "table",
]

#: Types whose value is a reference such as ``organisation:5``, or several of them, and the kind of the reference.
REFERENCES: Mapping[str, str] = {
    "department": "organisation",
    "departments": "organisation",
    "person": "participant",
    "people": "participant",
    "area": "area",
    "station": "station",
    "file": "file",
    "files": "file",
    "issue": "issue",
}

#: Types whose value is a tuple: empty when nothing is filled in.
SEVERAL = frozenset({"choices", "departments", "people", "files", "table"})

#: Types that no column of a table can have.
NOT_IN_TABLES = frozenset({"table", "place", "file", "files", "choices", "departments", "people"})


#: The lists of codes that a register keeps.
CODE_LISTS = ("industries", "competences", "levels")

#: What expressions see besides fields; no field can bear one of these names.
RESERVED = ("issue", "today", "times", "promises", "votes", "rung")


def code_kind(codes: str) -> str:
    """The kind of reference for a list of codes in the register: ``industries`` holds ``industry:law``."""
    return codes.removesuffix("ies") + "y" if codes.endswith("ies") else codes.removesuffix("s")


_RANGE = re.compile(r"^(-?\d{1,9})\.\.(-?\d{1,9})$")


def _condition(value: Any) -> Any:
    """Whether, or a condition: one error, not one for each alternative."""
    if isinstance(value, str):
        return Expression.parse(value)
    if value is None or isinstance(value, bool | Expression):
        return value
    raise PydanticKnownError("bool_type")


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise PydanticKnownError("string_type")


#: ``true``, ``false``, or a condition over the data and what is being entered.
Needed = Annotated[
    bool | Expression | None,
    BeforeValidator(_condition),
    PlainSerializer(lambda value: str(value) if isinstance(value, Expression) else value),
    WithJsonSchema(
        {"type": ["boolean", "string"], "description": "true、false 或条件表达式。 true, false or a condition"}
    ),
]

Scalar = Annotated[bool | int | float | str | None, BeforeValidator(_scalar)]


class Field(Node):
    """One typed value of an issue.

    ``required`` left out means: a field of the issue may stay empty, a field that an action asks for may not; as an expression
    it is asked of the data and of what is being entered. A field whose ``when`` does not hold is not asked for, and a computed
    one never is. ``private`` marks personal data: it is shown to those who work on the issue and never in a message or in public;
    ``seen_by`` narrows that to some roles. ``of`` takes the options from a list of codes in the register, such as ``industries``.
    ``asked: false``: not asked for when an issue is opened; steps fill it in.
    """

    type: FieldType
    title: Text | None = None
    help: Text | None = None
    required: Needed = None
    when: Guard | None = None
    compute: Guard | None = None
    default: Scalar = None
    asked: bool = True
    private: bool = False
    seen_by: Names = Constrained(default=(), alias="seen by")
    options: Mapping[Key, Text] = Constrained(default_factory=dict)
    of: Key | None = None
    columns: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    at_least: float | None = Constrained(default=None, alias="at least")
    at_most: float | None = Constrained(default=None, alias="at most")
    longest: int | None = Constrained(default=None, ge=1, le=20_000)
    unit: Text | None = None
    currency: str = Constrained(default="CNY", pattern=r"^[A-Z]{3}$", examples=["CNY"])

    @property
    def open(self) -> bool:
        """Whether everybody may read it: it is neither private nor for some roles only."""
        return not self.private and not self.seen_by


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

Field.model_rebuild()
