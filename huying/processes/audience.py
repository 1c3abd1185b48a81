"""Who is told of what: of a definition in force, one line for each event, one column for each role; where nobody is told, that is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from definitions.model.definition import Definition
from definitions.model.role import REPORTER
from definitions.model.step import TimedStep, WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.text import COLON, Said, words
from huying.house.house import House
from huying.messages.defaults import first_channels
from huying.messages.topics import may_be_off, topic_of
from huying.words.limits import limit_title
from notifications import CHANNELS

#: What kind of people holds a role, by where they are looked for.
_KINDS: Mapping[str, str] = {
    "staff of": "staff",
    "deputies of": "deputy",
    "liaison officers of": "liaison",
    "members of": "handler",
    "departments": "handler",
    "departments for": "handler",
}
_URGENT = Said("（紧急）", " (urgent)")
_OWN_ORDER = Said("按本人次序", "in their own order")


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """An event: by which channels each role is told of it, in the order of the columns; empty: it is not. ``off``: a person may switch it off."""

    event: str
    cells: tuple[str, ...]
    off: bool

    @property
    def silent(self) -> bool:
        """Whether nobody is told."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class AudienceTable:
    """Of a definition: its title, the titles of its roles, and its events."""

    key: str
    title: str
    roles: tuple[str, ...]
    lines: tuple[AudienceLine, ...]


_Event = tuple[str, str, Iterable[str]]


def audience(house: House, key: str, language: str, now: datetime) -> AudienceTable:
    """The table of the version in force; ``NotFound`` if none is published."""
    definition = house.processes.process(house.processes.in_force(key, now).id).definition
    roles = (REPORTER, *(role for role in definition.roles if role != REPORTER))
    with house.database.reading() as connection:
        lines = tuple(_line(connection, definition, roles, event, language) for event in _events(definition, language))
    titles = tuple(words(definition.role_title(role), language, role) for role in roles)
    return AudienceTable(key, words(definition.title, language, key), titles, lines)


def _line(
    connection: Connection, definition: Definition, roles: tuple[str, ...], event: _Event, language: str
) -> AudienceLine:
    title, occasion, told = event
    heard = set(told)
    cells = tuple(_way(connection, definition, role, occasion, language) if role in heard else "" for role in roles)
    return AudienceLine(title, cells, may_be_off(occasion))


def _way(connection: Connection, definition: Definition, role: str, occasion: str, language: str) -> str:
    found = definition.roles.get(role)
    source = next(iter(found.sources), "") if found is not None else ""
    kind = "citizen" if role == REPORTER else _KINDS.get(source, "staff")
    rule = definition.messages.get(occasion)  # type: ignore[call-overload]
    order = (rule.by if rule else ()) or first_channels(connection, kind, topic_of(occasion))
    titles = [CHANNELS[one].title.of(language) for one in order if one in CHANNELS]
    urgent = _URGENT.of(language) if rule and rule.urgent else ""
    return (" › ".join(titles) or _OWN_ORDER.of(language)) + urgent


def _events(definition: Definition, language: str) -> Iterator[_Event]:
    answerable = [key for key, role in definition.roles.items() if role.answerable]
    yield Said("登记", "Opened").of(language), "opened", (REPORTER,)
    for key, step in definition.steps.items():
        yield from _of_step(step, words(step.title, language, key), language)
    for name, limit in definition.limits.items():
        title = limit_title(name, language)
        for rung in limit.overdue:
            yield _said(title, Said("逾期", "overdue"), language), "overdue", rung.told or answerable
    yield Said("办结", "Closed").of(language), "closed", (REPORTER, *answerable)


def _of_step(step: AnyStep, title: str, language: str) -> Iterator[_Event]:
    if isinstance(step, WaitingStep):
        yield _said(title, Said("有任务", "a task"), language), "task", step.acting
    if not isinstance(step, WaitingStep) or step.told:
        yield _said(title, Said("到这一步", "reached"), language), "informed", step.told
    if isinstance(step, TimedStep):
        if step.remind:
            yield _said(title, Said("快到期", "soon due"), language), "reminded", step.acting
        for rung in step.overdue:
            yield _said(title, Said("逾期", "overdue"), language), "overdue", (*step.acting, *rung.told)
    if isinstance(step, WaitingStep):
        for key, action in step.actions.items():
            if action.told:
                yield f"{title}{COLON.of(language)}{words(action.title, language, key)}", "informed", action.told


def _said(title: str, what: Said, language: str) -> str:
    return f"{title}{COLON.of(language)}{what.of(language)}"
