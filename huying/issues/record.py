"""One issue as the views read it: its row, its state, and the process that it is pinned to."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from definitions.model.definition import Definition
from definitions.model.reference import Reference
from definitions.model.step_kind import AnyStep
from engine import Process, State
from engine.available import up_to_date
from huying.database.tables import definition_versions, given_numbers, involvements, issues, stations
from huying.database.tables import process_migration_issues as members
from huying.errors import NotFound
from huying.house.house import House
from huying.register.directory import RegisterDirectory
from huying.words.names import named


@dataclass(frozen=True, slots=True)
class Record:
    """What the database says of an issue."""

    id: int
    number: str
    follow_code: str
    subject: str
    station_id: int
    station_name: str
    reporter_id: int
    stage: str
    opened_at: datetime
    closed_at: datetime | None
    definition_key: str
    definition_version: int
    definition_version_id: int
    state: State
    process: Process
    #: The process of any version, by its id: an issue may have followed another one before.
    version: Callable[[int], Process]

    @property
    def definition(self) -> Definition:
        """The definition that the issue follows."""
        return self.process.definition


def _query(language: str) -> Select[tuple[object, ...]]:
    name = named(stations.c, language)
    return (
        select(
            issues,
            name.label("station_name"),
            definition_versions.c.key.label("definition_key"),
            definition_versions.c.version.label("definition_version"),
        )
        .join(stations, stations.c.id == issues.c.station_id)
        .join(definition_versions, definition_versions.c.id == issues.c.definition_version_id)
    )


def record(house: House, connection: Connection, issue_id: int, language: str) -> Record:
    """The issue of this id; ``NotFound`` if there is none."""
    row = connection.execute(_query(language).where(issues.c.id == issue_id)).one_or_none()
    if row is None:
        raise no_issue()
    return Record(
        id=row.id,
        number=row.number,
        follow_code=row.follow_code,
        subject=row.subject,
        station_id=row.station_id,
        station_name=row.station_name,
        reporter_id=row.reporter_id,
        stage=row.stage,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        definition_key=row.definition_key,
        definition_version=row.definition_version,
        definition_version_id=row.definition_version_id,
        state=row.state,
        process=house.processes.process(row.definition_version_id),
        version=house.processes.process,
    )


def brought_up_to_date(house: House, connection: Connection, found: Record, now: datetime) -> Record:
    """The issue with what its fields count over others by now, as whoever acts next will find it."""
    if not found.definition.counted:
        return found
    directory = RegisterDirectory(connection, found.process.calendar, now, files=house.store, issue=found.id)
    return replace(found, state=up_to_date(found.process, found.state, now, directory))


def step_of(connection: Connection, found: Record, key: str) -> AnyStep:
    """A step of the issue's definition, or, of a task that was done before the issue went on by another version, of that before."""
    known = found.definition.steps.get(key)
    if known is not None:
        return known
    moved = members.c.issue_id == found.id, members.c.status == "moved"
    query = select(members.c.leaving_id).where(*moved).order_by(members.c.sequence.desc())
    earlier = (found.version(number).definition.steps for number in connection.execute(query).scalars())
    return next(steps[key] for steps in earlier if key in steps)


def no_issue() -> NotFound:
    """One answer for what does not exist and for what this person may not know of."""
    return NotFound("没有这件事项，或者您不能查看它。", "There is no such issue, or you may not see it.")


@dataclass(frozen=True, slots=True)
class Followed:
    """The issue that a number and its code open, and whose code it is."""

    issue_id: int
    number: str
    participant_id: int


def follow(house: House, number: str, code: str) -> Followed:
    """The issue of this number, if the code is right; ``NotFound`` does not say which of the two is wrong."""
    query = select(issues.c.id, issues.c.number)
    with house.database.reading() as connection:
        row = connection.execute(query.where(issues.c.number == number.strip().upper())).one_or_none()
        row = row or connection.execute(query.where(issues.c.number == number.strip())).one_or_none()
    whose = whose_by_code(house, row.id, code) if row is not None else None
    if row is None or whose is None:
        raise NotFound(
            "编号或查询码不对，请核对后再试。", "The number or the code is wrong; please check them and try again."
        )
    return Followed(row.id, row.number, whose)


def whose_by_code(house: House, issue_id: int, code: str) -> int | None:
    """Whose code this is, if it is right: the reporter's, or that of somebody who has the same matter and follows the issue."""
    given = code.strip().upper().replace("-", "").encode()
    follows = involvements.c.issue_id == issue_id, involvements.c.follow_code.is_not(None)
    with house.database.reading() as connection:
        own = connection.execute(
            select(issues.c.reporter_id, issues.c.follow_code).where(issues.c.id == issue_id)
        ).all()
        others = connection.execute(select(involvements.c.party, involvements.c.follow_code).where(*follows)).all()
    known = [*own, *((Reference.parse(row.party).number, row.follow_code) for row in others)]
    return next((int(person) for person, right in known if hmac.compare_digest(right.encode(), given)), None)


def reporter_of(house: House, issue_id: int) -> int:
    """Who reported the issue."""
    with house.database.reading() as connection:
        return int(connection.execute(select(issues.c.reporter_id).where(issues.c.id == issue_id)).scalar_one())


def station_of(house: House, issue_id: int) -> int:
    """At which station it is."""
    with house.database.reading() as connection:
        return int(connection.execute(select(issues.c.station_id).where(issues.c.id == issue_id)).scalar_one())


def issue_id_of(house: House, number: str) -> int:
    """The id of the issue of this number, or of one that was given to it on the way; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        found = connection.execute(select(issues.c.id).where(has_number(number))).scalar()
    if found is None:
        raise no_issue()
    return int(found)


def has_number(number: str) -> ColumnElement[bool]:
    """The issues of this number: their own, or (such as a document number) one that they were given on the way."""
    given = select(given_numbers.c.issue_id).where(given_numbers.c.number == number)
    return or_(issues.c.number == number, issues.c.id.in_(given))


def number_of(house: House, issue_id: int) -> str:
    """The number of the issue of this id."""
    with house.database.reading() as connection:
        return str(connection.execute(select(issues.c.number).where(issues.c.id == issue_id)).scalar_one())


def numbers_of(house: House, several: Sequence[int]) -> dict[int, str]:
    """The numbers of those of these issues that there are."""
    with house.database.reading() as connection:
        rows = connection.execute(select(issues.c.id, issues.c.number).where(issues.c.id.in_(several)))
        return {row[0]: row[1] for row in rows}


def follow_code(house: House, issue_id: int) -> str:
    """The code that goes with an issue's number; only for who has just opened it."""
    with house.database.reading() as connection:
        return str(connection.execute(select(issues.c.follow_code).where(issues.c.id == issue_id)).scalar_one())
