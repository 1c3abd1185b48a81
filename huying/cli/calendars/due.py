"""``due``: when a period ends, and why; one, or as many as a file has rows.

``--batch`` reads a CSV file with the columns ``from,for`` (named in its first line, or not) and writes ``from,for,due,provisional`` to standard
output: a day (``2026-02-25``), or for hours and minutes a moment.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.calendars.choice import calendar_named
from huying.cli.command import SOUND, UNREADABLE, Command
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from definitions.calendars.calendar import Calendar
    from engine.deadlines.deadline import Deadline
    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("--calendar", zh="日历名，或日历文件。", en="A calendar's name, or its file.", default="china")
    parser.take(
        "--from",
        zh="起算日，如 2026-02-11（可带时间）。",
        en="The day of the event, such as 2026-02-11, with or without a time.",
        dest="start",
        metavar="DAY",
    )
    parser.take(
        "--for",
        zh='期限，如 "5 working days"。',
        en='The period, such as "5 working days".',
        dest="term",
        metavar="TERM",
    )
    parser.take(
        "--batch",
        zh="逐行推算 CSV 文件（from,for）；- 为标准输入。",
        en="Rows of a CSV file (from,for); - is standard input.",
        metavar="FILE",
    )


def _run(options: Namespace) -> int:
    from huying.cli.calendars.rows import WrongRow, batch, reckoned

    calendar = calendar_named(options.calendar, options)
    if calendar is None:
        return UNREADABLE
    if options.batch:
        return batch(options.batch, calendar, options)
    if not (options.start and options.term):
        words = Said("请写 --from 和 --for，或 --batch。", "Give --from and --for, or --batch.")
        print(words.read(options.languages), file=sys.stderr)
        return UNREADABLE
    try:
        due = reckoned(options.start, options.term, calendar)
    except WrongRow as error:
        print(error.words.read(options.languages), file=sys.stderr)
        return UNREADABLE
    if options.format == "json":
        show_json(_row(options, due, calendar))
    else:
        print(_text(due, calendar))
    return SOUND


def _text(due: Deadline, calendar: Calendar) -> str:
    from engine.deadlines.explanation import explain
    from huying.cli.calendars.rows import when

    said = explain(due, calendar)
    unsure = "（暂定）（provisional）" if due.provisional else ""
    return f"{when(due, calendar)}{unsure}\n{said['zh']}\n{said['en']}"


def _row(options: Namespace, due: Deadline, calendar: Calendar) -> dict[str, object]:
    from engine.deadlines.explanation import explain
    from huying.cli.calendars.rows import when

    return {
        "calendar": calendar.id,
        "from": options.start,
        "for": options.term,
        "due": when(due, calendar),
        "due_at": due.due_at.astimezone(calendar.zone).isoformat(),
        "provisional": due.provisional,
        "explanation": dict(explain(due, calendar)),
    }


COMMAND = Command(
    "due",
    Said("推算期限。", "When a period ends, and why."),
    _run,
    _arguments,
    json=(("", "{calendar, from, for, due, due_at, provisional, explanation: {zh, en}}"),),
)
