"""What all tables share: names of constraints that migrations can rely on, moments in UTC, JSON and large integers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: SQLite numbers rows only in a plain INTEGER key; PostgreSQL wants 64 bits said.
BigKey = BigInteger().with_variant(Integer(), "sqlite")
#: Plain data as it was written: JSONB would change the order of keys, and the order of steps and answers is said by it.
Json = JSON()
#: Names that are looked for by their beginning: they sort by their characters, whatever the database's language.
Name = String(80).with_variant(String(80, collation="C"), "postgresql")


class MomentColumn(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is an error, not a guess. SQLite keeps text of one length, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, which has no type of its own for moments."""
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive moments; give the database UTC."""
        if value is None:
            return None
        if value.tzinfo is not UTC:
            if value.utcoffset() is None:
                raise ValueError(f"a moment must have a time zone: {value!r}")
            value = value.astimezone(UTC)
        return value.isoformat(" ", "microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Say UTC where the database does not."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


Plain = dict[str, Any]
