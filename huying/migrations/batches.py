"""Migrations in batches: begun once, carried on by whoever comes by, as often as they are interrupted; each issue moves once or stays, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, literal, select, update

from engine.migration.check import Obstacle
from engine.migration.plan import MigrationPlan
from huying.audit.record import AuditNote, note
from huying.database.tables import definition_versions as versions
from huying.database.tables import issues
from huying.database.tables import process_migration_issues as members
from huying.database.tables import process_migrations as migrations
from huying.errors import NotFound
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.migrations.issue import Order, as_json, hindrances, move
from huying.migrations.plans import Prepared, plain, restored

#: An issue that is just moving is tried again after this; so often, and then ever later.
_AGAIN = timedelta(seconds=2)
_LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many issues of how many: ``moves`` have moved (or would), others wait, need a place in the plan, are blocked, or are gone.

    ``reasons``: why, each with how many issues, the most frequent first; ``examples``: the ids of some issues for each.
    """

    asked: int
    moves: int = 0
    waiting: int = 0
    mapping: int = 0
    blocked: int = 0
    gone: int = 0
    reasons: tuple[tuple[Obstacle, int], ...] = ()
    examples: Mapping[Obstacle, tuple[int, ...]] = field(default_factory=dict)


def survey(house: House, prepared: Prepared, now: datetime, most: int | None = None) -> Iterator[Tally]:
    """What would become of every open issue of the old version; a tally after each hundred, the last is the whole. Nothing is changed."""
    order = Order(0, prepared.leaving, prepared.entering, prepared.plan, "", None)
    with house.database.reading() as connection:
        query = (
            select(issues.c.id).where(*_open_at(prepared.leaving.key, prepared.leaving.version)).order_by(issues.c.id)
        )
        ids = list(connection.execute(query.limit(most)).scalars())
    kinds: Counter[str] = Counter()
    reasons: Counter[Obstacle] = Counter()
    examples: dict[Obstacle, tuple[int, ...]] = {}
    for position, issue_id in enumerate(ids, 1):
        found = tuple(one for one in hindrances(house, order, issue_id, now) if one.kind != "later")
        kinds[_kind(found)] += 1
        for one in found:
            reasons[one] += 1
            examples[one] = (*examples.get(one, ()), issue_id)[:5]
        if position % 100 == 0 and position < len(ids):
            yield Tally(len(ids), moves=kinds["moved"], mapping=kinds["mapping"], blocked=kinds["blocked"])
    yield Tally(
        len(ids),
        moves=kinds["moved"],
        mapping=kinds["mapping"],
        blocked=kinds["blocked"],
        reasons=tuple(reasons.most_common()),
        examples=examples,
    )


def _kind(found: Sequence[Obstacle]) -> str:
    kinds = {one.kind for one in found}
    return next((kind for kind in ("gone", "mapping", "blocked", "later") if kind in kinds), "moved")


def _open_at(key: str, version: int) -> tuple[ColumnElement[bool], ...]:
    """Open issues that follow a version, with whatever overrides."""
    same = select(versions.c.id).where(versions.c.key == key, versions.c.version == version)
    return issues.c.status == "open", issues.c.definition_version_id.in_(same)


def begin(house: House, prepared: Prepared, *, reason: str, by: str, actor_id: int | None = None, now: datetime) -> int:
    """Note that every open issue of the old version is to move; the migration's id. ``carry_on`` does the rest."""
    with house.database.writing() as connection:
        return note_begin(connection, prepared, Imprint(by, now, reason), actor_id)


def note_begin(connection: Connection, prepared: Prepared, imprint: Imprint, actor_id: int | None) -> int:
    """The same in a transaction of one's own; the reason is the imprint's note."""
    leaving = prepared.leaving.key, prepared.leaving.version
    row = _row(*leaving, prepared.entering.version, prepared.plan, imprint.note)
    number = _noted(connection, row, imprint, actor_id)
    chosen = select(literal(number), issues.c.id, *_fresh(imprint.now)).where(*_open_at(*leaving))
    connection.execute(insert(members).from_select(_MEMBER, chosen))
    return number


def revert(house: House, migration: int, *, reason: str, by: str, actor_id: int | None = None, now: datetime) -> int:
    """Note that the issues that a migration has moved, and that are still open where they went, are to go back; the new migration's id."""
    done = found(house, migration)
    with house.database.writing() as connection:
        return note_revert(connection, done, Imprint(by, now, reason), actor_id)


def note_revert(connection: Connection, done: Row[Any], imprint: Imprint, actor_id: int | None) -> int:
    """The same in a transaction of one's own, of a migration that was ``found``."""
    row = _row(done.key, done.entering, done.leaving, restored(done.plan).inverse(), imprint.note)
    number = _noted(connection, row | {"reverts": done.id}, imprint, actor_id)
    chosen = (
        select(literal(number), issues.c.id, *_fresh(imprint.now))
        .join(members, members.c.issue_id == issues.c.id)
        .where(members.c.migration_id == done.id, members.c.status == "moved", *_open_at(done.key, done.entering))
    )
    connection.execute(insert(members).from_select(_MEMBER, chosen))
    return number


def _noted(connection: Connection, row: dict[str, Any], imprint: Imprint, actor_id: int | None) -> int:
    asked = {"asked_by": imprint.by, "asked_by_id": actor_id, "asked_at": imprint.now}
    number = int(connection.execute(insert(migrations).returning(migrations.c.id), row | asked).scalar_one())
    told = AuditNote(
        what="migration-begun",
        object=f"process:{row['key']}",
        by=actor_id,
        reason=imprint.note,
        detail={"version": row["entering"], "before": row["leaving"]},
        at=imprint.now,
    )
    note(connection, told)
    return number


