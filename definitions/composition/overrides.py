"""Overrides: what a station or an area says otherwise than the shipped definition, without a copy of it.

The calendar, texts, deadlines, limits, roles, and the titles, helps and times of steps, actions and fields can be said otherwise; the way that
an issue takes cannot. An override is laid over the composed body of a definition; the result is checked like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field as Constrained
from pydantic import ValidationError, model_validator

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, in_order
from definitions.model.node import Key, Names, Node, Text
from definitions.model.reference import reference
from definitions.model.step import STAGES
from definitions.problem import Path, Problem, unknown
from definitions.source.tree import Document, read
from definitions.text import Said

Plain = dict[str, Any]


class ScopeError(ValueError):
    """An override does not say where it holds; ``message`` and ``remedy`` say it in each language."""

    def __init__(self) -> None:
        super().__init__("for: {station: code} or {area: code}")
        self.message = {"zh": "没有说清在哪里有效。", "en": "This does not say where it holds."}
        self.remedy = {
            "zh": "请写 {station: 站点代码} 或 {area: 区域代码}，只写一项。",
            "en": "Write {station: a code} or {area: a code}, one of them.",
        }


class OverrideScope(Node):
    """Where the override holds: at one station, or in an area with all below it, by code."""

    station: str | None = None
    area: str | None = None

    @model_validator(mode="after")
    def _one(self) -> OverrideScope:
        if (self.station is None) == (self.area is None):
            raise ScopeError()
        return self

    def __str__(self) -> str:
        return reference("station", self.station) if self.station else reference("area", str(self.area))


class Wording(Node):
    """The title and help of a field or an action."""

    title: Text | None = None
    help: Text | None = None


class StepOverride(Wording):
    """What can be said otherwise about a step: its words, its deadline and reminders, and the words of its actions."""

    within: str | list[Any] | None = None
    within_each: Mapping[Key, str | list[Any]] | None = Constrained(default=None, alias="within each")
    remind: Names | None = None
    actions: Mapping[Key, Wording] = Constrained(default_factory=dict)


class LimitOverride(Node):
    """What can be said otherwise about the limit of the issue or a stage."""

    within: str | list[Any] | None = None
    remind: Names | None = None


class Override(Node):
    """An override as it is written."""

    override: Key
    for_: OverrideScope = Constrained(alias="for")
    calendar: Key | None = None
    title: Text | None = None
    help: Text | None = None
    texts: Mapping[Key, Text] = Constrained(default_factory=dict)
    deadlines: Mapping[Key, str] = Constrained(default_factory=dict)
    roles: Mapping[Key, Mapping[str, Any]] = Constrained(default_factory=dict)
    fields: Mapping[Key, Wording] = Constrained(default_factory=dict)
    limits: Mapping[Key, LimitOverride] = Constrained(default_factory=dict)
    steps: Mapping[Key, StepOverride] = Constrained(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadOverride:
    """What became of a text: the override, unless its shape is wrong; its plain body; and the findings."""

    override: Override | None
    body: Any
    document: Document
    findings: tuple[Finding, ...]


def read_override(source: str | bytes, name: str) -> ReadOverride:
    """Read an override; raises ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    body = document.plain()
    try:
        return ReadOverride(Override.model_validate(body), body, document, document.findings)
    except ValidationError as error:
        found = document.findings_of(problems_of_shape(error, body, Override))
        return ReadOverride(None, body, document, in_order([*document.findings, *found]))


def lay_over(body: Plain, override: Plain) -> tuple[Plain, tuple[Problem, ...]]:
    """A composed body with an override (both plain) laid over it, and the names in the override that the body does not know."""
    laid = dict(body)
    problems: list[Problem] = []
    for key in ("title", "help", "calendar"):
        if key in override:
            laid[key] = override[key]
    for section, what in _SECTIONS.items():
        laid[section] = _laid(body.get(section) or {}, override.get(section) or {}, (section,), what, problems)
        if not laid[section]:
            laid.pop(section)
    for stage, key, said in _steps(body, override.get("steps") or {}, problems):
        laid[stage] = {**laid[stage], key: _step(laid[stage][key], said, ("steps", key), problems)}
    return laid, tuple(problems)


_SECTIONS: Mapping[str, Said] = {
    "texts": Said("共用文字", "shared text"),
    "deadlines": Said("期限", "deadline"),
    "roles": Said("角色", "role"),
    "fields": Said("字段", "field"),
    "limits": Said("总期限", "limit"),
}


def _laid(base: Plain, top: Plain, path: Path, what: Said, problems: list[Problem]) -> Plain:
    laid = dict(base)
    for key, value in top.items():
        if key not in base:
            problems.append(unknown("unknown-name", (*path, key), what, key, base))
        elif path[0] == "roles" and isinstance(value, dict) and isinstance(base[key], dict):
            laid[key] = _role(base[key], value)
        elif isinstance(value, dict) and isinstance(base[key], dict) and path[0] in ("fields", "limits"):
            laid[key] = {**base[key], **value}
        else:
            laid[key] = value
    return laid


_SOURCES = (
    "staff of",
    "deputies of",
    "liaison officers of",
    "members of",
    "departments",
    "departments for",
    "people",
    "who did",
)


def _role(base: Plain, top: Plain) -> Plain:
    """A role said otherwise; another source of people takes the place of the old one."""
    kept = {key: value for key, value in base.items() if key not in _SOURCES} if top.keys() & set(_SOURCES) else base
    return {**kept, **top}


def _steps(body: Plain, steps: Plain, problems: list[Problem]) -> Iterator[tuple[str, str, Plain]]:
    known = {key: stage for stage in STAGES for key in body.get(stage) or {}}
    for key, said in steps.items():
        if key in known:
            yield known[key], key, said
        else:
            problems.append(unknown("unknown-step", ("steps", key), Said("步骤", "step"), key, known))


def _step(base: Plain, said: Plain, path: Path, problems: list[Problem]) -> Plain:
    laid = {**base, **{key: value for key, value in said.items() if key != "actions"}}
    actions = said.get("actions") or {}
    if actions:
        known = base.get("actions") or {}
        laid["actions"] = {key: {**(value or {}), **actions.get(key, {})} for key, value in known.items()}
        problems += [
            unknown("unknown-action", (*path, "actions", key), Said("办理方式", "action"), key, known)
            for key in actions
            if key not in known
        ]
    return laid
