"""What figures need of an issue, beside what lists need: local days, how it came out, its last word, and what happened to it that is counted.

Made of the changes of one event, for the store; and of all of them in turn, for whoever counts the history again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from definitions.model.definition import Definition
from definitions.model.reference import Reference, refers_to
from definitions.model.tally import NOT
from engine import Process, State
from engine import change as c
from engine.change import Change
from engine.deadlines.deadline import Deadline
from engine.due import earliest
from engine.rules.roles import handed_up

#: The columns that keep what they hold until there is something new.
LASTING = ("verdict", "grade", "finish_at", "finish_on", "department_id")
#: The columns that follow the state.
FOLLOWING = ("closed_on", "outcome")


class OneTally(NamedTuple):
    """Something that is counted: what, and with which value (a verdict, a grade)."""

    what: str
    value: str = ""


def day_of(process: Process, moment: datetime) -> date:
    """The local day of a moment, by the process's calendar."""
    return moment.astimezone(process.calendar.zone).date()


class ForFigures(NamedTuple):
    """One event as figures see it: the columns of its issue (of those that last, ``None`` where nothing is new), and what is counted of it.

    Without columns there is nothing new for any of them: most events change none, and cost nothing.
    """

    day: date
    columns: dict[str, Any]
    tallies: tuple[OneTally, ...]
    closed_at: datetime | None = None


def reckoned(process: Process, before: State, after: State, changes: Sequence[Change], now: datetime) -> ForFigures:
    """What figures need of an event."""
    definition = process.definition
    found = tuple(one for change in changes for one in _counted(definition, before, after, change))
    due, department = finish(after), _department(changes)
    unchanged = (before.status, before.resolution, finish(before)) == (after.status, after.resolution, due)
    if unchanged and not found and department is None:
        return ForFigures(day_of(process, now), {}, ())
    closed = (after.closed_at or now) if after.status == "closed" else None
    last = {one.what: one.value for one in found}
    row: dict[str, Any] = {
        "closed_on": day_of(process, closed) if closed else None,
        "outcome": definition.outcome_of(after.resolution) if closed else None,
        "verdict": last.get("verdict"),
        "grade": last.get("grade"),
        "finish_at": due.due_at if due else None,
        "finish_on": date.fromisoformat(due.due_on) if due else None,
        "department_id": department,
    }
    return ForFigures(day_of(process, now), row, found, closed)


def finish(state: State) -> Deadline | None:
    """By when an issue is to be finished: its own limit, else the deadline that runs; ``None`` where neither is there now."""
    limit = state.limits.get("issue")
    return limit.deadline if limit else earliest(state)


def _counted(definition: Definition, before: State, after: State, change: Change) -> Iterator[OneTally]:
    match change:
        case c.ItemDone():
            item = before.item(change.item) or after.item(change.item)
            if item is not None:
                yield from _named(definition, f"{item.step}.{change.action}")
        case c.Filled(values=values):
            yield from _filled(definition, before, values)
        case c.Counted(action=action):
            if action.startswith(handed_up("")):
                yield OneTally("handed up")
        case c.DeadlineMoved(why="extended"):
            yield OneTally("extended")
        case c.Urged():
            yield OneTally("urged")
        case c.SupervisorNamed():
            yield OneTally("supervised")
        case c.Reopened():
            yield OneTally("reopened")
        case c.Relocated(left=left):
            # from where, so that the station that had it can count it
            yield OneTally("relocated", str(left))


def _named(definition: Definition, name: str) -> Iterator[OneTally]:
    for what, value in definition.tallied.get(name, ()):
        yield OneTally(what, value)


def _filled(definition: Definition, before: State, values: Mapping[str, Any]) -> Iterator[OneTally]:
    if not definition.tallied and definition.figures.grade is None:
        return
    for name, value in values.items():
        if value is None or value == "":
            continue
        if value is False:
            yield from _named(definition, NOT + name)
        else:
            yield from _named(definition, name)
        if name == definition.figures.grade and isinstance(value, str):
            yield OneTally("grade", value[:20])


def _department(changes: Sequence[Change]) -> int | None:
    """The department that was given a task last: the first one of it, which leads."""
    for change in reversed(changes):
        parties: Sequence[str] = ()
        if isinstance(change, c.ItemOpened) and change.item.kind == "task":
            parties = change.item.candidates
        elif isinstance(change, c.ItemGiven):
            parties = change.candidates
        for party in parties:
            if refers_to(party, "organisation"):
                return Reference.parse(party).number
    return None
