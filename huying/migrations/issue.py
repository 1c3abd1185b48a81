"""One issue's migration: the kernel decides, and its new version, its history and the mark in the batch become true together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

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
from huying.issues.books import in_a_circle
from huying.issues.store import NewEntry, Stored, read, write
from huying.processes.overrides import variant_at
from huying.register.books import HouseBooks
from huying.register.directory import RegisterDirectory
from huying.webhooks.announcement import Row, announce, to_announce

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
        directory = RegisterDirectory(connection, versions.new.calendar, now, files=house.store, issue=issue_id)
        return (*_unfinished(connection, issue_id), *obstacles(versions, order.plan, stored.state, now, directory))


def move(house: House, order: Order, issue_id: int, now: datetime) -> tuple[Obstacle, ...] | None:
    """Let one issue go on by the new version: what keeps it, nothing if it has moved, or ``None`` if somebody was faster: ask again.

    What asks other issues (for the next number, say) is decided once more under locks on what it asked about, as what people do is.
    """
    try:
        return _Move(house, order, now).made(issue_id)
    except IntegrityError:
        return None
    except DBAPIError as error:
        if not in_a_circle(error):
            raise
        return None


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the kernel made of an issue: ``asked`` are the names of what it asked of other issues."""

    stored: Stored
    versions: Versions
    event: Migrate
    outcome: Outcome
    at: datetime
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Move:
    """One issue on its way to another version."""

    house: House
    order: Order
    now: datetime

    def made(self, issue_id: int) -> tuple[Obstacle, ...] | None:
        """Decide and write, before anything is locked or under locks on what was asked."""
        try:
            with self.house.database.reading() as connection:
                decided = self._first(connection, issue_id)
            if not isinstance(decided, _Decided):
                return decided
            told = self._told(decided)
            with self.house.database.writing() as connection:
                if decided.asked:
                    HouseBooks(connection, holds=True).hold(decided.asked)
                    if read(connection, issue_id) != decided.stored:
                        return None
                    decided = self._decided(connection, decided.stored, decided.versions, decided.event, holds=True)
                    told = self._told(decided)
                return self._written(connection, decided, told)
        except Hindered as hindered:
            return hindered.obstacles

    def _first(self, connection: Connection, issue_id: int) -> _Decided | tuple[Obstacle, ...]:
        stored, order = read(connection, issue_id), self.order
        if _elsewhere(self.house, stored, order):
            return (Obstacle("gone", "issue", "已按别的版本办理", "It goes by another version already"),)
        unfinished = _unfinished(connection, issue_id)
        if unfinished:
            return unfinished
        versions, entering_id = _versions(self.house, connection, order, stored)
        event = Migrate(
            before=order.leaving.version,
            after=order.entering.version,
            reason=order.reason,
            migration=order.migration,
            leaving=stored.definition_version_id,
            entering=entering_id,
        )
        return self._decided(connection, stored, versions, event)

    def _decided(
        self, connection: Connection, stored: Stored, versions: Versions, event: Migrate, *, holds: bool = False
    ) -> _Decided:
        """The kernel's decision; with ``holds``, what it asks of other issues stays so until the transaction ends."""
        at = max(self.now, stored.changed_at)
        directory = RegisterDirectory(
            connection, versions.new.calendar, at, files=self.house.store, issue=stored.id, holds=holds
        )
        outcome = migrate(versions, self.order.plan, stored.state, event, at, directory)
        return _Decided(stored, versions, event, outcome, at, frozenset(directory.books.asked))

    def _told(self, decided: _Decided) -> Sequence[Row]:
        """Whom the world outside hears of it."""
        outcome = decided.outcome
        before = _renamed(decided.stored.state, outcome)
        return to_announce(self.house, decided.versions.new, before, outcome, decided.at, self.now)

    def _written(self, connection: Connection, decided: _Decided, told: Sequence[Row]) -> tuple[()] | None:
        """Write it in the caller's transaction; ``None``, and nothing written, if somebody was faster."""
        stored, event, after = decided.stored, decided.event, decided.outcome.state
        entry = NewEntry(event, self.order.actor_id, None, decided.at, written_at=self.now)
        write(connection, decided.versions.new, stored, decided.outcome, entry)
        follows = update(issues).where(issues.c.id == stored.id).values(definition_version_id=event.entering)
        connection.execute(follows)
        _rename_items(connection, stored.id, stored.state, after)
        _mark_moved(connection, self.order.migration, stored.id, event, after.version)
        announce(connection, stored.id, told)
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
