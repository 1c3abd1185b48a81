"""Conditions of figures: the house's expressions, of which only what every database answers alike is allowed.

A comparison with something empty never holds, nor does ``in``; so ``!=`` holds of what is empty.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from definitions.expressions.expression import Expression, tree_of
from definitions.figures.names import KnownName
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold; with none, it holds."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """One of them holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Unless:
    """It does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Holds:
    """A flag is up."""

    name: str


@dataclass(frozen=True, slots=True)
class HasValue:
    """There is a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Among:
    """The value is one of these."""

    name: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The number is so: ``lt``, ``lteq``, ``gt`` or ``gteq`` this one."""

    name: str
    how: str
    number: int


Condition = Every | Either | Unless | Holds | HasValue | Among | Compared
ALWAYS = Every()


_HOW: Mapping[str, Callable[[int, int], bool]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


def holds(asked: Condition, value_of: Callable[[str], object]) -> bool:
    """Whether a condition holds of something whose values, by name, these are; a flag's is true or false."""
    match asked:
        case Every():
            return all(holds(part, value_of) for part in asked.parts)
        case Either():
            return any(holds(part, value_of) for part in asked.parts)
        case Unless():
            return not holds(asked.part, value_of)
        case Holds():
            return value_of(asked.name) is True
        case HasValue():
            return value_of(asked.name) not in (None, "")
        case Among():
            return value_of(asked.name) in asked.values
        case Compared():
            value = value_of(asked.name)
            return isinstance(value, int) and _HOW[asked.how](value, asked.number)


class RefusedCondition(Exception):
    """A condition does something that figures do not know."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message["en"])
        self.problem = found


def condition(expression: Expression | None, names: Mapping[str, KnownName], path: Path = ()) -> Condition:
    """What an expression asks; ``RefusedCondition`` says what is wrong with it."""
    return ALWAYS if expression is None else _Reading(names, path).read(tree_of(expression))


_WORD, _VALUE = Said("可用的名称", "name that figures know"), Said("取值", "value")


class _Reading:
    """Reads one tree."""

    def __init__(self, names: Mapping[str, KnownName], path: Path) -> None:
        self._names, self._path = names, path

    def read(self, node: nodes.Node) -> Condition:
        """The condition of a node."""
        match node:
            case nodes.And():
                return Every((self.read(node.left), self.read(node.right)))
            case nodes.Or():
                return Either((self.read(node.left), self.read(node.right)))
            case nodes.Not():
                return Unless(self.read(node.node))
            case nodes.Compare() if len(node.ops) == 1:
                return self._compared(node.expr, node.ops[0])
            case nodes.Test() if node.name in ("filled", "empty", "none"):
                known = HasValue(self._name(node.node)[0])
                return known if node.name == "filled" else Unless(known)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                name, found = self._name(node)
                if found.kind == "flag":
                    return Holds(name)
        raise self._too_much()

    def _name(self, node: nodes.Node) -> tuple[str, KnownName]:
        if not isinstance(node, nodes.Name):
            # what may be missing is read through a path
            arg = getattr(node, "arg", None)
            inner = isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.ContextReference)
            if not (inner and isinstance(arg, nodes.Const)):
                raise self._too_much()
            name = str(arg.value)
        else:
            name = node.name
        if name not in self._names:
            found = unknown("unknown-name", self._path, _WORD, name, self._names)
            remedy = Said(
                f"{found.remedy['zh']}数据不读取流程里登记的内容，个人信息更不能进数据。",
                f"{found.remedy['en']} Figures read no fields of processes, and no personal data at all.",
            )
            raise RefusedCondition(
                Problem(
                    found.rule, found.path, found.message, {"zh": remedy.zh, "en": remedy.en}, instead=found.instead
                )
            )
        return name, self._names[name]

    def _compared(self, subject: nodes.Node, operand: nodes.Operand) -> Condition:
        name, known = self._name(subject)
        how = operand.op
        if known.kind == "flag":
            raise self._too_much()
        if how in ("lt", "lteq", "gt", "gteq"):
            if known.kind == "number" and isinstance(operand.expr, nodes.Const) and type(operand.expr.value) is int:
                return Compared(name, how, operand.expr.value)
            raise self._too_much()
        found = Among(name, tuple(self._value(name, known, one) for one in self._several(how, operand.expr)))
        return Unless(found) if how in ("ne", "notin") else found

    def _several(self, how: str, node: nodes.Node) -> list[nodes.Expr]:
        if how in ("in", "notin"):
            if not isinstance(node, nodes.List | nodes.Tuple):
                raise self._too_much()
            return node.items
        assert isinstance(node, nodes.Expr)
        return [node]

    def _value(self, name: str, known: KnownName, node: nodes.Node) -> str | int:
        value = node.value if isinstance(node, nodes.Const) else None
        if known.kind == "number" and type(value) is int:
            return value
        if known.kind != "text" or not isinstance(value, str):
            raise self._too_much()
        if known.values and value not in known.values:
            raise RefusedCondition(unknown("unknown-value", self._path, _VALUE, value, known.values))
        return value

    def _too_much(self) -> RefusedCondition:
        return RefusedCondition(
            problem(
                "figure-condition",
                self._path,
                Said(
                    "数据的条件只能用名称、and、or、not、比较和 in。",
                    "A condition of figures is made of names, and, or, not, comparisons and in.",
                ),
                Said(
                    "例如：outcome == 'solved'，或 late，或 verdict in ['satisfied', 'basically']。",
                    "Such as: outcome == 'solved', or late, or verdict in ['satisfied', 'basically'].",
                ),
            )
        )
