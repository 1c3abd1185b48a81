"""Numbers that are given on the way, such as a document number (发文字号): each by a pattern, with a sequence of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from definitions.expressions.expression import Template
from definitions.model.node import Key, Node, Pattern

#: What such a pattern can use, as that of the issue's number does.
NUMBER_NAMES = ("station.code", "year", "sequence")


class Numbering(Node):
    """A number by its pattern; issues of several definitions share the sequence of a ``series`` that they all name.

    The sequence runs for each station if the pattern says ``station.code``, and begins anew each year if it says ``year``.
    """

    number: Pattern
    series: Key | None = None

    @property
    def by_station(self) -> bool:
        """Whether each station counts for itself."""
        return "station.code" in self.number.names

    @property
    def by_year(self) -> bool:
        """Whether each year begins at 1."""
        return "year" in self.number.names


def _numbering(value: Any) -> Any:
    return {"number": value} if isinstance(value, str | Template) else value


#: The numbers that are given, by field; a pattern alone has a series of its own.
Numberings = Mapping[Key, Annotated[Numbering, BeforeValidator(_numbering, json_schema_input_type=str | Numbering)]]
