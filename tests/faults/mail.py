"""A mail server with moods: it refuses, is busy or full, hangs, or goes away before or after it took a mail but before it could say so."""

from __future__ import annotations

from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.post import Mood
from tests.faults.report import Kind

MOODS: tuple[Mood, ...] = (
    "closed",
    "busy",
    "full",
    "hanging",
    "hanging after the mail",
    "gone after the mail",
    "gone before it",
)


def _run(tools: Tools, count: int, kind: Kind) -> None:
    with office(tools) as world:
        turns = 0

        def inject() -> bool:
            nonlocal turns
            world.next_step(world.name())
            world.work()
            mood = MOODS[turns % len(MOODS)]
            turns += 1
            before, world.post.mood = world.post.moods[mood], mood
            try:
                statuses = world.forks.run(world.order("send", after=30, patience=0.15))
            finally:
                world.post.mood = "well"
            kind.findings += [f"a process ended with {status}" for status in statuses if status]
            return world.post.moods[mood] > before

        drive(world, count, kind, inject)
    kind.note = ", ".join(f"{mood} {times}" for mood, times in tools.post.moods.items() if mood in MOODS)


FAULTS = (
    Fault("mail-server", "Mail server refusing, busy, full, hanging, gone before or after it took the mail", _run),
)
