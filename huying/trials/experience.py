"""What an office's own history, or an event log from elsewhere, says of how work goes: assumptions for simulations, learnt and not guessed.

A log says when a task came and when it was done, seldom when somebody began. Who did something else meanwhile had not begun before that was
done: what is left after it is the work, if it is no more than an hour, and the rest is waiting. Both are learnt apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from definitions.calendars.calendar import Calendar
from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.role import REPORTER
from definitions.trials.assumptions import Assumptions, Work
from definitions.trials.names import LogNames
from engine.deadlines import working_time
from engine.simulation.patience import waited
from huying.database.tables import definition_versions, issues
from huying.house.house import House
from huying.logs.history import LogEntry, Trace
from huying.trials.waits import seen_waits, shares
from huying.trials.ways import Ways

#: So many issues are looked at, the latest first, for what was entered.
MOST = 20_000
#: Who was longer at it than this, in minutes of working time, did something else meanwhile that is in no log.
_LONGEST_WORK = 60.0
#: How long work takes of which that is all that is known.
_USUAL_WORK = Duration(10, "minutes")


@dataclass(frozen=True, slots=True)
class _Done:
    """One task that was done: the minutes from when it could be done until then, and how many of them were work, if that is known."""

    step: str
    minutes: float
    work: float | None


@dataclass
class _Seen:
    """What was seen so far; ``courses``: the tasks of each issue, in their order."""

    opened: list[datetime] = field(default_factory=list)
    courses: list[list[_Done]] = field(default_factory=list)
    actions: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    people: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def learn(
    traces: Iterable[Trace], definition: Definition, calendar: Calendar, names: LogNames | None = None
) -> Assumptions:
    """What a log says of a definition: of its steps, actions and roles; the defaults where it says nothing.

    ``names``: what the log's names mean; left out, they are the definition's own.
    """
    several = [_here(trace, calendar) for trace in traces]
    seen, look = _Seen(), _Look(definition, calendar, names or LogNames(), _busy(several), Ways(definition))
    for trace in several:
        look.at(trace, seen)
    return _assumed(seen, calendar)


def _here(trace: Trace, calendar: Calendar) -> Trace:
    """The issue with its moments on the calendar's clock: nine in the morning where another tool wrote its log is nine in the morning here."""
    if trace.definition:
        return trace
    entries = tuple(
        LogEntry(
            one.sequence, _local(one.at, calendar), one.activity, one.step, one.role, one.who, None,
            _local(one.begun, calendar) if one.begun else None,
        )
        for one in trace.entries
    )  # fmt: skip
    return Trace(trace.number, trace.definition, trace.version, trace.station, trace.resolution, entries)


def _local(moment: datetime, calendar: Calendar) -> datetime:
    return moment if moment.utcoffset() == timedelta() else moment.replace(tzinfo=calendar.zone)


