"""What the diagram says: each step as a title, a line below it, and a row for every way out. It knows nothing of places on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from definitions.definition import Definition
from definitions.expression import Expression
from definitions.step import (
    STAGES,
    Action,
    AnyStep,
    AssignStep,
    ChooseStep,
    CloseStep,
    EachStep,
    Overdue,
    Stage,
    TaskStep,
    WaitingStep,
)
from definitions.text import words
from portal.diagram_text import plain

Kind = Literal["task", "each", "assign", "choose", "close"]
#: A way that a person or a rule takes; one that the clock takes; a remark that leads nowhere.
RowKind = Literal["way", "overdue", "remark"]


@dataclass(frozen=True, slots=True)
class Row:
    """One way out of a step; without ``to`` it is only said."""

    text: str
    to: str | None = None
    kind: RowKind = "way"


@dataclass(frozen=True, slots=True)
class Node:
    """A step as it is drawn."""

    key: str
    kind: Kind
    title: str
    #: who, and within what time: one line if there is room
    line: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    #: where it goes by itself, without a row
    onward: str | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A stage with its steps, in the order in which they are written."""

    title: str
    nodes: tuple[Node, ...]


_STAGES: dict[Stage, tuple[str, str]] = {
    "intake": ("受理", "Intake"),
    "assignment": ("分派", "Assignment"),
    "coordination": ("协调", "Coordination"),
    "closure": ("办结", "Closure"),
}
_WORDS: dict[str, tuple[str, str]] = {
    "diagram of": ("流程图：", "Diagram: "),
    "list": ("、", ", "),
    "also": ("；", "; "),
    "all": ("都办完后", "When all are done"),
    "any": ("有一家办完后", "When one is done"),
    "lead": ("主办办完后", "When the lead is done"),
    "own part": ("{}（办完自己这一份）", "{} (own part done)"),
    "then once": ("{}（超过 {} 次）", "{} (more than once)"),
    "then": ("{}（超过 {} 次）", "{} (more than {} times)"),
    "if": ("{}（{}）", "{} (if {})"),
    "otherwise": ("其余", "Otherwise"),
    "is": ("{}：{}", "{}: {}"),
    "filled": ("已填{}", "{} is filled in"),
    "by itself": ("自动选定：{}", "Picked: {}"),
    "overdue": ("逾期：{}", "Overdue: {}"),
    "steps in": ("{}接手", "{} steps in"),
    "told": ("告知{}", "{} told"),
    "goes to": ("转到{}", "on to {}"),
    "here": ("正在这一步", "Now here"),
    "legend way": ("下一步", "onward"),
    "legend back": ("退回", "back"),
    "legend overdue": ("逾期", "overdue"),
}
_IS = re.compile(r"^\s*(\w+)\s*==\s*'([^']*)'\s*$")
_IS_FILLED = re.compile(r"^\s*(\w+)\s+is\s+filled\s*$")


def say(word: str, language: str, *values: object) -> str:
    """A word of the diagram itself in a language (English for those that we do not speak)."""
    zh, en = _WORDS[word]
    return (zh if language.startswith("zh") else en).format(*values)


def bands(definition: Definition, language: str, active: frozenset[str]) -> tuple[Band, ...]:
    """The stages that have steps."""
    wording = _Wording(definition, language)
    return tuple(
        Band(
            title=_STAGES[stage][0 if language.startswith("zh") else 1],
            nodes=tuple(wording.node(key, step, key in active) for key, step in definition.stage(stage).items()),
        )
        for stage in STAGES
        if definition.stage(stage)
    )


class _Wording:
    """A definition put into the words of one language."""

    def __init__(self, definition: Definition, language: str) -> None:
        self._definition = definition
        self._language = language

    def node(self, key: str, step: AnyStep, active: bool) -> Node:
        """One step."""
        title = plain(words(step.title, self._language, key)) or key
        match step:
            case TaskStep():
                return Node(key, "task", title, self._who((step.task,), step), tuple(self._task(step)), None, active)
            case EachStep():
                return Node(key, "each", title, self._who(step.each, step), tuple(self._each(step)), None, active)
            case AssignStep():
                return Node(
                    key, "assign", title, (self._say("by itself", self._role(step.assign)),), (), step.to, active
                )
            case ChooseStep():
                return Node(key, "choose", title, (), tuple(self._choose(step)), None, active)
            case CloseStep():
                named = self._definition.resolution_title(step.close) if isinstance(step.close, str) else None
                line = plain(words(named, self._language))
                return Node(key, "close", title, (line,) if line and line != title else (), (), None, active)

    def _say(self, word: str, *values: object) -> str:
        return say(word, self._language, *values)

    def _role(self, key: str) -> str:
        return plain(words(self._definition.role_title(key), self._language, key))

    def _roles(self, keys: tuple[str, ...]) -> str:
        return self._say("list").join(self._role(key) for key in keys)

    def _who(self, roles: tuple[str, ...], step: WaitingStep) -> tuple[str, ...]:
        return (self._roles(roles), *((step.within.words(self._language),) if step.within else ()))

    def _task(self, step: TaskStep) -> Iterator[Row]:
        for key, action in step.actions.items():
            yield from self._action(key, action, action.to or step.to)
        yield from self._overdue(step.overdue)

    def _each(self, step: EachStep) -> Iterator[Row]:
        for key, action in step.actions.items():
            if action.to is None:
                yield Row(self._say("own part", self._title(key, action)), None, "remark")
            else:
                yield from self._action(key, action, action.to)
        yield Row(self._say(step.until), step.to)
        yield from self._overdue(step.overdue)

    def _title(self, key: str, action: Action) -> str:
        title = plain(words(action.title, self._language, key)) or key
        return self._say("if", title, self._condition(action.when)) if action.when else title

    def _action(self, key: str, action: Action, to: str | None) -> Iterator[Row]:
        yield Row(self._title(key, action), to)
        if action.at_most and action.then:
            word = "then once" if action.at_most == 1 else "then"
            yield Row(self._say(word, self._title(key, action), action.at_most), action.then)

    def _choose(self, step: ChooseStep) -> Iterator[Row]:
        for branch in step.choose:
            yield Row(self._condition(branch.when) if branch.when else self._say("otherwise"), branch.to)

    def _overdue(self, overdue: Overdue | None) -> Iterator[Row]:
        if overdue is None:
            return
        said = [self._say("steps in", self._role(overdue.escalate))] if overdue.escalate else []
        said += [self._say("told", self._roles(overdue.told))] if overdue.told else []
        if overdue.to:
            resolution = self._definition.resolution_title(overdue.resolution)
            target = words(self._definition.steps[overdue.to].title, self._language, overdue.to)
            said.append(plain(words(resolution, self._language)) or self._say("goes to", plain(target)))
        yield Row(self._say("overdue", self._say("also").join(said)), overdue.to, "overdue")

    def _condition(self, guard: Expression) -> str:
        """A guard in words where it is a common one, else as it is written."""
        source = str(guard)
        named = _IS.match(source) or _IS_FILLED.match(source)
        field = self._definition.data.get(named[1]) if named else None
        if named is None or field is None:
            return plain(source)
        title = plain(words(field.title, self._language, named[1]))
        if named.re is _IS_FILLED:
            return self._say("filled", title)
        return self._say("is", title, plain(words(field.options.get(named[2]), self._language, named[2])))
