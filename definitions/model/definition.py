"""The definition of a process: what the administrator writes, parsed once into a frozen object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic import Field as Constrained

from definitions.expressions.expression import Expression, Template
from definitions.model.action import Mechanics
from definitions.model.cell import branch_guards
from definitions.model.duration import Duration
from definitions.model.field import Field, ShortField
from definitions.model.keep import Keep
from definitions.model.limit import Limit
from definitions.model.message_rule import MessageRule, ToldOf
from definitions.model.node import Guard, Key, Length, Names, Node, Pattern, Reminders, Text
from definitions.model.open311 import Open311
from definitions.model.option import StandingOption
from definitions.model.order import bind
from definitions.model.question import Questions
from definitions.model.resource import Resource
from definitions.model.retry import Retry
from definitions.model.role import REPORTER, Role
from definitions.model.step import STAGES, Branch, Stage, WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.model.tally import Matter, Tallying
from definitions.model.tell import Tells, told_roles
from definitions.model.term import Terms

Steps = Mapping[Key, AnyStep]


def _expressions(part: Any) -> Iterator[Expression | Template]:
    """The expressions in a node, a mapping or a sequence, to any depth; cells of decision tables too."""
    if isinstance(part, Expression | Template):
        yield part
    elif isinstance(part, Branch):
        yield from branch_guards(part)
        yield from part.set.values()
    elif isinstance(part, Node):
        for name in type(part).model_fields:
            yield from _expressions(getattr(part, name))
    elif isinstance(part, Mapping):
        for one in part.values():
            yield from _expressions(one)
    elif isinstance(part, tuple | Terms):
        for one in part:
            yield from _expressions(one)


#: How an issue can end in every process, whatever else its definition names.
COMMON_RESOLUTIONS: Mapping[str, Text] = {
    "withdrawn": {"zh": "反映人撤回", "en": "Withdrawn"},
    "merged": {"zh": "并案办理", "en": "Merged into another"},
    "cancelled": {"zh": "终止办理", "en": "Cancelled"},
}


#: What an end counts as whose class nobody names.
OTHER = "other"


class Resolution(Node):
    """How an issue can end; ``class`` groups resolutions for figures, such as ``solved``."""

    title: Text
    class_: Key | None = Constrained(default=None, alias="class")


def _resolution(value: Any) -> Any:
    """A text stands for ``{title: …}``."""
    if isinstance(value, str):
        return {"title": value}
    spoken = isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())
    return {"title": value} if spoken and not {"title", "class"} & set(value) else value


ShortResolution = Annotated[Resolution, BeforeValidator(_resolution, json_schema_input_type=Text | Resolution)]


class Withdrawal(Node):
    """The reporter may take the issue back ``until`` it comes to a step or stage, and while the guard holds.

    It ends by that, unless ``to`` names the step at which it goes on.
    """

    until: Key = "coordination"
    when: Guard | None = None
    to: Key | None = None
    tell: Tells = ()

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that are told besides whoever has a task."""
        return told_roles(self.tell)


class Urging(Node):
    """Who may urge (催办) those who have the task, and how often each of them."""

    by: Names = (REPORTER,)
    every: Length = Duration(1, "days")


class Reopening(Node):
    """Who may reopen a closed issue, for how long, and at which step it goes on."""

    by: Names = (REPORTER,)
    within: Length
    to: Key
    at_most: int = Constrained(default=1, alias="at most", ge=1, le=100)
    ask: Mapping[Key, ShortField] = Constrained(default_factory=dict)


class Alike(Node):
    """What others may read of an issue who are about to report the same, so that they follow it instead: these fields, for so long."""

    show: Names = Constrained(min_length=1)
    within: Length = Duration(60, "days")


