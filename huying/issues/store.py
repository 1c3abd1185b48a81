"""Issues in the database: reading one for a decision, and writing what was decided in the caller's transaction."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, String, bindparam, cast, delete, func, insert, literal_column, select, update

from definitions.model.reference import Reference, reference, refers_to
from engine import Outcome, Process, State
from engine.due import earliest, standing_since
from engine.event import Happened
from huying.database.data_keys import keep, open_keys
from huying.database.statement import Statement
from huying.database.tables import history, issues, outbox, timers
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.issues.assignments import remember
from huying.issues.books import write_books
from huying.issues.involvement import INVOLVING, write_involvement
from huying.issues.skeleton import Pen, pen_for
from huying.issues.tally import day_of, reckoned
from huying.issues.tally_rows import COUNTED, counted_values, write_tallies
from huying.issues.uniqueness import hold
from huying.issues.work_items import write_items
from huying.telemetry import tracing
from models.sealed import ring_of

#: What the first entry of a history follows.
FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Stored:
    """An issue as it was read: its version is checked again when it is written."""

    id: int
    number: str
    definition_version_id: int
    last_hash: str
    changed_at: datetime
    state: State
    station_id: int
    data_key: str | None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What becomes a row of the history.

    ``written_at`` is the clock's own moment, if it was set back and ``at`` may not be before the event before. ``late``: it should have
    happened long ago; whom it tells may hear of it together with others. ``via``: through what it was done, if not through the portal.
    """

    event: Happened
    actor_id: int | None
    request_key: str | None
    at: datetime
    written_at: datetime | None = None
    late: bool = False
    via: str | None = None


_COLUMNS = ("id", "number", "definition_version_id", "last_hash", "changed_at", "state", "station_id", "data_key")
_read = Statement(select(*(issues.c[name] for name in _COLUMNS)).where(issues.c.id == bindparam("of_id")))


def _with_all(numbers: Any) -> Statement:
    """``numbers``: how a dialect writes several in one text, with commas between."""
    whose = serving.c.participant_id == bindparam("person", type_=issues.c.id.type)
    same_request = history.c.request_key == bindparam("key", type_=history.c.request_key.type)
    return Statement(
        select(
            *(issues.c[name] for name in _COLUMNS),
            history.c.issue_id,
            history.c.sequence,
            history.c.event,
            select(numbers).where(whose).scalar_subquery(),
        )
        .join(history, same_request, isouter=True)
        .where(issues.c.id == bindparam("of_id"))
    )


_all: Mapping[str, Statement] = {
    "sqlite": _with_all(func.group_concat(serving.c.organisation_id)),
    "postgresql": _with_all(func.string_agg(cast(serving.c.organisation_id, String), literal_column("','"))),
}


class Earlier(NamedTuple):
    """The entry of a request that was carried out before."""

    issue_id: int
    sequence: int
    event: Happened


class BeforeDecision(NamedTuple):
    """All that is read before a decision: the issue, the same request's entry, and the departments of whoever asks."""

    issue: Stored
    earlier: Earlier | None
    departments: tuple[int, ...]


def read(connection: Connection, issue_id: int) -> Stored:
    """The issue of this id; ``NotFound`` if there is none."""
    rows = _read.rows(connection, {"of_id": issue_id})
    if not rows:
        raise _no_issue()
    return Stored(*rows[0])


def read_all(connection: Connection, issue_id: int, request_key: str | None, person: int | None) -> BeforeDecision:
    """What a decision needs of an issue, in one query; ``NotFound`` if there is none."""
    rows = _all[connection.dialect.name].rows(connection, {"of_id": issue_id, "key": request_key, "person": person})
    if not rows:
        raise _no_issue()
    *own, earlier_id, sequence, event, departments = rows[0]
    earlier = Earlier(earlier_id, sequence, event) if earlier_id is not None else None
    return BeforeDecision(Stored(*own), earlier, tuple(map(int, departments.split(","))) if departments else ())


def _no_issue() -> NotFound:
    return NotFound("没有这件事项。", "There is no such issue.")


#: What a new issue's row says, if it says nothing else.
_BLANK = {
    **dict.fromkeys(issues.c.keys()),
    "shown_version": 0,
    "filed_version": 0,
    "finished_late": False,
}
_insert_issue = Statement(insert(issues), issues.c.keys())


