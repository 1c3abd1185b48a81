"""Migrations are one numbered line, and lead to exactly the tables that the models describe."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from huying.database.connections import Database
from models import metadata

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
        # each database keeps the words of the search in its own way: no model describes them
        opts = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith("search_text")}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_is_harmless(database: Database) -> None:
    database.migrate()
    database.migrate()
