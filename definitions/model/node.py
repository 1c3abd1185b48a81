"""What every part of a definition has in common: it is frozen, and knows exactly the keys that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, InitErrorDetails

from definitions.expressions.expression import Expression, Template
from definitions.model.duration import Duration, Reminder

#: The pattern of a name.
NAME = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"

_CHINESE = re.compile("[\u3400-\u9fff]")


def _in_one_language(value: Any) -> Any:
    """A text alone is that of the language in which it is written; the other one is asked for where the definition has it."""
    return {"zh" if _CHINESE.search(value) else "en": value} if isinstance(value, str) and value.strip() else value


#: A text in several languages, by language code: ``{"zh": "受理", "en": "Accept"}``; or in one language alone.
Text = Annotated[
    Mapping[str, str],
    BeforeValidator(_in_one_language),
    WithJsonSchema(
        {
            "description": "每种语言一句，只写一句，或 $共用文字的名字。 One text a language, one alone, or $ and the name of a shared text.",
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                    "additionalProperties": {"type": "string"},
                    "minProperties": 1,
                },
            ],
        }
    ),
]

#: The key of a step, action, role or field: lower case, digits and single hyphens or underscores.
Key = Annotated[str, Field(pattern=NAME, max_length=60)]


#: The key of a field, or of a column of a table: ``matters.whose``.
FieldOrColumn = Annotated[str, Field(pattern=rf"{NAME[:-1]}(\.{NAME[1:-1]})?$", max_length=120)]


class Node(BaseModel):
    """A frozen part of a definition; keys that it does not know are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True, populate_by_name=True
    )


N = TypeVar("N", bound=Node)


def each_read(part: type[N], several: Mapping[int, Any]) -> tuple[N, ...]:
    """The entries of a list, by their index, each as a part; all that is wrong with any of them is told with its index."""
    found, wrong = list[N](), list[InitErrorDetails]()
    for index, one in several.items():
        try:
            found.append(one if isinstance(one, part) else part.model_validate(one))
        except ValidationError as error:
            wrong += [_indexed(index, details) for details in error.errors(include_url=False)]
    if wrong:
        raise ValidationError.from_exception_data(part.__name__, wrong)
    return tuple(found)


def _indexed(index: int, details: ErrorDetails) -> InitErrorDetails:
    place = (index, *details["loc"])
    return InitErrorDetails(type=details["type"], loc=place, input=details["input"], ctx=details.get("ctx", {}))


def _one_or_many(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _parsed(kind: Any) -> Any:
    def parse(value: Any) -> Any:
        return kind.parse(value) if isinstance(value, str) else value

    return BeforeValidator(parse)


_as_text = PlainSerializer(str, return_type=str)

#: One name, or a list of names.
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(_one_or_many),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]

Guard = Annotated[
    Expression,
    _parsed(Expression),
    _as_text,
    WithJsonSchema({"type": "string", "description": "条件表达式。 A condition, e.g. category == 'lighting'"}),
]

Pattern = Annotated[
    Template,
    _parsed(Template),
    _as_text,
    WithJsonSchema({"type": "string", "description": "带表达式的文本。 A text with expressions in {{ }}"}),
]

#: A text with expressions in several languages, by language code.
Patterns = Annotated[
    Mapping[str, Pattern],
    BeforeValidator(_in_one_language),
    WithJsonSchema(
        {
            "description": "每种语言一句，可带 {{ }} 表达式，或 $共用文字。 One text a language, may hold {{ }}, or $ and a shared text.",
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                    "additionalProperties": {"type": "string"},
                    "minProperties": 1,
                },
            ],
        }
    ),
]

#: A length of time, such as ``3 working days``.
Length = Annotated[
    Duration,
    _parsed(Duration),
    _as_text,
    WithJsonSchema({"type": "string", "examples": ["3 working days", "2 hours", "1 month"]}),
]


def _reminders(value: Any) -> Any:
    many = _one_or_many(value)
    return tuple(Reminder.parse(v) if isinstance(v, str) else v for v in many) if isinstance(many, tuple) else many


Reminders = Annotated[
    tuple[Reminder, ...],
    BeforeValidator(_reminders),
    PlainSerializer(lambda many: [str(one) for one in many], return_type=list[str]),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
