"""What is there twice: dispatchers started by mistake on one database, and requests that arrive again, at once or much later."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.report import Kind
from tests.faults.world import World


def _dispatchers(world: World, kind: Kind) -> Callable[[], bool]:
    """Two or three dispatchers work on one database while two portals do; their clocks are a little apart."""

    def inject() -> bool:
        people = [world.order("enduring", works=False, rounds=2, after=60, **story) for story in world.stories(2)]
        dispatchers = [world.order("enduring", rounds=3, after=60) for _ in range(world.chance.choice((2, 3)))]
        statuses = world.forks.run(*people, *dispatchers)
        kind.findings += [f"a process ended with {status}" for status in statuses if status]
        return True

    return inject


def _on(name: str, title: str, url: Callable[[Tools], str | None]) -> Fault:
    def run(tools: Tools, count: int, kind: Kind) -> None:
        with office(tools, url(tools)) as world:
            drive(world, count, kind, _dispatchers(world, kind))

    return Fault(name, title, run)


FAULTS = (
    _on("two-dispatchers", "Two or three dispatchers by mistake on one SQLite database", lambda _: None),
    _on(
        "two-dispatchers-postgresql",
        "Two or three dispatchers on one PostgreSQL database",
        lambda tools: tools.cluster().database(),
    ),
)
