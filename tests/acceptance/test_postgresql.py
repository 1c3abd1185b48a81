"""The whole product on PostgreSQL: one setting, the same story, and nothing of it in a local file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from huying.database.connections import Database
from huying.database.tables import deliveries, issues, outbox, participants
from huying.demo.play import play
from huying.house.house import House
from huying.issues.verification import verify
from huying.settings import read
from notifications import read_mails
from tests.acceptance.running import Running, running
from tests.acceptance.test_up import wait_for
from tests.patience import within


@pytest.mark.timeout(1800)
def test_the_story_runs_on_postgresql_and_is_there_after_a_restart(tmp_path: Path, postgres_url: str) -> None:
    home, setting = tmp_path / "home", {"HUYING_DATABASE_URL": postgres_url}
    with running(home, setting) as product:
        product.wait_until_healthy()
        # the demonstration by its own command is never played in an office's database
        port = product.portal.rpartition(":")[2]
        assert play(read({**setting, "HUYING_HOME": str(home), "HUYING_PORTAL_PORT": port}), stopped=lambda: False)
        assert len(read_mails(home / "mailbox", 100)) == 19, "as many as the people of one issue are sent"
        wait_for(lambda: _counted(postgres_url)["unsent"] == 0, 30, product)
        assert product.stop() == 0
        before = _counted(postgres_url)
    assert not (home / "huying.db").exists()
    assert before["issues"] == 1
    assert before["deliveries"] == 19
    with running(home, setting) as product:
        product.wait_until_healthy()
        assert _counted(postgres_url) == before, "nothing is filled in, published or sent anew"
        _strange_addresses_are_no_faults(product)
        assert product.stop() == 0
    database = Database(postgres_url)
    found = verify(House(database, home / "files"))
    database.close()
    assert (found.issues, found.faults) == (1, [])
    for log in (home / "logs").glob("*.log"):
        assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")


def _strange_addresses_are_no_faults(product: Running) -> None:
    for address in ("/definitions/%00", "/reported/99999999999999999999", "/follow?number=%00", "/t/%00"):
        assert httpx.get(product.portal + address, timeout=within(20)).status_code < 500, address


def _counted(url: str) -> dict[str, int]:
    database = Database(url)
    queries = {table.name: select(func.count()).select_from(table) for table in (issues, participants, outbox)}
    queries["deliveries"] = select(func.count()).where(deliveries.c.status == "accepted")
    queries["unsent"] = select(func.count()).where(outbox.c.status != "done")
    with database.reading() as connection:
        found = {name: int(connection.execute(query).scalar_one()) for name, query in queries.items()}
    database.close()
    return {**found, "issues": found["issue"]}
