"""Steps: the nodes of a process.

A step's kind is told by the one key that names it, such as ``task`` or ``wait``. A new kind is a new class here, a rule in ``engine/rules/entry.py``
and a line in ``docs/semantics.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, PlainSerializer, Tag, WithJsonSchema
from pydantic import Field as Constrained

from definitions.model.action import BACK, Action, Mechanics, Registration, Rungs, Way
from definitions.model.allowance import Extension, Shelving
from definitions.model.completion import Completion, Until
from definitions.model.duration import Duration
from definitions.model.field import ShortField
from definitions.model.node import Guard, Key, Names, Node, Patterns, Reminders, Text
from definitions.model.retry import Retry
from definitions.model.tell import Tells, told_roles
from definitions.model.term import Terms, Within, parse_terms, plain_terms

Stage = Literal["intake", "assignment", "coordination", "closure"]
STAGES: tuple[Stage, ...] = ("intake", "assignment", "coordination", "closure")


class Step(Node):
    """What all kinds of steps have in common. ``limits stand``: the clocks of the stage and the issue stand while the issue is here."""

    title: Text | None = None
    help: Text | None = None
    tell: Tells = ()
    supervised_by: Key | None = Constrained(default=None, alias="supervised by")
    limits_stand: bool = Constrained(default=False, alias="limits stand")

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that are told when the step is entered."""
        return told_roles(self.tell)


class TimedStep(Step):
    """A step that waits for something, and has a deadline; ``overdue`` is what then happens, in one rung or several."""

    within: Within | None = None
    remind: Reminders = ()
    overdue: Rungs = ()


class WaitingStep(TimedStep):
    """A step that waits for people. ``other than``: who did one of these steps may not act here (four eyes)."""

    actions: Mapping[Key, Action]
    work: Mechanics | None = None
    other_than: Names = Constrained(default=(), alias="other than")
    extend: Extension | None = None
    shelve: Shelving | None = None


class TaskStep(WaitingStep):
    """One work item: whoever holds the role decides."""

    task: Key
    to: Key | None = None


WithinEach = Annotated[
    Mapping[str, Terms],
    BeforeValidator(
        lambda value: (
            {role: parse_terms(terms) for role, terms in value.items()} if isinstance(value, Mapping) else value
        )
    ),
    PlainSerializer(lambda many: {role: plain_terms(one) for role, one in many.items()}, return_type=dict[str, Any]),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "array"]}}),
]


class EachStep(WaitingStep):
    """One work item for each holder of the roles named; the first role leads, and its answers become the issue's data.

    ``until`` says when it is complete; where actions have a ``vote``, only those ``for`` count. ``rejected`` is the way when the quorum can
    no longer be reached. ``in order``: one after the other. ``within each`` gives a role a shorter deadline of its own.
    """

    each: Names
    until: Until = Completion("all")
    in_order: bool = Constrained(default=False, alias="in order")
    rejected: Way | None = None
    within_each: WithinEach = Constrained(default_factory=dict, alias="within each")
    to: Key


class AssignStep(Step):
    """Picks the holder of a role by its strategies, and goes on at once."""

    assign: Key
    to: Key


class Branch(Node):
    """One way out: taken when its guard holds (``when``), or all its cells do (``if``, a row of a decision table).

    A cell is a value, a list of values, a comparison (``"> 100"``) or a range (``10..20``), by field.
    """

    when: Guard | None = None
    if_: Mapping[Key, Any] = Constrained(default_factory=dict, alias="if")
    set: Mapping[Key, Guard] = Constrained(default_factory=dict)
    to: Key | None = None


class ChooseStep(Step):
    """Goes on at once by the branch that holds.

    ``hit policy`` (DMN): ``first`` in the order written; ``unique``: exactly one may hold; ``any``: several may hold and must say the same.
    """

    choose: tuple[Branch, ...] = Constrained(strict=False, min_length=1)
    hit_policy: Literal["first", "unique", "any"] = Constrained(default="first", alias="hit policy")
    to: Key | None = None


def _ways_in(value: Any) -> Any:
    return tuple({"to": one} if isinstance(one, str) else one for one in value) if isinstance(value, list) else value


class ParallelStep(Step):
    """Starts several branches at once. A branch ends when it comes to the step's ``to``; when enough have, the issue goes there."""

    parallel: Annotated[
        tuple[Branch, ...],
        BeforeValidator(_ways_in, json_schema_input_type=list[str | Branch]),
        Constrained(min_length=1),
    ]
    join: Until = Completion("all")
    to: Key


def _waited_for(text: str) -> str:
    if not text.startswith("until "):
        Duration.parse(text)
    return text


class WaitStep(TimedStep):
    """Waits for a time (``wait: 3 days``), for the day in a field (``wait: until hearing_day``) or for promises (``wait: until promises``)."""

    wait: Annotated[str, Constrained(max_length=80), AfterValidator(_waited_for)]
    to: Key

    @property
    def until(self) -> str | None:
        """The field, or ``promises``, whose moment is waited for."""
        return self.wait.removeprefix("until ").strip() if self.wait.startswith("until ") else None

    @property
    def length(self) -> Duration | None:
        """How long is waited, unless a field says it."""
        return None if self.until else Duration.parse(self.wait)


