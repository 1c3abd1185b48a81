"""``calendar``: one is shown, or brought up to date from the yearly notice or from a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import by, note, number
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.faults import not_opened
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from datetime import date

    from definitions.calendars.calendar import Calendar
    from huying.calendars.imports import Preview
    from huying.cli.parser import Parser
    from huying.house.calendars import CalendarVersion


def _arguments(parser: Parser) -> None:
    parser.take("what", zh="查看，或导入放假安排。", en="Show it, or import holidays.", choices=("show", "import"))
    parser.take("key", zh="日历名。", en="The calendar's name.", metavar="NAME")
    parser.take("file", zh="通知全文（文本），或日历文件。", en="The notice, or a calendar.", nargs="?", metavar="FILE")
    parser.take("--year", zh="看哪一年。", en="Which year to show.", type=number, metavar="YEAR")
    parser.take("--dry-run", zh="只看会有什么变化。", en="Only say what would change.", action="store_true")
    note(parser, "说明。")
    by(parser, "发布人。", "Who publishes.")


def _run(options: Namespace) -> int:
    return _import(options) if options.what == "import" else _show(options)


def _show(options: Namespace) -> int:
    from datetime import UTC, date, datetime

    from definitions.text import words

    calendar = opened().calendars.in_force(options.key)
    year = options.year or datetime.now(UTC).astimezone(calendar.zone).year
    announced = calendar.covers(date(year, 1, 1), date(year, 12, 31))
    if options.format == "json":
        show_json(_year(calendar, year, announced))
        return SOUND
    print(f"{words(calendar.title, 'zh')}（{calendar.name}）{year}")
    if not announced:
        print("这一年尚未公布，以下为暂定。 Not announced yet, so provisional.")
    print("\n".join(line for month in range(1, 13) for line in _month(calendar, year, month)))
    return SOUND


def _year(calendar: Calendar, year: int, announced: bool) -> dict[str, object]:
    from datetime import date, timedelta

    days = [date(year, 1, 1) + timedelta(n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    return {
        "key": calendar.id,
        "name": calendar.name,
        "title": dict(calendar.title),
        "year": year,
        "announced": announced,
        "days": [{"day": day, "works": calendar.works(day), "name": _name(calendar, day)} for day in days],
    }


def _name(calendar: Calendar, day: date) -> dict[str, str] | None:
    found = calendar.holidays.get(day) or calendar.extra_workdays.get(day)
    return dict(found) if found else None


def _month(calendar: Calendar, year: int, month: int) -> Iterator[str]:
    """A month, week by week: days off in brackets, weekend days that are worked with a plus."""
    from calendar import monthrange
    from datetime import date

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


def _import(options: Namespace) -> int:
    from datetime import UTC, datetime
    from pathlib import Path

    from huying.calendars.imports import import_calendar, preview
    from huying.house.imprint import Imprint

    if not options.file:
        print(Said("请写文件名。", "Give the file.").read(options.languages), file=sys.stderr)
        return UNREADABLE
    house = opened()
    try:
        text = Path(options.file).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        print(not_opened(options.file, error).read(options.languages), file=sys.stderr)
        return FINDINGS
    found = preview(house, options.key, text, options.file)
    if found.key != options.key:
        words = Said(f"文件里是日历“{found.key}”。", f"The file holds the calendar “{found.key}”.")
        print(words.read(options.languages), file=sys.stderr)
        return FINDINGS
    if options.format == "text":
        print("\n".join(_would(found)))
    made = None
    if not options.dry_run:
        made = import_calendar(
            house, options.key, text, options.file, Imprint(options.by, datetime.now(UTC), options.note)
        )
    if options.format == "json":
        show_json(_imported(found, made))
    elif made:
        print(f"{made[0].key} v{made[0].version} {'已发布 published' if made[1] else '没有变化 unchanged'}")
    return SOUND


def _would(found: Preview) -> Iterator[str]:
    """What an import would come to, line by line."""
    from definitions.text import words

    for change in found.changes:
        what = "上班 worked" if change.works else "放假 off"
        yield f"{change.day}\t{what}\t{words(change.name, 'zh') if change.name else ''}".rstrip()
    yield f"公布至 announced until {found.published_until}"
    yield f"将核对 {found.issues} 件在办事项的期限。 The deadlines of {found.issues} open issues will be reckoned again."


def _imported(found: Preview, made: tuple[CalendarVersion, bool] | None) -> dict[str, object]:
    return {
        "key": found.key,
        "version": made[0].version if made else None,
        "published": made is not None and made[1],
        "announced_until": found.published_until,
        "issues": found.issues,
        "changes": [
            {"day": one.day, "works": one.works, "name": dict(one.name) if one.name else None} for one in found.changes
        ],
    }


COMMAND = Command(
    "calendar",
    Said("查看日历，或导入放假安排。", "Show a calendar, or import holidays."),
    _run,
    _arguments,
    json=(
        ("show", "{key, name, title, year, announced, days: [{day, works, name}]}"),
        ("import", "{key, version, published, announced_until, issues, changes: [{day, works, name}]}"),
    ),
    unopened=FINDINGS,
)
