"""A large register takes no more memory than a small one, but for what has to be known of all of it at once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.register import changed_province, province, workbook_of
from huying.database.connections import Database
from huying.house.house import House
from huying.register.workbook.imports import offer, offered, write
from huying.register.workbook.portions import SIZE, Portions
from huying.register.workbook.raw import RawRow
from huying.register.workbook.undo import undo_import
from models import metadata
from tests.huying.register.workbook.test_imports import BY

#: What stays of an import when all of it is over: what was done, and the file.
_KEPT = frozenset({"register_deed", "register_change", "register_import", "audit"})


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


def rows(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for the log and the files."""
    with house.database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
            if table.name not in _KEPT
        }


def test_portions_are_a_sequence_that_is_kept_packed() -> None:
    lines = [RawRow(n, (f"c{n}",)) for n in range(SIZE * 3 + 7)]
    packed = Portions(RawRow, lines)
    again = Portions(RawRow, frames=packed.packed())
    for one in (packed, again):
        assert len(one) == len(lines)
        assert list(one) == lines == list(one)
        assert [one[at] for at in (0, SIZE, -1)] == [lines[0], lines[SIZE], lines[-1]]
        assert list(one[SIZE - 1 : SIZE + 1]) == lines[SIZE - 1 : SIZE + 1]
    again.append(RawRow(9_999, ()))
    assert Portions(RawRow, frames=again.packed())[-1].number == 9_999
    assert Portions(RawRow).packed() == ()
    with pytest.raises(IndexError):
        packed[len(lines)]


def test_an_import_over_a_full_register_is_taken_back_to_every_row(house: House) -> None:
    before = province(700, 60)
    number = offer(house, "one.xlsx", workbook_of(before), BY)
    write(house, number, BY)
    as_it_was = rows(house)
    number = offer(house, "two.xlsx", workbook_of(changed_province(before)), BY)
    found = offered(house, number, BY.now).preview
    assert found.errors == ()
    assert min(one.changed for one in found.sums if one.sheet in ("people", "stations")) >= 20
    write(house, number, BY)
    assert rows(house) != as_it_was
    undo_import(house, number, BY)
    found_rows = rows(house)
    assert found_rows.keys() == as_it_was.keys()
    for table, expected in as_it_was.items():
        assert found_rows[table] == expected, table


def test_five_times_the_people_take_not_nearly_five_times_the_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (100, 200, 1_000):
        lived = Database(f"sqlite:///{tmp_path / f'{count}.db'}")
        lived.migrate()
        peaks.append(list(_peaks(House(lived, tmp_path), workbook_of(province(count, count // 5)))))
        lived.close()
    # the first of them loads what the others find
    _, small, large = peaks
    for few, many in zip(small, large, strict=True):
        assert many - few < 2_500_000, (few, many)


def _peaks(house: House, content: bytes) -> Iterator[int]:
    number = 0

    def take() -> None:
        nonlocal number
        number = offer(house, "province.xlsx", content, BY)

    steps: Sequence[Callable[[], object]] = (
        take,
        lambda: write(house, number, BY),
        lambda: undo_import(house, number, BY),
    )
    tracemalloc.start()
    for step in steps:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        step()
        yield tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
