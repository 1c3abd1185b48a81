"""The page of backups: what there is, what waits after a restore, and who may let it go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from definitions.text import Said
from huying.backups.alarm import note_failure
from huying.backups.copy import take
from huying.backups.quarantine import hold
from huying.house.known_keys import note, note_copied
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import administrator, sqlite_town
from tests.portal.conftest import MANY, PortalTown
from tests.portal.visitor import plain


@pytest.fixture
def town(tmp_path: Path) -> Iterator[PortalTown]:
    """A town that knows where its backups go."""
    made = sqlite_town(tmp_path)
    config = PortalConfig(
        portal_url="http://testserver",
        prefect_api_url="http://127.0.0.1:9/api",
        mailbox=None,
        limits=MANY,
        backups=tmp_path / "backups",
    )
    made.people["admin"] = administrator(made.house)
    yield PortalTown(made.house, made.clock, made.people, made.departments, create_app(made.house, config, made.clock))
    made.house.database.close()


def _restored(town: PortalTown) -> None:
    town.report()
    with town.house.database.writing() as connection:
        hold(connection, "/mnt/backup/20261123T013000Z", town.clock.now, town.clock.now, 1000)
    town.house.offices.forget()
    town.clock.move(minutes=5)


def test_what_lies_there_and_that_none_is_missing(town: PortalTown, tmp_path: Path) -> None:
    admin = town.visitor("admin")
    assert "超过一天没有备份" in plain(admin.see("/backups"))
    town.report()
    take(town.house, tmp_path / "backups", town.clock)
    page = plain(admin.see("/backups"))
    assert "1 件" in page
    assert "未封存" in page
    assert "超过一天没有备份" not in page
    town.clock.move(hours=27)
    assert "超过一天没有备份" in plain(town.visitor("admin").see("/backups"))


def test_a_backup_that_failed_is_said_with_the_reason_until_one_is_made(town: PortalTown, tmp_path: Path) -> None:
    note_failure(town.house, Said("磁盘满了。", "The disk is full."), town.clock.now)
    assert "最近一次备份没有成功" in plain(town.visitor("admin").see("/backups"))
    assert "磁盘满了" in plain(town.visitor("admin").see("/backups"))
    town.clock.move(minutes=1)
    take(town.house, tmp_path / "backups", town.clock)
    assert "磁盘满了" not in plain(town.visitor("admin").see("/backups"))


def test_after_a_restore_the_gap_in_the_numbers_is_explained(town: PortalTown) -> None:
    _restored(town)
    assert "往后跳 1000 号" in plain(town.visitor("admin").see("/backups"))


def test_staff_are_told_that_messages_wait_and_the_public_is_not(town: PortalTown) -> None:
    _restored(town)
    assert "消息暂缓发出" in plain(town.visitor("admin").see("/backups"))
    assert "消息暂缓发出" in plain(town.visitor("clerk").see("/issues"))
    assert "消息暂缓发出" not in plain(town.visitor().see("/"))


def test_whoever_keeps_the_house_releases_and_it_is_said(town: PortalTown) -> None:
    _restored(town)
    admin = town.visitor("admin")
    page = plain(admin.send("/backups", "/backups/release", {"again": "no"}))
    assert "消息已恢复发送" in page
    assert "消息暂缓发出" not in page


def test_nobody_else_may(town: PortalTown) -> None:
    _restored(town)
    clerk = town.visitor("clerk")
    assert clerk.http.get("/backups").status_code == 403
    token = clerk.hidden("/issues", "/logout")["form_token"]
    answer = clerk.http.post("/backups/release", data={"form_token": token, "again": "yes"})
    assert answer.status_code == 403
    assert town.house.offices.now().held


def test_it_is_said_until_a_copy_of_the_ring_is_kept(town: PortalTown) -> None:
    database = town.house.database
    assert database.ring is not None
    note(database, database.ring)
    admin = town.visitor("admin")
    assert "钥匙串还没有另存" in plain(admin.see("/backups"))
    note_copied(database, town.clock.now)
    assert "钥匙串还没有另存" not in plain(admin.see("/backups"))
