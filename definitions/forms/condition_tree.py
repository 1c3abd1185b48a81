"""A condition of a form as plain data, for programs that do not speak the expression language, such as a browser.

Only what such a program can decide alone is told: comparisons, and, or, not over the form's own fields. Of anything else there is no tree, and
the field is shown; what is asked for in the end, ``definitions.form`` decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, nodes

from definitions.expressions.expression import Expression

#: A tree is a list: its kind (``field``, ``value``, ``and``, ``or``, ``not``, ``list``, ``filled``, ``eq`` …), then its parts.
Tree = list[Any]

_PLAIN = Environment(autoescape=True)
_TESTS = {"filled": "filled", "empty": "empty", "none": "empty"}


def condition_tree(condition: Expression, fields: Iterable[str]) -> Tree | None:
    """The tree of a condition over the named fields; ``None`` if it needs anything else."""
    return _tree(condition.source, tuple(fields))


@lru_cache(maxsize=512)
def _tree(source: str, fields: tuple[str, ...]) -> Tree | None:
    parsed = _PLAIN.parse("{{ (" + source + ") }}")
    output = parsed.body[0]
    assert isinstance(output, nodes.Output)
    return _of(output.nodes[0], {name.replace("-", "_"): name for name in fields})


def _of(node: nodes.Node, fields: dict[str, str]) -> Tree | None:
    match node:
        case nodes.Name(name=name):
            return ["field", fields[name]] if name in fields else None
        case nodes.Const(value=value):
            return ["value", value]
        case nodes.List(items=items) | nodes.Tuple(items=items):
            return _whole("list", [_of(item, fields) for item in items])
        case nodes.Not(node=inner):
            return _whole("not", [_of(inner, fields)])
        case nodes.And(left=left, right=right):
            return _whole("and", [_of(left, fields), _of(right, fields)])
        case nodes.Or(left=left, right=right):
            return _whole("or", [_of(left, fields), _of(right, fields)])
        case nodes.Compare(expr=left, ops=[operand]):
            return _whole(operand.op, [_of(left, fields), _of(operand.expr, fields)])
        case nodes.Test(node=inner, name=name) if name in _TESTS:
            return _whole(_TESTS[name], [_of(inner, fields)])
        case _:
            return None


def _whole(kind: str, parts: list[Tree | None]) -> Tree | None:
    return None if None in parts else [kind, *parts]
