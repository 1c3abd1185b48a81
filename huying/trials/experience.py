"""What an office's own history, or an event log from elsewhere, says of how work goes: assumptions for simulations, learnt and not guessed.

How long somebody worked on a task is in no history, only when it came and when it was done. So the whole time between counts as the time
until they began, and the work itself as a few minutes.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from definitions.calendars.calendar import Calendar
from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.role import REPORTER
from definitions.trials.assumptions import Assumptions, Work
from huying.database.tables import definition_versions, issues
from huying.house.house import House
from huying.logs.history import Trace

#: So many issues are looked at, the latest first, for what was entered.
MOST = 20_000
_WORKS = Duration(10, "minutes")


@dataclass
class _Seen:
    """What was seen so far."""

    opened: list[datetime] = field(default_factory=list)
    hours: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    actions: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    people: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def learn(traces: Iterable[Trace], definition: Definition, calendar: Calendar) -> Assumptions:
    """What a log says of a definition: of its steps, actions and roles; the defaults where it says nothing."""
    seen = _Seen()
    for trace in traces:
        _look(seen, trace, definition)
    return _assumed(seen, calendar)


def entered(house: House, definition: Definition) -> Mapping[str, Mapping[str, float]]:
    """How often which option was chosen, by field: a log does not say, the issues do."""
    options = {name: field_.options for name, field_ in definition.data.items() if field_.options}
    found: dict[str, Counter[str]] = {name: Counter() for name in options}
    versions = select(definition_versions.c.id).where(definition_versions.c.key == definition.id)
    query = select(issues.c.state).where(issues.c.definition_version_id.in_(versions))
    with house.database.reading() as connection:
        for state in connection.execute(query.order_by(issues.c.id.desc()).limit(MOST)).scalars():
            for name, known in options.items():
                value = state.data.get(name)
                found[name].update(one for one in (value if isinstance(value, tuple) else (value,)) if one in known)
    return {
        name: {option: float(times) for option, times in counted.items()} for name, counted in found.items() if counted
    }


def _look(seen: _Seen, trace: Trace, definition: Definition) -> None:
    """One issue. In logs of other tools an activity is a step, and began when the one before ended."""
    before: datetime | None = None
    if trace.entries:
        seen.opened.append(trace.entries[0].at)
    for entry in trace.entries:
        step, _, action = entry.activity.partition(".")
        since = entry.waiting_since or before
        before = entry.at
        if step not in definition.steps or since is None:
            continue
        if action in getattr(definition.steps[step], "actions", {}):
            seen.actions[step][action] += 1
        seen.hours[step].append(max((entry.at - since).total_seconds() / 3600, 1 / 60))
        if entry.role in definition.roles and entry.role != REPORTER and entry.who:
            seen.people[entry.role].add(entry.who)


def _assumed(seen: _Seen, calendar: Calendar) -> Assumptions:
    if not seen.opened:
        return Assumptions()
    first, last = (moment.astimezone(calendar.zone).date() for moment in (min(seen.opened), max(seen.opened)))
    every = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    days = sum(calendar.works(day) for day in every) or 1
    return Assumptions(
        per_day=len(seen.opened) / days,
        people={role: len(people) for role, people in seen.people.items()},
        steps={step: _work(hours, seen.actions[step]) for step, hours in seen.hours.items()},
    )


def _work(hours: Sequence[float], actions: Mapping[str, int]) -> Work:
    varies = statistics.stdev(math.log(one) for one in hours) if len(hours) > 1 else 0.8
    minutes = max(1, round(statistics.median(hours) * 60))
    return Work(
        takes=_WORKS,
        begins_after=Duration(min(minutes, 100_000), "minutes"),
        varies=min(varies, 3.0),
        actions={action: float(times) for action, times in actions.items()},
    )
