"""Types of expressions, found without running them: what comes out, and what cannot be right.

It knows what a definition says of its fields; whether a field is filled in when an expression is asked is another question. Where it is
not sure it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from jinja2 import nodes

from definitions.expressions.expression import Expression, Template, tree_of
from definitions.types.filters import FILTER_KINDS, Misfit
from definitions.types.kinds import EMPTY, LIST, NUMBER, TEXT, TEXTUAL, UNKNOWN, YES_NO, Kind, merged
from definitions.types.mismatch import SURE, Mismatch, Notes

__all__ = ["Mismatch", "Typed", "condition_type", "result_type"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """What an expression comes out as, and everything in it that cannot be right, in the order of the source."""

    kind: Kind
    mismatches: tuple[Mismatch, ...]


def result_type(expression: Expression | Template, kinds: Mapping[str, Kind]) -> Typed:
    """The kind of an expression's value, its names being of these kinds (``kinds_of(definition.data)``); a template's is a text."""
    walk = _Walk(expression, kinds)
    kind = walk.kind(tree_of(expression))
    return Typed(kind, walk.notes.found())


def condition_type(guard: Expression, kinds: Mapping[str, Kind]) -> Typed:
    """The same for a condition, which must come out as yes or no."""
    walk = _Walk(guard, kinds)
    kind = walk.kind(tree_of(guard))
    if kind.sort in SURE and kind.sort != "yes/no":
        walk.notes.no_condition(kind)
    return Typed(kind, walk.notes.found())


class _Walk:
    """One walk over a tree, from the leaves up; what cannot be right on the way is noted."""

    def __init__(self, expression: Expression | Template, kinds: Mapping[str, Kind]) -> None:
        self._places, self._kinds = expression.places, kinds
        self.notes = Notes(expression.source)

    def kind(self, node: nodes.Node | None) -> Kind:
        """The kind of a node's value."""
        if node is None:
            return EMPTY
        step = next((_STEPS[type_] for type_ in _STEPS if isinstance(node, type_)), None)
        return step(self, node) if step else UNKNOWN

    def constant(self, node: nodes.Const) -> Kind:
        value = node.value
        if value is None:
            return EMPTY
        if isinstance(value, bool):
            return YES_NO
        return TEXT if isinstance(value, str) else NUMBER

    def path(self, node: nodes.Expr) -> Kind:
        names: list[str] = []
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            names.insert(0, node.attr if isinstance(node, nodes.Getattr) else str(cast(nodes.Const, node.arg).value))
            node = node.node
        if isinstance(node, nodes.Name):
            names.insert(0, node.name)
        kind = self._kinds.get(names[0])
        if kind is None:
            self.notes.unknown_field(names[0], self._places[names[0]], self._kinds)
            return UNKNOWN
        for end, name in enumerate(names[1:], 2):
            kind = self._part(kind, name, self._places[".".join(names[:end])], ".".join(names[: end - 1]))
        return kind

    def _part(self, kind: Kind, name: str, place: int, whole: str) -> Kind:
        if kind.sort != "record":
            if kind.sort in SURE:
                self.notes.no_part(kind, whole, name, place)
            return UNKNOWN
        if kind.parts is None:
            return kind.item or UNKNOWN
        if name not in kind.parts:
            self.notes.unknown(name, place, kind.parts)
        return kind.parts.get(name, UNKNOWN)

    def logic(self, node: nodes.And | nodes.Or) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        for kind, other, side in ((left, right, node.left), (right, left, node.right)):
            if other.sort == "yes/no" and kind.sort in SURE and kind.sort != "yes/no":
                self.notes.no_logic(kind, _start(side))
        return merged(left, right)

    def negation(self, node: nodes.Not) -> Kind:
        self.kind(node.node)
        return YES_NO

    def comparison(self, node: nodes.Compare) -> Kind:
        left, side = self.kind(node.expr), node.expr
        for operand in node.ops:
            right = self.kind(operand.expr)
            if operand.op in ("in", "notin"):
                self._membership(left, side, right, operand.expr)
            else:
                self._compared(operand.op, left, side, right, operand.expr)
            left, side = right, operand.expr
        return YES_NO

    def _compared(self, op: str, left: Kind, one: nodes.Expr, right: Kind, other: nodes.Expr) -> None:
        for kind, literal in ((left, other), (right, one)):
            if isinstance(literal, nodes.Const) and isinstance(literal.value, str):
                self._literal(kind, literal)
        if left.sort not in SURE or right.sort not in SURE or (left.sort in TEXTUAL and right.sort in TEXTUAL):
            return
        if left.sort != right.sort or (op not in ("eq", "ne") and left.sort != "number"):
            self.notes.no_comparison(left, right, _start(one if isinstance(one, nodes.Const) else other))

    def _membership(self, left: Kind, one: nodes.Expr, right: Kind, other: nodes.Expr) -> None:
        if isinstance(other, nodes.List | nodes.Tuple):
            for item in other.items:
                self._compared("eq", left, one, self.kind(item), item)
        elif right.sort == "list":
            if right.item is not None:
                self._compared("eq", left, one, right.item, other)
        elif right.sort in TEXTUAL:
            if left.sort in SURE and left.sort not in TEXTUAL:
                self.notes.no_member(left, right, _start(one))
        elif right.sort in SURE and right.sort != "record":
            self.notes.no_member(left, right, _start(other))

    def _literal(self, kind: Kind, literal: nodes.Const) -> None:
        """A text in quotes must be an option of the choice, or a date, that it is compared with."""
        value = str(literal.value)
        if kind.sort in ("date", "date-time") and not _DAY.fullmatch(value):
            self.notes.no_date(value, literal.lineno)
        if kind.sort == "text" and kind.options is not None and value not in kind.options:
            self.notes.unknown_option(value, kind.options, literal.lineno)

    def arithmetic(self, node: nodes.BinExpr) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        adding = isinstance(node, nodes.Add)
        if adding and left.sort in TEXTUAL and right.sort in TEXTUAL:
            return TEXT
        if "unknown" in (left.sort, right.sort):
            # one fault is not told twice
            return UNKNOWN
        for kind, side in ((left, node.left), (right, node.right)):
            if kind.sort in SURE and kind.sort != "number":
                self.notes.no_arithmetic(kind, left, right, _start(side))
                return UNKNOWN
        return NUMBER

    def sign(self, node: nodes.UnaryExpr) -> Kind:
        kind = self.kind(node.node)
        if kind.sort in SURE and kind.sort != "number":
            self.notes.no_arithmetic(kind, kind, kind, _start(node.node))
        return NUMBER

    def either(self, node: nodes.CondExpr) -> Kind:
        self.kind(node.test)
        return merged(self.kind(node.expr1), self.kind(node.expr2))

    def listed(self, node: nodes.List | nodes.Tuple) -> Kind:
        item: Kind | None = None
        for kind in map(self.kind, node.items):
            item = kind if item is None else merged(item, kind)
        return Kind("list", item=item) if item else LIST

    def function(self, node: nodes.Filter) -> Kind:
        subject = self.kind(node.node)
        arguments = [self.kind(argument) for argument in node.args]
        literals = [argument.value if isinstance(argument, nodes.Const) else None for argument in node.args]
        try:
            return FILTER_KINDS[node.name](node.name, subject, arguments, literals)
        except Misfit as misfit:
            at = node if misfit.argument is None else node.args[misfit.argument]
            self.notes.note(misfit.rule, misfit.message, misfit.remedy, at.lineno)
            return misfit.kind

    def asked(self, node: nodes.Test) -> Kind:
        self.kind(node.node)
        return YES_NO

    def text(self, node: nodes.Template) -> Kind:
        for part in node.body:
            self.kind(part)
        return TEXT

    def output(self, node: nodes.Output) -> Kind:
        for part in node.nodes:
            kind = self.kind(part)
            if kind.sort in ("list", "record"):
                self.notes.no_text(kind, _start(part))
        return TEXT

    def branch(self, node: nodes.If) -> Kind:
        self.kind(node.test)
        for part in (*node.body, *node.elif_, *node.else_):
            self.kind(part)
        return TEXT


