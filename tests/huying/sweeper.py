"""A sweeper in a process of its own, which claims, fires a few, says so, and waits to be killed."""

from __future__ import annotations

import signal
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from huying.database.connections import Database
from huying.house.house import House
from huying.timers.sweep import claim, fire


def sweep_and_wait(said: Connection, url: str, now: datetime, claiming: int, firing: int) -> None:
    """Claim, fire, say how many of each, and wait."""
    house = House(Database(url), Path())
    claimed = claim(house, now, claiming)
    swept = fire(house, claimed[:firing], now)
    said.send((len(claimed), swept.fired))
    signal.pause()
