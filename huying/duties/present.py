"""Who is on duty at a station at this very moment, with whoever stands in for those who are away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from huying.register.directory.absence import who_is_there
from huying.register.directory.duty import on_duty


def present(connection: Connection, station: int, local: datetime) -> tuple[int, ...]:
    """Those who are there, in the order of the register; who is away is replaced by their substitute, and left out if they have none."""
    there = (who_is_there(connection, person, local.date()) for person in sorted(on_duty(connection, station, local)))
    return tuple(dict.fromkeys(person for person in there if person is not None))
