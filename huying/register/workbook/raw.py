"""A workbook as it was opened: sheets of cells, nothing understood yet. It travels from the process that opens it to the one that reads it."""

from __future__ import annotations

from datetime import datetime, time

import msgspec

from engine.noun import Noun
from huying.register.workbook.portions import Portions

#: At most so many rows of a sheet are read, and after so many empty ones reading ends.
MOST_ROWS, EMPTY_ROWS = 20_000, 50
MOST_COLUMNS = 60
#: No cell of Excel holds more characters.
LONGEST = 32_767


class Formula(Noun, frozen=True, tag="formula"):
    """A cell that is worked out; ``result`` is what the program stored last, as it would be shown."""

    result: str | int | float | bool | None


class Dated(Noun, frozen=True, tag="dated"):
    """A cell that Excel holds for a date, with or without a time of day."""

    at: datetime


class Timed(Noun, frozen=True, tag="timed"):
    """A cell that Excel holds for a time of day."""

    at: time


Value = Formula | Dated | Timed | str | int | float | bool | None


class RawRow(Noun, frozen=True, array_like=True):
    """The cells of a row; ``number`` is as Excel counts it, from 1."""

    number: int
    cells: tuple[Value, ...]


class RawSheet(Noun, frozen=True):
    """One sheet. ``merged`` are ranges such as ``B4:B6``, ``hidden_rows`` were read all the same.

    ``below`` is the first row after the end that still holds something.
    """

    name: str
    shown: bool
    portions: tuple[bytes, ...]
    merged: tuple[str, ...] = ()
    hidden_rows: int = 0
    below: int | None = None

    @property
    def rows(self) -> Portions[RawRow]:
        """Its rows that hold something."""
        return Portions(RawRow, frames=self.portions)


class RawWorkbook(Noun, frozen=True):
    """All sheets in their order."""

    sheets: tuple[RawSheet, ...]


class _WholeSheet(Noun, frozen=True):
    """A sheet as versions before 0.6 kept it for seven days."""

    name: str
    shown: bool
    rows: tuple[RawRow, ...]
    merged: tuple[str, ...] = ()
    hidden_rows: int = 0
    below: int | None = None


class _WholeWorkbook(Noun, frozen=True):
    sheets: tuple[_WholeSheet, ...]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER, _FORMER = msgspec.msgpack.Decoder(RawWorkbook), msgspec.msgpack.Decoder(_WholeWorkbook)


def packed(book: RawWorkbook) -> bytes:
    """The workbook as bytes."""
    return _ENCODER.encode(book)


def unpacked(content: bytes) -> RawWorkbook:
    """The workbook of these bytes; raises ``msgspec.DecodeError`` if they are none."""
    try:
        return _DECODER.decode(content)
    except msgspec.ValidationError:
        former = _FORMER.decode(content)
    return RawWorkbook(
        tuple(
            RawSheet(one.name, one.shown, Portions(RawRow, one.rows).packed(), one.merged, one.hidden_rows, one.below)
            for one in former.sheets
        )
    )
