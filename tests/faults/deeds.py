"""What the processes of the house do, as functions of a house and a moment: clients, the dispatcher's carrying, its sweep and its sending.

Each passes named points, at which the process that does it may be killed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from engine.refusal import Refusal
from flows.house_ports import HousePorts
from flows.ports import Outdated
from huying.chores.messages import MESSAGES
from huying.chores.timers import TIMERS
from huying.database.tables import candidates, memberships, organisations, participants, work_items
from huying.delivery import sender
from huying.effects.carriers import carry, not_carried
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import Receipt
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.outbox import claims
from huying.settings import SettingError
from huying.timers import claims as timer_claim
from huying.timers.clock_watch import Watch
from huying.timers.sweep import fire
from notifications import Transports
from notifications.channels import smtp_plugin
from tests.faults.points import Points
from tests.faults.record import Ledger, Record

#: Exit statuses: of a dispatcher that left by itself, of a process that met too many failures.
LEFT, GAVE_UP = 3, 4
#: When the machine of the faults was started, by a clock that is right.
BOOT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    """All that a deed needs; ``people`` are the participants' ids by name."""

    house: House
    people: Mapping[str, int]
    ledger: Ledger
    transports: Transports
    points: Points


@dataclass(frozen=True)
class Task:
    """What somebody is asked to do."""

    issue_id: int
    item: int
    step: str
    person: int


def client(scene: Scene, now: datetime, *, name: str, steps: int, issue_id: int | None = None) -> int | None:
    """Open an issue, unless one is given, and do the tasks that come of it, at most ``steps`` of them; the issue, if it is known."""
    issue = issue_id if issue_id is not None else open_matter(scene, now, name)
    for number in range(steps):
        tasks = open_tasks(scene.house, issue) if issue is not None else []
        if not tasks:
            break
        do_task(scene, now + timedelta(seconds=number + 1), tasks[0])
    return issue


def open_matter(scene: Scene, now: datetime, name: str) -> int | None:
    """Report a matter; the issue's id, or ``None`` when it was refused or the database failed."""
    person = scene.people["resident"]
    receipt = asked(
        scene,
        f"open-{person}:{name}",
        "open",
        lambda: open_issue(
            scene.house,
            Report(definition="matter", station="XG", reporter=person, values={"subject": f"路灯不亮 {name}"}),
            request_id=name,
            now=now,
        ),
    )
    return receipt.issue_id if receipt else None


def do_task(scene: Scene, now: datetime, task: Task) -> Receipt | None:
    """Act on a task as the story wants it."""
    action, values = answer(scene.house, task.step)
    request = f"{task.issue_id}-{task.item}"
    return asked(
        scene,
        f"{task.person}:{request}",
        action,
        lambda: act(scene.house, task.issue_id, task.item, action, values, By(task.person, now, request)),
    )


def asked(scene: Scene, key: str, what: str, request: Callable[[], Receipt]) -> Receipt | None:
    """Make a request, and keep what was said; a database that fails leaves it open."""
    scene.ledger.write(Record(said="invoke", key=key, what=what))
    try:
        receipt = request()
    except Refusal as refusal:
        scene.ledger.write(Record(said="fail", key=key, what=what, words=refusal.message["en"]))
        return None
    except SQLAlchemyError:
        return None
    scene.points.reach("answered")
    said = Record(said="ok", key=key, what=what, issue=receipt.issue_id, version=receipt.version)
    scene.ledger.write(said)
    return receipt


def answer(house: House, step: str) -> tuple[str, dict[str, Any]]:
    """The action that the story takes at a step, with the form's answers."""
    if step == "ask":
        with house.database.reading() as connection:
            rows = connection.execute(select(organisations.c.code, organisations.c.id)).all()
        departments = {row.code: f"organisation:{row.id}" for row in rows}
        return "send", {"lead": departments["water"], "assist": [departments["power"]]}
    known: dict[str, tuple[str, dict[str, Any]]] = {
        "register": ("accept", {}),
        "handle": ("reply", {"reply": "已修好"}),
        "confirm": ("yes", {}),
        "do": ("done", {}),
    }
    return known[step]


def open_tasks(house: House, issue_id: int) -> list[Task]:
    """The tasks of an issue, each with somebody who may do it."""
    query = (
        select(work_items.c.issue_id, work_items.c.number, work_items.c.step, candidates.c.party)
        .join(candidates, (candidates.c.issue_id == work_items.c.issue_id) & (candidates.c.item == work_items.c.number))
        .where(work_items.c.issue_id == issue_id, work_items.c.status == "open")
        .order_by(work_items.c.number, candidates.c.party)
    )
    found: dict[int, Task] = {}
    with house.database.reading() as connection:
        for row in connection.execute(query):
            kind, _, number = row.party.partition(":")
            person = int(number)
            if kind == "organisation":
                members = select(participants.c.id).join(memberships).where(memberships.c.organisation_id == person)
                person = connection.execute(members.order_by(participants.c.id)).scalars().first() or 0
            found.setdefault(row.number, Task(row.issue_id, row.number, row.step, person))
    return list(found.values())


