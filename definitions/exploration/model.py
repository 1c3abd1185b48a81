"""What a definition says, made ready for exploring it: its guards as conditions over cells, what each step reads and fills in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from jinja2 import nodes

from definitions.exploration.certainty import Certainty
from definitions.exploration.condition import Condition, condition
from definitions.exploration.domain import Variable, question, term, variable
from definitions.expressions.expression import Expression, ExpressionError
from definitions.model.action import BACK
from definitions.model.cell import CellError, branch_guards
from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.role import REPORTER, Role
from definitions.model.step import Branch, Rest, Step, TimedStep, WaitingStep
from definitions.model.term import field_of

#: More combinations of cells than this are not told apart in one decision.
_MOST_COMBINATIONS = 4_096
#: A set of values by variable: a bit mask of cells for each.
Env = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Some variables (by index), each with a mask of cells."""

    masks: tuple[tuple[int, int], ...]

    def within(self, env: Env) -> Env:
        """The environment, narrowed to the box."""
        found = list(env)
        for index, mask in self.masks:
            found[index] &= mask
        return tuple(found)


class Model:
    """A definition's variables, guards and assignments."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.fields: Mapping[str, Field] = {name.replace("-", "_"): field for name, field in definition.data.items()}
        self.guards: dict[Expression, Condition] = {}
        for guard in self._guards():
            self.guards.setdefault(guard, condition(guard, self.fields))
        self.variables = tuple(self._variables())
        self.index = {one.name: index for index, one in enumerate(self.variables)}
        self.full: Env = tuple(one.all for one in self.variables)
        #: The variables (a mask) about which guards have asked since somebody last set it to none.
        self.asked = 0
        self._assumed: Mapping[int, int] = {}
        self._decided: dict[tuple[tuple[Expression, ...], Env], Mapping[tuple[bool, ...], tuple[Box, ...]] | None] = {}

    def assuming(self, assumed: Mapping[int, int]) -> Model:
        """The same, where of some variables (by index) only these cells are the case."""
        other = copy(self)
        other._assumed, other._decided = assumed, {}
        return other

    def _guards(self) -> Iterator[Expression]:
        for step in self.definition.steps.values():
            yield from guards_at(step)
        yield from (option.when for option in self.definition.options.values() if option.when is not None)

    def _variables(self) -> Iterator[Variable]:
        against: dict[str, set[Any]] = {}
        for one in self.guards.values():
            for name, compared in one.reads.items():
                against.setdefault(name, set()).update(compared)
        for name in self._asked_whether_filled():
            against.setdefault(name, set())
        for name, value in self._set_to():
            if name in against:
                against[name].add(value)
        for name, field in self._asked():
            if name in against:
                against[name].update(end for end in (field.at_least, field.at_most) if end is not None)
        certainty, terms = Certainty(self.definition), self._terms()
        for name, literals in sorted(against.items()):
            if name in terms:
                yield term(name, literals, sure=certainty.value(terms[name]))
                continue
            known = self.fields.get(name)
            computed = known is not None and known.derived
            yield variable(name, known, literals, sure=computed and certainty.field(name))
        for atom in sorted({atom for one in self.guards.values() for atom in one.atoms}):
            yield question(atom)

    def _terms(self) -> Mapping[str, nodes.Node]:
        return {name: node for one in self.guards.values() for name, node in one.terms.items()}

    def _asked_whether_filled(self) -> Iterator[str]:
        """Fields of which the kernel asks whether they are filled in: those who sign, the day that is waited for or that a deadline needs."""
        for key, step in self.definition.steps.items():
            yield from map(spelled, days_at(self.definition, key))
            rest = step.rest() or Rest()
            yield from (spelled(name) for role in rest.holders if (name := self.named(role)) is not None)
            name = spelled(rest.day or "")
            if (field := self.fields.get(name)) is not None and not field.derived:
                yield name

    def named(self, role: str) -> str | None:
        """The field that names the holders of a role outright."""
        spec = self.definition.roles.get(role)
        name = ((spec.people or spec.departments) or "").partition(".")[0] if spec else ""
        return name if name and name in self.definition.data else None

    def _asked(self) -> Iterator[tuple[str, Field]]:
        for _, _, name, field in self.definition.asks():
            yield spelled(name), field
        beside = (self.definition.reopen, *self.definition.options.values())
        yield from ((spelled(name), field) for one in beside if one for name, field in one.ask.items())

    def _set_to(self) -> Iterator[tuple[str, Any]]:
        for values in self._sets():
            for name, expression in values.items():
                found, value = constant(expression)
                if found:
                    yield spelled(name), value

    def _sets(self) -> Iterator[Mapping[str, Expression]]:
        for step in self.definition.steps.values():
            yield from step.sets()
        yield from (option.set for option in self.definition.options.values())

    # -- values

    @cached_property
    def opening(self) -> Env:
        """What the form leaves when an issue is opened; what it does not ask for is empty."""
        entered = {spelled(name): field for name, field in self.definition.entered.items()}
        return tuple(
            self._filled(index, entered[one.name], needed=False)
            if one.name in entered
            else (one.all if not one.kept else 1 << one.cells.index(next(c for c in one.cells if c.value is None)))
            for index, one in enumerate(self.variables)
        )

    def _filled(self, index: int, field: Field, *, needed: bool, before: int = 0) -> int:
        one = self.variables[index]
        whole = needed if field.required is None else field.required is True
        found = one.mask(needed=whole and field.when is None, field=field)
        return found if field.when is None else found | one.empty | before

    def fill(self, env: Env, asked: Mapping[str, Field]) -> Env:
        """After a form was filled in."""
        found = list(env)
        for name, field in asked.items():
            index = self.index.get(spelled(name))
            if index is not None:
                found[index] = self._filled(index, field, needed=True, before=found[index])
        return tuple(found)

    def edit(self, env: Env, names: Iterable[str]) -> Env:
        """After fields of the issue were changed: each may be empty if it could be when the issue was opened."""
        found = list(env)
        for name in names:
            index, field = self.index.get(spelled(name)), self.definition.fields.get(name)
            if index is not None and field is not None:
                found[index] = self._filled(index, field, needed=False, before=found[index])
        return tuple(found)

    def assign(self, env: Env, values: Mapping[str, Expression]) -> Env:
        """After fields were given values by expression: a constant, or whatever comes out."""
        found = list(env)
        for name, expression in values.items():
            index = self.index.get(spelled(name))
            if index is not None:
                known, value = constant(expression)
                found[index] = self.variables[index].of(value) if known else self._copied(found, expression, index)
        return tuple(found)

    def _copied(self, env: Sequence[int], expression: Expression, index: int) -> int:
        """The value of another expression: nothing is known of it."""
        return self.variables[index].all

    def given(self, env: Env, names: Iterable[str]) -> Env:
        """After fields were filled in with something of which no more is known, such as a number."""
        found = list(env)
        for name in names:
            index = self.index.get(spelled(name))
            if index is not None:
                found[index] = self.variables[index].all & ~self.variables[index].empty
        return tuple(found)

    def anything(self, env: Env, names: Iterable[str]) -> Env:
        """After fields were given values from elsewhere, which may be none."""
        found = list(env)
        for name in names:
            index = self.index.get(spelled(name))
            if index is not None:
                found[index] = self.variables[index].all
        return tuple(found)

    def may_be_empty(self, env: Env, name: str) -> bool:
        """Whether a field may not be filled in."""
        index = self.index.get(spelled(name))
        return index is None or bool(env[index] & self.variables[index].empty)

    def may_be_filled(self, env: Env, name: str) -> bool:
        """Whether a field may be filled in."""
        index = self.index.get(spelled(name))
        return index is None or bool(env[index] & ~self.variables[index].empty)

    # -- deciding

    def decide(self, guards: Sequence[Expression], env: Env) -> Mapping[tuple[bool, ...], tuple[Box, ...]] | None:
        """Which guards hold together, and for which values of the kept variables; ``None`` if there are too many cases.

        A question left open, or a count, appears in no box: all its answers are taken.
        """
        read = self._read(guards)
        if not read:
            conditions = [self.guards[guard] for guard in guards]
            return {tuple(one.holds({}) for one in conditions): (Box(()),)}
        for index in read:
            self.asked |= 1 << index
        key = (tuple(guards), tuple(env[index] for index in read))
        if key not in self._decided:
            self._decided[key] = self._cases(guards, read, env)
        return self._decided[key]

    def _read(self, guards: Sequence[Expression]) -> tuple[int, ...]:
        names = {name for guard in guards for name in (*self.guards[guard].reads, *self.guards[guard].atoms)}
        return tuple(sorted(self.index[name] for name in names))

    def _cases(
        self, guards: Sequence[Expression], read: tuple[int, ...], env: Env
    ) -> Mapping[tuple[bool, ...], tuple[Box, ...]] | None:
        choices = [self.variables[index].indices(env[index] & self._assumed.get(index, -1)) for index in read]
        size = 1
        for choice in choices:
            size *= len(choice)
        if size > _MOST_COMBINATIONS:
            return None
        conditions = [self.guards[guard] for guard in guards]
        found: dict[tuple[bool, ...], set[tuple[int, ...]]] = {}
        for cells in product(*choices):
            values = {
                self.variables[index].name: self.variables[index].cells[cell].value
                for index, cell in zip(read, cells, strict=True)
            }
            held = tuple(one.holds(values) for one in conditions)
            kept = tuple(cell for index, cell in zip(read, cells, strict=True) if self.variables[index].kept)
            found.setdefault(held, set()).add(kept)
        kept_ = tuple(index for index in read if self.variables[index].kept)
        return {held: tuple(_boxes(kept_, cells)) for held, cells in found.items()}

    def reads_of(self, guards: Iterable[Expression]) -> int:
        """The kept variables that guards read."""
        names = {name for guard in guards for name in self.guards[guard].reads}
        return sum(1 << index for index, one in enumerate(self.variables) if one.kept and one.name in names)

    def undecided(self, guards: Sequence[Expression]) -> bool:
        """Whether anything in these guards is left open."""
        return any(not self.variables[index].kept for index in self._read(guards))


def _boxes(variables: tuple[int, ...], cells: set[tuple[int, ...]]) -> Iterator[Box]:
    """Few boxes that hold exactly these combinations."""
    if not variables:
        yield Box(())
        return
    first, rest = variables[0], variables[1:]
    tails: dict[int, set[tuple[int, ...]]] = {}
    for combination in cells:
        tails.setdefault(combination[0], set()).add(combination[1:])
    alike: dict[frozenset[tuple[int, ...]], int] = {}
    for cell, tail in tails.items():
        alike[frozenset(tail)] = alike.get(frozenset(tail), 0) | 1 << cell
    for shared, mask in alike.items():
        for box in _boxes(rest, set(shared)):
            yield Box(((first, mask), *box.masks))


def spelled(name: str) -> str:
    """A field's name as expressions write it."""
    return name.replace("-", "_")


