"""What every kind of fault has in common: inject, let the house come to rest, check; so many times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.checker import Model
from tests.faults.cluster import Cluster
from tests.faults.forks import Forks
from tests.faults.post import Post, System
from tests.faults.report import Kind
from tests.faults.world import World, founded, learnt

#: An injection that misses its point is tried again, but not for ever.
_TRIES = 6


@dataclass(frozen=True)
class Tools:
    """What the session has: a folder, the warm process, the world outside, and PostgreSQL (started when first asked for)."""

    folder: Path
    forks: Forks
    post: Post
    system: System
    cluster: Callable[[], Cluster]
    model: Model


@dataclass(frozen=True)
class Fault:
    """One kind: its name for the command line, its title for the report, and what injects it so many times."""

    name: str
    title: str
    run: Callable[[Tools, int, Kind], None]


@contextmanager
def office(tools: Tools, url: str | None = None) -> Iterator[World]:
    """A fresh office, on SQLite unless an address is given."""
    with TemporaryDirectory(dir=tools.folder) as name:
        folder = Path(name)
        tools.post.mails.clear()
        tools.post.mood = "well"
        tools.system.calls.clear()
        address = url or f"sqlite:///{folder}/huying.db"
        with founded(address, folder, tools.forks, tools.post, tools.system, tools.model) as world:
            yield world


def equipped(folder: Path, forks: Forks, post: Post, system: System, cluster: Callable[[], Cluster]) -> Tools:
    """The tools of a session, with what an undisturbed story brings."""
    tools = Tools(folder, forks, post, system, cluster, Model())
    with office(tools) as world:
        learnt(world)
    return tools


def drive(
    world: World, count: int, kind: Kind, inject: Callable[[], bool], rest: Callable[[], None] | None = None
) -> None:
    """Inject until ``count`` faults have hit; after each the house comes to rest, and the checker looks at what is new; at the end at all."""
    tried = 0
    while kind.injected < count and tried < count * _TRIES:
        tried += 1
        kind.injected += inject()
        try:
            (rest or world.come_to_rest)()
        except AssertionError as stuck:
            kind.findings.append(f"after injection {kind.injected}: {stuck}")
            return
        kind.findings += [f"after injection {kind.injected}: {one}" for one in world.findings()]
        if len(kind.findings) > 20:
            break
    world.finish()
    kind.findings += [f"at the end: {one}" for one in world.findings(everything=True)]


def run(fault: Fault, tools: Tools, count: int) -> Kind:
    """Inject one kind so many times; what came of it."""
    kind = Kind(fault.name, fault.title)
    begun = time.monotonic()
    fault.run(tools, count, kind)
    kind.seconds = round(time.monotonic() - begun, 1)
    return kind
