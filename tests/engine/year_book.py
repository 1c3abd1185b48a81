"""What an issue's clocks should do, kept beside the engine by somebody who only hears what happened: a book of alarms, counted plainly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from definitions.calendars.calendar import Calendar
from tests.engine.plain_count import DAY, SHANGHAI, Counted, at_clock, count, walk

#: The terms of the definition below, by step; of ``handle`` by the issue's kind.
TERMS: Mapping[str, str] = {
    "register": "2 working days",
    "elsewhere": "1 month",
    "confirm": "7 days",
    "issue": "60 working days",
    "water": "24 hours",
    "road": "15 days",
    "shop": "4 working hours",
    "other": "5 working days",
}
#: How long after the deadline each rung is reached.
LADDERS: Mapping[str, tuple[str, ...]] = {
    "register": ("", "2 working days"),
    "handle": ("", "3 working days", "1 week"),
    "elsewhere": ("",),
    "confirm": ("",),
    "issue": ("", "10 days"),
}

SOURCE = """
id: year
title: {zh: 一年, en: Year}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  subject: {type: text, title: {zh: 事由, en: Subject}}
  kind:
    type: choice
    title: {zh: 类别, en: Kind}
    options: {water: {zh: 水, en: Water}, road: {zh: 路, en: Road}, shop: {zh: 店, en: Shop}, other: {zh: 其他, en: Other}}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station, function: clerk}
  head: {title: {zh: 站长, en: Head}, staff of: station, function: head}
# the book counts with neither: how long an answer or a suspension may take has tests of its own
questions: {within: 2 years, remind: []}
resume within: 2 years
resolutions:
  done: {zh: 已办, en: Done}
reopen: {within: 90 days, to: handle, at most: 5}
limits:
  issue: {within: 60 working days, overdue: [{tell: head}, {after: 10 days, tell: head}]}
intake:
  register:
    title: {zh: 登记, en: Register}
    task: clerk
    within: 2 working days
    overdue: [{tell: head}, {after: 2 working days, tell: head}]
    actions:
      hand: {title: {zh: 交办, en: Hand over}, to: handle}
coordination:
  handle:
    title: {zh: 办理, en: Handle}
    task: clerk
    within:
      - {when: kind == 'water', is: 24 hours}
      - {when: kind == 'road', is: 15 days}
      - {when: kind == 'shop', is: 4 working hours}
      - 5 working days
    remind: 1 working day before
    overdue: [{tell: head}, {after: 3 working days, tell: head}, {after: 1 week, tell: head}]
    extend: {by: up to 5 working days, approved by: [head, head]}
    shelve: {for: up to 20 days, approved by: head, at most: 3}
    actions:
      done: {title: {zh: 办结, en: Done}, to: confirm}
      wait: {title: {zh: 等待, en: Wait}, to: elsewhere}
      back: {title: {zh: 退回, en: Back}, to: register}
  elsewhere:
    title: {zh: 等其他单位, en: Elsewhere}
    task: clerk
    limits stand: true
    within: 1 month
    overdue: {tell: clerk}
    actions:
      on: {title: {zh: 继续, en: On}, to: handle}
closure:
  confirm:
    title: {zh: 评价, en: Confirm}
    task: reporter
    within: 7 days
    overdue: {to: closed}
    actions:
      yes: {title: {zh: 满意, en: Content}, to: closed}
      no: {title: {zh: 不满意, en: Not content}, to: handle}
  closed: {title: {zh: 办结, en: Closed}, close: done}
