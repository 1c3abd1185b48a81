"""Fields: the typed data that an issue holds, and that forms ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic import Field as Constrained
from pydantic_core import PydanticKnownError

from definitions.expressions.expression import Expression
from definitions.finding import nearest
from definitions.model.count import Counting
from definitions.model.node import Guard, Key, Names, Node, Text
from definitions.model.order import Bound, own_bounds
from definitions.model.pattern import PatternError, pattern
from definitions.text import Said

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
NOT_IN_TABLES = frozenset({"table", "place", "files", "choices", "departments", "people"})

#: Types that no expression can compute and no definition fill in beforehand.
NOT_COMPUTED = NOT_IN_TABLES | {"file"}

#: What ``pattern`` names instead of writing it out: numbers that every office knows, with their check digits.
CREDENTIAL_KINDS = ("id number", "credit code", "postcode")

#: What a field with ``unique`` is compared with: issues of the same definition that are open, of the same station, year or reporter.
SCOPES = ("open", "station", "year", "reporter")


#: The lists of codes that a register keeps.
CODE_LISTS = ("industries", "competences", "levels")

#: What expressions see besides fields; no field can bear one of these names.
RESERVED = ("issue", "today", "times", "promises", "votes", "rung", "row")


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


def _like(text: str) -> str:
    pattern(text)
    return text


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


class Likeness(Node):
    """What a text looks like: ``like`` is a regular expression for the whole of it, ``say`` tells people what to write."""

    like: Annotated[str, AfterValidator(_like)]
    say: Text

    def fits(self, text: str) -> bool:
        """Whether the text looks like this."""
        return pattern(self.like).fits(text)


def _likeness(value: Any) -> Any:
    if isinstance(value, str) and value not in CREDENTIAL_KINDS:
        near = nearest(value, CREDENTIAL_KINDS)
        named = "、".join(CREDENTIAL_KINDS)
        raise PatternError(
            Said(f"没有名为“{value[:40]}”的格式。", f"There is no kind of number called “{value[:40]}”."),
            Said(
                f"是不是“{near}”？"
                if near
                else f"现有：{named}；也可以写 pattern: {{like: …, say: {{zh: …, en: …}}}}。",
                f"Did you mean “{near}”?"
                if near
                else f"There are: {', '.join(CREDENTIAL_KINDS)}; or write pattern: {{like: …, say: {{zh: …, en: …}}}}.",
            ),
        )
    return Likeness.model_validate(value) if isinstance(value, Mapping) else value


#: ``id number``, or what the text looks like.
Looks = Annotated[
    Likeness | str | None,
    BeforeValidator(_likeness, json_schema_input_type=Literal["id number", "credit code", "postcode"] | Likeness),
]


Scope = Literal["open", "station", "year", "reporter"]


def _scopes(value: Any) -> Any:
    """``true``, ``open``, or several of them; ``true`` is “whenever and wherever”."""
    if value in (True, False, None):
        return () if value else None
    many = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else value
    if not isinstance(many, tuple) or not many or not set(many) <= set(SCOPES):
        raise PydanticKnownError("literal_error", {"expected": ", ".join(("true", *SCOPES))})
    return tuple(one for one in SCOPES if one in many)


#: Among which issues a value may stand once: ``()`` for all, ``None`` where it may stand as often as it likes.
Uniqueness = Annotated[
    tuple[str, ...] | None,
    BeforeValidator(
        _scopes,
        json_schema_input_type=bool | Scope | list[Scope],
    ),
    PlainSerializer(lambda scopes: True if scopes == () else scopes and list(scopes)),
]

Scalar = Annotated[bool | int | float | str | None, BeforeValidator(_scalar)]


class Field(Node):
    """One typed value of an issue.

    ``required`` left out means: a field of the issue may stay empty, a field that an action asks for may not; as an expression
    it is asked of the data and of what is being entered. A field whose ``when`` does not hold is not asked for, and one that is
    computed, or counted over other issues (``count``), never is. ``private`` marks personal data: it is shown to those who work on
    the issue and never in a message or in public; ``seen_by`` narrows that to some roles. ``sensitive``: whoever fills it in agrees to that
    separately, as the law asks for health, identity and the like. ``of`` takes the options from a list of
    codes in the register, such as ``industries``. ``asked: false``: not asked for when an issue is opened; steps fill it in.
    ``not before`` and ``not after`` name other fields, ``today`` or a day
    (``2026-01-01``); with nothing in the other field they hold. ``unique``: no other issue of the definition (one that is ``open``, of the same
    ``station``, ``year`` or ``reporter``) has the same; in a table, no other row.
    """

    type: FieldType
    title: Text | None = None
    help: Text | None = None
    required: Needed = None
    when: Guard | None = None
    compute: Guard | None = None
    count: Counting | None = None
    default: Scalar = None
    asked: bool = True
    private: bool = False
    seen_by: Names = Constrained(default=(), alias="seen by")
    sensitive: bool = False
    options: Mapping[Key, Text] = Constrained(default_factory=dict)
    of: Key | None = None
    columns: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    at_least: float | None = Constrained(default=None, alias="at least")
    at_most: float | None = Constrained(default=None, alias="at most")
    longest: int | None = Constrained(default=None, ge=1, le=20_000)
    not_before: Names = Constrained(default=(), alias="not before")
    not_after: Names = Constrained(default=(), alias="not after")
    pattern: Looks = None
    unique: Uniqueness = None
    unit: Text | None = None
    currency: str = Constrained(default="CNY", pattern=r"^[A-Z]{3}$", examples=["CNY"])

    @cached_property
    def bounds(self) -> tuple[Bound, ...]:
        """What its day or time may not be before or after, by its own words and those of other fields of its definition."""
        return own_bounds(self)

    def bind(self, bounds: tuple[Bound, ...]) -> None:
        """Have it know its bounds with the titles of the fields that they name; a definition does so once it is whole."""
        self.__dict__["bounds"] = bounds

    @cached_property
    def derived(self) -> bool:
        """Whether it follows from something else, and nobody fills it in."""
        return self.compute is not None or self.count is not None

    @cached_property
    def blank(self) -> Any:
        """Its value when it is not filled in."""
        return () if self.type in SEVERAL else None

    @cached_property
    def conditional(self) -> bool:
        """Whether other answers decide that it is asked for, or must be there."""
        return self.when is not None or isinstance(self.required, Expression)

    @cached_property
    def alone(self) -> bool:
        """Whether nothing but its own value decides whether that is right."""
        return not (self.conditional or self.derived or self.bounds or self.columns)

    @property
    def asked_columns(self) -> Mapping[str, Field]:
        """The columns that whoever fills in the table is asked for; the others are filled in where its rows are worked on."""
        return {name: column for name, column in self.columns.items() if column.asked}

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
