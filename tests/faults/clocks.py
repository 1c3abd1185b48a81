"""Clocks that jump forward and back, under dispatchers that run, are started, or are killed meanwhile."""

from __future__ import annotations

from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.kills import expected
from tests.faults.report import Kind

#: From a minute to more than a year, in seconds.
JUMPS = (60, 400, 3600, 6 * 3600, 86_400, 3 * 86_400, 30 * 86_400, 400 * 86_400)
#: A wrong clock that was put right again keeps nothing back for longer than so many times three minutes.
_SOON = 7


def _run(tools: Tools, count: int, kind: Kind) -> None:
    with office(tools) as world:
        expected(world.forks.run(world.order("dispatch", ahead=0, fresh=True, back=False)), kind)

        def inject() -> bool:
            world.next_step(world.name())
            chance = world.chance
            if chance.random() < 0.5:
                # only messages are left: the dispatcher dies with some in hand
                world.work()
            killed = chance.choice(("", "claimed", "carried", "commit", "committed", "committed", "sent"))
            order = world.order(
                "dispatch",
                killed,
                chance.choice((2, 3, 4)),
                ahead=chance.choice(JUMPS) * chance.choice((1, 1, -1)),
                fresh=chance.random() < 0.4,
                back=chance.random() < 0.4,
            )
            expected(world.forks.run(order), kind)
            # the clock is right again, and somebody starts the dispatcher
            expected(world.forks.run(world.order("dispatch", ahead=0, fresh=True, back=False)), kind)
            return True

        drive(world, count, kind, inject, lambda: world.come_to_rest(_SOON))


FAULTS = (Fault("clock", "Clock set forward and back, by a minute to a year, also with a kill -9 meanwhile", _run),)
