"""One issue under way, for stories that the kernel's tests tell: what happens to it, what it leads to, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from definitions.calendars.reader import load_calendar
from definitions.loader import examine, restore
from engine import Actor, Opening, Outcome, Process, State, start, transition
from engine import event as e
from engine.change import Change
from engine.due import due
from engine.effect import Tell
from engine.evolve import fold
from engine.memory import MemoryDirectory
from engine.state import Party, WorkItem

CHINA = load_calendar("china")
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
REPORTER = "participant:9"
STAFF = Actor("participant:1", frozenset({"participant:1"}), manages=True)


def person(who: Party, *departments: Party) -> Actor:
    """Somebody who acts for themself and for departments."""
    return Actor(who, frozenset({who, *departments}))


@dataclass
class Story:
    """An issue of a definition (as it is written, sound or not), opened with values, and a register that may change.

    Its history is folded after each event: what was decided is what is remembered.
    """

    source: str
    directory: MemoryDirectory
    values: dict[str, Any] = field(default_factory=dict)
    now: datetime = MONDAY

    def __post_init__(self) -> None:
        # not every way that a definition names is led to in every story
        self.process = Process(restore(examine(self.source, "story.yaml").body), CHINA)
        self.outcomes: list[Outcome] = []
        self._take(start(self.process, self.opening(self.values), self.now, self.directory))

    def opening(self, values: dict[str, Any]) -> Opening:
        """A report with these answers."""
        return Opening(station=1, station_code="XG", reporter=REPORTER, sequence=1, values=values)

    def _take(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        assert fold(one.changes for one in self.outcomes) == self.state

    @property
    def state(self) -> State:
        """The issue now."""
        return self.outcomes[-1].state

    @property
    def changes(self) -> list[Change]:
        """All that was written in its history."""
        return [change for one in self.outcomes for change in one.changes]

    def happen(self, event: e.Event, actor: Actor | None = None) -> None:
        """Something happens, a minute later."""
        self.now += timedelta(minutes=1)
        self._take(transition(self.process, self.state, event, self.now, self.directory, actor))

    def later(self, days: int) -> None:
        """So many days go by, and what was due by then rings."""
        self.now += timedelta(days=days)
        for timer in due(self.state, self.now):
            self.happen(e.Fire(timer.number))

    @property
    def item(self) -> WorkItem:
        """The first open task."""
        return next(item for item in self.state.items if not item.done)

    @property
    def asked(self) -> list[tuple[Party, ...]]:
        """Who has each open task."""
        return [item.candidates for item in self.state.items if not item.done]

    @property
    def busy(self) -> set[Party]:
        """Everybody who has a task now."""
        return {party for parties in self.asked for party in parties}

    def told(self, occasion: str) -> set[Party]:
        """Who heard of the last event on an occasion."""
        tells = [effect for effect in self.outcomes[-1].effects if isinstance(effect, Tell)]
        return {party for tell in tells if tell.occasion == occasion for party in tell.parties}
