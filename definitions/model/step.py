"""Steps: the nodes of a process. What all kinds have in common, and what everybody else may ask of a kind.

A step's kind is told by the one key that names it, such as ``task`` or ``wait``. Each kind is a file in ``definitions/model/steps`` and a line in
``definitions/model/step_kind.py``; checks, charts and pages ask it, and do not look which one it is. What the kernel does when an issue comes to
it is a line in ``engine/rules/entry.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol

from pydantic import Field as Constrained

from definitions.expressions.expression import Expression, Template
from definitions.model.action import BACK, Action, Mechanics, Rungs, Way
from definitions.model.allowance import Extension, Shelving
from definitions.model.clock import Alarms
from definitions.model.duration import Duration
from definitions.model.field import Field
from definitions.model.node import Guard, Key, Names, Node, Reminders, Text
from definitions.model.number import Numberings
from definitions.model.question import Questions
from definitions.model.tell import Tells, told_roles
from definitions.model.term import Terms, Within
from definitions.problem import Path, Problem
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition

Stage = Literal["intake", "assignment", "coordination", "closure"]
STAGES: tuple[Stage, ...] = ("intake", "assignment", "coordination", "closure")
#: How a step is drawn, and which element of BPMN it is.
Shape = Literal[
    "task", "each", "decision", "fork", "wait", "receive", "call", "request", "script", "send", "end"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step, as people meet it: ``title`` in the reference, ``meaning`` of its ``key`` there, ``value`` (what stands behind the key) where
    versions are compared, and its ``shape``. ``over`` is said of the way on when what was waited for is there; ``heard``: whoever is concerned
    hears of an issue that comes here, whatever the step says.
    """

    key: str
    title: Said
    meaning: Said
    value: Said
    shape: Shape
    over: Said | None = None
    heard: bool = False


class Named(NamedTuple):
    """Names that a step uses, and where: of steps, roles, resolutions, or fields (of one of these types)."""

    what: Literal["step", "role", "resolution", "field"]
    path: Path
    names: Iterable[str | None]
    types: tuple[str, ...] = ()


class Consulted(NamedTuple):
    """What is read when an issue comes to a step: an expression, a text, or (a name) a field; only if ``given`` holds."""

    path: Path
    what: Expression | Template | str | None
    given: Expression | None = None


class Rest(NamedTuple):
    """That an issue waits at a step: surely, or if somebody holds one of the roles, if a field names a day, or if promises are open."""

    holders: Names = ()
    day: str | None = None
    promises: bool = False


class WaitEnd(NamedTuple):
    """How a wait ends when all goes well, unless people act: what happens then, the form that it fills in, and the fields that it brings."""

    deed: Literal["received", "answered", "time"]
    asks: Mapping[str, Field] = {}
    brings: Iterable[str] = ()


class Naming(Protocol):
    """Says things in the words of one definition, for readers of one language."""

    @property
    def language(self) -> str:
        """The language."""

    def say(self, said: Said, *names: object) -> str:
        """Words of the house, with names put in."""

    def roles(self, keys: Iterable[str]) -> str:
        """The titles of roles."""

    def fields(self, names: Iterable[str]) -> str:
        """The titles of fields."""


class Branch(Node):
    """One way out: taken when its guard holds (``when``), or all its cells do (``if``, a row of a decision table).

    A cell is a value, a list of values, a comparison (``"> 100"``) or a range (``10..20``), by field.
    """

    when: Guard | None = None
    if_: Mapping[Key, Any] = Constrained(default_factory=dict, alias="if")
    set: Mapping[Key, Guard] = Constrained(default_factory=dict)
    to: Key | None = None
    resolution: Key | None = Constrained(default=None, alias="as")


class Step(Node):
    """What all kinds of steps have in common. ``limits stand``: the clocks of the stage and the issue stand while the issue is here.

    ``give``: numbers that the issue gets when it comes here; ``release``: a resource that is free from then on.
    """

    step_kind: ClassVar[StepKind]
    #: Whether an issue can be here, and not only pass through.
    rests: ClassVar[bool] = False

    title: Text | None = None
    help: Text | None = None
    tell: Tells = ()
    supervised_by: Key | None = Constrained(default=None, alias="supervised by")
    limits_stand: bool = Constrained(default=False, alias="limits stand")
    give: Numberings = Constrained(default_factory=dict)
    release: Key | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that are told when the step is entered."""
        return told_roles(self.tell)

    # -- where it leads

    @property
    def onward(self) -> str | None:
        """The step to which it leads by itself."""
        return getattr(self, "to", None)

    @property
    def ended(self) -> str | None:
        """The resolution that it names for its own way on."""
        return getattr(self, "resolution", None)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Its branches, or rows."""
        return ()

    @property
    def row_of(self) -> str | None:
        """The table for each of whose rows there is a task here; what is asked is answered in the row."""
        return None

    def lead(self, branch: Branch) -> str | None:
        """Where one of its branches leads."""
        return branch.to

    def ways(self) -> Iterator[tuple[str, Way]]:
        """All ways out that are written as such, by the names under which the kernel counts them."""
        return iter(())

    def way(self, name: str) -> Way:
        """The way out of this name."""
        return next(way for key, way in self.ways() if key == name)

    def targets(self) -> tuple[str, ...]:
        """The keys of all steps that this one can lead to directly, in the order written, without repeats and without ``back``."""
        found = [branch.to for branch in self.branches]
        for _, way in self.ways():
            found += [way.to, way.then]
        found.append(self.onward)
        return tuple(dict.fromkeys(key for key in found if key and key != BACK))

    # -- who acts, and what is done with the data

    @property
    def acting(self) -> tuple[str, ...]:
        """The roles of those who act here."""
        return ()

    @property
    def assigns(self) -> Mapping[str, Expression]:
        """The fields to which it gives values when an issue comes here, by expression."""
        return {}

    def sets(self) -> Iterator[Mapping[str, Expression]]:
        """All that gives fields values by expression."""
        yield self.assigns
        yield from (branch.set for branch in self.branches)

    def given(self) -> Iterator[tuple[Path, Numberings]]:
        """All that gives numbers here, with its place."""
        yield ("give",), self.give

    def asks(self) -> Iterator[tuple[str, str, Field]]:
        """Every field that is asked for here, as (action, name, field)."""
        return iter(())

    # -- what the checks have to know

    def named(self, definition: Definition) -> Iterator[Named]:
        """The names that only steps of this kind use."""
        return iter(())

    def faults(self, definition: Definition, path: Path) -> Iterator[Problem]:
        """What is wrong with it as a step of this kind, besides names."""
        return iter(())

    def consults(self) -> Iterator[Consulted]:
        """What is read when an issue comes here."""
        return iter(())

    def rest(self) -> Rest | None:
        """When an issue waits here; ``None`` if it goes on at once."""
        return Rest() if self.rests else None

    def ending(self) -> WaitEnd | None:
        """What ends the wait from outside; ``None`` if people act, or nothing is waited for."""
        return None

    # -- what people read

    def does(self, names: Naming) -> str:
        """What the step does, or waits for, in a few words; nothing where people act or the ways out say it."""
        return ""


