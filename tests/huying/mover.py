"""Processes of their own that move issues to another version, or hand over what people who have left had; they say so as they begin or go on."""

from __future__ import annotations

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from huying.database.connections import Database
from huying.house.house import House
from huying.issues.departures import count_departed, see_off
from huying.migrations.batches import carry_on


def move_on(said: Connection, url: str, folder: Path, now: datetime, migration: int) -> None:
    """Carry the migration on, five issues at a time."""
    house = House(Database(url), folder)
    while carry_on(house, now, 5, migration):
        said.send("batch")
    said.close()


def hand_over(said: Connection, url: str, folder: Path, now: datetime) -> None:
    """Hand over until nothing is due."""
    house = House(Database(url), folder)
    said.send("begun")
    while count_departed(house):
        see_off(house, now)
    said.close()
