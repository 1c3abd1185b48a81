"""Evidence: what sealing costs a row, and how fast rows are verified, beside a bare read of the same rows in the same run.

    python -m benchmarks.evidence [--rows 20000] [--url postgresql://USER@HOST/EMPTY_DATABASE]

Rows are lines of the audit log, as a house writes most of. What is written with and without the trigger is written in transactions of one row.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from huying.database.connections import Database
from huying.database.tables import audit
from huying.evidence.due import equip
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal_all
from huying.evidence.verification import verify_evidence
from huying.house.house import House
from huying.keys.ring import Ring, new_keys

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
#: So many rows are written one by one, to see what noting them costs.
_SINGLY = 500


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--url")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'evidence.db'}"
        database = Database(url, ring=Ring(new_keys(NOW.date())))
        database.migrate()
        _measure(House(database, Path(folder) / "files"), options.rows)
        database.close()


def _measure(house: House, rows: int) -> None:
    notary = notary_of(house.database)
    bare = _seconds(lambda: _singly(house))
    with house.database.writing() as connection:
        equip(connection)
    noted = _seconds(lambda: _singly(house))
    print(f"a row written: {bare / _SINGLY * 1e6:.0f} µs without, {noted / _SINGLY * 1e6:.0f} µs with the note of it")
    with house.database.writing() as connection:
        _fill(connection, rows)
    sealing = _seconds(lambda: seal_all(house, notary, NOW))
    reading = _seconds(lambda: _read(house))
    found = 0

    def verify() -> None:
        nonlocal found
        proved = verify_evidence(house, notary)
        assert not proved.found
        found = proved.rows

    verifying = _seconds(verify)
    print(f"sealed: {found / sealing:,.0f} rows/s; read bare: {found / reading:,.0f} rows/s")
    print(f"verified: {found / verifying:,.0f} rows/s, {verifying / reading:.1f} times a bare read")
    held = sum(len(path.read_bytes()) for path in house.files.parent.glob("*.db")) if house.database.sqlite else 0
    if held:
        print(f"{os.cpu_count()} processors; the database holds {held / 1e6:.1f} MB")


def _seconds(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def _line(number: int) -> dict[str, object]:
    return {
        "at": NOW,
        "what": "signed-in",
        "by_id": number,
        "via": "page",
        "detail": {"how": "passphrase", "n": number},
    }


def _singly(house: House) -> None:
    for number in range(_SINGLY):
        with house.database.writing() as connection:
            connection.execute(insert(audit), _line(number))


def _fill(connection: Connection, rows: int) -> None:
    for begin in range(0, rows, 1_000):
        connection.execute(insert(audit), [_line(begin + number) for number in range(1_000)])


def _read(house: House) -> None:
    with house.database.reading() as connection:
        for _ in connection.execute(select(audit).order_by(audit.c.seq).execution_options(yield_per=400)):
            pass


if __name__ == "__main__":
    main()