class OnwardStep(Step):
    """A step with a way of its own that leads on; ``as``: the resolution, if the end to which it leads asks for one."""

    resolution: Key | None = Constrained(default=None, alias="as")

    def outcome(self, branch: Branch) -> str | None:
        """The resolution that is named where one of its branches leads: the branch's own, else the step's if the way is the step's."""
        return branch.resolution or (self.resolution if branch.to is None else None)


class TimedStep(OnwardStep):
    """A step that waits for something, and has a deadline; ``overdue`` is what then happens, in one rung or several.

    ``clock: continues``: when an issue comes back, the deadline goes on where it stood when the issue left, instead of anew;
    so does each deadline within each.
    """

    rests: ClassVar[bool] = True

    within: Within | None = None
    remind: Reminders = ()
    overdue: Rungs = ()
    clock: Literal["anew", "continues"] = "anew"

    @cached_property
    def alarms(self) -> Alarms:
        """What rings with its deadline."""
        return Alarms(self.remind, (rung.after for rung in self.overdue))

    @property
    def length(self) -> Duration | None:
        """How long it waits, if that is all that it waits for; a deadline means nothing then."""
        return None

    @property
    def terms_of_its_items(self) -> tuple[Terms, ...]:
        """The terms of those of its items that have deadlines of their own."""
        return ()

    @property
    def ends_at_the_deadline(self) -> bool:
        """Whether the deadline itself decides what then happens, so that ``overdue`` has nothing to say."""
        return False

    @property
    def waits_for_time(self) -> bool:
        """Whether its deadline is the end of the wait."""
        return False

    def ways(self) -> Iterator[tuple[str, Way]]:
        """The rungs."""
        yield from (("overdue", rung) for rung in self.overdue)


class WaitingStep(TimedStep):
    """A step that waits for people. ``other than`` names who may not act here, however they came to the task (回避).

    It names steps (whoever acted there), ``reporter``, roles (whoever holds them), and fields with people or departments; ``nobody`` lifts what
    the definition and the role say besides.
    """

    actions: Mapping[Key, Action]
    work: Mechanics | None = None
    questions: Questions | None = None
    other_than: Names = Constrained(default=(), alias="other than")
    extend: Extension | None = None
    shelve: Shelving | None = None

    def offered(self, role: str) -> Mapping[str, Action]:
        """What a role can do; somebody whose role is none of the step's can do what is nobody's in particular."""
        return {key: action for key, action in self.actions.items() if not action.by or role in action.by}

    def offers(self, key: str, role: str) -> Action | None:
        """The action of this key, if a role can take it."""
        action = self.actions.get(key)
        return action if action is None or not action.by or role in action.by else None

    def ways(self) -> Iterator[tuple[str, Way]]:
        """The actions, and the rungs."""
        yield from self.actions.items()
        yield from super().ways()

    def sets(self) -> Iterator[Mapping[str, Expression]]:
        """What the actions set."""
        yield from (action.set for action in self.actions.values())

    def given(self) -> Iterator[tuple[Path, Numberings]]:
        """What is given on the way here, and by the actions."""
        yield from super().given()
        yield from ((("actions", key, "give"), action.give) for key, action in self.actions.items())

    def asks(self) -> Iterator[tuple[str, str, Field]]:
        """What the actions ask for."""
        for action, spec in self.actions.items():
            yield from ((action, name, field) for name, field in spec.ask.items())

    def named(self, definition: Definition) -> Iterator[Named]:
        """Whoever acts."""
        yield Named("role", (self.step_kind.key,), self.acting)


class OutsideStep(TimedStep):
    """A step that has something done elsewhere, and waits for what becomes of it."""

    @property
    def saves(self) -> Mapping[str, str]:
        """The fields that take over what it brings, each with the place from which."""
        return {}

    @property
    def failure(self) -> Way | None:
        """The definition's own way for when it fails."""
        return None

    def ending(self) -> WaitEnd:
        """It comes to its end, and brings something."""
        return WaitEnd("answered", brings=self.saves)
