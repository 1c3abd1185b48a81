"""Many open issues, and nothing happens: CPU seconds of each process per minute.

    python -m benchmarks.idle [--issues 20000] [--seconds 60] [--url postgresql://USER@HOST/EMPTY_DATABASE]

Real processes: Prefect's server, a dispatcher, the portal. One issue is raised and shown; its rows, and those of its run in Prefect, are then copied.
The floor is the same processes with that one issue. A percentage is of one core.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Table, insert, select

from benchmarks.rig import Rig, free_port, rig
from huying.database import tables as t

_BATCH = 2000
_SETTLE = 25.0


def main() -> None:
    """Measure both, and print percentages of a core."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), options.url) as made:
        _start(made)
        issue = made.open("one")
        made.settle("effects", "messages", "views")
        few = _idle(made, options.seconds)
        for name in ("portal", "dispatcher", "prefect"):
            made.stop(name)
        _copy(made, issue, options.issues - 1)
        _start(made)
        many = _idle(made, options.seconds)
        if made.count("views"):
            raise SystemExit("the copies are shown anew: that is no idleness")
    print(
        f"{'PostgreSQL' if options.url else 'SQLite'}, nothing happens; CPU seconds per minute, and percent of a core"
    )
    print(f"  {'':<12}{'1 open issue (floor)':>28}{f'{options.issues} open issues':>28}{'ratio':>8}")
    for name in (*many, "all of ours"):
        a, b = (sum(x[n] for n in x if n != "prefect") if name == "all of ours" else x[name] for x in (few, many))
        print(f"  {name:<12}{a * 60:>20.2f}{a:>8.1%}{b * 60:>20.2f}{b:>8.1%}{b / max(a, 1e-4):>8.1f}")


def _start(made: Rig) -> None:
    made.start_prefect()
    made.start_dispatcher()
    environment = {
        "HUYING_HOME": str(made.folder / "portal"),
        "HUYING_DATABASE_URL": made.url,
        "HUYING_PORTAL_PORT": str(free_port()),
        "HUYING_PREFECT_PORT": str(made.prefect_port),
    }
    made.start("portal", [sys.executable, "-m", "huying", "portal"], environment)


def _idle(made: Rig, seconds: float) -> dict[str, float]:
    """The share of a core that each process uses, once they have come to rest."""
    time.sleep(_SETTLE)
    before, begun = made.cpu(), time.monotonic()
    time.sleep(seconds)
    after, took = made.cpu(), time.monotonic() - begun
    return {name: (after[name] - before[name]) / took for name in after if name != "sink"}


def _copy(made: Rig, issue: int, many: int) -> None:
    """The rows of an issue, and of its run, many times."""
    runs = [str(uuid4()) for _ in range(many)]
    for begin in range(0, many, _BATCH):
        with made.house.database.writing() as connection:
            _copy_issue(connection, issue, begin, runs[begin : begin + _BATCH])
    with made.house.database.reading() as connection:
        run = connection.execute(select(t.issues.c.run_id).where(t.issues.c.id == issue)).scalar_one()
    prefect = sqlite3.connect(made.folder / "prefect" / "prefect.db")
    with prefect:
        _copy_runs(prefect, run, runs)
    prefect.close()


def _copy_issue(connection: Connection, issue: int, begin: int, runs: list[str]) -> None:
    row = dict(connection.execute(select(t.issues).where(t.issues.c.id == issue)).mappings().one())
    del row["id"]
    copies = [{**row, "number": f"COPY-{begin + n}", "run_id": run} for n, run in enumerate(runs)]
    connection.execute(insert(t.issues), copies)
    newest = select(t.issues.c.id).order_by(t.issues.c.id.desc()).limit(len(runs))
    ids = list(connection.execute(newest).scalars())
    for table in (t.work_items, t.candidates, t.timers, t.history):
        _copy_rows(connection, table, issue, ids)


def _copy_rows(connection: Connection, table: Table, issue: int, ids: list[int]) -> None:
    rows = [dict(row) for row in connection.execute(select(table).where(table.c.issue_id == issue)).mappings()]
    for row in rows:
        row.pop("id", None)
    unique = {"request_key": None} if "request_key" in table.c else {}
    copies = [{**row, **unique, "issue_id": other} for other in ids for row in rows]
    if copies:
        connection.execute(insert(table), copies)


def _copy_runs(prefect: sqlite3.Connection, run: str, runs: list[str]) -> None:
    """Copy a run with its state, its artifacts and its log; whatever is unique is made anew."""
    prefect.row_factory = sqlite3.Row
    for new in runs:
        state = str(uuid4())
        [row] = prefect.execute("SELECT * FROM flow_run WHERE id = ?", (run,)).fetchall()
        _insert(prefect, "flow_run", {**row, "id": new, "idempotency_key": f"copy:{new}", "state_id": None})
        [was] = prefect.execute("SELECT * FROM flow_run_state WHERE id = ?", (row["state_id"],)).fetchall()
        _insert(prefect, "flow_run_state", {**was, "id": state, "flow_run_id": new})
        prefect.execute("UPDATE flow_run SET state_id = ? WHERE id = ?", (state, new))
        for table in ("artifact", "log"):
            for part in prefect.execute(f"SELECT * FROM {table} WHERE flow_run_id = ?", (run,)).fetchall():
                _insert(prefect, table, {**part, "id": str(uuid4()), "flow_run_id": new})


def _insert(prefect: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    generated = {one[1] for one in prefect.execute(f"PRAGMA table_xinfo({table})") if one[6] in (2, 3)}
    given = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in row.items() if name not in generated}
    places = ", ".join("?" * len(given))
    prefect.execute(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({places})", list(given.values()))


if __name__ == "__main__":
    main()
