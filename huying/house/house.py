"""The house: what every use case needs at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from huying.database.connections import Database
from huying.house.calendars import Calendars
from huying.house.processes import Processes
from huying.house.subscriptions import Known


@dataclass(frozen=True)
class House:
    """A database, the calendars, definitions and subscriptions published in it, and the folder of attachments."""

    database: Database
    files: Path
    calendars: Calendars = field(init=False)
    processes: Processes = field(init=False)
    subscriptions: Known = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendars", Calendars(self.database))
        object.__setattr__(self, "processes", Processes(self.database, self.calendars))
        object.__setattr__(self, "subscriptions", Known(self.database))
