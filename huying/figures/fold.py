"""One issue as figures see it, folded from its history up to a moment: nothing of what is kept beside the history is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from definitions.figures.condition import Condition, holds
from definitions.figures.names import HAPPENINGS
from definitions.model.reference import Reference, refers_to
from engine import State
from engine.change import PromiseMade
from engine.due import standing_since
from engine.evolve import fold
from huying.house.house import House
from huying.issues.tally import LASTING, day_of, reckoned
from huying.issues.tally_rows import versions_of


@dataclass(frozen=True, slots=True)
class FoldedTally:
    """Something that was counted: what, with which value, for which time in the issue, on which day."""

    what: str
    value: str
    nth: int
    on_day: date


@dataclass(slots=True)
class FoldedIssue:
    """What was known of an issue at a moment."""

    station: int
    process: str
    matter: str
    as_of: datetime
    channel: str = "web"
    kind: str | None = None
    step: str | None = None
    status: str = "open"
    opened_on: date | None = None
    closed_on: date | None = None
    closed_at: datetime | None = None
    paused_at: datetime | None = None
    deputy: int | None = None
    lasting: dict[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    happenings: list[FoldedTally] = field(default_factory=list)
    promises: list[tuple[date, str]] = field(default_factory=list)

    @property
    def late(self) -> bool:
        """Closed after its time, or open and past it as of the moment."""
        finish = self.lasting.get("finish_at")
        if finish is None:
            return False
        if self.closed_at is not None:
            return bool(self.closed_at >= finish)
        return self.paused_at is None and bool(finish <= self.as_of)

    def fits(self, asked: Condition, **more: object) -> bool:
        """Whether a condition holds of it; ``more`` are values of what is counted in it."""
        return holds(asked, lambda name: more[name] if name in more else self._value(name))

    def _value(self, name: str) -> object:
        match name:
            case "late":
                return self.late
            case "merged":
                return self.outcome == "merged"
            case "void":
                return self.outcome == "cancelled"
            case "called":
                return self.channel == "process"
            case "verdict" | "grade":
                return self.lasting.get(name)
        if name in HAPPENINGS:
            return any(one.what == HAPPENINGS[name] for one in self.happenings)
        return getattr(self, name)


def folded(house: House, issue: Row[Any], entries: Sequence[Row[Any]], as_of: datetime) -> FoldedIssue | None:
    """The issue at the moment; ``None`` if it was not there yet. ``entries`` are all of its history, in order.

    Those after the moment say only by which version it was decided before.
    """
    versions = versions_of([row.event for row in entries], issue.definition_version_id)
    before = [(row, version) for row, version in zip(entries, versions, strict=True) if row.at <= as_of]
    if not before:
        return None
    definition = house.processes.process(before[-1][1]).definition
    found = FoldedIssue(issue.station_id, definition.id, definition.matter, as_of)
    state, columns, times = State(), dict[str, Any](), dict[str, int]()
    for row, version in before:
        process = house.processes.process(version)
        after = fold([row.changes], state)
        counted = reckoned(process, state, after, row.changes, row.at)
        columns |= {key: one for key, one in counted.columns.items() if key not in LASTING or one is not None}
        for tally in counted.tallies:
            times[tally.what] = times.get(tally.what, 0) + 1
            found.happenings.append(FoldedTally(tally.what, tally.value, times[tally.what], counted.day))
        if state.version == 0 and after.facts is not None:
            found.opened_on, found.channel = day_of(process, after.facts.opened_at), after.facts.channel
        state, found.closed_at = after, (after.closed_at or row.at) if after.status == "closed" else None
    _at_last(found, state, columns, definition.kind_of(state.data))
    found.promises = [
        (date.fromisoformat(one.due_on), one.status) for one in _promises([row.changes for row, _ in before], state)
    ]
    return found


def _at_last(found: FoldedIssue, state: State, columns: dict[str, Any], kind: str | None) -> None:
    found.lasting = {key: columns.get(key) for key in LASTING}
    found.closed_on, found.outcome = columns["closed_on"], columns["outcome"]
    found.status, found.kind = state.status, kind
    found.step = state.visits[0].step if state.visits else None
    found.paused_at = standing_since(state)
    if state.answerable and refers_to(state.answerable, "participant"):
        found.deputy = Reference.parse(state.answerable).number


def _promises(history: Sequence[Sequence[Any]], state: State) -> list[Any]:
    """All promises that were made, as they stand."""
    now = {one.number: one for one in state.promises}
    made = [change.promise for changes in history for change in changes if isinstance(change, PromiseMade)]
    return [now.get(one.number, one) for one in made]
