"""Figures that the database knows, whichever process is asked: what waits, what is late, how each station stands.

They are read when Prometheus asks, at most every few seconds, and never waited for long: while the database does not answer, that is the figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Table, case, func, select
from sqlalchemy.exc import SQLAlchemyError

from huying.database.tables import (
    deliveries,
    event_deliveries,
    event_subscriptions,
    heartbeats,
    incidents,
    issues,
    outbox,
    stations,
    timers,
)
from huying.house.house import House
from huying.telemetry import figures
from huying.telemetry.probe import Probe
from huying.telemetry.vitals import CONNECTED, DOUBTFUL, OF_DISPATCHER, SILENCE

#: So many seconds, and no more, Prometheus waits for the database.
PATIENCE = 2.0
#: For so long, in seconds, the same reading is given again, whoever asks.
_FRESH = 2.0


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of the database."""

    families: tuple[Metric, ...]
    at: float


class DatabaseFigures(Collector):
    """The figures of one house's database; ``clock`` is the house's."""

    def __init__(self, house: House, clock: Callable[[], datetime]) -> None:
        self._house, self._clock = house, clock
        self._probe = Probe(self._read)
        self._last: _Reading | None = None

    def describe(self) -> list[Metric]:
        """Nothing: to be registered must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures, and whether the database answered."""
        up = GaugeMetricFamily("huying_database_up", "Whether the database answered in time.")
        try:
            if self._last is None or time.monotonic() - self._last.at > _FRESH:
                self._last = self._probe.answer(PATIENCE)
            up.add_metric([], 1)
            yield up
            yield from self._last.families
        except (TimeoutError, SQLAlchemyError):
            up.add_metric([], 0)
            yield up

    def _read(self) -> _Reading:
        now = self._clock()
        with self._house.database.reading() as connection:
            families = (
                *_outbox(connection, now),
                *_messages(connection, now),
                *_events(connection, now),
                *_timers(connection, now),
                *_issues(connection, now),
                *_dispatcher(connection, now),
            )
        return _Reading(families, time.monotonic())


def exposition(*more: Collector) -> bytes:
    """All figures of this process, with those of some collectors more, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Own())
    for one in more:
        registry.register(one)
    return generate_latest(registry)


class _Own(Collector):
    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield from figures.REGISTRY.collect()


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_, value=value)


def _by_label(name: str, help_: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _age(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at is not None else 0.0


def _waiting(connection: Connection, table: Table, now: datetime) -> tuple[int, float]:
    """How many rows wait, and how old the oldest of them is, in seconds; from the index of those that wait."""
    query = select(func.count(), func.min(table.c.created_at)).where(table.c.status == "pending")
    count, oldest = connection.execute(query).one()
    return int(count), _age(oldest, now)


def _failed(connection: Connection, table: Table) -> int:
    query = select(func.count()).select_from(table).where(table.c.status == "failed")
    return int(connection.execute(query).scalar_one())


def _outbox(connection: Connection, now: datetime) -> Iterator[Metric]:
    count, age = _waiting(connection, outbox, now)
    yield _gauge("huying_outbox_pending", "Effects that are still to be carried out.", count)
    yield _gauge("huying_outbox_oldest_seconds", "Age of the oldest effect that is still to be carried out.", age)
    yield _gauge("huying_outbox_failed", "Effects that were given up and wait for staff.", _failed(connection, outbox))


def _messages(connection: Connection, now: datetime) -> Iterator[Metric]:
    count, age = _waiting(connection, deliveries, now)
    yield _gauge("huying_messages_pending", "Messages to people that are still to be sent.", count)
    yield _gauge("huying_messages_oldest_seconds", "Age of the oldest message that is still to be sent.", age)


def _events(connection: Connection, now: datetime) -> Iterator[Metric]:
    count, age = _waiting(connection, event_deliveries, now)
    yield _gauge("huying_webhook_events_pending", "Events that other systems are still to be told.", count)
    yield _gauge("huying_webhook_events_oldest_seconds", "Age of the oldest event that is still to be told.", age)
    state = case(
        (~event_subscriptions.c.active, "stopped"), (event_subscriptions.c.failing_since.is_not(None), "failing"),
        else_="well",
    )  # fmt: skip
    rows = connection.execute(select(state, func.count()).group_by(state))
    found = dict.fromkeys(("well", "failing", "stopped"), 0.0) | {row[0]: float(row[1]) for row in rows}
    yield _by_label("huying_webhook_subscriptions", "Subscriptions by how they stand.", "state", found)


def _timers(connection: Connection, now: datetime) -> Iterator[Metric]:
    query = select(func.count(), func.min(timers.c.due_at)).where(timers.c.due_at <= now)
    due, oldest = connection.execute(query).one()
    yield _gauge("huying_timers_due", "Timers whose moment has come.", due)
    yield _gauge("huying_timers_lag_seconds", "For how long the first of them has been due.", _age(oldest, now))
    failing = connection.execute(
        select(func.count()).select_from(timers).where(timers.c.due_at <= now, timers.c.error.is_not(None))
    ).scalar_one()
    yield _gauge("huying_timers_failing", "Timers that could not be fired when they were tried last.", failing)


def _issues(connection: Connection, now: datetime) -> Iterator[Metric]:
    late = case(((issues.c.due_at <= now) & issues.c.paused_at.is_(None), 1))
    query = (
        select(stations.c.code, func.count(), func.count(late))
        .join(stations, stations.c.id == issues.c.station_id)
        .where(issues.c.status == "open")
        .group_by(stations.c.code)
        .order_by(stations.c.code)
    )
    rows = connection.execute(query).all()
    opened, overdue = {row[0]: float(row[1]) for row in rows}, {row[0]: float(row[2]) for row in rows}
    yield _by_label("huying_issues_open", "Open issues by station.", "station", opened)
    yield _by_label("huying_issues_overdue", "Open issues whose deadline has passed, by station.", "station", overdue)
    yield _gauge(
        "huying_incidents_open",
        "What could not be carried out, and waits for staff.",
        _incidents(connection),
    )


def _incidents(connection: Connection) -> int:
    """What was given up and is not put right."""
    return int(connection.execute(select(func.count()).where(incidents.c.status != "closed")).scalar_one())


def _dispatcher(connection: Connection, now: datetime) -> Iterator[Metric]:
    query = select(heartbeats.c.at, heartbeats.c.note).where(OF_DISPATCHER).order_by(heartbeats.c.at.desc())
    heard = connection.execute(query).all()
    notes = {row.note for row in heard if _age(row.at, now) <= SILENCE.total_seconds()}
    if heard:
        silence = _age(heard[0].at, now)
        yield _gauge("huying_dispatcher_silence_seconds", "Since when no dispatcher has been heard of.", silence)
    yield _gauge("huying_prefect_up", "Whether the dispatcher's work is shown in Prefect.", float(CONNECTED in notes))
    yield _gauge(
        "huying_clock_doubtful", "Whether the clock jumped ahead, and no timer is fired.", float(DOUBTFUL in notes)
    )
