"""Before its tables are changed a house is backed up, and an upgrade without that is not begun."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, select

from huying.backups.copy import check
from huying.backups.folder import backups_in
from huying.backups.upgrade import open_upgraded
from huying.database import tables as t
from huying.database.connections import Database
from huying.database.schema import migrations
from huying.settings import SettingError, Settings, read
from tests.huying.town import MORNING, Town, sqlite_town

_BEFORE = "0056"


@pytest.fixture(name="settings")
def _settings(tmp_path: Path) -> Settings:
    """A house with an issue in it, as the program before has left it."""
    town = sqlite_town(tmp_path)
    town.report()
    _age(town)
    return read({"HUYING_HOME": str(tmp_path), "HUYING_DATABASE_URL": f"sqlite:///{tmp_path / 'town.db'}"})


def _age(town: Town) -> None:
    config = migrations()
    with town.house.database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, _BEFORE)
    town.house.database.close()


def _upgraded(settings: Settings) -> list[str]:
    told: list[str] = []
    open_upgraded(settings, told.append, lambda: MORNING).close()
    return told


def _version(settings: Settings) -> str | None:
    database = Database(settings.database_url)
    try:
        return database.found_version()
    finally:
        database.close()


def test_it_is_backed_up_as_it_was_and_that_is_said(settings: Settings, tmp_path: Path) -> None:
    settings = replace(settings, backup_dir=tmp_path / "backups")
    told = _upgraded(settings)
    [made] = backups_in(tmp_path / "backups")
    assert (made.manifest.tables, made.manifest.holdings.issues, check(made)) == (_BEFORE, 1, [])
    assert made.name in " ".join(told)
    assert _version(settings) != _BEFORE
    assert _upgraded(settings) == [], "up to date, it is left alone"
    database = Database(settings.database_url)
    with database.reading() as connection:
        assert _noted(connection) == [f"backup:{made.name}"]
    database.close()


def _noted(connection: Connection) -> list[str]:
    return list(connection.execute(select(t.audit.c.object).where(t.audit.c.what == "backup-made")).scalars())


def test_without_a_place_it_goes_into_the_data_folder(settings: Settings) -> None:
    _upgraded(settings)
    assert len(backups_in(settings.home / "before-upgrade")) == 1


def test_where_it_fails_nothing_is_changed_and_the_words_say_what_to_do(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("")
    broken = replace(settings, backup_dir=tmp_path / "full" / "x")
    with pytest.raises(SettingError, match="HUYING_UPGRADE_BACKUP=false"):
        _upgraded(broken)
    assert _version(settings) == _BEFORE
    assert _upgraded(replace(broken, upgrade_backup=False)) == []
    assert _version(settings) != _BEFORE


def test_a_new_house_is_made_without(tmp_path: Path) -> None:
    settings = read({"HUYING_HOME": str(tmp_path / "new")})
    settings.make_home()
    assert _upgraded(settings) == []
    assert not (settings.home / "before-upgrade").exists()
