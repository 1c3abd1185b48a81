"""Which version the tables of a database are, and which of them this program knows."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from huying.settings import SettingError

_MIGRATIONS = Path(__file__).resolve().parents[2] / "models" / "migrations"


def migrations() -> Config:
    """Where Alembic finds the migrations."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


@lru_cache(maxsize=1)
def known_versions() -> frozenset[str | None]:
    """The versions of the tables that this program knows; ``None`` is a database without tables."""
    scripts = ScriptDirectory.from_config(migrations())
    return frozenset({None, *(script.revision for script in scripts.walk_revisions())})


def newest(config: Config) -> str | None:
    """The version to which this program brings the tables."""
    return ScriptDirectory.from_config(config).get_current_head()


def version_of(connection: Connection) -> str | None:
    """The version of the tables; ``None`` while there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def assure_known(config: Config, version: str | None) -> None:
    """``SettingError`` when a newer program has changed the tables, which this one would misread."""
    if version not in known_versions():
        raise SettingError(
            "",
            f"数据库已由更新版本的程序升级到 {version}，本程序只认识到 {newest(config)}。请启动新版本的程序，或恢复升级前的备份。",
            f"The database was brought up to {version} by a newer program, and this one knows {newest(config)} at most."
            " Start the newer program, or restore the copy from before the upgrade.",
        )
