"""Which backups are kept, and that they keep out of each other's way."""

from __future__ import annotations

import fcntl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huying.backups.copy import check, take
from huying.backups.folder import alone, backups_in, chosen, kept, prune, surveyed
from huying.backups.manifest import Backup, Holdings, Manifest, Part, name_of, written
from huying.backups.refusal import BackupRefusal
from huying.house.by import By
from huying.issues.attachments import attach
from huying.settings import SettingError
from huying.settings.backups import keep_rule
from tests.huying.town import MORNING, PIXEL, Town

_ZONE = ZoneInfo("Asia/Shanghai")


def _backup(folder: Path, at: datetime) -> Backup:
    manifest = Manifest(
        format=1,
        program="1",
        tables="0001",
        kind="sqlite",
        taken_at=at,
        office="",
        holdings=Holdings(0, 0, 0, ""),
        database=Part("database", 0, ""),
        files={},
    )
    return Backup(folder / name_of(at), manifest)


def test_the_last_of_each_day_week_and_month_is_kept() -> None:
    every_six_hours = [_backup(Path(), MORNING - timedelta(hours=6 * n)) for n in range(400, -1, -1)]
    stay = kept(every_six_hours, {"d": 3, "w": 2, "m": 2}, _ZONE)
    assert sorted(stay) == [
        "20261031T133000Z",  # the last of October, in China
        "20261121T133000Z",
        "20261122T133000Z",
        "20261123T013000Z",
    ]


@pytest.mark.parametrize("said", ["", "7", "0d", "7d;5w", "d7", "7y", "99999d", "7d,5d"])
def test_a_wrong_rule_is_refused(said: str) -> None:
    with pytest.raises(SettingError, match="7d,5w,12m"):
        keep_rule(said)


def test_pruned_the_rest_is_whole_and_attachments_of_none_are_gone(town: Town, folder: Path) -> None:
    issue = town.report()
    attach(town.house, issue, "旧.png", PIXEL, By(town.people["clerk"], town.clock.now))
    take(town.house, folder, town.clock)
    for path in town.house.files.rglob("*"):
        if path.is_file():
            path.unlink()
    town.clock.move(days=1)
    attach(town.house, issue, "新.pdf", b"%PDF-1.7 new", By(town.people["clerk"], town.clock.now))
    newest = take(town.house, folder, town.clock)
    assert prune(folder, {"d": 1}, _ZONE) == ["20261123T013000Z"]
    assert [one.name for one in backups_in(folder)] == [newest.name]
    assert check(newest) == []
    assert {str(path.relative_to(folder)) for path in folder.glob("files/??/*")} == {
        part.path for part in newest.manifest.files.values()
    }


def test_one_that_cannot_be_read_is_named_and_its_attachments_stay(town: Town, folder: Path) -> None:
    issue = town.report()
    attach(town.house, issue, "旧.png", PIXEL, By(town.people["clerk"], town.clock.now))
    old = take(town.house, folder, town.clock)
    (old.folder / "manifest.json").write_bytes(written(old.manifest).replace(b'"format": 1', b'"format": 99'))
    for path in town.house.files.rglob("*.*"):
        path.unlink()
    town.clock.move(days=3)
    take(town.house, folder, town.clock)
    prune(folder, {"d": 1}, _ZONE)
    assert surveyed(folder).unreadable == [old.name]
    assert check(old) == []


def test_the_newest_before_a_moment_is_chosen(town: Town, folder: Path) -> None:
    first = take(town.house, folder, town.clock)
    town.clock.move(days=1)
    second = take(town.house, folder, town.clock)
    assert chosen(folder, None).name == second.name
    assert chosen(folder, MORNING + timedelta(hours=3)).name == first.name
    with pytest.raises(BackupRefusal, match="没有那一刻之前的备份"):
        chosen(folder, MORNING - timedelta(hours=3))


def test_two_do_not_work_in_one_folder(folder: Path) -> None:
    folder.mkdir()
    with (folder / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BackupRefusal, match="另一个程序"), alone(folder):
            pass


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupRefusal, match="不能存放备份"), alone(tmp_path / "file" / "backups"):
        pass


def test_its_name_is_its_moment() -> None:
    assert name_of(datetime(2026, 11, 30, 10, 0, tzinfo=_ZONE)) == "20261130T020000Z"
    assert name_of(datetime(2026, 11, 30, 2, 0, tzinfo=UTC)) == "20261130T020000Z"
