"""Whoever was an administrator before there were grants can do what they could."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import text

from huying.access.viewer import viewer
from huying.database.connections import Database
from huying.database.schema import migrations

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_an_administrator_of_before_loses_nothing(database: Database) -> None:
    with database.engine.begin() as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.downgrade(config, "0029")
        for login, kind in (("chief", "administrator"), ("clerk", "staff")):
            connection.execute(
                text(
                    "INSERT INTO participant (name, login, kind, language, active, created_at)"
                    f" VALUES ('{login}', '{login}', '{kind}', 'zh', true, '2026-03-02 01:00:00.000000+00:00')"
                )
            )
    database.migrate()
    with database.reading() as connection:
        people = {row.login: row.id for row in connection.execute(text("SELECT login, id FROM participant"))}
        chief, clerk = viewer(connection, people["chief"]), viewer(connection, people["clerk"])
    asked = ("write processes", "publish processes", "move issues", "keep subscriptions", "keep connections")
    assert [action for action in asked if not chief.may(action, NOW)] == []
    assert [action for action in asked if clerk.may(action, NOW)] == []
