"""Lives of issues in a year with downtimes and new calendars, each beside a book that says what should ring and when."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from definitions.calendars.calendar import Calendar
from definitions.calendars.reader import load_calendar
from definitions.model.definition import Definition
from engine import Actor, Candidate, Opening, Process, start, transition
from engine import event as e
from engine.deadlines.explanation import explain
from engine.due import due
from engine.memory import MemoryDirectory
from engine.refusal import Unavailable
from engine.rules.clocks import Target, deadline_at
from engine.state import Party, State, Timer
from tests.engine.plain_count import SHANGHAI
from tests.engine.year_book import Alarm, Book

CLERK, HEAD, REPORTER = "participant:11", "participant:12", "participant:9"
STAFF = "participant:1"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BEGIN, END = datetime(2026, 1, 4, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)

WORDS = {"zh": "放假", "en": "off"}
CHINA = load_calendar("china")
#: A typhoon: two days off, a Saturday worked instead.
TYPHOON = replace(
    CHINA,
    holidays={**CHINA.holidays, date(2026, 7, 28): WORDS, date(2026, 7, 29): WORDS},
    extra_workdays={**CHINA.extra_workdays, date(2026, 8, 1): WORDS},
    version=1,
)
#: A notice for 2027, as such notices are.
ANNOUNCED = replace(
    TYPHOON,
    holidays={
        **TYPHOON.holidays,
        **{date(2027, 1, day): WORDS for day in (1, 2, 3)},
        **{date(2027, 2, 5) + n * DAY: WORDS for n in range(8)},
        **{date(2027, 4, day): WORDS for day in (3, 4, 5)},
        **{date(2027, 5, day): WORDS for day in range(1, 6)},
    },
    extra_workdays={**TYPHOON.extra_workdays, date(2027, 1, 30): WORDS, date(2027, 2, 20): WORDS},
    published_until=date(2027, 12, 31),
    version=2,
)


class People(MemoryDirectory):
    """A clerk and a head."""

    def candidates(self, search: Any) -> Any:
        return [Candidate(party=CLERK if search.role == "clerk" else HEAD)]


@dataclass(frozen=True)
class World:
    """What happens to all issues alike: when nothing rings, and when a calendar comes into force."""

    downtimes: tuple[tuple[datetime, datetime], ...]
    calendars: tuple[tuple[datetime, Calendar], ...]

    def up_at(self, moment: datetime) -> datetime:
        """The moment, or the end of the downtime in which it lies."""
        return next((until for since, until in self.downtimes if since <= moment < until), moment)


def world(chance: random.Random) -> World:
    """Twelve downtimes, of hours to three weeks; the typhoon's calendar on 30 July, the notice on 5 November."""
    spans = []
    for month in range(1, 13):
        since = datetime(2026, month, chance.randint(1, 9), chance.randint(0, 23), chance.randint(0, 59), tzinfo=UTC)
        length = chance.choice([timedelta(hours=3), timedelta(hours=40), timedelta(days=6), timedelta(days=21)])
        spans.append((since, since + length))
    changes = (datetime(2026, 7, 30, 2, tzinfo=UTC), TYPHOON), (datetime(2026, 11, 5, 3, tzinfo=UTC), ANNOUNCED)
    return World(tuple(spans), changes)


