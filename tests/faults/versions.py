"""Programs and databases of different versions, and migrations that are killed, run twice at once, or find no room."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from huying.database.connections import Database
from huying.database.schema import migrations
from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.forks import Order
from tests.faults.kills import expected
from tests.faults.record import Ledger
from tests.faults.report import Kind
from tests.faults.world import World
from tests.tables import differences

#: An address of every so manieth injection is one of PostgreSQL.
_POSTGRESQL = 10


def _old(url: str, revision: str) -> None:
    """Make a database as an older program had it."""
    database, config = Database(url), migrations()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()


def _whole(url: str) -> list[str]:
    """What is wrong with the tables after one undisturbed start."""
    database = Database(url)
    try:
        database.migrate()
        with database.engine.connect() as connection:
            return [f"tables are not those of the models: {one}" for one in differences(connection)]
    finally:
        database.close()


def _killed(tools: Tools, count: int, kind: Kind) -> None:
    """Two processes start on an older database; one is killed meanwhile, or finds no room. Then another start makes it whole."""
    ledger = Ledger(tools.folder / "migrating.jsonl")
    with office(tools) as world, TemporaryDirectory(dir=tools.folder) as name:
        folder = Path(name)
        for revision in ("0001", "0005", "0008"):
            _old(f"sqlite:///{folder}/{revision}.db", revision)
        while kind.injected < count:
            began = world.chance.choice((None, "0001", "0005", "0008"))
            url = _address(tools, folder, began, kind.injected)
            order = Order(
                url=url, deed="migrate", now=world.now.isoformat(), ledger=str(ledger.path), people={}, port=0
            )
            fate = _fate(world, order, sqlite=url.startswith("sqlite"))
            statuses = tools.forks.run(fate, order, order)
            harmed = -9 in statuses or fate.room is not None
            expected(statuses, kind)
            kind.injected += harmed
            if fate.room is None and statuses[1:] == [0, 0]:
                kind.findings += _refused(ledger)
            kind.findings += _whole(url)
            _clear(folder, ledger)
            if len(kind.findings) > 20:
                return


def _fate(world: World, order: Order, *, sqlite: bool) -> Order:
    if sqlite and world.chance.random() < 0.3:
        return replace(order, room=world.chance.randint(1, 400) * 1024)
    point = world.chance.choice(("begin", "commit", "committed", ""))
    return replace(order, target=point, after=0.0 if point else world.chance.uniform(0.0, 0.15))


def _address(tools: Tools, folder: Path, began: str | None, number: int) -> str:
    if number % _POSTGRESQL == 0:
        url = tools.cluster().database()
        if began:
            _old(url, began)
        return url
    if began:
        shutil.copy(folder / f"{began}.db", folder / "one.db")
    return f"sqlite:///{folder}/one.db"


def _refused(ledger: Ledger) -> list[str]:
    """An undisturbed start that did not succeed."""
    return [f"a start beside another failed: {one.words}" for one in ledger.records() if one.said == "fail"]


def _clear(folder: Path, ledger: Ledger) -> None:
    ledger.path.unlink(missing_ok=True)
    for path in folder.glob("one.db*"):
        path.unlink()


def _other_version(world: World, kind: Kind) -> Callable[[], bool]:
    """A newer program has changed the database: an older one that starts says so and ends, one that runs stops taking work."""

    def inject() -> bool:
        world.next_step(world.name())
        before = world.waiting()
        _set_version(world, "9999")
        start = world.order("migrate")
        running = world.order("dispatch", ahead=0, fresh=False, back=False)
        [started, ran] = world.forks.run(start, running)
        _set_version(world, None)
        words = [one.words for one in world.scene.ledger.records() if one.key == "migrate"][-1:]
        if started != 0 or not words or not re.search("[一-龥].*9999.*newer program", words[0]):
            kind.findings.append(f"an old program on a new database: {started} {words}")
        if ran != 3 or world.waiting() != before:
            kind.findings.append(f"a running old program went on: {ran}")
        return True

    return inject


def _set_version(world: World, version: str | None) -> None:
    newest = version or _newest()
    with world.house.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": newest})


def _newest() -> str:
    return str(ScriptDirectory.from_config(migrations()).get_current_head())


def _versions(tools: Tools, count: int, kind: Kind) -> None:
    with office(tools) as world:
        drive(world, count, kind, _other_version(world, kind))


FAULTS = (
    Fault("migration-killed", "kill -9 or a full disk while migrating, two more starting at the same time", _killed),
    Fault("other-version", "An older program, starting or running, on the database of a newer one", _versions),
)
