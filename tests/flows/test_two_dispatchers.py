"""Two dispatchers, processes of their own, on one PostgreSQL and one Prefect server: nothing is done or shown twice."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.rig import Rig, rig, wait_until
from flows.chores.schedule import register, take
from flows.gateway.api import PrefectApi
from huying.chores import CHORES
from huying.database import tables as t
from huying.issues.verification import verify
from huying.telemetry.vitals import dispatchers
from tests.patience import within

_ISSUES = 40
_SCHEDULED = [chore for chore in CHORES if chore.schedule is not None]


def test_two_dispatchers_share_the_work_and_show_each_issue_once(
    server: Any, postgres_url: str, tmp_path: Path
) -> None:
    with rig(tmp_path, postgres_url) as made:
        made.prefect_port = server.port
        made.start_dispatcher("one")
        made.start_dispatcher("two")
        assert len(dispatchers(made.house, datetime.now(UTC))) == 2
        opened = [made.open(number) for number in range(_ISSUES)]
        made.settle("effects", "messages", "views", seconds=within(120))
        _everything_once(made)
        _shown_once(made, opened)
        made.stop("one")
        made.stop("two")
        assert dispatchers(made.house, datetime.now(UTC)) == ()
        assert verify(made.house).faults == []


def _everything_once(made: Rig) -> None:
    with made.house.database.reading() as connection:
        attempts = set(connection.execute(select(t.outbox.c.attempts)).scalars())
        told = connection.execute(select(func.count()).select_from(t.deliveries)).scalar_one()
        tries = set(connection.execute(select(t.deliveries.c.attempts)).scalars())
    assert (attempts, tries) == ({1}, {1})
    wait_until(lambda: len(made.mails.read_text("utf-8").splitlines()) >= told, within(10), "the messages")
    assert len(made.mails.read_text("utf-8").splitlines()) == told


def _shown_once(made: Rig, opened: list[int]) -> None:
    with made.house.database.reading() as connection:
        query = select(t.issues.c.number, t.issues.c.run_id).where(t.issues.c.id.in_(opened))
        shown = {row.number: row.run_id for row in connection.execute(query)}
    with made.prefect() as api:
        for number, run in list(shown.items())[:10]:
            runs = api.post("/flow_runs/filter", json={"flow_runs": {"name": {"like_": number}}}).json()
            # beside the issue's own, which alone belongs to a deployment, the runs of its work, whose names begin alike
            assert [one["id"] for one in runs if one["id"] == run] == [run]
            assert sum(1 for one in runs if one["deployment_id"] is not None and "诉求" in one["tags"]) == 1
            parts = api.post("/artifacts/filter", json={"artifacts": {"flow_run_id": {"any_": [run]}}}).json()
            assert set(Counter(part["description"] for part in parts).values()) == {1}
            lines = api.post("/logs/filter", json={"logs": {"flow_run_id": {"any_": [run]}}}).json()
            assert set(Counter(line["name"] for line in lines).values()) == {1}


def test_a_scheduled_run_is_taken_by_one_of_them(server: Any) -> None:
    async def story() -> list[int]:
        # a moment that has passed: what the schedule itself plans meanwhile comes later, and is none of these
        now = datetime.now(UTC) - timedelta(hours=5)
        async with PrefectApi(server.url) as first, PrefectApi(server.url) as second:
            known = await register(first)
            again = await register(second)
            taken = []
            for chore in _SCHEDULED:
                [key] = [key for key, one in known.chores.items() if one is chore]
                at = (now - timedelta(minutes=10)).isoformat()
                state = {"type": "SCHEDULED", "state_details": {"scheduled_time": at}}
                await first.call("POST", f"/deployments/{key}/create_flow_run", {"state": state})
            both = await asyncio.gather(take(first, known, now), take(second, again, now))
            taken = [len(both[0]), len(both[1])]
        assert {run["id"] for _, run in both[0]} & {run["id"] for _, run in both[1]} == set()
        return taken

    assert sum(asyncio.run(story())) == len(_SCHEDULED)