@dataclass
class Life:
    """One issue from its opening to the end of the year, beside the book that says what should ring."""

    definition: Definition
    world: World
    chance: random.Random
    rang: Counter[str] = field(default_factory=Counter)

    #: Who reports, and who looks after issues.
    reporter: Party = REPORTER
    staff: Party = STAFF

    def __post_init__(self) -> None:
        self.now = BEGIN + self.chance.randrange(310 * 24 * 60) * MINUTE
        self.coming = [change for change in self.world.calendars if change[0] > self.now]
        past = [calendar for at, calendar in self.world.calendars if at <= self.now]
        calendar = past[-1] if past else CHINA
        self.calendar = calendar
        self.book = Book(calendar, self.chance.choice(["water", "road", "shop", "other"]))
        self.state = self.opened()
        self.book.enter("register", self.now)
        self._agree()

    def opened(self) -> State:
        """The issue when it was reported."""
        self.people = People()
        values = {"subject": "x", "kind": self.book.kind}
        opening = Opening(station=1, station_code="X", reporter=REPORTER, sequence=1, values=values)
        return start(Process(self.definition, self.calendar), opening, self.now, self.people).state

    def happen(self, event: e.Event, party: Party | None) -> State:
        """What the engine makes of an event; staff manage."""
        actor = Actor(party, frozenset({party}), manages=party == self.staff) if party else None
        process = Process(self.definition, self.calendar)
        return transition(process, self.state, event, self.now, self.people, actor).state

    def live(self) -> Counter[str]:
        """Let the year pass; what rang, by kind."""
        acts_at: datetime | None = self._soon()
        while self.now < END and (self.state.status == "open" or acts_at is not None):
            rings = min(self.book.alarms.values(), default=None)
            rings_at = self.world.up_at(max(rings, self.now)) if rings else None
            change_at = self.world.up_at(self.coming[0][0]) if self.coming else None
            moments = [moment for moment in (acts_at, rings_at, change_at) if moment is not None]
            self.now = max([self.now, min(moments, default=END)])
            if self.now >= END:
                break
            if change_at is not None and change_at <= self.now:
                self._calendar(self.coming.pop(0)[1])
            elif rings_at is not None and rings_at <= self.now:
                self.ring()
            else:
                self._act()
                acts_at = self._soon() if self.state.status == "open" or self.chance.random() < 0.1 else None
            self._agree()
        return self.rang

    def _soon(self) -> datetime:
        """When somebody does something next; people act while nothing rings, too."""
        return self.now + max(1, int(self.chance.expovariate(1 / (4 * 24 * 60)))) * MINUTE

    def _agree(self) -> None:
        """What the engine has set is what the book says, to the minute."""
        assert _alarms(self.state.timers) == self.book.alarms

    def ring(self) -> None:
        """Everything whose moment has come rings, in order."""
        for timer in iter(lambda: next(iter(due(self.state, self.now)), None), None):
            self.heard(timer)
            self._happen(e.Fire(timer.number), None)
            self.book.rings(_alarm(timer), self.now)
            self._agree()

    def heard(self, timer: Timer) -> None:
        """A timer rings: one that the book knows, and none before it."""
        alarm = _alarm(timer)
        assert self.book.alarms[alarm] == timer.due_at == min(self.book.alarms.values())
        assert timer.due_at <= self.now
        self._explained(timer)
        self.rang[f"{alarm[0]} {alarm[1]}"] += 1
        self.rang["late by downtime"] += timer.due_at < self.now

    def _explained(self, timer: Timer) -> None:
        """Whatever rings with the deadline itself rings at the moment that the explanation names."""
        if timer.purpose != "overdue" or timer.index != 0:
            return
        deadline = deadline_at(self.state, Target(timer.visit, timer.item, timer.limit))
        assert deadline is not None
        assert deadline.due_at == timer.due_at
        local = timer.due_at.astimezone(SHANGHAI)
        words = explain(deadline, self.calendar)["zh"]
        last = local if deadline.exact else local - DAY
        assert f"{last.month}月{last.day}日" in words
        assert (f"{local:%H:%M}" if deadline.exact else "24时届满") in words
        assert ("暂定" in words) == deadline.provisional

    def _calendar(self, calendar: Calendar) -> None:
        self.calendar = calendar
        if self.state.status == "open":
            try:
                self._happen(e.ReckonAgain(), None)
            except Unavailable:
                # nothing has come to another moment
                self.rang["left as it was"] += 1
        self.book.reckon(calendar, self.now)

    def _happen(self, event: e.Event, party: Party | None) -> None:
        self.state = self.happen(event, party)

    def _act(self) -> None:
        """Somebody does something that can be done now."""
        book, state = self.book, self.state
        if state.status == "closed":
            self._happen(e.Reopen("又坏了", "handle"), self.staff)
            book.enter("handle", self.now)
        elif "suspended" in book.reasons:
            self._happen(e.Resume(), self.staff)
            book.let_go("suspended", self.now)
        elif self.chance.random() < 0.05:
            self._happen(e.Suspend("停"), self.staff)
            book.hold("suspended", self.now)
        elif self.chance.random() < 0.05:
            self._move()
        elif asked := next((item for item in state.items if not item.done and item.kind != "task"), None):
            self._answer(asked.kind, asked.number)
        elif "shelved" in book.reasons:
            if self.chance.random() < 0.3:
                self._happen(e.Unshelve(state.visits[0].number), self.staff)
                book.let_go("shelved", self.now)
        else:
            self._go_on()

    def _go_on(self) -> None:
        lot = self.chance.random()
        if self.book.step == "handle" and lot < 0.4:
            self._ask(lot)
        else:
            ways = {"register": "hand", "handle": self.chance.choice(["done", "done", "done", "wait", "back"])}
            ways |= {"elsewhere": "on", "confirm": "yes" if lot < 0.6 else "no"}
            action = ways[self.book.step]
            item = next(item for item in self.state.items if not item.done)
            who = item.candidates[0]
            self._happen(e.Act(item.number, action, {}), who)
            to = {"hand": "handle", "on": "handle", "no": "handle", "done": "confirm", "wait": "elsewhere"}
            self.book.enter(to.get(action, "register" if action == "back" else ""), self.now)

    def _ask(self, lot: float) -> None:
        """Something is asked: a question of the citizen, more time, or to lay it aside."""
        task, clerk = next(
            (item.number, item.candidates[0]) for item in self.state.items if not item.done and item.kind == "task"
        )
        if lot < 0.2:
            self._happen(e.Ask(task, self.reporter, "哪一户？"), clerk)
            self.book.hold("question", self.now)
        elif lot < 0.3 and self.book.kind in ("road", "other"):
            deadline = self.state.visits[0].deadline
            if deadline and self.now < deadline.due_at and len(deadline.extensions) < 2:
                self._happen(e.AskExtension(task, f"{self.chance.randint(1, 5)} working days", "等材料"), clerk)
        elif self.state.counts.get("handle.shelved", 0) < 3:
            day = self.now.astimezone(SHANGHAI).date() + self.chance.randint(1, 20) * DAY
            self._happen(e.AskShelving(task, day.isoformat(), "等雨停"), clerk)

    def _answer(self, kind: str, number: int) -> None:
        item = self.state.item(number)
        assert item is not None
        agree = kind == "question" or self.chance.random() < 0.8
        who = item.candidates[0]
        self._happen(e.Answer(number, "好", agree=agree), who)
        if kind == "question":
            self.book.let_go("question", self.now)
        elif agree and kind == "extension":
            self.book.extend(str(item.wish), self.now)
        elif agree:
            self.book.shelve(date.fromisoformat(str(item.wish)), self.now)

    def _move(self) -> None:
        name = self.chance.choice(["step", "issue"])
        target = "limit:issue" if name == "issue" else f"visit:{self.state.visits[0].number}"
        day = self.now.astimezone(SHANGHAI).date() + self.chance.randint(0, 30) * DAY
        self._happen(e.MoveDeadline(target, day.isoformat(), "会商"), self.staff)
        self.book.move(name, day, self.now)


def _alarm(timer: Timer) -> Alarm:
    return timer.purpose, timer.index, "issue" if timer.limit else "step"


def _alarms(timers: tuple[Timer, ...]) -> dict[Alarm, datetime]:
    # the book counts neither: they are for after its year
    timers = tuple(timer for timer in timers if timer.purpose not in ("unanswered", "suspended"))
    made = {_alarm(timer): timer.due_at for timer in timers}
    assert len(made) == len(timers), "two alarms for one thing"
    return made
