"""What was thought of a machine's clock, kept for the processes that come after: one that starts while the clock is wrong does not believe it.

Kept for one start of the machine, which its boot id names: after the next there is nothing to compare with, and nothing is kept.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import insert, select, update

from huying.database.tables import heartbeats
from huying.house.house import House

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@lru_cache(maxsize=1)
def this_start() -> str:
    """What names this start of the machine; empty where the system does not say (it does on Linux)."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


def recall(house: House, start: str) -> datetime | None:
    """By the clock that was believed last, the moment at which the machine was started; ``None`` if nothing is known."""
    query = select(heartbeats.c.note).where(heartbeats.c.name == f"clock {start}")
    with house.database.reading() as connection:
        note = connection.execute(query).scalar_one_or_none()
    return datetime.fromisoformat(note) if note else None


def remember(house: House, start: str, begun: datetime, now: datetime) -> None:
    """Keep what ``recall`` gives."""
    row = {"at": now, "note": begun.isoformat()}
    named = update(heartbeats).where(heartbeats.c.name == f"clock {start}")
    with house.database.writing() as connection:
        if connection.execute(named.values(**row)).rowcount == 0:
            connection.execute(insert(heartbeats), {"name": f"clock {start}", **row})