class Promises(Node):
    """What becomes of promises: who chases them, when they are reminded of, who hears that one was broken."""

    chased_by: Key = Constrained(alias="chased by")
    remind: Reminders = ()
    broken: Tells = ()

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that hear of a broken promise."""
        return told_roles(self.broken)


class Definition(Node):
    """A process in four stages, in the order in which an issue lives; it starts at the first step of ``intake``."""

    id: Key
    title: Text
    help: Text | None = None
    languages: Names = ("zh", "en")
    calendar: Key = "china"
    number: Pattern
    subject: Pattern | None = None
    opened_by: Names = Constrained(default=(), alias="opened by")
    taken_by: Names = Constrained(default=(), alias="taken by")
    reporter: Text | None = None
    fields: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    roles: Mapping[Key, Role] = Constrained(default_factory=dict)
    other_than: Names = Constrained(default=(), alias="other than")
    resolutions: Mapping[Key, ShortResolution]
    resources: Mapping[Key, Resource] = Constrained(default_factory=dict)
    work: Mechanics = Mechanics()
    withdraw: Withdrawal | Literal[False] = Withdrawal()
    options: Mapping[Key, StandingOption] = Constrained(default_factory=dict)
    urge: Urging | Literal[False] = Urging()
    reopen: Reopening | None = None
    alike: Alike | None = None
    open311: Open311 | None = None
    keep: Keep = Keep()
    promises: Promises | None = None
    figures: Tallying = Tallying()
    limits: Mapping[Literal["issue", "intake", "assignment", "coordination", "closure"], Limit] = Constrained(
        default_factory=dict
    )
    questions: Questions = Questions()
    resume_within: Length = Constrained(default=Duration(10, "working days"), alias="resume within")
    reminders: Literal["any time", "office hours"] = "any time"
    messages: Mapping[ToldOf, MessageRule] = Constrained(default_factory=dict)
    retry: Retry = Retry()
    intake: Steps
    assignment: Steps = Constrained(default_factory=dict)
    coordination: Steps = Constrained(default_factory=dict)
    closure: Steps

    def model_post_init(self, _: Any, /) -> None:
        """Once all fields are there, they know each other's titles."""
        again = self.reopen.ask.items() if self.reopen else ()
        bind([*self.fields.items(), *((name, field) for *_, name, field in self.asks()), *again], self.data)

    @cached_property
    def excludes(self) -> bool:
        """Whether it says anywhere who may not act on a task."""
        parts = (self, *self.roles.values(), *(step for step in self.steps.values() if isinstance(step, WaitingStep)))
        return any(part.other_than for part in parts)

    @cached_property
    def steps(self) -> Mapping[str, AnyStep]:
        """All steps by key, in the order of the stages."""
        return {key: step for stage in STAGES for key, step in self.stage(stage).items()}

    def stage(self, stage: Stage) -> Steps:
        """The steps of one stage by key."""
        steps: Steps = getattr(self, stage)
        return steps

    @cached_property
    def stage_of(self) -> Mapping[str, Stage]:
        """The stage of each step."""
        return {key: stage for stage in STAGES for key in self.stage(stage)}

    @cached_property
    def sorted_by(self) -> str | None:
        """The field that says what kind of matter an issue is: the first choice that everybody may read, of those filled in at the beginning."""
        choices = (name for name, field in self.fields.items() if field.type == "choice" and field.options)
        return next((name for name in choices if not (self.fields[name].private or self.fields[name].seen_by)), None)

    def kind_of(self, data: Mapping[str, Any]) -> str | None:
        """The kind of a matter with these data, as a key of that field's options."""
        found = data.get(self.sorted_by) if self.sorted_by else None
        return found if isinstance(found, str) else None

    @cached_property
    def start(self) -> str:
        """The key of the step at which an issue starts."""
        return next(iter(self.intake))

    def asks(self) -> Iterator[tuple[str, str, str, Field]]:
        """Every field that an action (or a message, with the action ``receive``) asks for, as (step, action, name, field)."""
        for key, step in self.steps.items():
            if step.row_of is None:
                yield from ((key, action, name, field) for action, name, field in step.asks())

    def asks_in_rows(self) -> Iterator[tuple[str, str, str, Field]]:
        """The same of what is answered in the rows of tables."""
        for key, step in self.steps.items():
            if step.row_of is not None:
                yield from ((key, action, name, field) for action, name, field in step.asks())

    @cached_property
    def data(self) -> Mapping[str, Field]:
        """Every field that an issue can hold: those of the issue, then those that actions ask for."""
        asked = {name: field for _, _, name, field in reversed(list(self.asks()))}
        options = {name: field for option in self.options.values() for name, field in option.ask.items()}
        return {**asked, **options, **(self.reopen.ask if self.reopen else {}), **self.fields}

    def field_at(self, name: str) -> Field | None:
        """A field, or (``matters.whose``) a column of a table."""
        table, _, column = name.partition(".")
        field = self.data.get(table)
        return field.columns.get(column) if field is not None and column else field

    @cached_property
    def blank(self) -> Mapping[str, Any]:
        """An issue's data when nothing is filled in: each name known, each value ``None``."""
        return dict.fromkeys(self.data)

    @cached_property
    def entered(self) -> Mapping[str, Field]:
        """The fields of the form with which an issue is opened: those that neither steps nor the system fill in."""
        return {name: field for name, field in self.fields.items() if field.asked}

    @cached_property
    def watched(self) -> frozenset[str]:
        """The steps of which somebody asks later who acted there."""
        steps = [step for step in self.steps.values() if isinstance(step, WaitingStep)]
        parts = (self, *steps, *self.roles.values())
        named = {name for part in parts for name in part.other_than}
        return frozenset(named & self.steps.keys() | {role.who_did for role in self.roles.values() if role.who_did})

    @cached_property
    def restarting(self) -> frozenset[str]:
        """The steps at which a limit begins anew."""
        return frozenset(step for limit in self.limits.values() for step in limit.restarts_at)

    @cached_property
    def giving(self) -> frozenset[str]:
        """The fields that give work to the departments that they name."""
        return frozenset(role.departments for role in self.roles.values() if role.departments)

    @cached_property
    def hyphenated(self) -> tuple[str, ...]:
        """The names of fields that an expression writes with underscores."""
        return tuple(name for name in self.data if "-" in name)

    @cached_property
    def computed(self) -> Mapping[str, Field]:
        """The fields that are computed from others, in the order written."""
        return {name: field for name, field in self.data.items() if field.compute is not None}

    @cached_property
    def unique(self) -> Mapping[str, Field]:
        """The fields whose value may stand in one issue only."""
        return {name: field for name, field in self.data.items() if field.unique is not None}

    @cached_property
    def counted(self) -> Mapping[str, Field]:
        """The fields that are counted over other issues."""
        return {name: field for name, field in self.data.items() if field.count is not None}

    @cached_property
    def counts_steps(self) -> bool:
        """Whether an expression asks how often something was done, so that all of it is counted."""
        return any("times" in expression.names for expression in self.expressions())

    def expressions(self) -> Iterator[Expression | Template]:
        """Every expression and template of the definition, wherever it stands."""
        yield from _expressions(self)

    def mechanics(self, step: WaitingStep) -> Mechanics:
        """What may be done with a task of a step, beside its actions."""
        return step.work or self.work

    def questions_at(self, step: str) -> Questions:
        """What becomes of a question that is asked at a step."""
        found = self.steps.get(step)
        own = found.questions if isinstance(found, WaitingStep) else None
        return own or self.questions

    def answerable_role(self) -> str | None:
        """The role whose holder answers for the issue to the end; ``None`` if the definition names none."""
        return next((key for key, role in self.roles.items() if role.answerable), None)

    @cached_property
    def matter(self) -> Matter:
        """What its issues are counted as in figures."""
        residents = not self.opened_by or "citizen" in self.opened_by
        return self.figures.as_ or ("issue" if residents else "other")

    @cached_property
    def tallied(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """What counts in figures, by action (``step.action``) or field (``not`` before one answered with no): what it is, and its value."""
        found: dict[str, list[tuple[str, str]]] = {}
        for _, what, value, name in self.figures.named():
            found.setdefault(name, []).append((what, value))
        return {name: tuple(counted) for name, counted in found.items()}

    def outcome_of(self, resolution: str | None) -> str | None:
        """What an end counts as in figures: its class; a common one is its own; ``other`` where nothing is said."""
        if resolution is None:
            return None
        named = self.resolutions.get(resolution)
        if named is None:
            return resolution if resolution in COMMON_RESOLUTIONS else OTHER
        return named.class_ or OTHER

    def role_title(self, key: str) -> Text:
        """A role's title; the reporter's and untitled ones have one too."""
        if key == REPORTER:
            return self.reporter or {"zh": "反映人", "en": "Reporter"}
        role = self.roles.get(key)
        return role.title if role and role.title else {"zh": key, "en": key}

    def resolution_title(self, key: str | None) -> Text | None:
        """The title of a resolution, a common one too."""
        if key is None:
            return None
        named = self.resolutions.get(key)
        return named.title if named else COMMON_RESOLUTIONS.get(key, {"zh": key, "en": key})
