"""What it costs to reckon a deadline, beside a bare loop over a set of days in the same run; and ``huying due --batch`` beside copying its file.

    python -m benchmarks.deadlines [--count 20000]

The bare loop knows the holidays as a set and counts; it has no pauses, no hours, and nothing to explain.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from definitions.calendars.calendar import Calendar
from definitions.calendars.reader import load_calendar
from definitions.model.term import parse_term
from engine.deadlines.deadline import Pause, reckon
from engine.deadlines.explanation import explain

DAY = timedelta(days=1)
RULES = ("5 working days", "60 working days", "15 days", "3 months", "8 working hours", "24 hours")
ROWS = 10_000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    options = parser.parse_args()
    calendar, chance = load_calendar("china"), random.Random(1)
    first = datetime(2025, 1, 1, 2, tzinfo=UTC)
    starts = [first + timedelta(minutes=chance.randrange(450 * 1440)) for _ in range(options.count)]
    worked = {date(2025, 1, 1) + n * DAY for n in range(730) if calendar.works(date(2025, 1, 1) + n * DAY)}
    loops = {n: _median(lambda at, n=n: _bare(at.date(), n, worked), starts) for n in (5, 60)}  # type: ignore[misc]
    print(
        f"{options.count} deadlines, medians in microseconds; the bare loop: 5 days {loops[5]:.2f}, 60 days {loops[60]:.2f}"
    )
    print(f"{'rule':<18}{'plain':>8}{'3 pauses':>10}{'explained':>11}{'bare/plain':>12}")
    for rule in RULES:
        _one_rule(rule, starts, calendar, loops)
    _batch()


def _one_rule(rule: str, starts: list[datetime], calendar: Calendar, loops: dict[int, float]) -> None:
    term = parse_term(rule)
    plain = _median(lambda at: reckon(term, at, calendar), starts)
    paused = _median(lambda at: reckon(term, at, calendar, _pauses(at)), starts[::10])
    explained = _median(lambda at: explain(reckon(term, at, calendar), calendar), starts[::10])
    count = int(rule.split()[0])
    ratio = f"{loops[count] / plain:12.2f}" if "working days" in rule else f"{'':>12}"
    print(f"{rule:<18}{plain:8.1f}{paused:10.1f}{explained:11.1f}{ratio}")


def _bare(day: date, left: int, worked: set[date]) -> date:
    while left:
        day += DAY
        if day in worked:
            left -= 1
    return day


def _pauses(at: datetime) -> tuple[Pause, ...]:
    return tuple(Pause(since=at + n * DAY, until=at + n * DAY + timedelta(hours=30)) for n in (1, 3, 6))


def _median(reckoned: Callable[[datetime], object], starts: Iterable[datetime]) -> float:
    """Microseconds for one."""
    took = []
    for at in starts:
        begun = time.perf_counter_ns()
        reckoned(at)
        took.append(time.perf_counter_ns() - begun)
    return statistics.median(took) / 1000


def _batch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.csv"
        with rows.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["from", "for"])
            for n in range(ROWS):
                writer.writerow([(date(2025, 1, 1) + n % 450 * DAY).isoformat(), f"{n % 60 + 1} working days"])
        ours = [sys.executable, "-m", "huying", "due", "--calendar", "china", "--batch", str(rows)]
        copy = [sys.executable, "-c", _COPY, str(rows)]
        took = {
            name: statistics.median(_seconds(command) for _ in range(3))
            for name, command in (("ours", ours), ("copy", copy))
        }
    ratio = took["copy"] / took["ours"]
    print(f"due --batch, {ROWS} rows: {took['ours']:.2f} s")
    print(f"starting Python and copying the rows: {took['copy']:.2f} s; ratio {ratio:.2f}")


_COPY = "import csv, sys\ncsv.writer(sys.stdout).writerows(csv.reader(open(sys.argv[1])))"


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
