"""The calendar that a command is to reckon by: the one in force in this house, the shipped one of that name, or a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.output import complain

if TYPE_CHECKING:
    from argparse import Namespace

    from definitions.calendars.calendar import Calendar
    from huying.house.calendars import Calendars


def calendar_named(name: str, options: Namespace) -> Calendar | None:
    """The calendar of a name or file; ``None``, and what is wrong on the standard error, if there is none."""
    from definitions.calendars.reader import UnknownCalendar, calendars
    from definitions.finding import Unreadable
    from huying.errors import NotFound

    house = _house()
    try:
        return _read(name, house)
    except (UnknownCalendar, NotFound):
        known = ", ".join(house.known() if house else calendars())
        words = Said(f"没有日历“{name}”，可用的有：{known}。", f"There is no calendar “{name}”; there are: {known}.")
        print(words.read(options.languages), file=sys.stderr)
    except Unreadable as error:
        complain(error.findings, options)
    return None


def _read(name: str, house: Calendars | None) -> Calendar:
    from definitions.calendars.reader import load_calendar, parse_calendar

    if name.endswith((".yaml", ".yml")):
        text = Path(name).read_bytes()
        return house.parsed(text, name) if house else parse_calendar(text, name)
    return house.in_force(name) if house else load_calendar(name)


def _house() -> Calendars | None:
    """The calendars of this house, if there is one already: to reckon a day, none is made."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import DBAPIError

    from huying.database.connections import Database
    from huying.house.calendars import Calendars
    from huying.settings import read

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