_MEMBER = ("migration_id", "issue_id", "status", "attempts", "available_at", "obstacles")


def _fresh(now: datetime) -> tuple[Any, ...]:
    return (
        literal("waiting"),
        literal(0),
        literal(now, type_=members.c.available_at.type),
        literal([], type_=members.c.obstacles.type),
    )


def _row(key: str, leaving: int, entering: int, plan: MigrationPlan, reason: str) -> dict[str, Any]:
    said = {"plan": plain(plan), "reason": reason, "status": "running"}
    return {"key": key, "leaving": leaving, "entering": entering, **said}


def found(house: House, migration: int) -> Row[Any]:
    """The row of a migration; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        row = connection.execute(select(migrations).where(migrations.c.id == migration)).one_or_none()
    if row is None:
        raise NotFound(f"没有第 {migration} 号转版。", f"There is no migration {migration}.")
    return row


def is_waiting(house: House, now: datetime) -> bool:
    """Whether an issue of any migration can be tried now; cheap."""
    with house.database.reading() as connection:
        return connection.execute(_ready(now).limit(1)).first() is not None


def carry_on(house: House, now: datetime, limit: int = 50, migration: int | None = None) -> int:
    """Move a batch of issues, of one migration or of any; how many were looked at. Several may do it at once."""
    query = _ready(now) if migration is None else _ready(now).where(members.c.migration_id == migration)
    with house.database.reading() as connection:
        rows = connection.execute(query.limit(limit)).all()
    orders: dict[int, Order] = {}
    for row in rows:
        order = orders.get(row.migration_id) or orders.setdefault(row.migration_id, _order(house, row.migration_id))
        _try(house, order, row, now)
    for number in orders or ([migration] if migration else []):
        _end(house, number, now)
    return len(rows)


def _ready(now: datetime) -> Any:
    return (
        select(members.c.migration_id, members.c.issue_id, members.c.attempts)
        .where(members.c.status == "waiting", members.c.available_at <= now)
        .order_by(members.c.available_at, members.c.issue_id)
    )


def _order(house: House, migration: int) -> Order:
    row = found(house, migration)
    version = house.processes.version
    leaving, entering = version(row.key, row.leaving), version(row.key, row.entering)
    return Order(migration, leaving, entering, restored(row.plan), row.reason, row.asked_by_id)


def _try(house: House, order: Order, row: Row[Any], now: datetime) -> None:
    """Move one issue, or note why it stays; whoever is just being acted on is tried again."""
    hindered = move(house, order, row.issue_id, now)
    if hindered == ():
        return
    kind = _kind(hindered) if hindered is not None else "later"
    values: dict[str, Any] = {"attempts": row.attempts + 1, "obstacles": as_json(hindered or ())}
    if kind == "later":
        values["available_at"] = now + min(_LONGEST, _AGAIN * 2 ** min(row.attempts, 9))
    else:
        values["status"] = kind
    mine = members.c.migration_id == order.migration, members.c.issue_id == row.issue_id
    with house.database.writing() as connection:
        connection.execute(update(members).where(*mine, members.c.status == "waiting").values(values))


def _end(house: House, migration: int, now: datetime) -> None:
    waiting = select(members.c.issue_id).where(members.c.migration_id == migration, members.c.status == "waiting")
    with house.database.writing() as connection:
        connection.execute(
            update(migrations)
            .where(migrations.c.id == migration, migrations.c.status == "running", ~waiting.exists())
            .values(status="ended", ended_at=now)
        )


def try_again(house: House, migration: int, now: datetime) -> int:
    """Let the issues that could not move be tried again, after what kept them has ended; how many."""
    stuck = members.c.migration_id == migration, members.c.status.in_(("blocked", "mapping"))
    with house.database.writing() as connection:
        again = {"status": "waiting", "attempts": 0, "available_at": now}
        count = connection.execute(update(members).where(*stuck).values(again)).rowcount
        if count:
            connection.execute(
                update(migrations).where(migrations.c.id == migration).values(status="running", ended_at=None)
            )
    return count


def tally(house: House, migration: int) -> Tally:
    """What has become of the issues of a migration so far; the numbers add up to all that were asked for."""
    with house.database.reading() as connection:
        counted = (
            select(members.c.status, func.count().label("many"))
            .where(members.c.migration_id == migration)
            .group_by(members.c.status)
        )
        counts = {row.status: row.many for row in connection.execute(counted)}
        query = select(members.c.issue_id, members.c.obstacles).where(
            members.c.migration_id == migration, members.c.status != "moved"
        )
        rows = connection.execute(query.order_by(members.c.issue_id)).all()
    reasons: Counter[Obstacle] = Counter()
    examples: dict[Obstacle, tuple[int, ...]] = {}
    for row in rows:
        for one in (Obstacle(**said) for said in row.obstacles):
            reasons[one] += 1
            examples[one] = (*examples.get(one, ()), row.issue_id)[:5]
    return Tally(
        sum(counts.values()),
        moves=counts.get("moved", 0),
        waiting=counts.get("waiting", 0),
        mapping=counts.get("mapping", 0),
        blocked=counts.get("blocked", 0),
        gone=counts.get("gone", 0),
        reasons=tuple(reasons.most_common()),
        examples=examples,
    )
