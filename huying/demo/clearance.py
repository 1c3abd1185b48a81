"""Clearing the sample city away: whatever is not of the house itself goes, and what people tried in it too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, false, not_, or_

from engine.refusal import Refusal
from huying.database.tables import participants
from huying.evidence.due import begin_anew
from huying.house.house import House
from huying.house.office import write
from models import metadata

#: What a house has before anybody lives in it.
_OF_THE_HOUSE = frozenset({"office", "calendar_version", "definition_version", "heartbeat", "alembic_version"})

#: What tells of others, whoever did it.
_OF_THE_REGISTER = frozenset({"register_deed"})


def clear(house: House, keeper: int, mailbox: Path | None, now: datetime) -> None:
    """Clear it away in one transaction; the administrator who does it stays, with what belongs to them alone. ``Refusal`` if this is no sample.

    Attachments go after the rows that name them, and mails of the local mailbox. Prefect shows the old runs until its data is made anew.
    """
    house.offices.forget()
    if not house.offices.now().sample:
        raise Refusal("这里不是示例城市，不能整体清除。", "This is no sample city, and is not cleared away.")
    with house.database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in _OF_THE_HOUSE:
                _empty(connection, table, keeper)
        write(connection, sample_at=None, cleared_at=now)
        begin_anew(connection)
    house.offices.forget()
    house.store.shelf.clear()
    if mailbox is not None and mailbox.is_dir():
        shutil.rmtree(mailbox)


def lose_old_view(folder: Path, cleared_at: datetime | None) -> bool:
    """Before Prefect is started on this folder: throw away what it shows of a city that was cleared since; whether there was any."""
    known = folder / "cleared"
    said = cleared_at.isoformat() if cleared_at else ""
    if not said or (known.is_file() and known.read_text("utf-8") == said):
        return False
    for file in folder.glob("prefect.db*"):
        file.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    known.write_text(said, "utf-8")
    return True


def _empty(connection: Connection, table: Table, keeper: int) -> None:
    """Delete the rows of a table, but for the keeper's own: those that refer to them, and to nothing that goes."""
    kept = table.c.id == keeper if table is participants else _kept(table, keeper)
    connection.execute(delete(table).where(not_(kept)))


def _kept(table: Table, keeper: int) -> ColumnElement[bool]:
    own = [key.parent for key in table.foreign_keys if key.column.table is participants]
    others = list(_lost(table))
    if not own or table.name in _OF_THE_REGISTER:
        return false()
    mine = [or_(column.is_(None), column == keeper) for column in own]
    return and_(or_(*(column == keeper for column in own)), *mine, *(column.is_(None) for column in others))


def _lost(table: Table) -> Iterator[ColumnElement[object]]:
    """The columns that refer to what goes."""
    for key in table.foreign_keys:
        if key.column.table is not participants and key.column.table.name not in _OF_THE_HOUSE:
            yield key.parent