def create(connection: Connection, process: Process, outcome: Outcome, entry: NewEntry, row: Mapping[str, Any]) -> None:
    """Write a new issue (``row`` has its id) with its first history row. ``Invalid`` if another issue has a value that stands once."""
    facts, issue_id = outcome.state.facts, row["id"]
    assert facts is not None
    key = open_keys(connection).new()
    pen = Pen(connection, process.definition, key)
    link = _chain(connection, (facts.number, FIRST_HASH), 1, entry, outcome, pen)
    counted = reckoned(process, State(), outcome.state, outcome.changes, entry.at)
    new = {
        **_BLANK,
        **row,
        "number": facts.number,
        "opened_at": facts.opened_at,
        "opened_on": day_of(process, facts.opened_at),
        "data_key": key.id,
        **_columns(process, outcome, entry.at, link["hash"], pen),
        **counted.columns,
    }
    _insert_issue.put(connection, new)
    write_tallies(connection, issue_id, 1, counted)
    keep(connection, key, reference("issue", issue_id), entry.at)
    _write_around(connection, (issue_id, row["station_id"], pen), State(), outcome, entry, link)
    hold(connection, process, issue_id, (State(), outcome.state), entry.event)
    remember(connection, process, outcome, entry.at)


_STATE_COLUMNS = (
    *("status", "resolution", "version", "data_key", "state", "last_hash", "changed_at", "closed_at"),
    *("due_at", "provisional", "paused_at", "calendar", "stage", "step", "kind", "answerable_id"),
)
_state = {issues.c[name]: bindparam(f"new_{name}", type_=issues.c[name].type) for name in _STATE_COLUMNS}
_mine = issues.c.id == bindparam("of_id"), issues.c.version == bindparam("of_version")
_update = Statement(update(issues).where(*_mine).values(_state))
# apart: most events change nothing for figures, and touch no index of theirs
_update_counted = Statement(update(issues).where(*_mine).values(_state | COUNTED))


def write(connection: Connection, process: Process, stored: Stored, outcome: Outcome, entry: NewEntry) -> None:
    """Write a decision on an issue; an ``IntegrityError`` if somebody else changed it since it was read: theirs is the entry of this version."""
    pen = pen_for(connection, process.definition, (stored.id, stored.data_key), entry.at)
    link = _chain(connection, (stored.number, stored.last_hash), outcome.state.version, entry, outcome, pen)
    counted = reckoned(process, stored.state, outcome.state, outcome.changes, entry.at)
    row = {**_columns(process, outcome, entry.at, link["hash"], pen), "data_key": pen.key.id}
    new = {f"new_{name}": row[name] for name in _STATE_COLUMNS}
    new |= {"of_id": stored.id, "of_version": stored.state.version}
    if counted.columns:
        _update_counted.put(connection, new | counted_values(counted))
    else:
        _update.put(connection, new)
    write_tallies(connection, stored.id, outcome.state.version, counted)
    station = outcome.state.facts.station if outcome.state.facts else stored.station_id
    _write_around(connection, (stored.id, station, pen), stored.state, outcome, entry, link)
    hold(connection, process, stored.id, (stored.state, outcome.state), entry.event)
    remember(connection, process, outcome, entry.at)


def _columns(process: Process, outcome: Outcome, now: datetime, digest: str, pen: Pen) -> dict[str, Any]:
    """What lists and filters need of a state, beside the state itself."""
    state, definition = outcome.state, process.definition
    due = earliest(state)
    row: dict[str, Any] = {
        "status": state.status,
        "resolution": state.resolution,
        "version": state.version,
        "state": pen.state(state),
        "last_hash": digest,
        "changed_at": now,
        "due_at": due.due_at if due else None,
        "provisional": due.provisional if due else False,
        "paused_at": standing_since(state),
        "calendar": process.calendar.name,
        "stage": definition.stage_of[state.visits[0].step] if state.visits else "closure",
        "step": state.visits[0].step if state.visits else None,
        "kind": definition.kind_of(state.data),
        "closed_at": (state.closed_at or now) if state.status == "closed" else None,
        "answerable_id": None,
    }
    if state.answerable and refers_to(state.answerable, "participant"):
        row["answerable_id"] = Reference.parse(state.answerable).number
    return row


