"""A definition made ready for the kernel: with its calendar, and the roles that read a field."""

from __future__ import annotations

from datetime import datetime

import msgspec

from definitions.calendars.calendar import Calendar
from definitions.model.definition import Definition


class Process(msgspec.Struct, frozen=True):
    """One version of a definition and the calendar that its deadlines follow."""

    definition: Definition
    calendar: Calendar

    def today(self, now: datetime) -> str:
        """The day that it is where the calendar holds, as expressions and fields have it: ``2026-11-30``."""
        return now.astimezone(self.calendar.zone).date().isoformat()
