"""A house and its ring of keys: without the ring by which it was sealed it does not start, and nobody makes it another one."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from huying.database.tables import ring_keys
from huying.house.known_keys import open_database
from huying.keys import place
from huying.keys.ring import Ring, new_keys
from huying.settings import SettingError, Settings, read
from tests.template import migrated

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _no_ring_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUYING_KEYS")


@pytest.fixture(name="settings")
def _settings(tmp_path: Path) -> Settings:
    migrated(tmp_path / "huying.db").close()
    return read({"HUYING_HOME": str(tmp_path)})


def _start(settings: Settings) -> Ring:
    database = open_database(settings)
    database.close()
    assert database.ring is not None
    return database.ring


def _refused(settings: Settings) -> str:
    with pytest.raises(SettingError) as refused:
        _start(settings)
    return str(refused.value)


def test_a_new_house_gets_a_ring_that_nobody_else_reads(settings: Settings) -> None:
    made, file = _start(settings), settings.home / "keys" / "ring"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert _start(settings).keys == made.keys, "the second start finds it"


def test_nobody_else_on_the_machine_reads_the_database(settings: Settings, tmp_path: Path) -> None:
    file = settings.home / "huying.db"
    file.chmod(0o644)
    _start(settings)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    new = read({"HUYING_HOME": str(tmp_path / "new")})
    new.make_home()
    database = open_database(new)
    made = {path.name: stat.S_IMODE(path.stat().st_mode) for path in new.home.glob("huying.db*")}
    database.close()
    assert made
    assert set(made.values()) == {0o600}


def test_the_database_knows_its_keys_by_their_ids_alone(settings: Settings) -> None:
    ring = _start(settings)
    database = open_database(settings)
    with database.reading() as connection:
        rows = list(connection.execute(select(ring_keys)))
    database.close()
    assert {(row.id, row.kind) for row in rows} == {(ring.active, "sealing"), (ring.keys.lasting_id, "lasting")}
    held = (settings.home / "huying.db").read_bytes()
    for word in ring.keys.written().split():
        assert word.rpartition(":")[2].encode() not in held


def test_without_its_ring_a_house_does_not_start(settings: Settings) -> None:
    _start(settings)
    (settings.home / "keys" / "ring").unlink()
    assert "钥匙串不在这里" in _refused(settings)
    assert not (settings.home / "keys" / "ring").exists(), "no other one was made"


def test_with_another_ring_a_house_does_not_start(settings: Settings) -> None:
    ring = _start(settings)
    place.write(settings.home / "keys" / "ring", new_keys(DAY))
    said = _refused(settings)
    assert ring.active in said
    assert ring.keys.lasting_id in said


def test_with_a_damaged_ring_a_house_does_not_start(settings: Settings) -> None:
    _start(settings)
    file = settings.home / "keys" / "ring"
    file.write_text(file.read_text("utf-8")[:-5], "utf-8")
    assert "不是完整的钥匙串" in _refused(settings)


def test_the_ring_put_back_opens_the_house(settings: Settings) -> None:
    ring = _start(settings)
    (settings.home / "keys" / "ring").rename(settings.home / "copy")
    _refused(settings)
    (settings.home / "copy").rename(settings.home / "keys" / "ring")
    assert _start(settings).keys == ring.keys


def test_a_ring_may_lie_in_another_file(settings: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "huying.ring"
    at = read({"HUYING_HOME": str(settings.home), "HUYING_KEYS_FILE": str(elsewhere)})
    _start(at)
    assert elsewhere.exists()
    assert not (settings.home / "keys").exists()


def test_a_ring_may_be_a_variable_or_what_a_command_says(settings: Settings, tmp_path: Path) -> None:
    keys = new_keys(DAY)
    (tmp_path / "copy").write_text(keys.written(), "utf-8")
    home = {"HUYING_HOME": str(settings.home)}
    assert _start(read({**home, "HUYING_KEYS": keys.written()})).keys == keys
    assert _start(read({**home, "HUYING_KEYS_COMMAND": f"cat {tmp_path / 'copy'}"})).keys == keys
    assert "HUYING_KEYS_COMMAND" in _refused(read({**home, "HUYING_KEYS_COMMAND": "false"}))


def test_a_ring_is_in_one_place() -> None:
    with pytest.raises(SettingError, match="HUYING_KEYS、HUYING_KEYS_FILE"):
        read({"HUYING_KEYS": "x", "HUYING_KEYS_FILE": "y"})


def test_no_setting_shows_the_ring() -> None:
    keys = new_keys(DAY).written()
    assert keys not in repr(read({"HUYING_KEYS": keys}))