def _chain(
    connection: Connection, previous: tuple[str, str], sequence: int, entry: NewEntry, outcome: Outcome, pen: Pen
) -> dict[str, Any]:
    """The history row's own columns, with its hash over the one before: over what is kept, in which words are sealed.

    ``previous``: the issue's number, and the hash before.
    """
    number, before = previous
    event, kept_event = pen.written(entry.event, "history.event")
    changes, kept_changes = pen.written(outcome.changes, "history.changes")
    row = {
        "sequence": sequence,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "kind": entry.event.kind,
        "event": kept_event,
        "changes": kept_changes,
        "previous_hash": before,
        "via": entry.via,
    }
    return {**row, "hash": entry_hash(number, {**row, "event": event, "changes": changes}, chain_key(connection))}


def chain_key(connection: Connection) -> bytes:
    """By which the entries of histories are chained: whoever has the database alone can neither change one nor write one more."""
    return ring_of(connection.dialect).sub_key("history")


def entry_hash(number: str, row: Mapping[str, Any], key: bytes) -> str:
    """The HMAC-SHA256 of a history row: of the issue's number, the hash before, and all that the row says, as canonical JSON.

    ``event`` and ``changes`` are plain here, as they stand in the database: what was added to them would not survive decoding.
    """
    said = {name: row[name] for name in ("sequence", "actor_id", "kind", "event", "changes", "previous_hash")}
    if row["via"]:
        said["via"] = row["via"]
    moment = row["at"].isoformat(timespec="microseconds")
    told = orjson.dumps({"number": number, "at": moment, **said}, option=orjson.OPT_SORT_KEYS)
    return hmac.digest(key, told, "sha256").hex()


_insert_history = Statement(insert(history), history.c.keys())
_insert_timer = Statement(insert(timers), ("issue_id", "number", "due_at", "attempts"))
_insert_outbox = Statement(
    insert(outbox),
    (
        "issue_id",
        "station_id",
        "sequence",
        "position",
        "kind",
        "payload",
        "late",
        "status",
        "attempts",
        "available_at",
        "created_at",
        "trace",
    ),
)
_end_timer = Statement(
    delete(timers).where(timers.c.issue_id == bindparam("of_issue"), timers.c.number == bindparam("of_number"))
)


def _write_around(
    connection: Connection,
    at: tuple[int, int, Pen],
    before: State,
    outcome: Outcome,
    entry: NewEntry,
    link: Mapping[str, Any],
) -> None:
    """``at``: the ids of the issue and of its station, and what writes for it."""
    issue_id, station_id, pen = at
    _insert_history.put(connection, {"issue_id": issue_id, "request_key": entry.request_key, **link})
    write_items(connection, issue_id, before, outcome, entry.at)
    _write_timers(connection, issue_id, before, outcome.state)
    if any(type(change) in INVOLVING for change in outcome.changes):
        write_involvement(connection, issue_id, outcome, entry.at)
    write_books(connection, issue_id, outcome, entry.at)
    if outcome.effects:
        written_at = entry.written_at or entry.at
        trace = tracing.here()
        rows = [
            {
                "issue_id": issue_id,
                "station_id": station_id,
                "sequence": outcome.state.version,
                "position": position,
                "kind": effect.kind,
                "payload": pen.written(effect, "outbox.payload")[1],
                "late": entry.late,
                "status": "pending",
                "attempts": 0,
                "available_at": written_at,
                "created_at": written_at,
                "trace": trace,
            }
            for position, effect in enumerate(outcome.effects)
        ]
        _insert_outbox.put_many(connection, rows)


def _write_timers(connection: Connection, issue_id: int, before: State, after: State) -> None:
    old, new = ({timer.number for timer in state.timers} for state in (before, after))
    _end_timer.put_many(connection, [{"of_issue": issue_id, "of_number": number} for number in old - new])
    opened = [
        {"issue_id": issue_id, "number": timer.number, "due_at": timer.due_at, "attempts": 0}
        for timer in after.timers
        if timer.number not in old
    ]
    _insert_timer.put_many(connection, opened)