def constant(expression: Expression) -> tuple[bool, Any]:
    """Whether an expression reads no name, and its value."""
    if expression.names:
        return False, None
    try:
        return True, expression.evaluate({})
    except ExpressionError:
        return True, None


def days_at(definition: Definition, key: str) -> Iterator[str]:
    """The fields that are filled in by people and whose day a deadline needs that begins at a step, or in its stage."""
    step, limit = definition.steps[key], definition.limits.get(definition.stage_of[key])
    several = [limit.within] if limit is not None else []
    if isinstance(step, TimedStep):
        several += [*((step.within,) if step.within else ()), *step.terms_of_its_items]
    for terms in several:
        for choice in terms:
            name = field_of(choice.is_)
            field = definition.data.get(name or "")
            if name is not None and field is not None and field.compute is None:
                yield name


def guards_at(step: Step) -> Iterator[Expression]:
    """The guards of a step's branches and actions."""
    for branch in step.branches:
        yield from guards_of(branch)
    if isinstance(step, WaitingStep):
        yield from (action.when for action in step.actions.values() if action.when is not None)


def guards_of(branch: Branch) -> tuple[Expression, ...]:
    """The guards of a branch; none where a cell is no condition (another check says so)."""
    try:
        return branch_guards(branch)
    except (CellError, ExpressionError):
        return ()


