"""The house: what every use case needs at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from huying.database.connections import Database
from huying.house.calendars import Calendars
from huying.house.channels import Channels
from huying.house.office import Offices
from huying.house.processes import Processes
from huying.house.subscriptions import Known
from huying.shelf.folder import Folder
from huying.shelf.store import Store


@dataclass(frozen=True)
class House:
    """A database, the office, the calendars, definitions and subscriptions published in it, and attachments.

    They lie in the folder ``files``, unless they are ``shelved`` in another way; ``store`` is where they are put and taken from.
    """

    database: Database
    files: Path
    shelved: Store | None = None
    store: Store = field(init=False)
    offices: Offices = field(init=False)
    calendars: Calendars = field(init=False)
    processes: Processes = field(init=False)
    channels: Channels = field(init=False)
    subscriptions: Known = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "store", self.shelved or Store(Folder(self.files), ring=self.database.ring))
        object.__setattr__(self, "offices", Offices(self.database))
        object.__setattr__(self, "calendars", Calendars(self.database))
        self.database.day.follow(lambda: self.zone)
        object.__setattr__(self, "processes", Processes(self.database, self.calendars))
        object.__setattr__(self, "channels", Channels(self.database))
        object.__setattr__(self, "subscriptions", Known(self.database))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the office reads clocks: that of its calendar."""
        return self.calendars.in_force(self.offices.now().calendar).zone

    def day_of(self, moment: datetime) -> date:
        """The day on which a moment lies, as the office counts days."""
        return moment.astimezone(self.zone).date()
