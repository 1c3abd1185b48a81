"""Commands for calendars: list and show them, and bring one up to date from the yearly notice or from a file."""

from __future__ import annotations

import argparse
import sys
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from definitions.calendars.calendar import Calendar
from definitions.finding import Unreadable
from definitions.text import words
from huying.calendars.imports import import_calendar, preview
from huying.cli.command import add, at_most, number, opened, said, speaks
from huying.processes.findings import CheckReport
from huying.settings import read

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the commands."""
    add(commands, "calendars", _list, "列出现行日历。 List the calendars in force.")
    show = add(commands, "calendar", _calendar, "查看日历，或导入放假安排。 Show a calendar, or import holidays.")
    show.add_argument("what", choices=("show", "import"))
    show.add_argument("key", metavar="NAME")
    show.add_argument(
        "file", nargs="?", metavar="FILE", help="通知全文（文本），或日历文件。 The notice, or a calendar."
    )
    show.add_argument("--year", type=number, help="看哪一年。 Which year to show.")
    show.add_argument("--dry-run", action="store_true", help="只看会有什么变化。 Only say what would change.")
    show.add_argument("--note", default="", type=at_most(1000), help="说明。 What changed, and why.")
    show.add_argument("--by", default="命令行 command line", type=at_most(100), help="发布人。 Who publishes.")
    speaks(show)


def _list(options: argparse.Namespace) -> int:
    calendars = opened(read()).calendars
    for key in calendars.known():
        one = calendars.in_force(key)
        title = words(one.title, "zh")
        print(f"{key}\tv{one.version}\t{one.published_from}..{one.published_until}\t{len(one.holidays)}\t{title}")
    return 0


def _calendar(options: argparse.Namespace) -> int:
    if options.what == "import":
        return _import(options)
    calendar = opened(read()).calendars.in_force(options.key)
    year = options.year or datetime.now(UTC).astimezone(calendar.zone).year
    print(f"{words(calendar.title, 'zh')}（{calendar.name}）{year}")
    if not calendar.covers(date(year, 1, 1), date(year, 12, 31)):
        print("这一年尚未公布，以下为暂定。 Not announced yet, so provisional.")
    print("\n".join(line for month in range(1, 13) for line in _month(calendar, year, month)))
    return 0


def _month(calendar: Calendar, year: int, month: int) -> Iterator[str]:
    """A month, week by week: days off in brackets, weekend days that are worked with a plus."""
    yield f"\n{year}-{month:02}"
    yield " 一   二   三   四   五   六   日"
    first, count = monthrange(year, month)
    cells = ["    "] * first + [_cell(calendar, date(year, month, day)) for day in range(1, count + 1)]
    for begin in range(0, len(cells), 7):
        yield " ".join(cells[begin : begin + 7]).rstrip()


def _cell(calendar: Calendar, day: date) -> str:
    if day in calendar.extra_workdays and calendar.works(day):
        return f"+{day.day:2} "
    return f" {day.day:2} " if calendar.works(day) else f"[{day.day:2}]"


def _import(options: argparse.Namespace) -> int:
    if not options.file:
        print("请写文件名。 Give the file.", file=sys.stderr)
        return 2
    house = opened(read())
    try:
        text = Path(options.file).read_text("utf-8-sig")
        found = preview(house, options.key, text, options.file)
        if found.key != options.key:
            print(f"文件里是日历“{found.key}”。 The file holds the calendar “{found.key}”.", file=sys.stderr)
            return 1
        for change in found.changes:
            what = "上班 worked" if change.works else "放假 off"
            print(f"{change.day}\t{what}\t{words(change.name, 'zh') if change.name else ''}".rstrip())
        print(f"公布至 announced until {found.published_until}")
        print(
            f"将核对 {found.issues} 件在办事项的期限。 The deadlines of {found.issues} open issues will be reckoned again."
        )
        if options.dry_run:
            return 0
        version, new = import_calendar(
            house, options.key, text, options.file, by=options.by, note=options.note, now=datetime.now(UTC)
        )
    except Unreadable as error:
        print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"文件打不开：{options.file}。 The file cannot be read: {error}", file=sys.stderr)
        return 1
    print(f"{version.key} v{version.version} {'已发布 published' if new else '没有变化 unchanged'}")
    return 0
