"""What an office's own history says of how its work goes: assumptions for simulations, learnt and not guessed.

How long somebody worked on a task is in no history, only when it came and when it was done. So the whole time between counts as the time
until they began, and the work itself as a few minutes.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from definitions.assumptions import Assumptions, Work
from definitions.calendar import Calendar
from definitions.duration import Duration
from huying.house import House
from huying.tables import definition_versions, history, issues

#: So many issues are looked at, the latest first.
MOST = 20_000
_WORKS = Duration(10, "minutes")


@dataclass
class _Seen:
    """What was seen so far."""

    opened: list[datetime] = field(default_factory=list)
    hours: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    actions: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    values: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    people: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def learn(house: House, key: str, calendar: Calendar) -> Assumptions:
    """What the history of all versions of a definition says; the defaults where it says nothing."""
    seen = _Seen()
    with house.database.reading() as connection:
        versions = select(definition_versions.c.id).where(definition_versions.c.key == key)
        of = issues.c.definition_version_id.in_(versions)
        latest = select(issues.c.id).where(of).order_by(issues.c.id.desc()).limit(MOST)
        for issue_id in list(connection.execute(latest).scalars()):
            columns = (history.c.at, history.c.actor_id, history.c.kind, history.c.event, history.c.changes)
            rows = connection.execute(
                select(*columns).where(history.c.issue_id == issue_id).order_by(history.c.sequence)
            )
            _look(seen, rows.all())
    return _assumed(seen, calendar)


def _look(seen: _Seen, rows: Sequence[Any]) -> None:
    """One issue's history."""
    given: dict[int, tuple[str, str, datetime]] = {}
    if rows:
        seen.opened.append(rows[0].at)
    for row in rows:
        if row.kind == "act" and row.event["item"] in given:
            step, role, since = given[row.event["item"]]
            seen.actions[step][row.event["action"]] += 1
            seen.hours[step].append(max((row.at - since).total_seconds() / 3600, 1 / 60))
            if row.actor_id is not None:
                seen.people[role].add(row.actor_id)
        for change in row.changes:
            if change["kind"] == "item-opened" and change["item"]["kind"] == "task":
                item = change["item"]
                given[item["number"]] = (item["step"], item["role"], row.at)
            elif change["kind"] == "filled":
                _values(seen, change["values"])


def _values(seen: _Seen, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, bool | str) and len(str(value)) <= 60:
            seen.values[name][str(value).lower() if isinstance(value, bool) else value] += 1


def _assumed(seen: _Seen, calendar: Calendar) -> Assumptions:
    if not seen.opened:
        return Assumptions()
    first, last = (moment.astimezone(calendar.zone).date() for moment in (min(seen.opened), max(seen.opened)))
    days = sum(calendar.works(date) for date in _days(first, last)) or 1
    return Assumptions(
        per_day=len(seen.opened) / days,
        people={role: len(people) for role, people in seen.people.items() if role != "reporter"},
        steps={step: _work(hours, seen.actions[step]) for step, hours in seen.hours.items()},
        # what hardly ever comes twice is no choice, but a name or a text
        values={name: dict(found) for name, found in seen.values.items() if len(found) <= max(2, found.total() // 3)},
    )


def _days(first: Any, last: Any) -> Sequence[Any]:
    return [first.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


def _work(hours: Sequence[float], actions: Mapping[str, int]) -> Work:
    varies = statistics.stdev(math.log(one) for one in hours) if len(hours) > 1 else 0.8
    minutes = max(1, round(statistics.median(hours) * 60))
    return Work(
        takes=_WORKS,
        begins_after=Duration(min(minutes, 100_000), "minutes"),
        varies=min(varies, 3.0),
        actions={action: float(times) for action, times in actions.items()},
    )
