"""Whether a database has the tables that the models describe."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from models import metadata


def differences(connection: Connection) -> list[Any]:
    """What is not as in the models. Each database keeps the words of the search in its own way: no model describes them."""
    opts = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith("search_text")}
    return list(compare_metadata(MigrationContext.configure(connection, opts=opts), metadata))
