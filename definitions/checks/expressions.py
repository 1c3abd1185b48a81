"""What cannot be right within one expression, each at its place in it; which expressions there are is for the other checks to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.expressions.expression import Expression, Template
from definitions.problem import Path, Problem
from definitions.types.inference import condition_type, result_type
from definitions.types.kinds import Kind


def problems_in(path: Path, expression: Expression | Template, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    """Unknown names, unknown options and values of the wrong kind; ``kinds`` are those of all names (``kinds_of(definition.data)``)."""
    for found in result_type(expression, kinds).mismatches:
        yield Problem(found.rule, path, found.message, found.remedy, found.position, found.length)


def problems_in_condition(path: Path, condition: Expression, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    """The same of a condition, which must come out as yes or no too."""
    for found in condition_type(condition, kinds).mismatches:
        yield Problem(found.rule, path, found.message, found.remedy, found.position, found.length)
