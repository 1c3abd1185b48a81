"""Columns whose text is sealed: what the database holds of them nobody reads who has the database alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from operator import eq, ne
from typing import Any, Protocol

from msgspec.json import decode
from sqlalchemy import JSON, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator, TypeEngine

from definitions.forms.address import digits
from engine.codec import encode

#: The purpose for which columns are sealed.
FIELDS = "fields"
_RING = "huying_ring"
#: There is nothing in it to be sealed.
_NOTHING: tuple[Any, ...] = (None, "")


class Seals(Protocol):
    """What seals and opens; ``place`` is where it stands: elsewhere it does not open."""

    def seal(self, purpose: str, plain: bytes, place: str) -> str:
        """Text that nobody reads."""

    def open(self, purpose: str, sealed: str, place: str) -> bytes:
        """What it was."""

    def mac(self, purpose: str, text: str) -> str:
        """A digest that nobody makes who does not have the ring."""

    def sub_key(self, purpose: str) -> bytes:
        """A key for digests and chains of one purpose, which lasts."""


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


class _Comparator(TypeDecorator.Comparator[Any]):
    """Whether there is anything can be asked, and nothing else: whether it is NULL, or empty."""

    def operate(self, op: OperatorType, *other: Any, **options: Any) -> Any:
        """Refuse what would be never true: the same is sealed as something else each time."""
        if op not in (is_, is_not) and not (op in (eq, ne) and other == ("",)):
            raise TypeError("a sealed column is looked up by its index, not compared")
        return super().operate(op, *other, **options)


class SealedColumn(TypeDecorator[Any]):
    """What is sealed at ``place`` (``table.column``). SQLite keeps text in a column of any type, so it stays as it was declared there (``was``)."""

    impl = Text
    cache_ok = True
    comparator_factory = _Comparator

    def __init__(self, place: str, was: TypeEngine[Any] | None = None) -> None:
        super().__init__()
        self.place = place
        self._was = was or Text()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text, of whatever length."""
        return self._was if dialect.name == "sqlite" else Text()

    def plain(self, value: Any) -> bytes:
        """What is sealed of a value."""
        raise NotImplementedError

    def value(self, plain: bytes) -> Any:
        """The value that was sealed."""
        raise NotImplementedError

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """A value to what the database keeps."""

        def seal(value: Any) -> Any:
            return value if value in _NOTHING else ring_of(dialect).seal(FIELDS, self.plain(value), self.place)

        return seal

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """What the database keeps to the value."""

        def read(kept: Any) -> Any:
            return kept if kept in _NOTHING else self.value(ring_of(dialect).open(FIELDS, kept, self.place))

        return read


class SealedText(SealedColumn):
    """A text that nobody reads; of ``length`` characters where it was open (0: of any)."""

    cache_ok = True

    def __init__(self, place: str, length: int | None = None) -> None:
        super().__init__(place, Text() if length is None else String(length or None))

    def plain(self, value: str) -> bytes:
        """Its UTF-8."""
        return value.encode()

    def value(self, plain: bytes) -> str:
        """The text."""
        return plain.decode()


class SealedJson(SealedColumn):
    """Plain data that nobody reads; ``None`` is NULL."""

    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__(place, JSON())

    def plain(self, value: Any) -> bytes:
        """Its JSON."""
        return encode(value)

    def value(self, plain: bytes) -> Any:
        """The data."""
        return decode(plain)


class SealedBytes(SealedColumn):
    """Bytes that nobody reads."""

    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__(place, LargeBinary())

    def plain(self, value: bytes) -> bytes:
        """Themselves."""
        return value

    def value(self, plain: bytes) -> bytes:
        """Themselves."""
        return plain


class BlindIndex(TypeDecorator[str]):
    """By what a sealed value is looked up: a digest of it, cleaned, that nobody makes without the ring. A value that is compared is digested too."""

    impl = String
    cache_ok = True

    def __init__(self, of: str) -> None:
        super().__init__(40)
        self.of = of

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The digest of a value; of none, and of nothing, none."""
        cleaned = cleaned_as(self.of, value or "")
        return ring_of(dialect).mac(f"index {self.of}", cleaned) if cleaned else None


def cleaned_as(of: str, value: str) -> str:
    """A phone number or an address as it is told from others however it was written."""
    return digits(value) if of == "phone" else unicodedata.normalize("NFKC", value).strip().lower()


def index_of(column: str) -> Callable[[Any], Any]:
    """The default of an index: the value of its column in the same row."""
    return lambda context: context.get_current_parameters().get(column)
