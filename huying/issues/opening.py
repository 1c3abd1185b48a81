"""Opening an issue."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from definitions.expressions.expression import ExpressionError
from definitions.model.definition import Definition
from definitions.model.reference import Reference, participant
from definitions.text import words
from engine import Opening, Outcome, Process, State, start
from engine.context import context
from engine.event import Open
from engine.refusal import NotAllowed, Refusal
from huying.database.tables import addresses, history, issue_numbers, issues, participants, stations
from huying.errors import NotFound, Reused
from huying.house.house import House
from huying.issues.decision import Receipt
from huying.issues.store import Entry, create
from huying.processes.overrides import variant_at
from huying.register.directory import RegisterDirectory
from huying.telemetry import figures, logs, tracing
from huying.webhooks.announcement import announce, to_announce

_log = logging.getLogger("huying.opening")
#: without letters and digits that are mistaken for one another
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReporter:
    """Somebody who reports without being registered; who leaves no e-mail address follows by number and code."""

    name: str
    phone: str | None = None
    email: str | None = None
    language: str = "zh"


def open_issue(
    house: House,
    *,
    definition: str,
    station: str,
    reporter: int | NewReporter,
    values: Mapping[str, Any],
    request_id: str,
    now: datetime,
    channel: str = "web",
    parent: str | None = None,
) -> Receipt:
    """Open an issue by the definition in force, at the station of this code; ``reporter`` is a participant's id or somebody new.

    ``parent`` is the issue (a reference) that calls this one.
    """
    with tracing.span("open", huying__event=figures.OPEN) as span:
        try:
            return _opened(house, span, definition, station, reporter, values, request_id, now, channel, parent)
        except Refusal as refusal:
            figures.refused(figures.OPEN, refusal.code)
            span.note(huying__refusal=refusal.code)
            raise


def _opened(
    house: House,
    span: tracing.Span,
    definition: str,
    station: str,
    reporter: int | NewReporter,
    values: Mapping[str, Any],
    request_id: str,
    now: datetime,
    channel: str,
    parent: str | None,
) -> Receipt:
    begun = perf_counter()
    version = house.processes.in_force(definition, now)
    version_id = variant_at(house, version, station)
    process = house.processes.process(version_id)
    # a guest's key is looked for among guests' keys alone, whatever it says
    key = f"open-{reporter}:{request_id}" if isinstance(reporter, int) else f"open:{request_id}"
    said = _digest(definition, station, values)
    for attempt in range(5):
        with house.database.reading() as connection:
            earlier = _repeated(connection, key, said)
            place = connection.execute(select(stations).where(stations.c.code == station)).one_or_none()
        if earlier:
            return earlier
        if place is None:
            raise NotFound(f"没有代码为“{station}”的站点。", f"There is no station with the code “{station}”.")
        try:
            with house.database.writing() as connection:
                person = reporter if isinstance(reporter, int) else _register(connection, reporter, now)
                if parent is None and channel != "process":
                    _may_open(connection, process.definition, person)
                year = now.astimezone(process.calendar.zone).year
                # another definition that numbers in the same way may have had this number
                beyond = _highest(connection, place.id, year) if attempt else 0
                sequence = _next_sequence(connection, definition, place.id, year, beyond)
                opening = Opening(
                    station=place.id,
                    station_code=place.code,
                    reporter=participant(person),
                    sequence=sequence,
                    values=values,
                    industry=place.industry,
                    channel=channel,
                    parent=parent,
                )
                directory = RegisterDirectory(connection, process.calendar, now, files=house.files)
                with tracing.span("kernel"):
                    deciding = perf_counter()
                    outcome = start(process, opening, now, directory)
                    figures.decided(deciding)
                event = Open(said, definition, version.version, station, channel)
                row = _row(process, version_id, outcome, now)
                issue_id = create(connection, process, outcome, Entry(event, person, key, now), row)
                announce(connection, issue_id, to_announce(house, process, State(), outcome, now, now))
            assert outcome.state.facts is not None
            logs.about(outcome.state.facts.number)
            span.note(huying__issue=outcome.state.facts.number, huying__definition=process.definition.id)
            figures.happened(figures.OPEN, process.definition.id, begun)
            return Receipt(issue_id, outcome.state.facts.number, outcome.state.version)
        except IntegrityError:
            continue
    raise NotFound("暂时无法登记，请稍后再试。", "This could not be registered just now; please try again.")


def _row(process: Process, version_id: int, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What a new issue's row says beside its state."""
    facts = outcome.state.facts
    assert facts is not None
    return {
        "follow_code": "".join(secrets.choice(_CODE_LETTERS) for _ in range(8)),
        "definition_version_id": version_id,
        "station_id": facts.station,
        "reporter_id": Reference.parse(facts.reporter).number,
        "subject": _subject(process, outcome.state, now),
        "channel": facts.channel,
        "shown_version": 0,
    }


