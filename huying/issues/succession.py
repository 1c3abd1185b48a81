"""Who takes over what people have who leave: shown before it is done. The plan is what the house itself would do on the day after.

Everything is tried in a transaction that is given up: the changes of the register, and then, issue by issue, what the kernel decides about those who
have gone. Afterwards the chore ``departures`` brings the same to the issues, from the day on which the changes hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, select

from definitions.model.reference import participant, reference
from definitions.text import LISTED, Said
from engine import transition
from engine.event import Depart, Event, Relocate
from engine.refusal import Refusal
from engine.state import State
from huying.access.parties import names
from huying.database.tables import issues, participants, stations
from huying.house.by import By
from huying.house.house import House
from huying.issues.relocation import move_to
from huying.issues.store import Stored, read
from huying.issues.successors import Chosen, Colleague, TaskOf, colleagues, keep_chosen, of_issue
from huying.register.changes import Applied, Change, Stamp, apply
from huying.register.directory import RegisterDirectory
from huying.register.names import names as references_named
from huying.register.vacancies import about
from huying.words.titles import step_words

_ANSWERS = Said("全程负责", "answers for it to the end")
_ENDED = Said("不再需要办", "not needed any more")
_STATION = Said("整件转站", "the whole issue moves")
#: Of so many issues of a station that closes it is told who will have them; the plan says how many there are.
MOST_TOLD = 50
_NOBODY = Said("没有人，请先补人", "nobody: enter somebody first")


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """One task, or what somebody answers for: who has it now, and who would have it. ``others`` can be chosen to go on with ``item`` of
    ``leaver``, of whom ``chosen`` was; none for what is not handed over as a task.
    """

    issue_id: int
    number: str
    what: str
    now: str
    then: str
    item: int | None = None
    leaver: int | None = None
    others: tuple[Colleague, ...] = ()
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class SuccessionPlan:
    """What would change: rows of the register, and who would take over what.

    ``moving``: so many issues would go to another station; the lines tell of the first ones.
    """

    applied: Applied
    lines: tuple[HandoverLine, ...]
    moving: int = 0

    @property
    def issues(self) -> int:
        """In how many issues something would be handed over."""
        return len({line.issue_id for line in self.lines})

    @property
    def chosen(self) -> dict[TaskOf, tuple[int, int]]:
        """Who was chosen for which task of whom: (leaver, successor)."""
        return {
            TaskOf(line.issue_id, line.item): (line.leaver, line.chosen)
            for line in self.lines
            if line.item is not None and line.leaver is not None and line.chosen is not None
        }


@dataclass(frozen=True, slots=True)
class Going:
    """Who leaves, from which day on, and who was chosen to go on with which task; ``closing``: the station that closes, with whoever serves there."""

    people: Sequence[int]
    day: date
    chosen: Chosen = field(default_factory=dict)
    closing: int | None = None


def foreseen(house: House, changes: Sequence[Change], going: Going, stamp: Stamp, language: str) -> SuccessionPlan:
    """The plan for changes after which these people have left, as on the day; nothing is kept. ``WrongChanges`` says what is wrong with them."""
    with house.database.writing() as connection:
        tried = connection.begin_nested()
        try:
            applied = apply(connection, changes, stamp)
            with house.database.day.believing(connection, going.day):
                left = _left_open(connection, going)
                lines = tuple(_lines(house, connection, going, left[:MOST_TOLD], language))
        finally:
            tried.rollback()
    return SuccessionPlan(applied, lines, len(left))


def _left_open(connection: Connection, going: Going) -> Sequence[int]:
    """What is open at the station that closes."""
    query = select(issues.c.id).where(issues.c.station_id == going.closing, issues.c.status == "open")
    return connection.execute(query.order_by(issues.c.id)).scalars().all() if going.closing is not None else ()


def carried_out(house: House, changes: Sequence[Change], stamp: Stamp, going: Going | None = None) -> Applied:
    """Do it; open work follows by itself, from the day on which it holds, to those who were chosen where somebody was."""
    chosen = foreseen(house, changes, going, stamp, "zh").chosen if going is not None and going.chosen else {}
    with house.database.writing() as connection:
        if going is not None:
            keep_chosen(connection, chosen, going.people, By(stamp.by, stamp.at))
        return apply(connection, changes, stamp)


def _lines(
    house: House, connection: Connection, going: Going, left: Sequence[int], language: str
) -> Iterator[HandoverLine]:
    """``left`` are those of the station that closes that are told of; of the others, and of their people, nothing is."""
    at = datetime.combine(going.day, time(9), house.zone).astimezone(UTC)
    involved: dict[int, list[int]] = {number: [] for number in left}
    move = _move(connection, going)
    for person in going.people:
        for row in about(connection, person):
            involved.setdefault(row.id, []).append(person)
    active = select(participants.c.id).where(participants.c.id.in_(list(going.people)), participants.c.active)
    here = set(connection.execute(active).scalars())
    for number, persons in sorted(involved.items()):
        stored = read(connection, number)
        successors = of_issue(going.chosen, number)
        gone = [Depart(participant(person), person not in here, successors) for person in persons]
        moves = move is not None and stored.station_id == going.closing
        if moves and number not in left:
            continue
        after = _after(house, connection, stored, [move, *gone] if move is not None and moves else gone, at)
        if moves:
            yield _to_station(connection, stored, after, language)
        for line in _compared(house, connection, stored, after, language):
            yield _with_others(connection, stored, line, persons, going)


def _move(connection: Connection, going: Going) -> Relocate | None:
    """Where what is open at the station that closes goes."""
    query = select(stations.c.successor_id).where(stations.c.id == going.closing)
    successor = connection.execute(query).scalar() if going.closing is not None else None
    return move_to(connection, going.closing, successor) if going.closing is not None and successor else None


def _to_station(connection: Connection, stored: Stored, after: State, language: str) -> HandoverLine:
    """That an issue goes on at another station."""
    here, there = (reference("station", one.facts.station if one.facts else 0) for one in (stored.state, after))
    found = references_named(connection, {here, there}, language)
    return HandoverLine(stored.id, stored.number, _STATION.of(language), found.get(here, ""), found.get(there, ""))


def _with_others(
    connection: Connection, stored: Stored, line: HandoverLine, persons: Sequence[int], going: Going
) -> HandoverLine:
    """The line with those who can be chosen, if it is a task that one of these people leaves to somebody."""
    item = stored.state.item(line.item) if line.item is not None else None
    leaver = next((one for one in persons if item is not None and participant(one) in item.candidates), None)
    if item is None or leaver is None or item.kind != "task":
        return line
    others = tuple(colleagues(connection, stored.id, leaver, going.people, going.day))
    chosen = going.chosen.get(TaskOf(stored.id, item.number))
    known = chosen if chosen in {one.id for one in others} else None
    return replace(line, leaver=leaver, others=others, chosen=known)


def _after(house: House, connection: Connection, stored: Stored, events: Sequence[Event], at: datetime) -> State:
    """The state of an issue once all of that has come true."""
    process = house.processes.process(stored.definition_version_id)
    moment, state = max(at, stored.changed_at), stored.state
    for event in events:
        directory = RegisterDirectory(connection, process.calendar, moment, files=house.store, issue=stored.id)
        try:
            state = transition(process, state, event, moment, directory, None).state
        except Refusal:
            # nothing of theirs is open here
            continue
    return state


def _compared(
    house: House, connection: Connection, stored: Stored, after: State, language: str
) -> Iterator[HandoverLine]:
    before, definition = stored.state, house.processes.process(stored.definition_version_id).definition
    row = (stored.id, stored.number)
    for item in before.items:
        then = after.item(item.number)
        if item.done or (then is not None and then.candidates == item.candidates and then.owner == item.owner):
            continue
        what = step_words(definition, before, (item,), item.step, language)
        ended = then is None or then.done
        following = _ENDED.of(language) if ended or then is None else _called(connection, then.candidates, language)
        now = _called(connection, (item.owner,) if item.owner else item.candidates, language)
        yield HandoverLine(*row, what, now, following, item=None if ended else item.number)
    if before.answerable and after.answerable != before.answerable:
        now = _called(connection, (before.answerable,), language)
        then_answers = _called(connection, (after.answerable,) if after.answerable else (), language)
        yield HandoverLine(*row, _ANSWERS.of(language), now, then_answers)


def _called(connection: Connection, parties: Sequence[str], language: str) -> str:
    found = names(connection, set(parties), language)
    return LISTED.of(language).join(found.get(party, party) for party in parties) or _NOBODY.of(language)
