"""Migrations are one numbered line, and lead to exactly the tables that the models describe."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from huying.database.connections import Database
from tests.tables import differences

MIGRATIONS = Path(__file__).resolve().parents[2] / "models" / "migrations"


def test_there_is_one_head_and_the_files_are_numbered() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in names)


def test_the_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert differences(connection) == []


def test_migrating_twice_is_harmless(database: Database) -> None:
    database.migrate()
    database.migrate()
