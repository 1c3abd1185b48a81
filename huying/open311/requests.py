"""Requests as other programs read them: those whose reviewed copy is public, and, for the key that sent them, what has become of its own.

Nothing that somebody wrote is shown but the public copy: no words of the report, no name, number or address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select

from definitions.text import words
from huying.database.tables import definition_versions, history, issues, publications
from huying.errors import NotFound
from huying.house.house import House

#: The standard asks for at least 1,000 rows or 90 days where nothing else is said.
MOST = 1000
WINDOW = timedelta(days=90)
Status = Literal["open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    """What a list is narrowed to; ``key``: also what this key of the API sent (``key:<id>``). ``since`` and ``until``: when they came in."""

    ids: Sequence[str] = ()
    services: Sequence[str] = ()
    status: Status | None = None
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1
    size: int = MOST
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A request in public; ``description`` is the reviewed copy, if there is one."""

    number: str
    status: Status
    notes: str
    service_code: str
    service_name: str
    description: str
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestUpdate:
    """That a request came in or was closed, as of an entry of its history."""

    number: str
    sequence: int
    status: Status
    at: datetime
    description: str


def service_requests(house: House, wanted: RequestFilter, language: str, now: datetime) -> tuple[ServiceRequest, ...]:
    """The newest first, a page of them."""
    size = min(wanted.size, MOST)
    query = _narrowed(select(*_COLUMNS), wanted, now).order_by(issues.c.opened_at.desc(), issues.c.id.desc())
    with house.database.reading() as connection:
        rows = connection.execute(query.limit(size).offset((wanted.page - 1) * size)).all()
        told = select(publications.c.issue_id, publications.c.title, publications.c.text).where(
            publications.c.issue_id.in_([row.id for row in rows]), publications.c.withdrawn_at.is_(None)
        )
        copies = {issue: (title, text) for issue, title, text in connection.execute(told.order_by(publications.c.id))}
    return tuple(_request(house, row, copies.get(row.id), language) for row in rows)


def service_request(house: House, number: str, key: str | None, language: str, now: datetime) -> ServiceRequest:
    """One of them; ``NotFound`` alike for one that is not there and one that nobody may read."""
    found = service_requests(house, RequestFilter(ids=(number,), key=key), language, now)
    if not found:
        raise NotFound("没有这件诉求，或没有公开。", "service_request_id was not found")
    return found[0]


def updates(house: House, wanted: RequestFilter, language: str, now: datetime) -> tuple[RequestUpdate, ...]:
    """That requests came in, and that they were closed, the oldest first; ``since`` and ``until`` are when it happened. Where there are more than
    ``MOST``, the later ones are asked for from the last on.
    """
    until = wanted.until or now
    since = wanted.since or until - WINDOW
    told: list[RequestUpdate] = []
    with house.database.reading() as connection:
        for at, turn in ((issues.c.opened_at, _opened), (issues.c.closed_at, _closed)):
            query = select(*_COLUMNS).where(_seen(wanted.key), at >= since, at <= until)
            rows = connection.execute(query.order_by(at, issues.c.id).limit(MOST)).all()
            told += [turn(house, row, language) for row in rows]
    return tuple(sorted(told, key=lambda one: (one.at, one.number))[:MOST])


def _opened(house: House, row: Row[Any, *tuple[Any, ...]], language: str) -> RequestUpdate:
    return RequestUpdate(row.number, 1, "open", row.opened_at, "")


def _closed(house: House, row: Row[Any, *tuple[Any, ...]], language: str) -> RequestUpdate:
    definition = house.processes.process(row.definition_version_id).definition
    title = words(definition.resolution_title(row.resolution), language) if row.resolution else ""
    return RequestUpdate(row.number, row.version, "closed", row.closed_at, title)


_COLUMNS = (
    *(issues.c.id, issues.c.number, issues.c.status, issues.c.resolution, issues.c.definition_version_id),
    *(issues.c.opened_at, issues.c.changed_at, issues.c.closed_at, issues.c.due_at, issues.c.version),
)


def _narrowed(query: Select[Any], wanted: RequestFilter, now: datetime) -> Select[Any]:
    query = query.where(_seen(wanted.key))
    if wanted.ids:
        # with ids named, nothing else counts
        return query.where(issues.c.number.in_(wanted.ids))
    since = wanted.since or (wanted.until or now) - WINDOW
    query = query.where(issues.c.opened_at >= since, issues.c.opened_at <= (wanted.until or now))
    if wanted.services:
        versions = select(definition_versions.c.id).where(definition_versions.c.key.in_(wanted.services))
        query = query.where(issues.c.definition_version_id.in_(versions))
    return query.where(issues.c.status == wanted.status) if wanted.status else query


def _seen(key: str | None) -> ColumnElement[bool]:
    public = exists().where(publications.c.issue_id == issues.c.id, publications.c.withdrawn_at.is_(None))
    if key is None:
        return public
    sent = exists().where(history.c.issue_id == issues.c.id, history.c.sequence == 1, history.c.via == key)
    return or_(public, sent)


def _request(house: House, row: Row[Any], copy: tuple[Mapping[str, str], ...] | None, language: str) -> ServiceRequest:
    definition = house.processes.process(row.definition_version_id).definition
    ended = row.status == "closed"
    return ServiceRequest(
        number=row.number,
        status="closed" if ended else "open",
        notes=words(definition.resolution_title(row.resolution), language) if row.resolution else "",
        service_code=definition.id,
        service_name=words(definition.title, language, definition.id),
        description="\n".join(words(one, language) for one in copy) if copy else "",
        requested_at=row.opened_at,
        updated_at=row.changed_at,
        expected_at=None if ended else row.due_at,
    )
