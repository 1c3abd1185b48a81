"""The house is backed up every day: by the clock of Prefect, or as soon as the house runs again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from huying.backups.alarm import OCCASION, last_failure
from huying.backups.folder import BackupPlan, backups_in
from huying.chores.alarm import ALARM
from huying.chores.backups import BACKUPS
from huying.chores.chore import Portion, Workplace
from huying.database.tables import deliveries
from notifications import Mailbox, Transports
from tests.conftest import Office
from tests.huying.town import MORNING as GRANTED
from tests.huying.town import administrator


@pytest.fixture
def workplace(sqlite_office: Office, now: datetime, tmp_path: Path) -> Workplace:
    transports = Transports(mail=Mailbox(tmp_path / "mails"))
    plan = BackupPlan(tmp_path / "backups", (), {"d": 2})
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
    done = BACKUPS.carry_on(replace(workplace, backups=BackupPlan(tmp_path / "full" / "x", (), {"d": 2})))
    assert done.failed == 1
    assert "不能存放备份" in done.warned[0]
    assert BACKUPS.ending(done).name == "没有备份成"


def _heard(workplace: Workplace) -> list[str]:
    query = select(deliveries.c.text).where(deliveries.c.occasion == OCCASION).order_by(deliveries.c.id)
    with workplace.house.database.reading() as connection:
        return list(connection.execute(query).scalars())


def test_whoever_keeps_the_house_hears_once_a_day_that_it_failed_and_why(workplace: Workplace, tmp_path: Path) -> None:
    administrator(workplace.house)
    now = GRANTED
    (tmp_path / "full").write_text("")
    broken = replace(workplace, backups=BackupPlan(tmp_path / "full" / "x", (), {"d": 2}))
    for _ in range(2):
        BACKUPS.carry_on(replace(broken, clock=partial(_days_after, now, 0)))
    assert len(_heard(workplace)) == 1
    assert "不能存放备份" in _heard(workplace)[0]
    BACKUPS.carry_on(replace(broken, clock=partial(_days_after, now, 1)))
    assert len(_heard(workplace)) == 2
    failed = last_failure(workplace.house)
    assert failed is not None
    assert "No backup can be kept" in failed.why.en
    BACKUPS.carry_on(replace(workplace, clock=partial(_days_after, now, 2)))
    assert last_failure(workplace.house) is None, "one was made since"


def test_one_that_is_late_is_told_even_where_the_chore_that_makes_it_stands_still(
    workplace: Workplace,
) -> None:
    administrator(workplace.house)
    now = GRANTED
    assert ALARM.due is not None
    BACKUPS.carry_on(replace(workplace, clock=partial(_days_after, now, 0)))
    assert not ALARM.due(replace(workplace, clock=lambda: now + timedelta(hours=25)))
    late = replace(workplace, clock=lambda: now + timedelta(hours=27))
    assert ALARM.due(late)
    assert ALARM.carry_on(late).done == 1
    assert "没有按时做成" in _heard(workplace)[0]
    assert not ALARM.due(late), "told today"
    assert ALARM.due(replace(workplace, clock=lambda: now + timedelta(hours=51)))
    assert not ALARM.due(replace(late, backups=None)), "whoever backs up otherwise is left alone"


def test_where_no_place_was_named_nothing_is_due(workplace: Workplace) -> None:
    nowhere = replace(workplace, backups=None)
    assert not _due(nowhere)
    assert BACKUPS.carry_on(nowhere) == Portion(words=("没有指定备份目录（HUYING_BACKUP_DIR），没有备份",))