def _busy(traces: Iterable[Trace]) -> Mapping[str, Sequence[datetime]]:
    """When each person was done with something, in order."""
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for trace in traces:
        for entry in trace.entries:
            if entry.who:
                found[entry.who].append(entry.at)
    return {who: sorted(moments) for who, moments in found.items()}


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


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks at issues by what the log's names mean; ``busy``: when each person was done with something."""

    definition: Definition
    calendar: Calendar
    names: LogNames
    busy: Mapping[str, Sequence[datetime]]
    ways: Ways

    def at(self, trace: Trace, seen: _Seen) -> None:
        """One issue. In logs of other tools an activity could be done when the one before was done."""
        if not trace.entries:
            return
        seen.opened.append(trace.entries[0].at)
        before: datetime | None = None
        course: list[_Done] = []
        meant = [self._meant(entry) for entry in trace.entries]
        for number, (entry, (step, action)) in enumerate(zip(trace.entries, meant, strict=True)):
            since, before = entry.waiting_since or before, entry.at
            if step not in self.definition.steps:
                continue
            keys = [key for key, _ in meant]
            taken = action or self._taken(step, keys[:number], keys[number + 1 :])
            if taken:
                seen.actions[step][taken] += 1
            self._note_person(seen, step, entry)
            if since is not None:
                course.append(self._done(step, since, entry))
        seen.courses.append(course)

    def _meant(self, entry: LogEntry) -> tuple[str, str]:
        """The step and the action that an event was, as far as they are known."""
        meant = self.names.activities.get(entry.activity, entry.activity)
        step, _, action = meant.partition(".")
        return step, action if action in getattr(self.definition.steps.get(step), "actions", {}) else ""

    def _taken(self, step: str, before: Sequence[str], after: Sequence[str]) -> str:
        """The action that must have been taken at a step, by where the issue went; empty where that does not tell.

        Elsewhere people do things in another order: what this step leads to, and was done already, has been reached too.
        """
        ways = self.ways.on.get(step, {})
        ahead = [key for key in before if step not in self.ways.behind.get(key, ())]
        reached = next((key for key in (*after, *ahead) if any(key in to for to in ways.values())), "")
        fitting = [action for action, to in ways.items() if (reached in to if reached else "" in to)]
        return fitting[0] if len(fitting) == 1 else ""

    def _note_person(self, seen: _Seen, step: str, entry: LogEntry) -> None:
        role = self.names.groups.get(entry.role, entry.role)
        if role not in self.definition.roles:
            known = self.definition.steps[step]
            role = next(iter(known.acting), "")
        if role in self.definition.roles and role != REPORTER and entry.who:
            seen.people[role].add(entry.who)

    def _done(self, step: str, since: datetime, entry: LogEntry) -> _Done:
        minutes = self._minutes(step, since, entry.at)
        known = self.busy.get(entry.who, ())
        place = bisect_left(known, entry.at)
        begun = entry.begun or max(since, known[place - 1] if place else since)
        work = self._minutes(step, max(begun, since), entry.at)
        return _Done(step, minutes, work if work <= _LONGEST_WORK else None)

    def _minutes(self, step: str, since: datetime, until: datetime) -> float:
        """Minutes of working time; of a citizen's task those of the clock."""
        asked = getattr(self.definition.steps[step], "task", "")
        length = until - since if asked == REPORTER else working_time.passed(since, until, self.calendar)
        return max(0.0, length.total_seconds() / 60)


def _assumed(seen: _Seen, calendar: Calendar) -> Assumptions:
    if not seen.opened:
        return Assumptions()
    first, last = (moment.astimezone(calendar.zone).date() for moment in (min(seen.opened), max(seen.opened)))
    every = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    days = sum(calendar.works(day) for day in every) or 1
    works = _works(seen)
    usual = {step: waited(minutes, 0.5) for step, minutes in works.items()}
    courses = [[(one.step, max(0.0, one.minutes - _of(one, usual))) for one in course] for course in seen.courses]
    waits = seen_waits(courses)
    return Assumptions(
        per_day=len(seen.opened) / days,
        people={role: len(people) for role, people in seen.people.items()},
        courses=shares([course for course in courses if course]),
        steps={
            step: Work(
                takes=_USUAL_WORK,
                waits=waits.get(step, ()),
                # of what begins an issue a log tells only that it was done: its work lies before
                works=works.get(step, () if step in waits else (0.0,)),
                actions=_weights(seen.actions[step]),
            )
            for step in {**dict.fromkeys(waits), **dict.fromkeys(seen.actions)}
        },
    )


def _weights(actions: Mapping[str, int]) -> Mapping[str, float]:
    return {action: float(times) for action, times in actions.items()}


def _works(seen: _Seen) -> Mapping[str, tuple[float, ...]]:
    """By step the minutes of work that are known."""
    return seen_waits([[(one.step, one.work) for one in course if one.work is not None] for course in seen.courses])


def _of(one: _Done, usual: Mapping[str, float]) -> float:
    """The minutes of work in the time that a task took."""
    return one.work if one.work is not None else usual.get(one.step, 0.0)


def activities(traces: Iterable[Trace]) -> Iterator[tuple[str, str]]:
    """Every activity of a log, with the group or role that did it."""
    for trace in traces:
        for entry in trace.entries:
            yield entry.activity, entry.role
