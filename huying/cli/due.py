"""The command ``due``: when a period ends, and why; one, or as many as a file has rows.

``--format json`` prints ``{"calendar", "from", "for", "due", "due_at", "provisional", "explanation": {"zh", "en"}}``. ``--batch`` reads a CSV file
with the columns ``from,for`` (named in its first line, or not) and writes ``from,for,due,provisional`` to standard output: a day
(``2026-02-25``), or for hours and minutes a moment.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import orjson

from definitions.calendars.calendar import Calendar
from definitions.model.duration import DurationError
from definitions.model.term import FieldDay, Term, parse_term
from engine.deadlines.deadline import Deadline, reckon
from engine.deadlines.explanation import explain
from huying.cli.calendar_choice import calendar_named
from huying.cli.command import add

if TYPE_CHECKING:
    from huying.cli.command import Commands

#: A day without a time of its own is taken to be at this hour; for periods in days it makes no difference.
_HOUR = time(9)


class WrongRow(ValueError):
    """What is wrong with a day or a period; ``message`` says so in both languages."""


def add_to(commands: Commands) -> None:
    """Add the command."""
    due = add(commands, "due", _due, "推算期限。 When a period ends, and why.")
    due.add_argument("--calendar", default="china", help="日历名，或日历文件。 A calendar's name, or its file.")
    due.add_argument(
        "--from", dest="start", metavar="DAY", help="起算日，如 2026-02-11（可带时间）。 The day of the event."
    )
    due.add_argument("--for", dest="term", metavar="TERM", help='期限，如 "5 working days"。 The period.')
    due.add_argument(
        "--batch", metavar="FILE", help="逐行推算 CSV 文件（from,for）；- 为标准输入。 Rows of a CSV file."
    )
    due.add_argument("--format", choices=("text", "json"), default="text")


def _due(options: argparse.Namespace) -> int:
    calendar = calendar_named(options.calendar)
    if calendar is None:
        return 2
    if options.batch:
        return _batch(options.batch, calendar)
    if not (options.start and options.term):
        print("请写 --from 和 --for，或 --batch。 Give --from and --for, or --batch.", file=sys.stderr)
        return 2
    try:
        due = _reckoned(options.start, options.term, calendar)
    except WrongRow as error:
        print(error, file=sys.stderr)
        return 2
    print(_json(options, due, calendar) if options.format == "json" else _text(due, calendar))
    return 0


def _text(due: Deadline, calendar: Calendar) -> str:
    said = explain(due, calendar)
    unsure = "（暂定）（provisional）" if due.provisional else ""
    return f"{_when(due, calendar)}{unsure}\n{said['zh']}\n{said['en']}"


def _json(options: argparse.Namespace, due: Deadline, calendar: Calendar) -> str:
    row = {
        "calendar": calendar.id,
        "from": options.start,
        "for": options.term,
        "due": _when(due, calendar),
        "due_at": due.due_at.astimezone(calendar.zone).isoformat(),
        "provisional": due.provisional,
        "explanation": dict(explain(due, calendar)),
    }
    return orjson.dumps(row).decode()


def _batch(name: str, calendar: Calendar) -> int:
    try:
        if name == "-":
            return _rows(sys.stdin, calendar)
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            return _rows(file, calendar)
    except (OSError, UnicodeDecodeError) as error:
        print(f"文件打不开：{name}。 The file cannot be read: {error}", file=sys.stderr)
        return 2


def _rows(file: TextIO, calendar: Calendar) -> int:
    """Every row with its answer; rows that are wrong are said with their line, and left empty. Without a first line of names: day, then period."""
    reader = csv.reader(file)
    first = next(reader, [])
    names = [name.strip() for name in first]
    named = "from" in names and "for" in names
    if not named and not _is_data(first, calendar):
        print("第一行应为 from,for。 The first line must be: from,for", file=sys.stderr)
        return 2
    columns = (names.index("from"), names.index("for")) if named else (0, 1)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("from", "for", "due", "provisional"))
    wrong = 0
    for line, row in enumerate(reader if named else chain([first], reader), start=2 if named else 1):
        if not row:
            continue
        start, term = (row[column].strip() if column < len(row) else "" for column in columns)
        try:
            writer.writerow(_row(start, term, calendar))
        except WrongRow as error:
            wrong += 1
            writer.writerow((start, term, "", ""))
            print(f"第 {line} 行 line {line}: {error}", file=sys.stderr)
    return 1 if wrong else 0


def _is_data(row: list[str], calendar: Calendar) -> bool:
    try:
        _moment(row[0].strip() if row else "", calendar)
    except WrongRow:
        return False
    return len(row) > 1


def _row(start: str, term: str, calendar: Calendar) -> Iterable[str]:
    due = _reckoned(start, term, calendar)
    return start, term, _when(due, calendar), "true" if due.provisional else "false"


def _reckoned(start: str, term: str, calendar: Calendar) -> Deadline:
    return reckon(_term(term), _moment(start, calendar), calendar)


def _when(due: Deadline, calendar: Calendar) -> str:
    if not due.exact:
        return due.due_on
    return due.due_at.astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M")


def _term(text: str) -> Term:
    try:
        term = parse_term(text)
    except DurationError as error:
        said = " ".join((*_both(error.message), *_both(error.remedy)))
        raise WrongRow(said) from None
    if isinstance(term, FieldDay):
        raise WrongRow(f"“{text}”要看事项里的字段，这里没有。 “{text}” needs an issue's field; there is none here.")
    return term


def _both(words: object) -> Iterator[str]:
    assert hasattr(words, "__getitem__")
    yield words["zh"]
    yield words["en"]


def _moment(text: str, calendar: Calendar) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongRow(f"“{text}”不是日期，应如 2026-02-11。 “{text}” is no day; write 2026-02-11.") from None
    if moment.tzinfo is not None:
        return moment
    if len(text) <= len("2026-02-11"):
        moment = datetime.combine(moment.date(), _HOUR)
    return moment.replace(tzinfo=calendar.zone)
