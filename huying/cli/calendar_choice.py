"""The calendar that a command is to reckon by: the one in force in this house, the shipped one of that name, or a file."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from definitions.calendars.calendar import Calendar
from definitions.calendars.reader import UnknownCalendar, calendars, load_calendar, parse_calendar
from definitions.finding import Unreadable
from huying.database.connections import Database
from huying.errors import NotFound
from huying.house.calendars import Calendars
from huying.processes.findings import LANGUAGES, CheckReport
from huying.settings import read


def calendar_named(name: str) -> Calendar | None:
    """The calendar of a name or file; ``None``, and what is wrong on the standard error, if there is none."""
    house = _house()
    try:
        if name.endswith((".yaml", ".yml")):
            text = Path(name).read_bytes()
            return house.parsed(text, name) if house else parse_calendar(text, name)
        return house.in_force(name) if house else load_calendar(name)
    except (UnknownCalendar, NotFound):
        known = ", ".join(house.known() if house else calendars())
        print(
            f"没有日历“{name}”，可用的有：{known}。 There is no calendar “{name}”; there are: {known}.", file=sys.stderr
        )
    except OSError as error:
        print(f"文件打不开：{name}。 The file cannot be read: {error.strerror}.", file=sys.stderr)
    except Unreadable as error:
        print(CheckReport(list(error.findings)).text(LANGUAGES, coloured=False), file=sys.stderr)
    return None


def _house() -> Calendars | None:
    """The calendars of this house, if there is one already: to reckon a day, none is made."""
    url = make_url(read().database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    calendars = Calendars(Database(read().database_url))
    try:
        calendars.known()
    except DBAPIError:
        # the database is not there, or older than this program
        return None
    return calendars
