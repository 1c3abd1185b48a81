"""What each event reads and fills in, for following the data along the ways that an issue can take.

A use is *safe* where the text around it allows for an empty field: ``default``, ``is filled and …``, ``{% if x is filled %}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from definitions.exploration.condition import path_of
from definitions.exploration.graph import Deed
from definitions.exploration.model import fills, guards_of, spelled
from definitions.expressions.expression import Expression, Template, tree_of
from definitions.model.action import Action
from definitions.model.definition import Definition
from definitions.model.option import StandingOption
from definitions.model.step import Consulted, Step, TimedStep, WaitingStep
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.register import registered
from definitions.model.steps.task import TaskStep
from definitions.model.tell import Telling
from definitions.problem import Path

Names = frozenset[str]
_NONE: Names = frozenset()
_FORGIVING = frozenset({"filled", "empty", "none", "defined"})


@dataclass(frozen=True, slots=True)
class Use:
    """A field is read at a place: as a value, or (``role``) as the holders of a role, or (``chased``) as those who chase promises."""

    name: str
    path: Path
    how: str = "value"
    role: str = ""


#: What an event does, in order: a use, or the names that have values from then on.
Effect = Use | Names


@lru_cache(maxsize=4096)
def unsafe(expression: Expression | Template) -> Names:
    """The names that an expression or text reads as if they were filled in."""
    return _unsafe(tree_of(expression), _NONE)


def _unsafe(node: nodes.Node | None, known: Names) -> Names:
    match node:
        case None:
            return _NONE
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            steps = path_of(node)
            return frozenset(steps[:1]) - known
        case nodes.And(left=left, right=right):
            return _unsafe(left, known) | _unsafe(right, known | assured(left, True))
        case nodes.Or(left=left, right=right):
            return _unsafe(left, known) | _unsafe(right, known | assured(left, False))
        case nodes.CondExpr(test=test, expr1=one, expr2=other):
            return (
                _unsafe(test, known)
                | _unsafe(one, known | assured(test, True))
                | _unsafe(other, known | assured(test, False))
            )
        case nodes.If(test=test, body=body, elif_=elif_, else_=else_):
            yes, no = known | assured(test, True), known | assured(test, False)
            found = _unsafe(test, known)
            for part in body:
                found |= _unsafe(part, yes)
            for part in (*elif_, *else_):
                found |= _unsafe(part, no)
            return found
        case nodes.Test(node=inner, name=name) if name in _FORGIVING and path_of(inner):
            return _NONE
        case nodes.Filter(name="default", node=inner) if path_of(inner):
            return _NONE
        case _:
            found = _NONE
            for child in node.iter_child_nodes():
                found |= _unsafe(child, known)
            return found


def assured(node: nodes.Node, truth: bool) -> Names:
    """The names that are surely filled in where a condition holds (or does not)."""
    match node:
        case nodes.Not(node=inner):
            return assured(inner, not truth)
        case nodes.And(left=left, right=right):
            one, other = assured(left, truth), assured(right, truth)
            return one | other if truth else one & other
        case nodes.Or(left=left, right=right):
            one, other = assured(left, truth), assured(right, truth)
            return one & other if truth else one | other
        case nodes.Test(node=inner, name="filled") if truth:
            return frozenset(path_of(inner)[:1])
        case nodes.Test(node=inner, name="empty" | "none") if not truth:
            return frozenset(path_of(inner)[:1])
        case nodes.Compare(expr=left, ops=[operand]) if truth and operand.op not in ("ne", "notin"):
            right = operand.expr
            if operand.op == "eq" and any(isinstance(n, nodes.Const) and n.value is None for n in (left, right)):
                return _NONE
            sides = (left,) if operand.op == "in" else (left, right)
            return frozenset(name for side in sides for name in path_of(side)[:1])
        case nodes.Name(name=name) if truth:
            return frozenset({name})
        case _:
            return _NONE


class Filling:
    """The effects of deeds in one definition; ``watched`` are the fields that somebody has to fill in on the way."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        later = {name for name in definition.data if name not in definition.entered}
        self.watched = frozenset(
            spelled(name) for name in later if name not in definition.computed and name not in definition.counted
        )
        self._computed = {
            spelled(name): unsafe(field.compute)
            for name, field in definition.computed.items()
            if field.compute is not None
        }
        self._effects: dict[Deed, tuple[Effect, ...]] = {}

    def of(self, deed: Deed) -> tuple[Effect, ...]:
        """What a deed reads and fills in."""
        if deed not in self._effects:
            self._effects[deed] = tuple(self._of(*deed))
        return self._effects[deed]

    def _of(self, kind: str, key: str, which: str | int) -> Iterator[Effect]:
        if kind == "option":
            yield from self._option(("options", str(which)), self.definition.options[str(which)])
        if not key:
            return
        step = self.definition.steps[key]
        path: Path = (self.definition.stage_of[key], key)
        match kind:
            case "enter":
                yield from self._entered(path, step)
            case "row" if isinstance(step, ChooseStep):
                yield from self._row(path, step, int(which))
            case "act" | "part" if isinstance(step, WaitingStep):
                yield from self._acted((*path, "actions", which), step.actions[str(which)], heard=kind == "act")
            case "way" if isinstance(step, TimedStep):
                yield from self._said(self._way(path, step, which))
            case "received" | "answered":
                yield _spelled(fills(step))
            case "reopened" if self.definition.reopen is not None:
                yield _spelled(self.definition.reopen.ask)
            case _:
                pass

    def _way(self, path: Path, step: TimedStep, which: str | int) -> tuple[Path, Any]:
        if isinstance(which, int):
            place = (*path, "overdue", which) if len(step.overdue) > 1 else (*path, "overdue")
            return place, step.overdue[which]
        return (*path, which), step.way(which)

    def _read(self, path: Path, value: Expression | Template | None, known: Names = _NONE) -> Iterator[Use]:
        if value is None:
            return
        names, open_ = set[str](), list(unsafe(value) - known)
        while open_:
            name = open_.pop()
            if name in names:
                continue
            names.add(name)
            open_ += self._computed.get(name, _NONE)
        yield from (Use(name, path) for name in sorted(names & self.watched))

    def _texts(self, path: Path, texts: Mapping[str, Template]) -> Iterator[Use]:
        for template in texts.values():
            yield from self._read(path, template)

    def _said(self, way: tuple[Path, Any]) -> Iterator[Use]:
        """The words with which people are told, wherever in a way or step."""
        path, part = way
        for at, telling in enumerate(part.tell):
            if isinstance(telling, Telling):
                place = (*path, "tell", at, "say") if len(part.tell) > 1 else (*path, "tell", "say")
                yield from self._texts(place, telling.say)

    def _assigned(self, path: Path, values: Mapping[str, Expression]) -> Iterator[Effect]:
        for name, expression in values.items():
            yield from self._read((*path, name), expression)
            yield frozenset({spelled(name)})

    def _consulted(self, path: Path, consults: Iterable[Consulted]) -> Iterator[Use]:
        for place, what, given in consults:
            if isinstance(what, str):
                yield from self._field((*path, *place), what)
            else:
                yield from self._read((*path, *place), what, _assured([given]) if given is not None else _NONE)

    def _holder(self, path: Path, role: str, how: str = "role") -> Iterator[Use]:
        spec = self.definition.roles.get(role)
        chosen = spec and (spec.people or spec.departments or (None if spec.otherwise else spec.chosen_by))
        name = (chosen or "").partition(".")[0]
        if name and spelled(name) in self.watched and not (spec and spec.fallback):
            yield Use(spelled(name), path, how, role)

    def _entered(self, path: Path, step: Step) -> Iterator[Effect]:
        yield _spelled(step.give)
        yield from self._said((path, step))
        if step.acting and not (isinstance(step, EachStep) and step.nobody):
            for role in step.acting if isinstance(step, TaskStep) else step.acting[:1]:
                yield from self._holder((*path, step.step_kind.key), role)
        yield from self._consulted(path, step.consults())
        yield from self._assigned((*path, step.step_kind.key), step.assigns)
        if isinstance(step, WaitingStep):
            for name, action in step.actions.items():
                yield from self._read((*path, "actions", name, "when"), action.when)

    def _field(self, path: Path, name: str) -> Iterator[Use]:
        if spelled(name) in self.watched:
            yield Use(spelled(name), path)

    def _row(self, path: Path, step: ChooseStep, taken: int) -> Iterator[Effect]:
        """The conditions asked up to the row that was taken; cells of a table allow for empty fields."""
        known = _NONE
        for index, row in enumerate(step.choose):
            place: Path = (*path, "choose", index)
            if step.hit_policy == "first" and index > taken:
                break
            yield from self._read((*place, "when"), row.when, known)
            if index != taken and step.hit_policy == "first" and len(guards_of(row)) == 1:
                known |= assured(_tree(guards_of(row)[0]), False)
        row = step.choose[taken]
        yield known | _assured(guards_of(row))
        yield from self._assigned((*path, "choose", taken, "set"), row.set)

    def _option(self, path: Path, option: StandingOption) -> Iterator[Effect]:
        yield from self._read((*path, "when"), option.when)
        if option.when is not None:
            yield _assured([option.when])
        yield _spelled((*option.ask, *option.edit))
        yield from self._assigned((*path, "set"), option.set)
        yield from self._said((path, option))

    def _acted(self, path: Path, action: Action, *, heard: bool) -> Iterator[Effect]:
        if action.when is not None:
            yield _assured([action.when])
        yield _spelled((*action.ask, *action.edit) if heard else action.edit)
        yield from self._assigned((*path, "set"), action.set)
        resource = self.definition.resources.get(action.book or "")
        for name in resource.fields if resource else ():
            yield from self._field((*path, "book"), name)
        yield _spelled(action.give)
        yield from self._said((path, action))
        if action.promise is not None and self.definition.promises is not None:
            yield from self._holder((*path, "promise"), self.definition.promises.chased_by, "chased")
        if action.register_ is not None:
            yield from self._consulted(path, registered(action.register_))


def _spelled(names: Iterable[str]) -> Names:
    return frozenset(map(spelled, names))


@lru_cache(maxsize=4096)
def _tree(guard: Expression) -> nodes.Node:
    return tree_of(guard)


def _assured(guards: Iterable[Expression]) -> Names:
    found = _NONE
    for guard in guards:
        found |= assured(_tree(guard), True)
    return found
