"""The issues of the whole city, lived through by the engine in the order of their moments, each on its own course.

Whatever they would have told is noted as done: nobody is written to today about what was settled years ago.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from definitions.model.reference import Reference, organisation
from engine import State
from engine.event import Urge
from engine.state import WorkItem
from huying.database import tables as t
from huying.demo.province.hours import OfficeHours
from huying.demo.province.plan import SPREAD, LifeCourse, LifeMove, Plan
from huying.effects.carriers import carry_many
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import act, happen
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.outbox.claims import claim_effects
from huying.timers.sweep import sweep

_PROCESS = "contact-station"
_VILLAGES = ("village", "neighbourhood")
#: So often it is said how far it has come.
_SAID_EVERY = 500


@dataclass(slots=True)
class _Life:
    """An issue on its course; ``issue`` and ``reporter`` are 0 before it was opened."""

    number: int
    course: LifeCourse
    moves: deque[LifeMove]
    station: str
    clerk: int
    category: str
    chance: random.Random
    issue: int = 0
    reporter: int = 0


class Lives:
    """All issues of the plan (or of other ``courses`` in its place), until ``now``."""

    def __init__(self, house: House, plan: Plan, now: datetime, courses: Sequence[LifeCourse] | None = None) -> None:
        self._house, self._plan, self._now = house, plan, now
        self._courses = plan.courses if courses is None else courses
        self._hours = OfficeHours(house.zone)
        self._chance = random.Random(plan.seed)
        self._waiting: list[tuple[datetime, int, _Life]] = []
        with house.database.reading() as connection:
            departments = connection.execute(select(t.organisations.c.code, t.organisations.c.id)).all()
            members = connection.execute(select(t.memberships).order_by(t.memberships.c.id)).all()
            places = select(t.stations.c.id, t.stations.c.code, t.areas.c.level).join(t.areas).order_by(t.stations.c.id)
            stations = connection.execute(places).all()
        self._departments = dict(departments)
        self._people = {row.organisation_id: row.participant_id for row in members if row.organisation_id}
        clerks = {row.station_id: row.participant_id for row in members if row.function == "clerk"}
        every = [(row.code, clerks[row.id]) for row in stations]
        villages = [(row.code, clerks[row.id]) for row in stations if row.level in _VILLAGES]
        self._stations = {"all": every, "villages": villages}

    def live(self, tell: Callable[[str], None]) -> None:
        """Live them all."""
        self._begin()
        opened = 0
        while self._waiting:
            at, _, life = heapq.heappop(self._waiting)
            self._clocks(at)
            if life.issue:
                self._move(life, life.moves.popleft(), at)
            else:
                self._open(life, at)
                opened += 1
                if opened % _SAID_EVERY == 0:
                    tell(f"已办理 {opened} 件 {opened} issues lived through")
            self._wait(life, at)
        self._clocks(self._now)
        self._settle()

    def _begin(self) -> None:
        courses = [course for course in self._courses for _ in range(course.issues)]
        self._chance.shuffle(courses)
        for number, course in enumerate(courses):
            station, clerk = self._chance.choice(self._stations[course.at])
            category = self._chance.choice(list(self._plan.matters))
            own = random.Random(f"{self._plan.seed}-{number}")
            life = _Life(number, course, deque(course.moves), station, clerk, category, own)
            heapq.heappush(self._waiting, (self._begun(course), number, life))

    def _begun(self, course: LifeCourse) -> datetime:
        """More and more of them from year to year; what is still open began in the last days."""
        if course.becomes == "open":
            return self._hours.near(self._now - timedelta(days=1 + 4 * self._chance.random()), self._chance)
        since = self._hours.opening(self._plan.since)
        whole = self._now - course.longest - since
        return self._hours.near(since + whole * self._chance.random() ** 0.7, self._chance)

    def _wait(self, life: _Life, at: datetime) -> None:
        """Until the next move of an issue, if it has one."""
        if life.moves:
            soon = self._hours.later(at, life.moves[0].after * life.chance.uniform(0.7, SPREAD))
            if soon < self._now:
                heapq.heappush(self._waiting, (soon, life.number, life))

    def _clocks(self, until: datetime) -> None:
        """Let every clock that ran out until then have its say at its own moment."""
        query = select(func.min(t.timers.c.due_at))
        while True:
            with self._house.database.reading() as connection:
                due = connection.execute(query).scalar_one()
            if due is None or due > until:
                return
            sweep(self._house, due)

    def _open(self, life: _Life, at: datetime) -> None:
        plan, chance = self._plan, life.chance
        where = (
            f"{chance.choice(plan.roads)} {chance.randint(1, 300)} 号"
            if chance.random() < 0.5
            else self._house_of(chance)
        )
        wrong = chance.choice(plan.matters[life.category])
        channel = chance.choices(list(plan.channels), list(plan.channels.values()))[0]
        number = f"1{chance.choice((30, 35, 36, 39, 50, 58, 80, 86))}{chance.randint(0, 99_999_999):08d}"
        report = Report(
            definition=_PROCESS,
            station=life.station,
            reporter=NewReporter(name=chance.choice(plan.surnames) + chance.choice(plan.given)),
            values={
                "subject": f"{where}{wrong}",
                "category": life.category,
                "place": where,
                "description": "，".join((wrong, *chance.sample(plan.details, 2))) + "。",
                "phone": number,
            },
            channel=channel,
            taken_by=None if channel == "web" else life.clerk,
        )
        life.issue = open_issue(self._house, report, request_id=f"province-{life.number}", now=at).issue_id
        with self._house.database.reading() as connection:
            life.reporter = connection.execute(
                select(t.issues.c.reporter_id).where(t.issues.c.id == life.issue)
            ).scalar_one()

    def _house_of(self, chance: random.Random) -> str:
        return f"{chance.choice(self._plan.estates)} {chance.randint(1, 40)} 栋"

    def _move(self, life: _Life, move: LifeMove, at: datetime) -> None:
        key = f"province-{life.number}-{len(life.moves)}"
        if move.urge is not None:
            happen(self._house, life.issue, Urge(move.urge), By(life.reporter, at, key))
            return
        assert move.do is not None
        item = self._task(life)
        who = self._who(item)
        act(self._house, life.issue, item.number, move.do, self._answers(life, move.with_), By(who, at, key))

    def _task(self, life: _Life) -> WorkItem:
        query = select(t.issues.c.state).where(t.issues.c.id == life.issue)
        with self._house.database.reading() as connection:
            state: State = connection.execute(query).scalar_one()
        return next(item for item in state.items if not item.done and item.kind == "task")

    def _who(self, item: WorkItem) -> int:
        first = Reference.parse(item.owner or item.candidates[0])
        return self._people[first.number] if first.kind == "organisation" else first.number

    def _answers(self, life: _Life, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answers of a move, with what is chosen for this issue in the place of its name."""
        return {name: self._answer(life, said) for name, said in answers.items()}

    def _answer(self, life: _Life, said: Any) -> Any:
        match said:
            case "lead":
                return organisation(self._departments[self._plan.leads[life.category]])
            case "other":
                return organisation(self._departments[life.chance.choice(["ZJ", "HB", "GD"])])
            case "reply":
                return life.chance.choice(self._plan.replies)
            case "stars":
                return life.chance.choices((5, 4, 3), (70, 24, 6))[0]
        return said

    def _settle(self) -> None:
        """Note what was told long ago as told, carry out the rest, and show staff what is open alone."""
        with self._house.database.writing() as connection:
            told = t.outbox.c.status == "pending", t.outbox.c.kind == "tell", t.outbox.c.created_at < self._now
            connection.execute(update(t.outbox).where(*told).values(status="done", done_at=self._now))
            over = t.issues.c.status == "closed"
            connection.execute(update(t.issues).where(over).values(shown_version=t.issues.c.version))
        while errands := claim_effects(self._house, self._now):
            failures = carry_many(self._house, errands, self._now)
            assert not failures, failures
