"""What all tables share: names of constraints that migrations can rely on, moments in UTC, JSON and large integers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import ConfigDict
from sqlalchemy import JSON, BigInteger, ColumnElement, DateTime, Integer, String, Text, cast, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from models.kept import KeptNouns, reader

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


class NounsColumn(TypeDecorator[Any]):
    """The kernel's nouns, written as JSON and decoded as they are read; ``decode`` is their codec's, ``place`` their ``table.column``.

    What people wrote is sealed in them, where whoever wrote them knew what that is (``models.kept``).
    """

    impl = JSON
    cache_ok = True

    def __init__(self, decode: Callable[[str], Any], place: str) -> None:
        super().__init__()
        self.decode, self.place = decode, place

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Nouns to text, unless they are written already."""
        plain = self.impl_instance.dialect_impl(dialect).bind_processor(dialect)

        def write(value: Any) -> Any:
            return str(value) if isinstance(value, KeptNouns) or plain is None else plain(value)

        return write

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The text itself: no driver makes dictionaries of it before it is decoded."""
        return type_coerce(cast(column, Text), self)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Text to nouns."""
        return reader(dialect, self.place, self.decode)

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        """A part of the JSON is named as it is in any JSON."""
        return self.impl_instance.coerce_compared_value(op, value)


Plain = dict[str, Any]
#: A table whose rows bear the kernel's nouns, which pydantic does not know.
NOUNS: Any = ConfigDict(arbitrary_types_allowed=True)
