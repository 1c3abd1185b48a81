"""Guards as functions over values, with what they compare each name to; the parts that cannot be decided are named, and left open.

Decided are comparisons of one name with values written down, membership, tests for being filled in, a stand-in (``default``), and ``and``, ``or``,
``not`` over them. Anything else (two fields compared, arithmetic, functions, what day it is) is an *atom*: a question of its own,
which can come out as yes, as no, or as an error. What was computed can have any value each time that it is asked.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from definitions.expressions.expression import Expression, tree_of
from definitions.expressions.functions import TESTS
from definitions.model.field import Field

Values = Mapping[str, Any]
Read = Callable[[Values], Any]

#: What an atom gives when it cannot be evaluated.
FAILS = "fails"
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}
_NUMBERS = frozenset({"integer", "number", "money"})
_DAYS = frozenset({"date", "date-time"})
#: Types whose values are told apart by equality alone.
_NAMED = frozenset(
    {"text", "long text", "choice", "phone", "email", "person", "department", "area", "station", "issue"}
)
#: Names of the house that count something: whole numbers from 0 on.
_COUNTING = ("promises", "times", "votes")


class Undecided(Exception):
    """A part of a guard lies beyond what is decided."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A guard made ready: ``reads`` maps each name to the values that it is compared with, ``atoms`` are the parts left open, by their text.

    ``terms`` are the numbers that it computes and compares, by the names under which it reads them.
    """

    source: str
    run: Read
    reads: Mapping[str, frozenset[Any]]
    atoms: Mapping[str, nodes.Node]
    terms: Mapping[str, nodes.Node]

    @property
    def uses(self) -> Iterator[tuple[str, frozenset[str]]]:
        """What it leaves open or computes, by the names under which it reads them, and the names of which that follows."""
        for name, node in (*self.atoms.items(), *self.terms.items()):
            paths = node.find_all((nodes.Name, nodes.Getattr, nodes.Getitem))
            yield name, frozenset(path[0] for one in (node, *paths) if (path := path_of(one)))

    def holds(self, values: Values) -> bool:
        """Whether it holds; one that cannot be evaluated does not, as in the kernel."""
        try:
            return self.run(values) is True
        except (TypeError, _Fails):
            return False


class _Fails(Exception):
    """An atom cannot be evaluated."""


def condition(guard: Expression, fields: Mapping[str, Field]) -> Condition:
    """The condition of a guard over fields, by their names as expressions write them."""
    reader = _Reader(guard.source, fields)
    run = reader.decide(tree_of(guard))
    reads = {name: frozenset(found) for name, found in reader.reads.items()}
    return Condition(guard.source, run, reads, reader.atoms, reader.terms)


@dataclass
class _Reader:
    source: str
    fields: Mapping[str, Field]
    reads: dict[str, set[Any]] = field(default_factory=dict)
    atoms: dict[str, nodes.Node] = field(default_factory=dict)
    terms: dict[str, nodes.Node] = field(default_factory=dict)

    def decide(self, node: nodes.Node) -> Read:
        """What stands where a yes or no is expected."""
        match node:
            case nodes.Const(value=value):
                return lambda _: value
            case nodes.And(left=left, right=right):
                one, other = self.decide(left), self.decide(right)
                return lambda values: one(values) and other(values)
            case nodes.Or(left=left, right=right):
                one, other = self.decide(left), self.decide(right)
                return lambda values: one(values) or other(values)
            case nodes.Not(node=inner):
                turned = self.decide(inner)
                return lambda values: not turned(values)
            case _:
                return self._simple(node)

    def _simple(self, node: nodes.Node) -> Read:
        """A comparison, a test, or a yes/no field; else an atom. What was noted of an atom's names is taken back."""
        before = {name: set(found) for name, found in self.reads.items()}
        try:
            match node:
                case nodes.Compare(expr=left, ops=operands):
                    return self._compared(left, operands)
                case nodes.Test(node=inner, name=name) if name in TESTS:
                    return self._tested(name, inner)
                case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                    return self._flag(node)
                case _:
                    raise Undecided
        except Undecided:
            self.reads = before
            return self._atom(node)

    def _atom(self, node: nodes.Node) -> Read:
        key = f"?{written(node)}"
        self.atoms[key] = node

        def asked(values: Values) -> Any:
            if values[key] == FAILS:
                raise _Fails
            return values[key]

        return asked

    def _flag(self, node: nodes.Node) -> Read:
        name = self._name(node)
        if self._type(name) != "yes/no":
            raise Undecided
        self.reads.setdefault(name, set())
        return lambda values: values[name]

    def _tested(self, test: str, node: nodes.Node | None) -> Read:
        name = self._name(node)
        known = self.fields.get(name)
        if known is None or test in ("number", "string"):
            raise Undecided
        self.reads.setdefault(name, set())
        check = TESTS[test]
        return lambda values: check(values[name])

    def _compared(self, left: nodes.Node, operands: list[nodes.Operand]) -> Read:
        if len(operands) != 1:
            raise Undecided
        compare, right = _OPERATORS[operands[0].op], operands[0].expr
        one, other = self._number(left, right) or self._side(left), self._number(right, left) or self._side(right)
        if isinstance(one, _Value) and isinstance(other, _Value):
            found = compare(one.value, other.value)
            return lambda _: found
        if isinstance(one, _Name) and isinstance(other, _Value):
            self._against(one, operands[0].op, other.value)
        elif isinstance(one, _Value) and isinstance(other, _Name):
            self._under(one.value, operands[0].op, other)
        else:
            raise Undecided
        return lambda values: compare(one.of(values), other.of(values))

    def _against(self, name: _Name, op: str, value: Any) -> None:
        """A name is compared with a value, or looked for in a list of values."""
        several = value if isinstance(value, list) else [value]
        if isinstance(value, list) != (op in ("in", "notin")):
            raise Undecided
        kind = self._type(name.name)
        for one in several:
            if one is None or (name.stand_in is not None and not _fits(kind, name.stand_in)):
                if op not in ("eq", "ne"):
                    raise Undecided
            elif not _fits(kind, one) or (op not in ("eq", "ne", "in", "notin") and kind in _NAMED | {"yes/no"}):
                raise Undecided
        self.reads.setdefault(name.name, set()).update(one for one in several if one is not None)
        if name.stand_in is not None:
            self.reads[name.name].add(name.stand_in)

    def _under(self, value: Any, op: str, name: _Name) -> None:
        """A value is compared with a name, or looked for in a field with several options."""
        if op in ("in", "notin"):
            known = self.fields.get(name.name)
            if known is None or known.type != "choices" or name.stand_in is not None or not isinstance(value, str):
                raise Undecided
            self.reads.setdefault(name.name, set()).add(value)
            return
        self._against(name, op, value)

    def _number(self, node: nodes.Node, against: nodes.Node) -> _Name | None:
        """The number that is computed here, if it is compared with one written down: it comes out the same wherever it is computed."""
        match against:
            case nodes.Const(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
                pass
            case _:
                return None
        match node:
            case nodes.Add() | nodes.Sub() | nodes.Mul() | nodes.Div() | nodes.Filter(name="sum" | "count" | "length"):
                name = f"={written(node)}"
                self.terms[name] = node
                return _Name(name)
            case _:
                return None

    def _side(self, node: nodes.Node) -> _Name | _Value:
        match node:
            case nodes.Const(value=value):
                return _Value(value)
            case nodes.Neg(node=nodes.Const(value=int() | float() as number)):
                return _Value(-number)
            case nodes.List(items=items) | nodes.Tuple(items=items):
                found = [self._side(item) for item in items]
                if not all(isinstance(one, _Value) for one in found):
                    raise Undecided
                return _Value([one.value for one in found if isinstance(one, _Value)])
            case nodes.Filter(name="default", node=inner, args=[nodes.Const(value=value)]) if value is not None:
                return _Name(self._name(inner), value)
            case _:
                return _Name(self._name(node))

    def _name(self, node: nodes.Node | None) -> str:
        """The name that a path stands for: a field, or a count of the house."""
        steps = path_of(node)
        if not steps:
            raise Undecided
        known = self.fields.get(steps[0])
        if known is not None and len(steps) == 1:
            return steps[0]
        if steps[0] in _COUNTING and len(steps) > 1:
            return ".".join(steps)
        raise Undecided

    def _type(self, name: str) -> str:
        known = self.fields.get(name)
        return known.type if known is not None else "integer"


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    stand_in: Any = None

    def of(self, values: Values) -> Any:
        value = values[self.name]
        if value == FAILS and self.name.startswith("="):
            raise _Fails
        return self.stand_in if value is None and self.stand_in is not None else value


@dataclass(frozen=True, slots=True)
class _Value:
    value: Any

    def of(self, _: Values) -> Any:
        return self.value


def _fits(kind: str, value: Any) -> bool:
    """Whether values of a type can be told apart by comparing them with this one."""
    if isinstance(value, bool):
        return kind == "yes/no"
    if isinstance(value, int | float):
        return kind in _NUMBERS
    return isinstance(value, str) and (kind in _NAMED or (kind in _DAYS and _is_day(value)))


def _is_day(value: str) -> bool:
    return len(value) == 10 and value[4] == value[7] == "-" and value.replace("-", "").isdigit()


def path_of(node: nodes.Node | None) -> tuple[str, ...]:
    """The names of a path such as ``promises.open``; none for anything else."""
    found: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            found.insert(0, node.attr)
        elif isinstance(node.arg, nodes.Const):
            found.insert(0, str(node.arg.value))
        node = node.node
    if isinstance(node, nodes.Name):
        return (node.name, *found)
    # a path that may lead nowhere hangs on the context itself
    return tuple(found) if isinstance(node, nodes.ContextReference) else ()


def written(node: nodes.Node) -> str:
    """A text that two parts of guards share exactly when they ask the same."""
    return repr(node)
