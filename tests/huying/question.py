"""What the database is asked while something is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from huying.house.house import House

#: A house looks by the wall clock, once a second, whether there are newer ones of these: such questions come or do not come whatever is done.
_LOOKED_AFTER = ("FROM calendar_version", "FROM office", "FROM subscription")


@contextmanager
def questions(house: House) -> Iterator[list[str]]:
    """The questions that are asked inside, without those that are asked whatever is done."""
    asked: list[str] = []

    def note(*said: object) -> None:
        statement = " ".join(str(said[2]).split())
        if statement.upper().startswith(("SELECT", "WITH")) and not any(one in statement for one in _LOOKED_AFTER):
            asked.append(statement)

    engine = house.database._reader
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
