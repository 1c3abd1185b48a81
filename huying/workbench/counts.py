"""The figures of the workbench: how many rows each list has that is offered, in one statement, by the conditions of the lists themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from definitions.text import words
from huying.access.viewer import Look, Viewer, viewer
from huying.database.tables import issues, participants
from huying.house.house import House
from huying.issues.urgency import OPEN
from huying.issues.views.filter import Filter, ListShape, shaped

_CARED_FOR = Filter(status="open", cared_for=True)
#: So many statements of each kind are kept; the lists that people narrow are without end.
_KEPT = 256
#: A longer choice of people is no choice.
_MOST_NAMES = 300


@dataclass(frozen=True, slots=True)
class Tab:
    """A step with the number of rows that are at it; ``step`` is its key."""

    step: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Tabs:
    """The rows at all steps together (closed ones are at none), and the steps in the order of their definitions."""

    all: int
    steps: tuple[Tab, ...]

    def at(self, step: str | None) -> int:
        """The rows at one step, or (without one) at all of them."""
        return self.all if step is None else sum(tab.count for tab in self.steps if tab.step == step)


def counts(house: House, lists: Mapping[str, Filter], person: Viewer, look: Look) -> Mapping[str, int]:
    """The number of rows of each list, as this person sees it."""
    if not lists:
        return {}
    shapes: list[ListShape] = []
    values: dict[str, Any] = {}
    with house.database.reading() as connection:
        for wanted in lists.values():
            shape, filled = shaped(house, connection, person, wanted, look.now)
            shapes.append(shape)
            values |= filled
        row = connection.execute(_counts(tuple(shapes)), values).one()
    return dict(zip(lists, row, strict=True))


@lru_cache(_KEPT)
def _counts(shapes: tuple[ListShape, ...]) -> Select[Any]:
    return select(*(_number(shape).scalar_subquery().label(f"list_{at}") for at, shape in enumerate(shapes)))


@lru_cache(_KEPT)
def _number(shape: ListShape) -> Select[Any]:
    return select(func.count()).select_from(issues).where(*shape.counted())


@lru_cache(_KEPT)
def _changed(shape: ListShape) -> Select[Any]:
    return _number(shape).where(issues.c.changed_at > bindparam("since", type_=issues.c.changed_at.type))


@lru_cache(_KEPT)
def _by_step(shape: ListShape) -> Select[Any]:
    of = issues.c.definition_version_id, issues.c.step
    return select(*of, func.count().label("number")).where(OPEN, *shape.counted()).group_by(*of)


def changed_since(house: House, wanted: Filter, since: datetime, look: Look) -> int:
    """How many rows of a list have come or changed since a moment."""
    with house.database.reading() as connection:
        person = viewer(connection, look.person)
        shape, values = shaped(house, connection, person, wanted, look.now)
        return int(connection.execute(_changed(shape), {**values, "since": since}).scalar_one())


def tabs(house: House, wanted: Filter, look: Look) -> Tabs:
    """How many rows a list has at each step, whichever it is narrowed to; a key that several definitions have is one tab, called as most rows are."""
    everywhere = replace(wanted, step=None, status=None)
    with house.database.reading() as connection:
        person = viewer(connection, look.person)
        shape, values = shaped(house, connection, person, everywhere, look.now)
        rows = connection.execute(_by_step(shape), values).all()
        # closed ones are the rest: counting them by themselves would read every row
        whole = None
        if not wanted.of_open:
            whole = int(connection.execute(_number(shape), values).scalar_one())
    numbers: Counter[str] = Counter()
    titles: dict[str, tuple[int, str]] = {}
    for row in sorted(rows, key=lambda row: (-row.number, row.definition_version_id)):
        if row.step:
            numbers[row.step] += row.number
            titles.setdefault(row.step, _titled(house, row, look.language))
    running = sum(row.number for row in rows)
    if wanted.status == "closed":
        return Tabs((whole or 0) - running, ())
    order = sorted(numbers, key=lambda step: (titles[step][0], step))
    found = tuple(Tab(step, titles[step][1], numbers[step]) for step in order)
    return Tabs(running if whole is None else whole, found)


def _titled(house: House, row: Row[*tuple[Any, ...]], language: str) -> tuple[int, str]:
    """Where a step stands in its definition, and what it is called there."""
    definition = house.processes.process(row.definition_version_id).definition
    step = definition.steps.get(row.step)
    if step is None:
        return len(definition.steps), str(row.step)
    return list(definition.steps).index(row.step), words(step.title, language, row.step)


def answering(house: House, look: Look) -> Mapping[int, str]:
    """Who answers for open issues that this person looks after, by name."""
    with house.database.reading() as connection:
        person = viewer(connection, look.person)
        shape, values = shaped(house, connection, person, _CARED_FOR, look.now)
        return {row[0]: row[1] for row in connection.execute(_answering(shape), values)}


@lru_cache(_KEPT)
def _answering(shape: ListShape) -> Select[Any]:
    return (
        select(participants.c.id, participants.c.name)
        .where(participants.c.id.in_(select(issues.c.answerable_id).where(*shape.counted())))
        .order_by(participants.c.name)
        .limit(_MOST_NAMES)
    )