def _start(node: nodes.Node) -> int:
    """Where what a node stands for begins: nodes know the place of their own sign, which stands behind their first part."""
    while (first := _first(node)) is not None:
        node = first
    return node.lineno or 0


def _first(node: nodes.Node) -> nodes.Node | None:
    if isinstance(node, nodes.UnaryExpr):
        return None
    inner = next((getattr(node, name) for name in ("node", "left", "expr1", "expr") if hasattr(node, name)), None)
    return inner if isinstance(inner, nodes.Node) and not isinstance(inner, nodes.ContextReference) else None


_STEPS: Mapping[type[nodes.Node], Callable[[_Walk, nodes.Node], Kind]] = cast(
    Mapping[type[nodes.Node], Callable[[_Walk, nodes.Node], Kind]],
    {
        nodes.Const: _Walk.constant,
        nodes.Name: _Walk.path,
        nodes.Getattr: _Walk.path,
        nodes.Getitem: _Walk.path,
        nodes.And: _Walk.logic,
        nodes.Or: _Walk.logic,
        nodes.Not: _Walk.negation,
        nodes.Compare: _Walk.comparison,
        nodes.BinExpr: _Walk.arithmetic,
        nodes.UnaryExpr: _Walk.sign,
        nodes.CondExpr: _Walk.either,
        nodes.List: _Walk.listed,
        nodes.Tuple: _Walk.listed,
        nodes.Filter: _Walk.function,
        nodes.Test: _Walk.asked,
        nodes.Template: _Walk.text,
        nodes.Output: _Walk.output,
        nodes.If: _Walk.branch,
    },
)
