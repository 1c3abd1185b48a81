"""The calendar that a command is to reckon by: the one in force in this house, the shipped one of that name, or a file."""

from __future__ import annotations

import sys
from pathlib import Path

from definitions.calendar import Calendar
from definitions.calendar_text import UnknownCalendar, calendars, load_calendar, parse_calendar
from definitions.finding import Unreadable
from huying.report import LANGUAGES, Report


def calendar_named(name: str) -> Calendar | None:
    """The calendar of a name or file; ``None``, and what is wrong on the standard error, if there is none."""
    try:
        if name.endswith((".yaml", ".yml")):
            return parse_calendar(Path(name).read_bytes(), name)
        return load_calendar(name)
    except UnknownCalendar:
        known = ", ".join(calendars())
        print(
            f"没有日历“{name}”，可用的有：{known}。 There is no calendar “{name}”; there are: {known}.", file=sys.stderr
        )
    except OSError as error:
        print(f"文件打不开：{name}。 The file cannot be read: {error.strerror}.", file=sys.stderr)
    except Unreadable as error:
        print(Report(list(error.findings)).text(LANGUAGES, coloured=False), file=sys.stderr)
    return None
