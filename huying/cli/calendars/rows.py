"""Periods as people write them in rows of a file, and when they end."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from datetime import datetime, time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from definitions.calendars.calendar import Calendar
from definitions.model.duration import DurationError
from definitions.model.term import Term, field_of, parse_term
from definitions.text import Said
from engine.deadlines.deadline import Deadline, reckon
from huying.cli.command import FINDINGS, SOUND, UNREADABLE
from huying.cli.faults import not_opened

if TYPE_CHECKING:
    from argparse import Namespace

#: A day without a time of its own is taken to be at this hour; for periods in days it makes no difference.
_HOUR = time(9)


class WrongRow(ValueError):
    """What is wrong with a day or a period."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Said(zh, en)


def batch(name: str, calendar: Calendar, options: Namespace) -> int:
    """Every row of a file with its answer."""
    try:
        if name == "-":
            return _rows(sys.stdin, calendar, options)
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            return _rows(file, calendar, options)
    except UnicodeDecodeError as error:
        print(not_opened(name, error).read(options.languages), file=sys.stderr)
        return UNREADABLE


def _rows(file: TextIO, calendar: Calendar, options: Namespace) -> int:
    """Every row with its answer; rows that are wrong are said with their line, and left empty. Without a first line of names: day, then period."""
    reader = csv.reader(file)
    first = next(reader, [])
    names = [name.strip() for name in first]
    named = "from" in names and "for" in names
    if not named and not _is_data(first, calendar):
        words = Said("第一行应为 from,for。", "The first line must be: from,for")
        print(words.read(options.languages), file=sys.stderr)
        return UNREADABLE
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
            print(Said(f"第 {line} 行", f"line {line}").read(options.languages), end=": ", file=sys.stderr)
            print(error.words.read(options.languages), file=sys.stderr)
    return FINDINGS if wrong else SOUND


def _is_data(row: list[str], calendar: Calendar) -> bool:
    try:
        _moment(row[0].strip() if row else "", calendar)
    except WrongRow:
        return False
    return len(row) > 1


def _row(start: str, term: str, calendar: Calendar) -> Iterable[str]:
    due = reckoned(start, term, calendar)
    return start, term, when(due, calendar), "true" if due.provisional else "false"


def reckoned(start: str, term: str, calendar: Calendar) -> Deadline:
    """When a period ends; ``WrongRow`` if that cannot be said."""
    return reckon(_term(term), _moment(start, calendar), calendar)


def when(due: Deadline, calendar: Calendar) -> str:
    """The day, or for hours and minutes the moment, in the calendar's zone."""
    if not due.exact:
        return due.due_on
    return due.due_at.astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M")


def _term(text: str) -> Term:
    try:
        term = parse_term(text)
    except DurationError as error:
        zh, en = (f"{error.message[language]} {error.remedy[language]}" for language in ("zh", "en"))
        raise WrongRow(zh, en) from None
    if field_of(term) is not None:
        raise WrongRow(f"“{text}”要看事项里的字段，这里没有。", f"“{text}” needs an issue's field; there is none here.")
    return term


def _moment(text: str, calendar: Calendar) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongRow(f"“{text}”不是日期，应如 2026-02-11。", f"“{text}” is no day; write 2026-02-11.") from None
    if moment.tzinfo is not None:
        return moment
    if len(text) <= len("2026-02-11"):
        moment = datetime.combine(moment.date(), _HOUR)
    return moment.replace(tzinfo=calendar.zone)