class ReceiveStep(TimedStep):
    """Waits for a message of this name from outside; its values are checked against ``ask``."""

    receive: Key
    ask: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    to: Key


class CallStep(TimedStep):
    """Opens an issue of another definition, waits for its end, and takes values from it. ``with``: the child's fields, by expression."""

    call: Key
    with_: Mapping[Key, Guard] = Constrained(default_factory=dict, alias="with")
    save: Mapping[Key, Key] = Constrained(default_factory=dict)
    retry: Retry | None = None
    to: Key


class StartStep(Step):
    """Opens an issue of another definition and goes on; the two are linked."""

    start: Key
    with_: Mapping[Key, Guard] = Constrained(default_factory=dict, alias="with")
    retry: Retry | None = None
    to: Key


class LinkStep(Step):
    """Links the issue that a field names."""

    link: Key
    kind: Key = Constrained(default="related", alias="as")
    to: Key


class SetStep(Step):
    """Gives fields values, by expression."""

    set: Mapping[Key, Guard] = Constrained(min_length=1)
    to: Key


class RegisterStep(Step):
    """Makes an entry in the yearly file of those who hold a role."""

    register_: Registration = Constrained(alias="register")
    retry: Retry | None = None
    to: Key


class Publication(Node):
    """What becomes public: a reviewed copy, never the original. ``when`` is the consent that it needs."""

    title: Patterns
    text: Patterns
    kind: Key = "case"
    when: Guard | None = None


class PublishStep(Step):
    """Publishes a text on the public page."""

    publish: Publication
    retry: Retry | None = None
    to: Key


class Call(Node):
    """A call over HTTP: ``to`` is a connection that the house's settings name, never an address in a definition."""

    to: Key
    path: Patterns | None = None
    send: Mapping[Key, Guard] = Constrained(default_factory=dict)
    save: Mapping[Key, str] = Constrained(default_factory=dict)


class RequestStep(TimedStep):
    """Calls another system over HTTP, waits for its answer, and takes values from it. ``failed``: the way when it cannot be reached."""

    request: Call
    retry: Retry | None = None
    failed: Way | None = None
    to: Key


class From(Node):
    """The resolution is the value of a field."""

    from_: Key = Constrained(alias="from")


class CloseStep(Step):
    """Ends the issue; the resolution is the one named here, the value of a field (``{from: …}``), or (``true``) the one that the way here named.

    ``into`` names a field with the issue that this one is merged into: those who follow this one follow that one from now on.
    """

    close: Key | Literal[True] | From
    into: Key | None = None


_KINDS: dict[str, str] = {
    "task": "task step",
    "each": "each step",
    "assign": "assign step",
    "choose": "choose step",
    "parallel": "parallel step",
    "wait": "wait step",
    "receive": "receive step",
    "call": "call step",
    "start": "start step",
    "link": "link step",
    "publish": "publish step",
    "request": "request step",
    "register": "register step",
    "close": "close step",
    "set": "set step",
}


def _kind(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return next((tag for key, tag in _KINDS.items() if key in value), None)
    name = type(value).__name__
    return f"{name.removesuffix('Step').lower()} step" if name.endswith("Step") else None


AnyStep = Annotated[
    Annotated[TaskStep, Tag("task step")]
    | Annotated[EachStep, Tag("each step")]
    | Annotated[AssignStep, Tag("assign step")]
    | Annotated[ChooseStep, Tag("choose step")]
    | Annotated[ParallelStep, Tag("parallel step")]
    | Annotated[WaitStep, Tag("wait step")]
    | Annotated[ReceiveStep, Tag("receive step")]
    | Annotated[CallStep, Tag("call step")]
    | Annotated[StartStep, Tag("start step")]
    | Annotated[LinkStep, Tag("link step")]
    | Annotated[PublishStep, Tag("publish step")]
    | Annotated[RequestStep, Tag("request step")]
    | Annotated[RegisterStep, Tag("register step")]
    | Annotated[CloseStep, Tag("close step")]
    | Annotated[SetStep, Tag("set step")],
    Discriminator(
        _kind,
        custom_error_type="step_kind",
        custom_error_message="A step needs one of: " + ", ".join(_KINDS),
    ),
]

#: The tags that Pydantic adds to the place of an error, and that no file holds.
TAGS = frozenset(_KINDS.values())
#: The keys of which a step has exactly one.
KINDS = tuple(_KINDS)


def ways(step: AnyStep) -> Iterator[Way]:
    """All ways out of a step that are written as such: of its actions, its deadline, its rejection or failure."""
    if isinstance(step, WaitingStep):
        yield from step.actions.values()
    if isinstance(step, TimedStep):
        yield from step.overdue
    if isinstance(step, EachStep) and step.rejected:
        yield step.rejected
    if isinstance(step, RequestStep) and step.failed:
        yield step.failed


def targets(step: AnyStep) -> tuple[str, ...]:
    """The keys of all steps that this one can lead to directly, in the order written, without repeats and without ``back``."""
    found: list[str | None] = []
    if isinstance(step, ChooseStep):
        found += [branch.to for branch in step.choose]
    if isinstance(step, ParallelStep):
        found += [branch.to for branch in step.parallel]
    for way in ways(step):
        found += [way.to, way.then]
    if not isinstance(step, CloseStep):
        found.append(step.to)
    return tuple(dict.fromkeys(key for key in found if key and key != BACK))
