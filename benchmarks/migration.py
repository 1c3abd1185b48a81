"""Ten thousand open issues move to another version while people act on them and the mover is killed again and again; beside raw SQL in the same run.

    python -m benchmarks.migration [--issues 10000] [--kills 5] [--url postgresql://…]

The floor reads each state, writes it back with a line of history and a mark in the batch: one transaction, nothing decided, nothing checked.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import orjson
from sqlalchemy import func, select, text, update

from benchmarks.city import DEFINITION, NOW, furnish
from definitions.versions.migration import MigrationFile, StepEntry
from huying.database.connections import Database
from huying.database.tables import history, issues, outbox, work_items
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.verification import verify
from huying.migrations.batches import begin, carry_on, found, survey, tally
from huying.migrations.plans import completed, definition_of, prepare
from huying.processes.publication import publish

LATER = NOW + timedelta(hours=2)
_RUNNER = """
import sys
from datetime import datetime
from pathlib import Path
from huying.database.connections import Database
from huying.house.house import House
from huying.migrations.batches import carry_on
house = House(Database(sys.argv[1]), Path(sys.argv[2]))
while carry_on(house, datetime.fromisoformat(sys.argv[4]), 100, int(sys.argv[3])):
    print(".", flush=True)
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--url")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/huying.db"
        house, city = furnish(Database(url), Path(folder))
        _fill(house, city, options.issues)
        floor = _floor(house, min(options.issues, 2000))
        source = DEFINITION.read_text("utf-8")
        following = source.replace("  register:\n    title", "  receive:\n    title").replace("- register", "- receive")
        publish(house, following, "office.yaml", Imprint("benchmark", LATER))
        begun = time.perf_counter()
        prepared = prepare(house, "office", 1, 2)
        *_, bare = survey(house, prepared, LATER)
        looked = options.issues / (time.perf_counter() - begun)
        print(f"without a plan: {bare.moves} of {bare.asked} would move, {bare.mapping} need a mapping")
        print(f"looked at:   {looked:7.0f} issues a second")
        _move(house, city, options, floor)


def _fill(house: House, city: dict[str, int], count: int) -> None:
    for number in range(count):
        values = {"subject": f"路灯 {number}"}
        opened = {"definition": "office", "station": "XG", "reporter": city["resident"]}
        open_issue(house, Report(values=values, **opened), request_id=f"b{number}", now=NOW)  # type: ignore[arg-type]
    with house.database.writing() as connection:
        connection.execute(outbox.update().values(status="done", done_at=NOW))


def _floor(house: House, count: int) -> float:
    """Issues a second, by raw SQL; what it writes goes to rows that nothing else reads."""
    with house.database.writing() as connection:
        connection.execute(text("CREATE TABLE floor_history (issue_id integer, sequence integer, body text)"))
        connection.execute(text("CREATE TABLE floor_mark (issue_id integer PRIMARY KEY, status text)"))
        connection.execute(text("INSERT INTO floor_mark SELECT id, 'waiting' FROM issue"))
        ids = list(connection.execute(select(issues.c.id).limit(count)).scalars())
    begun = time.perf_counter()
    for issue in ids:
        with house.database.reading() as connection:
            state = connection.execute(select(issues.c.state, issues.c.version).where(issues.c.id == issue)).one()
        with house.database.writing() as connection:
            connection.execute(
                update(issues).where(issues.c.id == issue, issues.c.version == state[1]).values(state=state[0])
            )
            values = {"issue": issue, "body": orjson.dumps({"kind": "migrate", "id": issue}).decode()}
            connection.execute(text("INSERT INTO floor_history VALUES (:issue, 2, :body)"), values)
            connection.execute(text("UPDATE floor_mark SET status = 'moved' WHERE issue_id = :issue"), values)
    return count / (time.perf_counter() - begun)


def _move(house: House, city: dict[str, int], options: argparse.Namespace, floor: float) -> None:
    bare = prepare(house, "office", 1, 2)
    file = MigrationFile(steps={"register": StepEntry(to="receive")})
    prepared = type(bare)(bare.leaving, bare.entering, completed(bare.plan, file), ())
    assert "receive" in definition_of(house, bare.entering).steps
    migration = begin(house, prepared, reason="benchmark", by="benchmark", now=LATER)
    acted, stop = [0], threading.Event()
    people = threading.Thread(target=_people, args=(house, city, acted, stop))
    people.start()
    kills = 0
    for _ in range(options.kills):
        kills += _killed(house, migration, 1.0)
    before, begun = tally(house, migration).moves, time.perf_counter()
    now = LATER
    while found(house, migration).status == "running":
        carry_on(house, now, 100, migration)
        now += timedelta(seconds=1)
        with house.database.writing() as connection:
            connection.execute(outbox.update().where(outbox.c.status == "pending").values(status="done", done_at=NOW))
    took = time.perf_counter() - begun
    stop.set()
    people.join()
    done = tally(house, migration)
    rate = (done.moves - before) / took
    print(
        f"moved:       {rate:7.0f} issues a second, while people acted {acted[0]} times and {kills} movers were killed"
    )
    print(f"raw SQL:     {floor:7.0f} issues a second; ratio {rate / floor:.2f}")
    with house.database.reading() as connection:
        entries = select(func.count()).select_from(history).where(history.c.kind == "migrate")
        print(
            f"{done.asked} asked, {done.moves} moved, {connection.execute(entries).scalar_one()} entries in histories"
        )
    print(f"faults found by verifying all histories, states and lists: {len(verify(house).faults)}")


def _killed(house: House, migration: int, after: float) -> int:
    """Start a mover of its own and kill it; 1 if it was at work until then."""
    url = house.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _RUNNER, url, str(house.files), str(migration), LATER.isoformat()]
    mover = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert mover.stdout is not None
    mover.stdout.readline()
    time.sleep(after)
    mover.send_signal(signal.SIGKILL)
    mover.stdout.close()
    return int(mover.wait() == -signal.SIGKILL)


def _people(house: House, city: dict[str, int], acted: list[int], stop: threading.Event) -> None:
    """The clerk accepts one report after the other, whatever version it follows by then."""
    with house.database.reading() as connection:
        tasks = connection.execute(
            select(work_items.c.issue_id, work_items.c.number).order_by(work_items.c.issue_id.desc())
        ).all()
    for task in tasks:
        if stop.wait(0.02):
            return
        act(house, task.issue_id, task.number, "accept", {}, By(city["clerk"], LATER))
        acted[0] += 1


if __name__ == "__main__":
    main()
