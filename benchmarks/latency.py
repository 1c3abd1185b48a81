"""On a quiet system: how long from an action until its message was taken by the mail server, and until Prefect's API tells the new state.

    python -m benchmarks.latency [--actions 40] [--pause 3] [--url postgresql://USER@HOST/EMPTY_DATABASE] [--twin …]

Real processes: Prefect's server, a dispatcher, a mail server. The floor is the same with the same dispatcher and no Prefect, on a database of its
own (``--twin``). One action at a time, with a pause after each.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from benchmarks.actions import item_of
from benchmarks.rig import Rig, clock, rig, wait_until
from huying.database import tables as t
from huying.house.by import By
from huying.issues.deeds import act

#: What people are promised.
TOLD, SEEN = 2.0, 5.0


def main() -> None:
    """Run both, and print medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actions", type=int, default=40)
    parser.add_argument("--pause", type=float, default=3.0)
    parser.add_argument("--url", default="")
    parser.add_argument("--twin", default="")
    options = parser.parse_args()
    floor, _ = _measure(options.twin, options, prefect=False)
    told, seen = _measure(options.url, options, prefect=True)
    kind = "PostgreSQL" if options.url else "SQLite"
    print(f"{kind}, {options.actions} actions, one every {options.pause:g} s at least; seconds after the action")
    print(f"  {'':<38}{'median':>8}{'worst':>8}")
    for name, took in (
        (f"told (aim {TOLD:g})", told),
        ("told without Prefect (floor)", floor),
        (f"seen in Prefect (aim {SEEN:g})", seen),
    ):
        print(f"  {name:<38}{statistics.median(took):>8.2f}{max(took):>8.2f}")
    print(f"  ratio told / floor                    {statistics.median(told) / statistics.median(floor):>8.1f}")


def _measure(url: str, options: argparse.Namespace, *, prefect: bool) -> tuple[list[float], list[float]]:
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), url) as made:
        if prefect:
            made.start_prefect()
        made.start_dispatcher()
        told, seen = [], []
        opened = [made.open(number) for number in range(options.actions)]
        made.settle("effects", "messages", *(["views"] if prefect else []))
        with made.prefect() as api:
            for number, issue in enumerate(opened):
                at = _accept(made, issue, number)
                wait_until(lambda: _mailed(made) > 0, 60, "the message")
                told.append(_mailed(made) - at.timestamp())
                if prefect:
                    seen.append(_seen(api, made, issue, at) - at.timestamp())
                time.sleep(options.pause)
        return told, seen


def _accept(made: Rig, issue: int, number: int) -> datetime:
    """The clerk accepts; when."""
    item = item_of(made.house, issue, made.city["clerk"])
    made.mails.write_text("")
    at = clock()
    act(made.house, issue, item, "accept", {}, By(made.city["clerk"], at, f"accept-{number}"))
    return at


def _mailed(made: Rig) -> float:
    """When the first message was taken since the action; 0 if none was."""
    first, tab, _ = made.mails.read_text("utf-8").partition("\t")
    return float(first) if tab else 0.0


def _seen(api: httpx.Client, made: Rig, issue: int, at: datetime) -> float:
    """When Prefect's API tells the state to which the action led."""
    with made.house.database.reading() as connection:
        run = connection.execute(select(t.issues.c.run_id).where(t.issues.c.id == issue)).scalar_one()

    def told() -> bool:
        state: dict[str, Any] = api.get(f"/flow_runs/{run}").json()["state"]
        return datetime.fromisoformat(state["timestamp"]) > at

    wait_until(told, 60, "the state in Prefect")
    return time.time()


if __name__ == "__main__":
    main()
