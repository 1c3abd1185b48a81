"""Issues from before steps and kinds were written down are sorted when the tables are brought up to date."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import select

from huying.database import tables as t
from huying.database.schema import migrations
from tests.huying.town import Town


def test_a_migration_says_of_every_issue_where_it_is_and_of_which_kind(town: Town) -> None:
    town.report(kind="roads")
    town.act(1, "clerk", "accept")
    town.report()
    town.act(2, "clerk", "decline", reason="不属于本站")
    columns = select(t.issues.c.step, t.issues.c.kind).order_by(t.issues.c.id)
    with town.house.database.engine.begin() as connection:
        assert connection.execute(columns).all() == [("study", "roads"), (None, "lighting")]
        connection.execute(t.issues.update().values(step=None, kind=None))
        script = ScriptDirectory.from_config(migrations()).get_revision("0022")
        assert script is not None
        with Operations.context(MigrationContext.configure(connection)):
            script.module._sort()
        assert connection.execute(columns).all() == [("study", "roads"), (None, "lighting")]
