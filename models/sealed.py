"""Columns whose text is sealed: what the database holds of them nobody reads who has the database alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator

#: The purpose for which columns are sealed.
FIELDS = "fields"
_RING = "huying_ring"


class Seals(Protocol):
    """What seals and opens; ``place`` is where it stands: elsewhere it does not open."""

    def seal(self, purpose: str, plain: bytes, place: str) -> str:
        """Text that nobody reads."""

    def open(self, purpose: str, sealed: str, place: str) -> bytes:
        """What it was."""

    def mac(self, purpose: str, text: str) -> str:
        """A digest that nobody makes who does not have the ring."""


class NoRing(LookupError):
    """A sealed column of a database that was opened without a ring."""

    def __init__(self) -> None:
        super().__init__("没有给出钥匙串，读写不了加密的列。 The database was opened without its ring of keys.")


def attach(dialect: Dialect, ring: Seals | None) -> None:
    """Let the sealed columns of a database be sealed by this ring: each database of a process has its own."""
    setattr(dialect, _RING, ring)


def ring_of(dialect: Dialect) -> Seals:
    """The ring of a database; ``NoRing``."""
    ring: Seals | None = getattr(dialect, _RING, None)
    if ring is None:
        raise NoRing
    return ring


class SealedText(TypeDecorator[str]):
    """A text, sealed at ``place`` (``table.column``). It cannot be compared in SQL: it is another one each time that it is written."""

    impl = Text
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Whether there is any text can be asked, and nothing else."""

        def operate(self, op: OperatorType, *other: Any, **options: Any) -> Any:
            """Refuse what would be never true."""
            if op not in (is_, is_not):
                raise TypeError("a sealed column is looked up by its index, not compared")
            return super().operate(op, *other, **options)

    comparator_factory = Comparator

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """Text to what the database keeps."""

        def seal(value: str | None) -> str | None:
            return None if value is None else ring_of(dialect).seal(FIELDS, value.encode(), self.place)

        return seal

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None]:
        """What the database keeps to text."""

        def read(value: str | None) -> str | None:
            return None if value is None else ring_of(dialect).open(FIELDS, value, self.place).decode()

        return read
