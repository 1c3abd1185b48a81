"""``kill -9`` of each process at each of its transaction boundaries, between claiming and carrying out, and at any moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.points import BOUNDARIES
from tests.faults.report import Kind
from tests.faults.world import World

Inject = Callable[[], bool]


def expected(statuses: Sequence[int], kind: Kind) -> bool:
    """Whether a child was killed; one that ended by a fault of its own is a finding."""
    kind.findings += [f"a process ended with {status}" for status in statuses if status not in (0, -9)]
    return -9 in statuses


def _portal(world: World, kind: Kind) -> Inject:
    """A portal's process dies while somebody's request is carried out; the person asks again, with the same key."""
    points = (*BOUNDARIES, "answered")

    def inject() -> bool:
        ready = world.ready()
        arguments = {"steps": 1, "issue_id": ready} if ready else {"steps": 0}
        order = world.order("client", world.chance.choice(points), name=world.name(), **arguments)
        return expected(world.forks.run(order), kind)

    return inject


def _dispatcher(world: World, kind: Kind) -> Inject:
    """A dispatcher dies while it claims effects, or carries one out that it has claimed."""
    points = (*BOUNDARIES, *BOUNDARIES, "before claim", "claimed", "carried")

    def inject() -> bool:
        world.next_step(world.name())
        order = world.order("carry out", world.chance.choice(points), world.chance.choice((1, 1, 2, 3)))
        return expected(world.forks.run(order), kind)

    return inject


def _sweeper(world: World, kind: Kind) -> Inject:
    """A sweeper dies with timers that it has claimed."""
    points = (*BOUNDARIES, "before claim", "claimed", "fired")

    def inject() -> bool:
        while len(world.open_issues()) < 2:
            world.tell_story(world.name(), 0)
        world.next_step(world.name())
        world.work()
        world.now += timedelta(days=world.chance.choice((5, 35, 35)))
        order = world.order("sweep", world.chance.choice(points), world.chance.choice((1, 1, 2)))
        return expected(world.forks.run(order), kind)

    return inject


def _sender(world: World, kind: Kind) -> Inject:
    """A sender dies with messages that it has claimed, or that the mail server has just taken."""
    points = (*BOUNDARIES, *BOUNDARIES, "sent")

    def inject() -> bool:
        world.next_step(world.name())
        world.work()
        order = world.order("send", world.chance.choice(points), world.chance.choice((1, 2)))
        return expected(world.forks.run(order), kind)

    return inject


def any_moment(world: World, kind: Kind) -> Inject:
    """Several processes do everything at once, and all are killed within a few hundredths of a second."""

    def inject() -> bool:
        orders = [
            world.order("everything", after=world.chance.uniform(0.005, 0.12), **story)
            for story in world.stories(world.chance.choice((1, 2, 3)))
        ]
        return expected(world.forks.run(*orders), kind)

    return inject


def _fault(name: str, title: str, make: Callable[[World, Kind], Inject]) -> Fault:
    def run(tools: Tools, count: int, kind: Kind) -> None:
        with office(tools) as world:
            drive(world, count, kind, make(world, kind))

    return Fault(name, title, run)


FAULTS = (
    _fault("kill-portal", "kill -9 of a portal at each transaction boundary", _portal),
    _fault(
        "kill-dispatcher",
        "kill -9 of a dispatcher at each boundary, between claim, carrying out and marking done",
        _dispatcher,
    ),
    _fault("kill-sweeper", "kill -9 of a sweeper at each boundary, between claim and firing", _sweeper),
    _fault("kill-sender", "kill -9 of a sender at each boundary, and after the mail server took the mail", _sender),
    _fault("kill-any-moment", "kill -9 of one to three processes at any moment", any_moment),
)
