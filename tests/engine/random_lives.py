"""Lives of issues of any definition: whoever may does anything that the registry of deeds knows, at any time, while people come and go.

What happens is written down, as a house writes its history. The same seed lives the same life.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from definitions.forms import form
from definitions.model.field import Field
from definitions.model.reference import issue, participant, reference, refers_to
from definitions.model.step import OutsideStep
from definitions.model.steps.receive import ReceiveStep
from engine import Actor, Candidate, Opening, Outcome, Process, Refusal, Search, available, start, transition
from engine import event as e
from engine.books.books import Series, Sum, UniqueValue
from engine.deeds.registry import DEEDS
from engine.directory import OtherIssue, TakingStation
from engine.due import due
from engine.replay.names import Recorded
from engine.simulation.answers import DrawnAnswers
from engine.state import Booking, Party, State, WorkItem

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
CITIZEN, CENTRE = participant(900), participant(901)
DEPARTMENTS = tuple(reference("organisation", number) for number in range(1, 4))
_MINUTE = timedelta(minutes=1)


class OtherIssues:
    """Books of which others write as they like between two events."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._totals: dict[Sum, int] = {}
        self._given = 0

    def turn_over(self) -> None:
        """Let others write."""
        self._totals = {}
        self._given += self._chance.choice([0, 0, 1, 5])

    def last(self, series: Series) -> int:
        return self._given

    def total(self, wanted: Sum) -> float:
        return self._totals.setdefault(wanted, self._chance.choice([0, 2, 9, 14, 40]))

    def taken(self, wanted: Booking) -> int:
        return self._given % 2

    def stands(self, value: UniqueValue) -> bool:
        return False


