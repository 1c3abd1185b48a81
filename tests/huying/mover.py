"""A process of its own that moves issues to another version, and says so after each batch."""

from __future__ import annotations

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from huying.database.connections import Database
from huying.house.house import House
from huying.migrations.batches import carry_on


def move_on(said: Connection, url: str, folder: Path, now: datetime, migration: int) -> None:
    """Carry the migration on, five issues at a time."""
    house = House(Database(url), folder)
    while carry_on(house, now, 5, migration):
        said.send("batch")
    said.close()
