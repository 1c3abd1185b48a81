"""Migrations as administrators see them: where issues follow old versions, what a plan leaves open, what became of each issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from definitions.model.definition import Definition
from definitions.text import Said, words
from huying.database.tables import issues
from huying.house.house import House
from huying.migrations.batches import Tally, found, tally
from huying.migrations.plans import Prepared, definition_of
from huying.migrations.records import list_migrations, open_by_version
from huying.words.moments import moment_words


@dataclass(frozen=True, slots=True)
class Behind:
    """Issues that are open at an older version of a definition than the one in force."""

    key: str
    title: str
    leaving: int
    entering: int
    issues: int


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """What the plan leaves open: a step, role or field of the old version, and where it may go; ``likely`` is the nearest by its name."""

    kind: str
    name: str
    title: str
    choices: Mapping[str, str]
    likely: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why issues stay, how many, and the numbers of a few."""

    words: str
    issues: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MigrationLine:
    """One migration in a list or on its page."""

    id: int
    title: str
    leaving: int
    entering: int
    reason: str
    by: str
    when: str
    ended: bool
    reverts: int | None
    tally: Tally


def behind(house: House, language: str, now: datetime) -> tuple[Behind, ...]:
    """All older versions at which issues are open."""
    lines = []
    for version in house.processes.all_in_force(now):
        title = words(definition_of(house, version).title, language, version.key)
        for number, count in open_by_version(house, version.key).items():
            if number != version.version:
                lines.append(Behind(version.key, title, number, version.version, count))
    return tuple(lines)


def title_of(house: House, prepared: Prepared, language: str) -> str:
    """What the process is called now."""
    return words(definition_of(house, prepared.entering).title, language, prepared.entering.key)


def open_questions(house: House, prepared: Prepared, language: str) -> tuple[OpenVersion, ...]:
    """What somebody has to say before every issue can move, with titles."""
    old, new = definition_of(house, prepared.leaving), definition_of(house, prepared.entering)
    choices = {
        "step": {key: words(step.title, language, key) for key, step in new.steps.items() if step.rests},
        "role": {key: words(new.role_title(key), language, key) for key in new.roles},
        "field": {key: words(field.title, language, key) for key, field in new.data.items()},
    }
    return tuple(
        OpenVersion(one.kind, one.name, _title(old, one.kind, one.name, language), choices[one.kind], one.nearest or "")
        for one in prepared.questions
    )


def _title(definition: Definition, kind: str, name: str, language: str) -> str:
    if kind == "step":
        return words(definition.steps[name].title, language, name)
    return words(definition.role_title(name) if kind == "role" else definition.data[name].title, language, name)


def reasons(house: House, counted: Tally, language: str) -> tuple[Why, ...]:
    """Why issues stay, in words."""
    lines = []
    for why, many in counted.reasons:
        with house.database.reading() as connection:
            query = select(issues.c.number).where(issues.c.id.in_(counted.examples[why])).order_by(issues.c.id)
            lines.append(Why(Said(why.zh, why.en).of(language), many, tuple(connection.execute(query).scalars())))
    return tuple(lines)


def migration_lines(house: House, language: str, now: datetime) -> tuple[MigrationLine, ...]:
    """All migrations, the latest first."""
    return tuple(_line(house, row, language, now) for row in list_migrations(house)[:50])


def migration_line(house: House, migration: int, language: str, now: datetime) -> MigrationLine:
    """One migration; ``NotFound`` if there is none."""
    return _line(house, found(house, migration), language, now)


def _line(house: House, row: Any, language: str, now: datetime) -> MigrationLine:
    version = house.processes.version(row.key, row.entering)
    process = house.processes.process(version.id)
    return MigrationLine(
        id=row.id,
        title=words(process.definition.title, language, row.key),
        leaving=row.leaving,
        entering=row.entering,
        reason=row.reason,
        by=row.asked_by,
        when=moment_words(row.asked_at, process.calendar.zone, language),
        ended=row.status == "ended",
        reverts=row.reverts,
        tally=tally(house, row.id),
    )
