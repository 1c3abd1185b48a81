"""One issue's migration: the kernel decides, and its new version, its history and the mark in the batch become true together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from engine.change import Migrated
from engine.event import Migrate
from engine.evolve import evolve
from engine.migration.check import Obstacle, Versions, obstacles
from engine.migration.migration import Hindered, migrate
from engine.migration.plan import MigrationPlan
from engine.outcome import Outcome
from engine.state import State
from huying.database.tables import incidents, issues, outbox, process_migration_issues, stations, work_items
from huying.house.house import House
from huying.house.processes import Version
from huying.issues.store import NewEntry, Stored, read, write
from huying.processes.overrides import variant_at
from huying.register.directory import RegisterDirectory
from huying.webhooks.announcement import announce, to_announce

BUSY = Obstacle("later", "issue", "正在办理，稍后再转", "It is just being carried out; it can go in a moment")
STUCK = Obstacle("blocked", "issue", "办理受阻，请先处理", "Something could not be carried out: settle that first")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with each issue: the plan, between the versions of these numbers, as entry of this migration."""

    migration: int
    leaving: Version
    entering: Version
    plan: MigrationPlan
    reason: str
    actor_id: int | None


def hindrances(house: House, order: Order, issue_id: int, now: datetime) -> tuple[Obstacle, ...]:
    """What keeps an issue where it is; nothing is changed."""
    with house.database.reading() as connection:
        stored = read(connection, issue_id)
        versions, _ = _versions(house, connection, order, stored)
        directory = RegisterDirectory(connection, versions.new.calendar, now, files=house.files, issue=issue_id)
        return (*_unfinished(connection, issue_id), *obstacles(versions, order.plan, stored.state, now, directory))


def move(house: House, order: Order, issue_id: int, now: datetime) -> tuple[Obstacle, ...] | None:
    """Let one issue go on by the new version: what keeps it, nothing if it has moved, or ``None`` if somebody was faster: ask again."""
    with house.database.reading() as connection:
        stored = read(connection, issue_id)
        if _elsewhere(house, stored, order):
            return (Obstacle("gone", "issue", "已按别的版本办理", "It goes by another version already"),)
        unfinished = _unfinished(connection, issue_id)
        if unfinished:
            return unfinished
        versions, entering_id = _versions(house, connection, order, stored)
        at = max(now, stored.changed_at)
        directory = RegisterDirectory(connection, versions.new.calendar, at, files=house.files, issue=issue_id)
        event = Migrate(
            before=order.leaving.version,
            after=order.entering.version,
            reason=order.reason,
            migration=order.migration,
            leaving=stored.definition_version_id,
            entering=entering_id,
        )
        try:
            outcome = migrate(versions, order.plan, stored.state, event, at, directory)
        except Hindered as hindered:
            return hindered.obstacles
    entry = NewEntry(event, order.actor_id, None, at, written_at=now)
    told = to_announce(house, versions.new, _renamed(stored.state, outcome), outcome, at, now)
    with house.database.writing() as connection:
        if not write(connection, versions.new, stored, outcome, entry):
            return None
        connection.execute(update(issues).where(issues.c.id == issue_id).values(definition_version_id=entering_id))
        _rename_items(connection, issue_id, stored.state, outcome.state)
        _mark_moved(connection, order.migration, issue_id, event, outcome.state.version)
        announce(connection, issue_id, told)
    return ()


def _elsewhere(house: House, stored: Stored, order: Order) -> bool:
    """Whether the issue does not follow the version that is to be left (with whatever overrides)."""
    if stored.definition_version_id == order.leaving.id:
        return False
    return house.processes.numbered(stored.definition_version_id) != (order.leaving.key, order.leaving.version)


def _versions(house: House, connection: Connection, order: Order, stored: Stored) -> tuple[Versions, int]:
    """The processes that are left and entered, each with the overrides of the issue's station, and the id of the latter."""
    code = connection.execute(select(stations.c.code).where(stations.c.id == stored.station_id)).scalar_one()
    entering_id = variant_at(house, order.entering, code)
    process = house.processes.process
    return Versions(process(stored.definition_version_id), process(entering_id)), entering_id


def _unfinished(connection: Connection, issue_id: int) -> tuple[Obstacle, ...]:
    """What was decided by the old version is carried out before the issue leaves it."""
    waiting = select(outbox.c.id).where(outbox.c.issue_id == issue_id, outbox.c.status == "pending").limit(1)
    if connection.execute(waiting).scalar_one_or_none() is not None:
        return (BUSY,)
    failed = select(incidents.c.id).where(
        incidents.c.what == "effect", incidents.c.issue_id == issue_id, incidents.c.status != "closed"
    )
    return (STUCK,) if connection.execute(failed.limit(1)).scalar_one_or_none() is not None else ()


def _renamed(state: State, outcome: Outcome) -> State:
    """The state before, in the names of the new version."""
    for change in outcome.changes:
        if isinstance(change, Migrated):
            return evolve(state, change)
    return state


def _rename_items(connection: Connection, issue_id: int, before: State, after: State) -> None:
    """Open tasks keep their rows, under the new names of their step and role."""
    old = {item.number: (item.step, item.role) for item in before.items if not item.done}
    for item in after.items:
        if not item.done and item.number in old and old[item.number] != (item.step, item.role):
            connection.execute(
                update(work_items)
                .where(work_items.c.issue_id == issue_id, work_items.c.number == item.number)
                .values(step=item.step, role=item.role)
            )


def _mark_moved(connection: Connection, migration: int, issue_id: int, event: Migrate, sequence: int) -> None:
    row = process_migration_issues
    connection.execute(
        update(row)
        .where(row.c.migration_id == migration, row.c.issue_id == issue_id)
        .values(status="moved", sequence=sequence, leaving_id=event.leaving, entering_id=event.entering, obstacles=[])
    )


def as_json(found: Sequence[Obstacle]) -> list[dict[str, Any]]:
    """Obstacles as they are kept."""
    return [{"kind": one.kind, "about": one.about, "zh": one.zh, "en": one.en} for one in found]