def single(definition: Definition, role: str) -> bool:
    """Whether at most one party holds a role at a time."""
    spec: Role | None = definition.roles.get(role)
    if spec is None:
        return role == REPORTER
    if spec.pick or spec.who_did:
        return True
    if spec.chosen_by:
        return all(single(definition, one) for one in (*spec.among.values(), spec.otherwise or REPORTER))
    field = definition.data.get(spec.people or spec.departments or "")
    return field is not None and field.type in ("person", "department")


def fills(step: Step) -> frozenset[str]:
    """The fields that leaving a step by what it waited for gives values."""
    ending = step.ending()
    return frozenset((*ending.asks, *ending.brings)) if ending is not None else frozenset()


class Life:
    """Which variables can still be read from a step on, so that the others can be forgotten there."""

    def __init__(self, model: Model) -> None:
        self._model = model
        definition = model.definition
        self.of: dict[str, int] = dict.fromkeys(definition.steps, 0)
        reads = {key: self._reads(key, step) for key, step in definition.steps.items()}
        backs = [key for key, step in definition.steps.items() if any(way.to == BACK for _, way in step.ways())]
        waiting = [key for key, step in definition.steps.items() if isinstance(step, WaitingStep)]
        onward = {
            key: list(step.targets()) + (waiting if key in backs else []) for key, step in definition.steps.items()
        }
        standing = model.reads_of(option.when for option in definition.options.values() if option.when is not None)
        beside = [option.to for option in definition.options.values() if option.to]
        beside += [definition.withdraw.to] if definition.withdraw and definition.withdraw.to else []
        for key, step in definition.steps.items():
            if step.rests:
                reads[key] |= standing
                onward[key] += beside
        if definition.reopen is not None:
            for key, step in definition.steps.items():
                if not step.targets():
                    onward[key] = [definition.reopen.to]
        changed = True
        while changed:
            changed = False
            for key in reversed(list(definition.steps)):
                found = reads[key]
                for target in onward[key]:
                    found |= self.of.get(target, 0)
                if found != self.of[key]:
                    self.of[key], changed = found, True

    def _reads(self, key: str, step: Step) -> int:
        """The kept variables that a step reads itself."""
        model, rest = self._model, step.rest() or Rest()
        names = {name for guard in guards_at(step) for name in model.guards[guard].reads}
        names |= {spelled(name) for role in rest.holders if (name := model.named(role)) is not None}
        names.add(spelled(rest.day or ""))
        names |= {spelled(name) for name in days_at(model.definition, key)}
        return sum(1 << index for index, one in enumerate(model.variables) if one.kept and one.name in names)