def carry_out(scene: Scene, now: datetime, *, limit: int = 20) -> int:
    """Claim effects and carry them out, as the dispatcher does; how many were claimed."""
    scene.points.reach("before claim")
    claimed = claims.claim_effects(scene.house, now, limit)
    for one in claimed:
        scene.points.reach("claimed")
        try:
            carry(scene.house, claims.errand(scene.house, one.id), now)
        # as at the dispatcher's ports: whatever it was is noted, and tried again later
        except Exception as error:
            not_carried(scene.house, one, f"{type(error).__name__}: {error}", now)
        scene.points.reach("carried")
    return len(claimed)


def sweep(scene: Scene, now: datetime, *, limit: int = 100) -> int:
    """Claim due timers and fire them; how many were claimed."""
    scene.points.reach("before claim")
    claimed = timer_claim.claim(scene.house, now, limit)
    if claimed:
        scene.points.reach("claimed")
        fire(scene.house, claimed, now)
        scene.points.reach("fired")
    return len(claimed)


def send(scene: Scene, now: datetime, *, limit: int = 200, patience: float | None = None) -> int:
    """Send the messages that wait, with so many seconds for each answer of the mail server; how many were tried."""
    if patience is not None:
        # in a child of its own: real waits, but shorter ones
        vars(smtp_plugin)["TIMEOUT"] = patience
    if not sender.has_pending(scene.house, now):
        return 0
    sent = sender.send_pending(scene.house, scene.transports, "http://127.0.0.1:1", now, limit)
    scene.points.reach("sent")
    return sent.accepted + len(sent.failures)


def everything(
    scene: Scene, now: datetime, *, name: str = "", issue_id: int | None = None, rounds: int = 3, sends: bool = True
) -> None:
    """A client's whole story with all that follows from it, in one process: it is to be killed at any moment."""
    issue = client(scene, now, name=name, steps=0, issue_id=issue_id)
    for number in range(rounds):
        moment = now + timedelta(seconds=10 * number)
        carry_out(scene, moment)
        sweep(scene, moment)
        if sends:
            send(scene, moment)
        if issue is not None:
            client(scene, moment, name=name, steps=1, issue_id=issue)


def enduring(
    scene: Scene,
    now: datetime,
    *,
    name: str = "",
    issue_id: int | None = None,
    rounds: int = 3,
    works: bool = True,
    patience: int = 300,
) -> None:
    """A story and what follows from it, by processes that outlive a database: what fails is tried again, as their loops do.

    After ``patience`` failures it ends; a server that restarts is away for a second or two.
    """
    issue, done, failures = issue_id, 0, 0
    while done < rounds and failures < patience:
        moment = now + timedelta(seconds=done)
        try:
            if name or issue:
                issue = client(scene, moment, name=name, steps=1, issue_id=issue)
            if works:
                carry_out(scene, moment)
                sweep(scene, moment)
                send(scene, moment)
            done += 1
        except SQLAlchemyError:
            failures += 1
            time.sleep(0.03)
    if done < rounds:
        sys.exit(GAVE_UP)


def dispatch(scene: Scene, now: datetime, *, ahead: float, fresh: bool, back: bool) -> None:
    """A dispatcher on a machine whose clock is ``ahead`` by so many seconds (or behind): set while it runs, or before it was started (``fresh``).

    ``back``: the clock is put right again while it runs.
    """
    wall, up = [now], [now - BOOT]
    watch = Watch(lambda: up[0], "the machine of the faults")
    ports = HousePorts(scene.house, scene.transports, "http://127.0.0.1:1", lambda: wall[0], watch)
    if not fresh:
        _dispatched(ports, scene.points)
    wall[0] += timedelta(seconds=ahead)
    for _ in range(2):
        _dispatched(ports, scene.points)
        wall[0] += timedelta(seconds=2)
        up[0] += timedelta(seconds=2)
    if back:
        wall[0] -= timedelta(seconds=ahead)
        _dispatched(ports, scene.points)


def _dispatched(ports: HousePorts, points: Points) -> None:
    """What a dispatcher's loops do in a moment; it leaves when a newer program has changed the database."""
    try:
        ports.beat(True)
    except Outdated:
        sys.exit(LEFT)
    if ports.due(TIMERS):
        ports.carry_on(TIMERS)
    points.reach("before claim")
    for effect in (*ports.claim_effects(20), *ports.claim_calls(20, {})):
        points.reach("claimed")
        ports.perform(effect)
    points.reach("carried")
    if ports.due(MESSAGES):
        ports.carry_on(MESSAGES)
    points.reach("sent")


def migrate(scene: Scene, now: datetime) -> None:
    """Start on a database: bring its tables up to date. What it says when it refuses is kept."""
    try:
        scene.house.database.migrate()
    except SettingError as error:
        scene.ledger.write(Record(said="fail", key="migrate", what="migrate", words=str(error)))
    else:
        scene.ledger.write(Record(said="ok", key="migrate", what="migrate"))


MIGRATE = "migrate"
DEEDS: Mapping[str, Callable[..., object]] = {
    "client": client,
    "carry out": carry_out,
    "sweep": sweep,
    "send": send,
    "everything": everything,
    "enduring": enduring,
    "dispatch": dispatch,
    MIGRATE: migrate,
}
