"""What a simulation assumes: how many issues come, how many people there are, how long they take, and what they decide. Data, like a scenario.

Whatever is not said is assumed as the defaults here say; ``huying.experience`` fills them in from an office's own history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BeforeValidator, ValidationError
from pydantic import Field as Constrained

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, Unreadable, nearest
from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.node import Key, Length, Node
from definitions.model.step import WaitingStep
from definitions.problem import problem
from definitions.source.tree import Document, read
from definitions.text import Said

Weight = Annotated[float, Constrained(ge=0, strict=False)]
Weights = Mapping[str, Weight]
Share = Annotated[float, Constrained(ge=0, le=1, strict=False)]
Minutes = Annotated[float, Constrained(ge=0, le=1_000_000, strict=False)]


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Work(Node):
    """What is assumed of a step.

    ``takes``: how long the work on a task takes (working time; a day has seven hours); ``begins after``: how long nobody begins, although they have
    time. ``varies``: how much both do, as the standard deviation of the logarithm. ``works`` and ``waits``: the same as they were seen, in minutes of
    working time (of a citizen: of the clock), from the shortest to the longest at equal shares. ``actions``: how often each is taken, as weights.
    """

    takes: Length = Duration(30, "minutes")
    begins_after: Length | None = Constrained(default=None, alias="begins after")
    waits: Annotated[tuple[Minutes, ...], BeforeValidator(_listed)] = ()
    works: Annotated[tuple[Minutes, ...], BeforeValidator(_listed)] = ()
    varies: Annotated[float, Constrained(ge=0, le=3, strict=False)] = 0.8
    actions: Weights = Constrained(default_factory=dict)


class Assumptions(Node):
    """All that a simulation is told; ``people``: how many hold a role; ``values``: weights of what is entered, by field and option.

    ``courses``: issues that were seen, each with the share of the waits at a step that were shorter than its own there: some issues are quick all
    the way, and others slow. An issue waits as one of them did; where there are none, each wait stands for itself.
    """

    per_day: Annotated[float, Constrained(gt=0, le=1_000_000, strict=False)] = Constrained(default=20, alias="per day")
    begins: Annotated[str, Constrained(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-01-05"])] = "2026-01-05"
    people: Mapping[Key, Annotated[int, Constrained(ge=1, le=100_000)]] = Constrained(default_factory=dict)
    departments: Annotated[int, Constrained(ge=1, le=10_000)] = 8
    handlers: Annotated[int, Constrained(ge=1, le=10_000)] = 3
    citizens: Work = Work(takes=Duration(1, "minutes"), begins_after=Duration(2, "days"))
    outside: Length = Duration(1, "days")
    courses: Annotated[tuple[Mapping[Key, Share], ...], BeforeValidator(_listed)] = ()
    usual: Work = Work()
    steps: Mapping[Key, Work] = Constrained(default_factory=dict)
    values: Mapping[Key, Weights] = Constrained(default_factory=dict)

    def work(self, step: str, role: str) -> Work:
        """What is assumed of a step when somebody in a role has it; the reporter takes their own time."""
        return self.steps.get(step) or (self.citizens if role == "reporter" else self.usual)


def read_assumptions(source: str | bytes, name: str, definition: Definition) -> Assumptions:
    """The assumptions in a file about a definition; ``Unreadable`` says where it is wrong, or names what the definition does not have."""
    document = read(source, name)
    if document.findings:
        raise Unreadable(document.findings)
    try:
        found = Assumptions.model_validate(document.plain())
    except ValidationError as error:
        raise Unreadable(document.findings_of(problems_of_shape(error, document.plain(), Assumptions))) from None
    unknown = [_unknown(document, place, known) for place, known in _names(found, definition) if place[-1] not in known]
    if unknown:
        raise Unreadable(unknown)
    return found


def written(assumed: Assumptions, remark: str) -> str:
    """Assumptions as a file that ``read_assumptions`` reads; the remark says in its first line how they came about."""
    plain = assumed.model_dump(by_alias=True, mode="json", exclude_defaults=True)
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=140, default_flow_style=None)
    return f"# {' '.join(remark.split())}\n{text}"


def _names(assumed: Assumptions, definition: Definition) -> Iterator[tuple[tuple[str, ...], Collection[str]]]:
    """Every name that is used, with those that there are."""
    for role in assumed.people:
        yield ("people", role), (*definition.roles, "office")
    for key, work in assumed.steps.items():
        yield ("steps", key), definition.steps
        step = definition.steps.get(key)
        actions = step.actions if isinstance(step, WaitingStep) else {}
        if step is not None:
            yield from ((("steps", key, "actions", action), actions) for action in work.actions)
    for name, weights in assumed.values.items():
        yield ("values", name), definition.data
        field = definition.data.get(name)
        if field is not None and field.options:
            yield from ((("values", name, option), field.options) for option in weights)


def _unknown(document: Document, place: tuple[str, ...], known: Collection[str]) -> Finding:
    near = nearest(place[-1], known)
    remedy = Said(f"是不是“{near}”？", f"Did you mean “{near}”?") if near else _AS_WRITTEN
    message = Said(f"流程里没有“{place[-1]}”。", f"The definition has no “{place[-1]}”.")
    return document.finding(problem("unknown-name", place, message, remedy), key=True)


_AS_WRITTEN = Said("请按流程定义里的名字写。", "Write it as the definition does.")


def assumptions_beside(definition: Path) -> Path:
    """The file of assumptions that belongs to a definition's file."""
    return definition.with_name("simulation.yaml")
