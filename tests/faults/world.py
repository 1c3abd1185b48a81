"""One database with an office, the world around it, and the processes that are to be killed; what was done to it is counted for the report."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.city import furnish
from huying.connections.calls import connect
from huying.database.connections import Database
from huying.database.tables import addresses, deliveries, issues, outbox
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from notifications import Smtp, Transports
from tests.conftest import MORNING
from tests.faults import deeds
from tests.faults.checker import Model, Outside, check
from tests.faults.deeds import Scene
from tests.faults.forks import Forks, Order
from tests.faults.points import Points
from tests.faults.post import Post, System
from tests.faults.record import Ledger

HERE = Path(__file__).parent
#: Beyond every lease, and beyond the waits of a few failures.
AFTERWARDS = timedelta(minutes=3)


@dataclass
class World:
    """An office on one database. ``now`` only goes forward."""

    url: str
    scene: Scene
    forks: Forks
    post: Post
    system: System
    chance: random.Random
    now: datetime = MORNING
    model: Model = field(default_factory=Model)
    checked: int = 0
    number: int = 0

    @property
    def house(self) -> House:
        """The house, as this process sees it."""
        return self.scene.house

    def name(self) -> str:
        """A new name for a client's story."""
        self.number += 1
        return f"n{self.number}"

    def order(self, deed: str, target: str = "", nth: int = 1, after: float = 0.0, **arguments: Any) -> Order:
        """A deed for a child, which is killed at a point or after so many seconds."""
        return Order(
            url=self.url,
            deed=deed,
            now=self.now.isoformat(),
            ledger=str(self.scene.ledger.path),
            people=self.scene.people,
            port=self.post.port,
            arguments=arguments,
            target=target,
            nth=nth,
            after=after,
        )

    def tell_story(self, name: str, steps: int, issue_id: int | None = None) -> int:
        """A client's story without a fault, as far as so many tasks; what follows from it is carried out, but not sent."""
        issue = deeds.client(self.scene, self.now, name=name, steps=0, issue_id=issue_id)
        assert issue is not None
        for _ in range(steps):
            self.work()
            deeds.client(self.scene, self.now, name=name, steps=1, issue_id=issue)
            self.now += timedelta(seconds=2)
        return issue

    def work(self) -> None:
        """Carry out what waits."""
        while deeds.carry_out(self.scene, self.now, limit=200):
            pass

    def come_to_rest(self, rounds: int = 40) -> None:
        """Let a well house go on until nothing is left to do, as it does after the fault: leases run out, what failed is tried again."""
        for _ in range(rounds):
            self.now += AFTERWARDS
            self.work()
            while deeds.sweep(self.scene, self.now):
                self.work()
            while deeds.send(self.scene, self.now):
                pass
            if not self.waiting():
                return
        raise AssertionError(
            f"{self.waiting()} effects and messages still wait after {rounds * AFTERWARDS}: {self.findings()}"
        )

    def waiting(self) -> int:
        """How many effects and messages are not done."""
        with self.house.database.reading() as connection:
            effects = select(func.count()).where(outbox.c.status == "pending")
            messages = select(func.count()).where(deliveries.c.status.in_(("pending", "gathered")))
            return int(connection.execute(effects).scalar_one()) + int(connection.execute(messages).scalar_one())

    def next_step(self, name: str) -> int:
        """The next thing that people do: a task of an open issue, or a new issue; its id. A moment passes."""
        ready = self.ready()
        issue = deeds.client(self.scene, self.now, name=name, steps=int(ready is not None), issue_id=ready)
        self.now += timedelta(seconds=2)
        assert issue is not None
        return issue

    def ready(self) -> int | None:
        """The oldest open issue with a task that somebody can do."""
        return next((issue for issue in self.open_issues() if deeds.open_tasks(self.house, issue)), None)

    def stories(self, count: int) -> list[dict[str, Any]]:
        """What so many clients are to go on with: the oldest open issues with tasks, else new ones."""
        ready = [issue for issue in self.open_issues() if deeds.open_tasks(self.house, issue)][:count]
        return [{"issue_id": issue} for issue in ready] + [{"name": self.name()} for _ in range(count - len(ready))]

    def finish(self) -> None:
        """People do every task that is left, so that the next injection begins with a tidy desk; asked by requests that may be repeats."""
        for _ in range(12):
            self.come_to_rest()
            if not (left := self.open_issues()):
                return
            for issue in left:
                deeds.client(self.scene, self.now, name="", steps=3, issue_id=issue)
        raise AssertionError(f"issues that cannot be finished: {self.open_issues()}: {self.findings()}")

    def open_issues(self) -> list[int]:
        """The issues that are not closed."""
        with self.house.database.reading() as connection:
            return list(
                connection.execute(select(issues.c.id).where(issues.c.status == "open").order_by(issues.c.id)).scalars()
            )

    def findings(self, *, everything: bool = False) -> list[str]:
        """What the checker finds; of all issues, or of those that are new since it last looked."""
        outside = Outside(self.post.mails, self.system.calls)
        after = 0 if everything else self.checked
        found = check(self.house, self.scene.ledger.records(), self.model, outside, self.now, after)
        with self.house.database.reading() as connection:
            first_open = connection.execute(select(func.min(issues.c.id)).where(issues.c.status == "open")).scalar()
            last = connection.execute(select(func.max(issues.c.id))).scalar() or 0
        # what is still open may be harmed later
        self.checked = last if first_open is None else first_open - 1
        return found


@contextmanager
def founded(url: str, folder: Path, forks: Forks, post: Post, system: System, model: Model) -> Iterator[World]:
    """A new office on an empty database, and what an undisturbed story brings there."""
    database = Database(url)
    house, people = furnish(database, folder / "files")
    connect(house, "system", f"http://127.0.0.1:{system.port}/", None)
    for name in ("errand", "matter"):
        path = HERE / f"{name}.yaml"
        publish(house, path.read_bytes(), path.name, Imprint("faults", MORNING))
    with database.writing() as connection:
        rows = [
            {"participant_id": people[name], "channel": "mail", "target": f"{name.replace('_', '-')}@office.example"}
            for name in ("resident", "clerk", "deputy", "water_handler", "power_handler")
        ]
        connection.execute(insert(addresses), rows)
    server = Smtp(host="127.0.0.1", port=post.port, secure="plain", from_address="huying@office.example")
    scene = Scene(house, people, Ledger(folder / "ledger.jsonl"), Transports(mail=server), Points())
    world = World(url, scene, forks, post, system, random.Random(20261123), model=model)
    forks.run(replace(world.order("everything", name=world.name(), rounds=7, sends=False), lesson=True))
    try:
        yield world
    finally:
        database.close()


def learnt(world: World) -> Model:
    """What the story brings when nothing goes wrong: played in time, and with the deadline of each task missed."""
    world.tell_story(world.name(), 20)
    world.finish()
    for steps in range(5):
        late = world.tell_story(world.name(), steps)
        for _ in range(14 if steps < 4 else 22):
            world.now += timedelta(days=4)
            world.come_to_rest()
        assert late in world.open_issues() or steps == 4, "a task that nobody does stays"
        world.finish()
    world.model.learn(world.house)
    found = world.findings(everything=True)
    assert found == [], "\n".join(found)
    return world.model
