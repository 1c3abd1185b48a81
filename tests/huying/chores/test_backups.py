"""The house is backed up every day: by the clock of Prefect, or as soon as the house runs again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from huying.backups.folder import BackupPlan, backups_in
from huying.chores.backups import BACKUPS
from huying.chores.chore import Portion, Workplace
from notifications import Mailbox, Transports
from tests.conftest import Office


@pytest.fixture
def workplace(sqlite_office: Office, now: datetime, tmp_path: Path) -> Workplace:
    transports = Transports(mail=Mailbox(tmp_path / "mails"))
    plan = BackupPlan(tmp_path / "backups", (), "2d")
    sqlite_office.house.files.mkdir(parents=True, exist_ok=True)
    return Workplace(sqlite_office.house, transports, "http://x", lambda: now, plan)


def _days_after(now: datetime, days: int) -> datetime:
    return now + timedelta(days=days)


def _due(at: Workplace) -> int:
    assert BACKUPS.due is not None
    return BACKUPS.due(at)


def test_it_is_due_when_there_is_none_and_when_the_newest_is_older_than_a_day(
    workplace: Workplace, now: datetime
) -> None:
    assert _due(workplace)
    done = BACKUPS.carry_on(workplace)
    assert (done.done, done.failed) == (1, 0)
    assert not _due(workplace)
    assert _due(replace(workplace, clock=lambda: now + timedelta(hours=25)))


def test_old_ones_go(workplace: Workplace, now: datetime) -> None:
    assert workplace.backups is not None
    for days in range(4):
        BACKUPS.carry_on(replace(workplace, clock=partial(_days_after, now, days)))
    assert len(backups_in(workplace.backups.folder)) == 2


def test_a_place_that_cannot_be_used_is_said_to_staff(workplace: Workplace, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("")
    done = BACKUPS.carry_on(replace(workplace, backups=BackupPlan(tmp_path / "full" / "x", (), "2d")))
    assert done.failed == 1
    assert "不能存放备份" in done.warned[0]
    assert BACKUPS.ending(done).name == "没有备份成"


def test_where_no_place_was_named_nothing_is_due(workplace: Workplace) -> None:
    nowhere = replace(workplace, backups=None)
    assert not _due(nowhere)
    assert BACKUPS.carry_on(nowhere) == Portion(words=("没有指定备份目录（HUYING_BACKUP_DIR），没有备份",))