def _may_open(connection: Connection, definition: Definition, person: int) -> None:
    """Refuse whoever the definition does not let open an issue."""
    if definition.opened_by:
        kind = connection.execute(select(participants.c.kind).where(participants.c.id == person)).scalar_one()
        if kind not in definition.opened_by:
            raise NotAllowed


def _digest(definition: str, station: str, values: Mapping[str, Any]) -> str:
    """What tells one report from another, without keeping what it says twice."""
    said = orjson.dumps([definition, station, dict(values)], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(said).hexdigest()


def _repeated(connection: Connection, key: str | None, said: str) -> Receipt | None:
    query = select(issues.c.id, issues.c.number, history.c.sequence, history.c.event).join(history)
    row = connection.execute(query.where(history.c.request_key == key)).one_or_none()
    if row is None:
        return None
    if row.event.report != said:
        raise Reused
    return Receipt(row.id, row.number, row.sequence, repeated=True)


def _register(connection: Connection, new: NewReporter, now: datetime) -> int:
    row = {
        "name": new.name,
        "phone": new.phone,
        "language": new.language,
        "kind": "citizen",
        "active": True,
        "created_at": now,
    }
    person = int(connection.execute(insert(participants).returning(participants.c.id), row).scalar_one())
    if new.email:
        connection.execute(insert(addresses), {"participant_id": person, "channel": "mail", "target": new.email})
    return person


def _highest(connection: Connection, station: int, year: int) -> int:
    """The highest number that any definition has given in a station and year."""
    query = select(func.max(issue_numbers.c.last))
    return (
        connection.execute(query.where(issue_numbers.c.station_id == station, issue_numbers.c.year == year)).scalar()
        or 0
    )


def _next_sequence(connection: Connection, definition: str, station: int, year: int, beyond: int) -> int:
    """The next running number; with ``beyond``, the one after that."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"definition_key": definition, "station_id": station, "year": year, "last": beyond + 1}
    following = beyond + 1 if beyond else issue_numbers.c.last + 1
    statement = (
        make(issue_numbers)
        .values(**row)
        .on_conflict_do_update(index_elements=["definition_key", "station_id", "year"], set_={"last": following})
    )
    return int(connection.execute(statement.returning(issue_numbers.c.last)).scalar_one())


def _subject(process: Process, state: State, now: datetime) -> str:
    """What the issue is called in lists.

    As the definition's template ``subject`` says, else its field ``subject``, else its first short public text, else the definition's title.
    """
    definition, data = process.definition, state.data
    if definition.subject is not None:
        try:
            return definition.subject.render(context(process, state, now))[:200]
        except ExpressionError:
            _log.info("the subject of %s cannot be rendered", definition.id)
    short = [name for name, field in definition.fields.items() if field.type == "text" and field.open]
    named = (data[name] for name in ["subject", *short] if data.get(name))
    return str(next(named, words(definition.title, "zh")))[:200]
