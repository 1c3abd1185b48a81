"""What a vote weighs: a column of a table, such as the floor area in ``units.area``, added up over the rows in which the voter stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from definitions.model.field import Field

_PARTIES = ("person", "department")
_WEIGHT = re.compile(r"^([a-z][a-z0-9_-]*)\.([a-z][a-z0-9_-]*)$")


class WeightError(ValueError):
    """The text names no column of a table; ``message`` and ``remedy`` say it in each language."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” names no column")
        self.message = {"zh": f"“{text}”不是表格里的一栏。", "en": f"“{text}” names no column of a table."}
        self.remedy = {
            "zh": "请写“表格.栏目”，例如 units.area。",
            "en": "Write a table and its column, for example units.area.",
        }


@dataclass(frozen=True, slots=True)
class Weight:
    """A column of numbers, in a table with one column that says whose row it is."""

    table: str
    column: str

    @classmethod
    def parse(cls, value: Any) -> Weight:
        """The column that a text names; ``WeightError`` otherwise."""
        found = _WEIGHT.match(str(value).strip())
        if found is None:
            raise WeightError(str(value)[:40])
        return cls(found[1], found[2])

    def whose(self, field: Field | None) -> str | None:
        """The column of the table that names the voter; ``None`` if none does, or several do."""
        columns = field.columns if field is not None else {}
        named = [name for name, column in columns.items() if column.type in _PARTIES]
        return named[0] if len(named) == 1 else None

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


Weighed = Annotated[
    Weight,
    BeforeValidator(lambda value: value if isinstance(value, Weight) else Weight.parse(value)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["units.area"]}),
]
