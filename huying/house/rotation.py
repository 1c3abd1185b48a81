"""Rotation: what was sealed by older keys of the ring is sealed by the newest one, in portions, while people work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
    update,
)

from huying.database.tables import ring_keys, second_factors
from huying.house.house import House
from huying.keys.ring import Ring, key_of
from huying.shelf.envelope import key_id
from models import metadata
from models.sealed import FIELDS, SealedColumn

_PORTION = 500


@dataclass(frozen=True, slots=True)
class SealedCells:
    """A column in which something is sealed, and its place."""

    column: Column[Any]
    place: str

    @property
    def table(self) -> Table:
        """Its table."""
        return self.column.table

    @property
    def raw(self) -> ColumnElement[str]:
        """What the database holds."""
        return type_coerce(self.column, Text)


def all_cells() -> Iterator[SealedCells]:
    """Every column in which something is sealed by the ring itself."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedColumn):
                yield SealedCells(column, column.type.place)
    yield SealedCells(second_factors.c.secret, "second_factor.secret")


def in_use(house: House) -> Counter[str]:
    """By the id of each key of the ring, how many cells and files are sealed by it."""
    found: Counter[str] = Counter()
    with house.database.at_one_moment() as connection:
        for cells in all_cells():
            # v1:KEY:…
            which = func.substr(cells.raw, literal_column("4"), literal_column("8"))
            query = select(which, func.count()).where(cells.raw.like("v1:%")).group_by(which)
            found.update(dict(tuple(row) for row in connection.execute(query)))
    for one in house.store.shelf.lying():
        sealed_by = key_id(house.store.shelf.begins(one.name))
        if sealed_by is not None:
            found[sealed_by] += 1
    return found


def rotate(house: House) -> Iterator[int]:
    """Seal by the newest key what is sealed by others; after each portion, how many cells or files of it were."""
    ring = _ring(house)
    ring.look_again()
    for cells in all_cells():
        yield from _rotated(house, ring, cells)
    for one in list(house.store.shelf.lying()):
        yield int(house.store.seal(one.name))


def retire(house: House, now: datetime) -> tuple[str, ...]:
    """Note of the keys by which nothing is sealed any more that they are over; their ids. What seals now is never over."""
    ring, left = _ring(house), in_use(house)
    over = [key for key in ring.ids if key != ring.active and not left[key]]
    if over:
        with house.database.writing() as connection:
            known = ring_keys.c.id.in_(over), ring_keys.c.ended_at.is_(None)
            connection.execute(update(ring_keys).where(*known).values(ended_at=now))
    return tuple(over)


def _ring(house: House) -> Ring:
    ring = house.database.ring
    if ring is None:
        raise LookupError("no ring")
    return ring


def _rotated(house: House, ring: Ring, cells: SealedCells) -> Iterator[int]:
    key, last = list(cells.table.primary_key), None
    query = select(*key, cells.raw.label("kept")).order_by(*key).limit(_PORTION)
    while True:
        with house.database.reading() as connection:
            after = query if last is None else query.where(tuple_(*key) > tuple_(*last))
            rows = connection.execute(after).all()
        if not rows:
            return
        older = [row for row in rows if key_of(row.kept or "") not in (None, ring.active)]
        if older:
            with house.database.writing() as connection:
                yield sum(_resealed(connection, ring, cells, key, row._asdict()) for row in older)
        last = rows[-1][: len(key)]


def _resealed(
    connection: Connection, ring: Ring, cells: SealedCells, key: Sequence[Column[Any]], row: Mapping[str, Any]
) -> int:
    """Seal one cell anew, unless somebody has written it meanwhile, and so sealed it."""
    plain = ring.open(FIELDS, row["kept"], cells.place)
    made = ring.seal(FIELDS, plain, cells.place)
    mine = and_(*(column == row[column.name] for column in key), cells.raw == row["kept"])
    # the column's own type would seal it once more
    changed = update(cells.table).where(mine).values({cells.column: literal_text(made)})
    return connection.execute(changed).rowcount


def literal_text(text: str) -> ColumnElement[str]:
    """A text as it stands, whatever the column's type makes of texts."""
    return type_coerce(text, Text)
