"""Backing up and restoring on the command line, as whoever looks after the machine does it."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select

from huying.cli import main
from huying.database.connections import Database
from huying.database.tables import issues
from huying.keys import place
from huying.keys.ring import read_keys
from huying.privacy.erased_list import ErasedThing, erased_list
from huying.settings import read
from tests.conftest import MORNING, Office
from tests.huying.story import Story


@pytest.fixture
def home(sqlite_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with an issue."""
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    Story(sqlite_office, MORNING).open()
    return tmp_path


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where its backups go."""
    made = home.with_name(f"{home.name}-backups")
    monkeypatch.setenv("HUYING_BACKUP_DIR", str(made))
    return made


def test_it_says_what_was_backed_up_and_that_anybody_can_read_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "--language", "zh"]) == 0
    said = capsys.readouterr().out
    assert "1 件事项" in said
    assert "没有封存" in said
    assert main(["backups", "--check", "--language", "zh"]) == 0
    assert "1 件事项" in capsys.readouterr().out


def test_sealed_by_a_key_that_was_made_here(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = home / "huying.key"
    assert main(["backup-key", str(key)]) == 0
    assert key.stat().st_mode & 0o777 == 0o600
    assert main(["backup-key", str(key)]) == 1, "a key is never overwritten"
    recipient = key.read_text("utf-8").splitlines()[0].removeprefix("# ")
    monkeypatch.setenv("HUYING_BACKUP_RECIPIENTS", recipient)
    assert main(["backup"]) == 0
    monkeypatch.setenv("HUYING_HOME", str(home / "new"))
    capsys.readouterr()
    assert main(["restore", "--language", "zh"]) == 1
    assert "--key" in capsys.readouterr().err
    assert main(["restore", "--key", str(key), "--language", "zh"]) == 0
    assert "1 件事项" in capsys.readouterr().out


def test_a_drill_says_until_when_the_house_could_be_had_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["backup"])
    capsys.readouterr()
    assert main(["restore", "--drill", "--language", "zh"]) == 0
    assert "可以恢复到" in capsys.readouterr().out


def test_what_is_damaged_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["backup"])
    (database,) = folder.glob("*/database*")
    database.write_bytes(database.read_bytes()[:-1])
    capsys.readouterr()
    assert main(["backups", "--check", "--language", "zh"]) == 1
    assert "与写入时不同" in capsys.readouterr().out
    assert main(["restore", "--drill", "--language", "zh"]) == 1
    assert "备份不完整" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["backup", "."], "不能放在数据目录"),
        (["backup"], "请写明备份目录"),
        (["restore", "../nothing"], "没有备份"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_would_be_right(
    call: list[str],
    said: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.delenv("HUYING_BACKUP_DIR", raising=False)
    assert main([*call, "--language", "zh"]) != 0
    assert said in capsys.readouterr().err


def test_a_moment_is_written_as_everywhere(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["restore", "../nothing", "--at", "gestern"])
    assert "2026-11-30T18:00" in capsys.readouterr().err


def test_what_was_erased_is_looked_up_beside_the_ring_wherever_that_is(
    folder: Path, home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = tmp_path_factory.mktemp("vault") / "house.ring"
    place.write(ring, read_keys(os.environ["HUYING_KEYS"]))
    monkeypatch.delenv("HUYING_KEYS")
    monkeypatch.setenv("HUYING_KEYS_FILE", str(ring))
    assert main(["backup"]) == 0
    # as the chore notes it of this house
    erased_list(read()).add([ErasedThing("issue", 1, "personal")], MORNING)
    monkeypatch.setenv("HUYING_HOME", str(home / "new"))
    assert main(["restore"]) == 0
    again = Database(f"sqlite:///{home / 'new' / 'huying.db'}", ring=place.kept_in(ring))
    with again.reading() as connection:
        assert connection.execute(select(issues.c.id, issues.c.erased)).all() == [(1, "personal")]
    again.close()


def _printed(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["keys", "export", "--halves", "--language", "zh"]) == 0
    return capsys.readouterr().out


def test_the_two_halves_on_paper_make_the_ring_again(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = read_keys(os.environ["HUYING_KEYS"])
    monkeypatch.setattr("sys.stdin", StringIO(_printed(capsys)))
    assert main(["keys", "join", "--to", str(home / "again")]) == 0
    assert read_keys((home / "again").read_text("utf-8")) == ring
    assert (home / "again").stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr("sys.stdin", StringIO(_printed(capsys)))
    assert main(["keys", "join", "--to", str(home / "again"), "--language", "zh"]) != 0
    assert "已经有了" in capsys.readouterr().out


def test_halves_that_do_not_belong_together_make_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = _printed(capsys), _printed(capsys)
    mixed = first.split("\n\n")[0] + "\n\n" + second.split("\n\n")[1]
    monkeypatch.setattr("sys.stdin", StringIO(mixed))
    assert main(["keys", "join", "--to", str(home / "again"), "--language", "zh"]) != 0
    assert "合不起来" in capsys.readouterr().out
    assert not (home / "again").exists()