"""

#: (what rings, index of the reminder or rung, whose clock): ``step`` or ``issue``.
Alarm = tuple[str, int, str]


@dataclass
class Clock:
    """One deadline and what has become of it; ``missed``: rungs that had come when the clock stopped, and had not been heard."""

    name: str
    step: str
    rule: str
    start: datetime
    stood: list[tuple[datetime, datetime]] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)
    stands_since: datetime | None = None
    missed: set[int] = field(default_factory=set)

    def due(self, calendar: Calendar) -> Counted:
        """Counted anew."""
        return count(self.rule, self.start, self.stood, self.extensions, calendar)

    def known(self, calendar: Calendar) -> tuple[Counted, bool]:
        """The deadline, and whether all its days are announced."""
        due = self.due(calendar)
        return due, self.rule == TERMS["water"] or due.last <= calendar.published_until

    def moments(self, due: Counted, calendar: Calendar) -> dict[Alarm, datetime]:
        """When each alarm of this deadline sounds."""
        clock = due.late_from.astimezone(SHANGHAI).time() if due.exact else time(9)
        said: dict[Alarm, datetime] = {}
        if self.step == "handle":
            said["remind", 0, self.name] = at_clock(walk(due.last, -1, calendar), clock)
        for index, after in enumerate(LADDERS[self.step]):
            later = at_clock(_later(due.last, after, calendar), clock) if after else due.late_from
            said["overdue", index, self.name] = later
        return said


def _later(day: date, after: str, calendar: Calendar) -> date:
    amount, _, unit = after.partition(" ")
    if unit.startswith("working"):
        return walk(day, int(amount), calendar)
    return day + int(amount) * (7 * DAY if unit.startswith("week") else DAY)


@dataclass
class Book:
    """The clocks of one issue (``step``, ``issue``) and the alarms that are still to come; ``step`` is empty once it is closed."""

    calendar: Calendar
    kind: str
    step: str = ""
    clocks: dict[str, Clock] = field(default_factory=dict)
    alarms: dict[Alarm, datetime] = field(default_factory=dict)
    reasons: set[str] = field(default_factory=set)

    def enter(self, step: str, now: datetime) -> None:
        """The issue is at another step; "" once it is closed."""
        self.step, self.reasons = step, self.reasons & {"suspended"}
        self._silence("step")
        if step:
            rule = TERMS[self.kind if step == "handle" else step]
            self.clocks["step"] = Clock("step", step, rule, now)
            self._set(self.clocks["step"], now)
            if "issue" not in self.clocks:
                self.clocks["issue"] = Clock("issue", "issue", TERMS["issue"], now)
                self._set(self.clocks["issue"], now)
        else:
            self.clocks.pop("step", None)
        self._settle(now)

    def hold(self, reason: str, now: datetime) -> None:
        """Something lets the clock stand."""
        self.reasons.add(reason)
        if self.clocks["step"].stands_since is None:
            self._stop("step", now)
        self._settle(now)

    def let_go(self, reason: str, now: datetime) -> None:
        """What let the clock stand is over; it runs if nothing else keeps it."""
        self.reasons.discard(reason)
        if reason == "shelved":
            self.alarms.pop(("shelved", 0, "step"), None)
        if not self.reasons and self.clocks["step"].stands_since is not None:
            self._run("step", now)
        self._settle(now)

    def shelve(self, until: date, now: datetime) -> None:
        """Laid aside until a day begins."""
        self.hold("shelved", now)
        # allowed only after the day itself had come, it is taken up again at once
        self.alarms["shelved", 0, "step"] = max(at_clock(until, time(0)), now)

    def extend(self, length: str, now: datetime) -> None:
        """More time for the step."""
        self.clocks["step"].extensions.append(length)
        self._put_off("step", now)

    def move(self, name: str, day: date, now: datetime) -> None:
        """Staff named another day."""
        clock = self.clocks[name]
        clock.rule, clock.start, clock.stood, clock.extensions = f"by {day.isoformat()}", now, [], []
        self._put_off(name, now)

    def reckon(self, calendar: Calendar, now: datetime) -> None:
        """Another calendar is in force: what it moves is put off, and of the rest what has not rung yet rings as it says."""
        before, self.calendar = self.calendar, calendar
        for name, clock in self.clocks.items() if self.step else ():
            if clock.known(before) != clock.known(calendar):
                self._put_off(name, now)
                continue
            new = clock.moments(clock.due(calendar), calendar)
            for alarm in [alarm for alarm, at in self.alarms.items() if alarm in new and at > now]:
                if alarm[0] == "remind" and new[alarm] <= now:
                    del self.alarms[alarm]
                else:
                    self.alarms[alarm] = new[alarm]

    def rings(self, alarm: Alarm, now: datetime) -> None:
        """An alarm was heard."""
        del self.alarms[alarm]
        if alarm[0] == "shelved":
            self.let_go("shelved", now)
        elif self.step == "confirm" and alarm == ("overdue", 0, "step"):
            self.enter("", now)

    def _settle(self, now: datetime) -> None:
        """The issue's own clock stands while the step's does, while it waits for others, and while it is closed."""
        issue, step = self.clocks["issue"], self.clocks.get("step")
        runs = step is not None and step.stands_since is None and self.step != "elsewhere" and not self.reasons
        if runs and issue.stands_since is not None:
            self._run("issue", now)
        elif not runs and issue.stands_since is None:
            self._stop("issue", now)

    def _stop(self, name: str, now: datetime) -> None:
        clock = self.clocks[name]
        clock.stands_since = now
        clock.missed = {
            alarm[1] for alarm, at in self.alarms.items() if alarm[2] == name and alarm[0] == "overdue" and at <= now
        }
        self._silence(name)

    def _run(self, name: str, now: datetime) -> None:
        clock = self.clocks[name]
        assert clock.stands_since is not None
        clock.stood.append((clock.stands_since, now))
        clock.stands_since = None
        self._set(clock, now, clock.missed)
        clock.missed = set()

    def _put_off(self, name: str, now: datetime) -> None:
        if self.clocks[name].stands_since is None:
            pending = {alarm[1] for alarm in self.alarms if alarm[2] == name and alarm[0] == "overdue"}
            self._silence(name)
            self._set(self.clocks[name], now, pending)

    def _set(self, clock: Clock, now: datetime, pending: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        due = clock.due(self.calendar)
        for alarm, at in clock.moments(due, self.calendar).items():
            overdue = alarm[0] == "overdue"
            if at > now or (overdue and (due.late_from > now or alarm[1] in pending)):
                self.alarms[alarm] = at

    def _silence(self, name: str) -> None:
        kept = {"shelved"} if self.step and "shelved" in self.reasons else set[str]()
        self.alarms = {alarm: at for alarm, at in self.alarms.items() if alarm[2] != name or alarm[0] in kept}
