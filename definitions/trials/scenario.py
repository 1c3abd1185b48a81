"""Scenarios: what should happen to an issue, told as data beside its definition (given, when, then).

This module reads them; ``engine.rehearsal`` plays them. A scenario is a list of steps, each with one of the keys ``by`` (somebody does
something), ``after`` (time passes), ``message``, ``result`` and ``child`` (the world outside answers) or ``then`` (what is expected now).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError, model_validator
from pydantic import Field as Constrained

from definitions.composition.shape import problems_of_shape
from definitions.finding import Unreadable
from definitions.model.node import Key, Length, Names, Node, Text
from definitions.source.tree import read

Values = Mapping[str, Any]
#: A day, or a local moment.
_WHEN = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$"


def _several(given: Any) -> Any:
    """One value stands for a list of one."""
    return tuple(given) if isinstance(given, list | tuple) else (given,)


class Taking(Node):
    """What others have booked: of a resource, which one (as the field has it), and from when to when."""

    of: Key
    which: str | None = None
    from_: str = Constrained(alias="from", pattern=_WHEN, examples=["2026-01-06T09:00"])
    to: str | None = Constrained(default=None, pattern=_WHEN, examples=["2026-01-06T12:00"])


class Given(Node):
    """Where an issue begins: the local moment, the station, who opens it, and the answers of the form.

    ``counted`` says what fields count over other issues, ``booked`` what others have booked, ``taken`` what they have in fields with ``unique``.
    ``refused``: nothing is opened; the code of the refusal, or ``yes``.
    """

    at: Annotated[str, Constrained(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$", examples=["2026-01-05 09:00"])]
    station: str = "XG"
    form: Values = Constrained(default_factory=dict)
    reporter: Key | None = None
    counted: Mapping[Key, int | float] = Constrained(default_factory=dict)
    taken: Mapping[Key, Annotated[tuple[Any, ...], BeforeValidator(_several)]] = Constrained(default_factory=dict)
    refused: str | None = None
    booked: Annotated[
        tuple[Taking, ...], BeforeValidator(lambda many: tuple(many) if isinstance(many, list) else many)
    ] = ()


class Expected(Node):
    """What holds now; what is not mentioned may be anything. ``told`` lists the occasions since the last ``then``, by role.

    ``due`` is a last day that something has, or by name: a step, a role whose task has a deadline of its own, ``issue`` or a stage with a limit.
    """

    step: Names | None = None
    status: Key | None = None
    resolution: Key | None = None
    due: str | Mapping[Key, str] | None = None
    data: Values = Constrained(default_factory=dict)
    told: Mapping[Key, Names] = Constrained(default_factory=dict)
    answerable: Key | None = None
    rung: Mapping[Key, Key] = Constrained(default_factory=dict)
    promises: Mapping[Key, int] = Constrained(default_factory=dict)
    effects: Names | None = None


class HappeningError(ValueError):
    """A step of a scenario says nothing, or several things at once; ``message`` and ``remedy`` say it in each language."""

    def __init__(self) -> None:
        super().__init__("a step of a scenario has one thing")
        self.message = {
            "zh": "场景的这一步没有说清发生什么。",
            "en": "This step of the scenario does not say what happens.",
        }
        several = "by、after、message、result、child、then"
        self.remedy = {
            "zh": f"请写其中一项：{several}；写 by 时还要写 do。",
            "en": f"Give it one of {several.replace('、', ', ')}; with “by” goes “do”.",
        }


class Happening(Node):
    """One step of a scenario.

    ``do`` is an action of the step, or what else can be done with a task, such as ``claim``, ``question`` or ``answer``; to ``extend`` it says
    ``with: {length, reason}``, to ``shelve`` ``with: {day, reason}``, and whoever decides says ``approve`` or ``refuse``; ``unshelve`` takes
    the matter up again. Staff ``move-deadline`` ``with: {of, day, reason}``, where ``of`` is named as in ``due``.
    """

    by: Key | None = None
    do: Key | None = None
    with_: Values = Constrained(default_factory=dict, alias="with")
    to: Key | None = None
    refused: str | None = None
    after: Length | None = None
    message: Key | None = None
    result: str | None = None
    child: Key | None = None
    then: Expected | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Happening:
        told = [key for key in ("by", "after", "message", "result", "child", "then") if getattr(self, key) is not None]
        if len(told) != 1 or (self.by is None) != (self.do is None):
            raise HappeningError()
        return self


class Scenario(Node):
    """A story with an expected course."""

    title: Text
    given: Given
    steps: Annotated[
        tuple[Happening, ...], BeforeValidator(lambda many: tuple(many) if isinstance(many, list) else many)
    ]


#: What a whole file is.
SCENARIOS = tuple[Scenario, ...]
_ADAPTER = TypeAdapter(SCENARIOS)


def read_scenarios(path: Path) -> tuple[Scenario, ...]:
    """The scenarios of a file; ``Unreadable`` says where it is wrong."""
    return parse_scenarios(path.read_text(encoding="utf-8"), str(path))


def parse_scenarios(source: str, name: str) -> tuple[Scenario, ...]:
    """The scenarios in a text; ``Unreadable`` says where it is wrong."""
    document = read(source, name)
    if document.findings:
        raise Unreadable(document.findings)
    body = document.plain()
    try:
        return _ADAPTER.validate_python(tuple(body) if isinstance(body, list) else body)
    except ValidationError as error:
        raise Unreadable(document.findings_of(problems_of_shape(error, body, SCENARIOS))) from None


def scenarios_beside(definition: Path) -> Path:
    """The file of scenarios that belongs to a definition's file."""
    return definition.with_name("scenarios.yaml")
