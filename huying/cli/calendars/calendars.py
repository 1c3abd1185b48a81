"""``calendars``: those in force are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from definitions.calendars.calendar import Calendar


def _run(options: Namespace) -> int:
    calendars = opened().calendars
    found = [(key, calendars.in_force(key)) for key in calendars.known()]
    if options.format == "json":
        show_json([_row(key, one) for key, one in found])
        return SOUND
    for key, one in found:
        print(f"{key}\tv{one.version}\t{one.published_from}..{one.published_until}\t{len(one.holidays)}\t{_title(one)}")
    return SOUND


def _title(calendar: Calendar) -> str:
    from definitions.text import words

    return words(calendar.title, "zh")


def _row(key: str, calendar: Calendar) -> dict[str, object]:
    return {
        "key": key,
        "version": calendar.version,
        "title": dict(calendar.title),
        "published_from": calendar.published_from,
        "published_until": calendar.published_until,
        "holidays": len(calendar.holidays),
    }


COMMAND = Command(
    "calendars",
    Said("列出现行日历。", "List the calendars in force."),
    _run,
    json=(("", "[{key, version, title, published_from, published_until, holidays}]"),),
)
