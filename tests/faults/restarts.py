"""PostgreSQL restarted while people and processes work, and while what was interrupted is being taken up again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.faults.cluster import Cluster
from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.kills import expected
from tests.faults.report import Kind
from tests.faults.world import AFTERWARDS, World


@contextmanager
def _meanwhile(deed: Callable[[], None], wait: float) -> Iterator[None]:
    """Something that happens a moment after the body has begun; it is over when the body is left."""

    def later() -> None:
        time.sleep(wait)
        deed()

    thread = threading.Thread(target=later)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _working(world: World, cluster: Cluster, kind: Kind) -> Callable[[], bool]:
    """The server is restarted under two processes that do all the work of the house."""

    def inject() -> bool:
        before = cluster.crashes
        orders = [world.order("enduring", after=60, **story) for story in world.stories(2)]
        with _meanwhile(cluster.restart, world.chance.uniform(0.0, 0.2)):
            statuses = world.forks.run(*orders)
        cluster.wait()
        kind.findings += [f"a process ended with {status}" for status in statuses if status]
        return cluster.crashes > before

    return inject


def _recovering(world: World, cluster: Cluster, kind: Kind) -> Callable[[], bool]:
    """Processes die with work in hand; when others take it up, the server crashes under them, and sometimes again while it recovers."""

    def inject() -> bool:
        orders = [
            world.order("everything", after=world.chance.uniform(0.03, 0.2), **story) for story in world.stories(2)
        ]
        expected(world.forks.run(*orders), kind)
        world.now += AFTERWARDS
        before, again = cluster.crashes, world.chance.random() < 0.3

        def crash() -> None:
            cluster.crash()
            if again:
                cluster.crash()

        workers = [world.order("enduring", rounds=2, after=60) for _ in range(2)]
        with _meanwhile(crash, world.chance.uniform(0.0, 0.06)):
            statuses = world.forks.run(*workers)
        cluster.wait()
        kind.findings += [f"a process ended with {status}" for status in statuses if status]
        return cluster.crashes > before

    return inject


def _fault(name: str, title: str, make: Callable[[World, Cluster, Kind], Callable[[], bool]]) -> Fault:
    def run(tools: Tools, count: int, kind: Kind) -> None:
        cluster = tools.cluster()
        with office(tools, cluster.database()) as world:
            drive(world, count, kind, make(world, cluster, kind))

    return Fault(name, title, run)


FAULTS = (
    _fault(
        "postgresql-restart",
        "PostgreSQL restarted (immediate) under people, dispatchers, sweepers and senders",
        _working,
    ),
    _fault(
        "postgresql-recovery", "PostgreSQL crashed while interrupted work is taken up again, also twice", _recovering
    ),
)