class Crowd:
    """A register in which other people hold a role every time, and sometimes nobody does; during one event it is as it is."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.books = OtherIssues(random.Random(1))
        self._found: dict[Search, Sequence[Candidate]] = {}

    def turn_over(self) -> None:
        """Let others be there."""
        self._found = {}
        self.books.turn_over()

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """None to three, each with anything that somebody can be picked by."""
        if search not in self._found:
            chance = self._chance
            pool = DEPARTMENTS if search.source == "departments for" else [participant(n) for n in range(11, 17)]
            found = chance.sample(pool, chance.choice([0, 1, 1, 2, 3]))
            self._found[search] = [
                Candidate(
                    party=party,
                    on_duty=chance.random() < 0.5,
                    load=chance.randint(0, 3),
                    level=search.level or chance.choice([None, "district", "city"]),
                )
                for party in found
            ]
        return self._found[search]

    def office(self) -> Sequence[Candidate]:
        """One person."""
        return (Candidate(party=CENTRE),)

    def stand_ins(self, party: Party) -> Sequence[Party]:
        """Now and then somebody."""
        return (participant(21),) if party.endswith("1") else ()

    def members(self, department: Party) -> Sequence[Party]:
        """One person, whose number says whose member they are."""
        return (participant(100 + int(department.split(":")[1])),)

    def vacant(self, party: Party) -> bool:
        """Everybody whom a field names is there."""
        return False

    def known(self, reference: str) -> bool:
        """Everything exists."""
        return True

    def issue(self, reference: Party) -> OtherIssue | None:
        return OtherIssue(number=reference)

    def station(self, named: str) -> TakingStation | None:
        """Any that is called so."""
        return TakingStation(number=int(named[-1]), code=f"S{named[-1]}") if refers_to(named, "station") else None

    def resolve(self, kind: str, text: str) -> str | None:
        """A text that is a reference already, or the first of its kind."""
        return text if refers_to(text, kind) else reference(kind, 1)


@dataclass
class Entered:
    """What somebody entered for any deed, right or wrong: the entries that a gesture makes its event of."""

    life: RandomLife
    item: int = 0
    visit: int = 0
    promise: int = 0
    to: Party = ""
    station: Party = ""
    step: str = ""
    text: str = "x"
    reason: str = "x"
    day: str = ""
    length: str = ""
    target: str = ""
    other: str = issue(8)
    option: str = ""
    agree: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        life, chance = self.life, self.life.chance
        state = life.state
        self.item = chance.choice([item.number for item in state.items] or [1])
        self.visit = chance.choice([life.waiting(), *(visit.number for visit in state.visits)])
        self.values = life.saved(self.visit)
        self.promise = chance.choice([promise.number for promise in state.promises] or [1])
        self.to = chance.choice([participant(31), participant(12), DEPARTMENTS[0], CITIZEN])
        self.station = chance.choice(["station:1", "station:2", "participant:3"])
        self.step = chance.choice(sorted(life.process.definition.steps))
        self.day = (life.now + timedelta(days=chance.randint(1, 40))).date().isoformat()
        self.length = chance.choice(["1 day", "2 working days", "5 working days"])
        targets = [f"visit:{self.visit}", f"item:{self.item}", *(f"limit:{limit}" for limit in state.limits)]
        self.target = chance.choice(targets)
        self.agree = chance.random() < 0.7


@dataclass
class RandomLife:
    """One issue, from its opening on; ``happened`` counts what was not refused, by kind."""

    process: Process
    seed: int
    history: list[Recorded] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    now: datetime = BEGIN
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.process.definition.id} {self.seed}")
        self.crowd = Crowd(self.chance)
        self.answers = DrawnAnswers(self.chance, {}, DEPARTMENTS)

    def live(self, events: int = 40) -> RandomLife:
        """Open the issue, and let so many things be tried."""
        values = self._filled(self.process.definition.entered)
        opening = Opening(station=1, station_code="X", reporter=CITIZEN, sequence=1, values=values)
        self._write(None, CITIZEN, start(self.process, opening, self.now, self.crowd))
        return self.go_on(events)

    def _filled(self, fields: Mapping[str, Field]) -> dict[str, Any]:
        """The opening's form, as somebody fills it in who is told what is wrong: without an opening there is no life."""
        data = {"today": self.process.today(self.now)}

        def wrong(values: Mapping[str, Any]) -> Mapping[str, Any]:
            known, resolve = self.crowd.known, self.crowd.resolve
            return form.check(fields, values, required=False, known=known, data=data, resolve=resolve).errors

        return self.answers.right(fields, self.now, wrong)

    def moved(self, process: Process, event: e.Event, outcome: Outcome) -> None:
        """Live on by another version, to which the issue was moved."""
        self.process = process
        self._write(event, CENTRE, outcome)

    def go_on(self, events: int) -> RandomLife:
        """Let so many more things be tried."""
        for _ in range(events):
            self.crowd.turn_over()
            hours = self.chance.choice([0.1, 1, 8, 30, 30, 200])
            self.now += max(1, int(self.chance.expovariate(1 / (hours * 60)))) * _MINUTE
            moves = [self._ring, self._act, self._deed, self._answer, self._help, self._from_outside]
            self.chance.choices(moves, [4, 6, 3, 2, 2, 2])[0]()
        return self

    def _write(self, event: e.Event | None, party: Party | None, outcome: Outcome) -> None:
        self.state = outcome.state
        self.history.append(Recorded(len(self.history) + 1, self.now, party, event, outcome.changes))
        self.happened[e.KINDS[type(event)] if event is not None else "open"] += 1

    def happen(self, event: e.Event, actor: Actor | None) -> bool:
        """Let something be tried; whether it was not refused."""
        try:
            outcome = transition(self.process, self.state, event, self.now, self.crowd, actor)
        except Refusal:
            return False
        self._write(event, actor.party if actor else None, outcome)
        return True

    def _ring(self) -> None:
        """The clock rings, often late: all that is due, or only some of it."""
        for _ in range(self.chance.randint(1, 6)):
            ready = due(self.state, self.now)
            if not ready or not self.happen(e.Fire(ready[0].number), None):
                return

    def _act(self) -> None:
        """Somebody who has a task acts on it."""
        ready = [one for one in available(self.process, self.state, None, self.now) if one.actions]
        if ready:
            one = self.chance.choice(ready)
            name = self.chance.choice(sorted(one.actions))
            values = self.answers.form(one.actions[name].ask, self.now)
            self.happen(e.Act(one.item.number, name, values), self._holder(one.item))

    def _holder(self, item: WorkItem) -> Actor:
        party = item.owner or item.delegate or self.chance.choice(item.candidates)
        if refers_to(party, "organisation"):
            member = participant(100 + int(party.split(":")[1]))
            return Actor(member, frozenset({member, party}))
        return Actor(party, frozenset({party}))

    def _somebody(self, number: int) -> Actor:
        """Anybody who could have a part in a deed: who has the task or is offered it, the reporter, the staff, a colleague."""
        item = self.state.item(number)
        centre = Actor(CENTRE, frozenset({CENTRE}), oversees=True, manages=True)
        other = Actor(participant(31), frozenset({participant(31), DEPARTMENTS[0]}))
        several = [centre, other, Actor(CITIZEN, frozenset({CITIZEN}))]
        return self.chance.choice([*several, *([self._holder(item)] * 3 if item and item.candidates else [])])

    def _deed(self) -> None:
        """Any deed of the registry, whether it is possible now or not; now and then one that ends the issue."""
        for _ in range(16):
            entered = Entered(self)
            event = self.chance.choice(GESTURES)(entered)
            if isinstance(event, _ENDS) and self.chance.random() > 0.05:
                continue
            if self.happen(event, self._somebody(entered.item)) and self.chance.random() < 0.5:
                return

    def _answer(self) -> None:
        """Whoever was asked something answers: a question, a signature, an extension, a shelving."""
        asked = [item for item in self.state.items if item.kind != "task" and not item.done]
        if asked:
            item = self.chance.choice(asked)
            self.happen(e.Answer(item.number, "x", self.chance.random() < 0.8), self._holder(item))

    def _help(self) -> None:
        """Staff help on what stands: what failed, and what was laid aside."""
        staff = Actor(CENTRE, frozenset({CENTRE}), oversees=True, manages=True)
        for name, option in self.process.definition.options.items():
            # the reporter is among those who may, as a rule
            self.happen(
                e.TakeOption(name, self.answers.form(option.ask, self.now)), Actor(CITIZEN, frozenset({CITIZEN}))
            )
        for visit in self.state.visits:
            if visit.incident is not None:
                supply = e.Supply(visit.number, self.saved(visit.number), "x")
                ways: tuple[e.Event, ...] = (supply, e.TryAgain(visit.number), e.Skip(visit.number, "x"))
                self.happen(self.chance.choice(ways), staff)
            elif visit.shelved_until is not None:
                self.happen(e.Unshelve(visit.number, "x"), staff)

    def _from_outside(self) -> None:
        """What other systems, other issues and calendars bring."""
        self.happen(self.chance.choice(OUTSIDE)(self), None)

    def waiting(self) -> int:
        """A visit that waits for another system, or any."""
        steps = self.process.definition.steps
        numbers = [one.number for one in self.state.visits if isinstance(steps[one.step], OutsideStep)]
        return self.chance.choice(numbers or [one.number for one in self.state.visits] or [1])

    def brought(self) -> e.Event:
        """What a step that waits for another system asks for."""
        visit = self.waiting()
        found = self.state.visit(visit)
        step = self.process.definition.steps[found.step] if found else None
        saves = step.saves if isinstance(step, OutsideStep) else {}
        made = self.saved(visit)
        return e.Result(visit, values={path: made.get(name) for name, path in saves.items()})

    def saved(self, visit: int) -> dict[str, Any]:
        """The fields that another system would fill in where the issue waits for it."""
        found = self.state.visit(visit)
        step = self.process.definition.steps[found.step] if found else None
        data = self.process.definition.data
        saves = step.saves if isinstance(step, OutsideStep) else {}
        return self.answers.form({name: data[name] for name in saves if name in data}, self.now)

    def message(self) -> e.Event:
        """The message for which the issue waits, or one that nobody expects."""
        steps = [self.process.definition.steps[one.step] for one in self.state.visits]
        receives = [step for step in steps if isinstance(step, ReceiveStep)]
        if not receives:
            return e.Message("news")
        return e.Message(receives[0].receive, self.answers.form(receives[0].ask, self.now))


#: What people do, by the gestures of all deeds, and adding a file, which is no gesture.
GESTURES: tuple[Callable[[Entered], e.Event], ...] = (
    *(gesture.made for deed in DEEDS for gesture in deed.gestures if deed.event is not e.Act),
    lambda entered: e.Attach("x.pdf", "application/pdf", 1, "0" * 64),
)
_ENDS = (e.Cancel, e.Merge, e.Withdraw)

#: What happens without a person; the clock apart.
OUTSIDE: tuple[Callable[[RandomLife], e.Event], ...] = (
    RandomLife.brought,
    RandomLife.message,
    lambda life: e.Result(life.waiting(), failed="away"),
    lambda life: e.Result(life.waiting(), called=issue(8), ended=False),
    lambda life: e.Absorb(issue(9), (participant(98),)),
    lambda life: e.Connect("related", issue(9)),
    lambda life: e.Forsake(issue(4), "XG-2026-4", ends=False),
    lambda life: e.ReckonAgain(),
    lambda life: e.Depart(participant(life.chance.randint(11, 16)), gone=life.chance.random() < 0.5),
    lambda life: e.Forsake(issue(4), "X-2026-1", ends=life.chance.random() < 0.3),
)
