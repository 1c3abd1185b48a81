"""What was erased after a backup was taken does not come back with it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from huying.backups.copy import take
from huying.database import tables as t
from huying.house.by import By
from huying.issues.verification import verify
from huying.privacy.erasures import approving, carry_on, propose_due
from tests.huying.backups.site import Elsewhere, rows
from tests.huying.town import Town


def test_a_restored_backup_has_nothing_of_what_was_erased_since(town: Town, folder: Path, elsewhere: Elsewhere) -> None:
    issue = town.report()
    town.act(issue, "clerk", "decline", reason="不属于本站，请找李明的社区。")
    town.clock.move(days=800)
    made = take(town.house, folder, town.clock)
    listed = elsewhere.site.erased
    number = propose_due(town.house, By(town.people["office"], town.clock.now)) or 0
    write = approving(town.house, number, "周主任", town.clock.now)
    with town.house.database.writing() as connection:
        write(connection)
    assert carry_on(town.house, listed, town.clock.now).erased == 1
    told = elsewhere.restored(made, town)
    assert told.faults == []
    again = elsewhere.town(town).house
    said = repr(rows(again))
    assert [secret for secret in ("李明", "13800000000", "光明路 8 号") if secret in said] == []
    with again.database.reading() as connection:
        assert connection.execute(select(t.issues.c.erased)).scalar_one() == "personal"
    assert verify(again).faults == []
