"""A year of issues through the database: sweepers that die, downtimes, and every deadline in the history once, at its moment."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from engine import State
from engine import event as e
from engine.due import due
from engine.state import Party
from huying.database.tables import history, issues, timers
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.decision import Capacity, change
from huying.issues.opening import Report, open_issue
from huying.issues.verification import verify
from huying.processes.publication import publish
from huying.timers.claims import LEASE
from huying.timers.sweep import claim, sweep
from tests.conftest import MORNING, Office
from tests.engine.year_book import SOURCE
from tests.engine.year_life import Life, World, world

ISSUES = 60
#: The office has no head: whoever works at the station hears of it.
PROCESS = SOURCE.replace("staff of: station, function: head", "staff of: station")


@dataclass(kw_only=True)
class StoredLife(Life):
    """An issue in the database, which a sweeper fires."""

    office: Office
    number: int

    def opened(self) -> State:
        """Reported by the resident."""
        receipt = open_issue(
            self.office.house,
            Report(
                definition="year",
                station="XG",
                reporter=self.office.city["resident"],
                values={"subject": "x", "kind": self.book.kind},
            ),
            request_id=f"open-{self.number}",
            now=self.now,
        )
        self.issue_id = receipt.issue_id
        return self._stored()

    def happen(self, event: e.Event, party: Party | None) -> State:
        """Through the use case, as people's actions are."""
        actor = int(party.partition(":")[2]) if party else None
        manages = party == self.staff
        change(self.office.house, self.issue_id, event, By(actor, self.now), capacity=Capacity(manages=manages))
        return self._stored()

    def ring(self) -> None:
        """A sweeper takes one after the other; now and then one dies with what it has claimed."""
        while ready := due(self.state, self.now):
            if self.chance.random() < 0.1:
                assert claim(self.office.house, self.now, limit=100)
                assert sweep(self.office.house, self.now).claimed == 0, "the dead sweeper holds it"
                self.now += LEASE + timedelta(minutes=1)
                continue
            self.heard(ready[0])
            assert sweep(self.office.house, self.now, limit=1).fired == 1
            self.state = self._stored()
            self.book.rings((ready[0].purpose, ready[0].index, "issue" if ready[0].limit else "step"), self.now)

    def end(self) -> None:
        """Whatever is still open at the end of the year ends."""
        if self.state.status == "open":
            self.happen(e.Cancel("年终清理"), self.staff)

    def _stored(self) -> State:
        with self.office.house.database.reading() as connection:
            query = select(issues.c.state).where(issues.c.id == self.issue_id)
            state: State = connection.execute(query).scalar_one()
            return state


def test_every_deadline_of_a_year_is_in_the_history_once(office: Office) -> None:
    publish(office.house, PROCESS, "year.yaml", Imprint("test", MORNING))
    version = office.house.processes.newest("year")
    definition, rang = office.house.processes.process(version.id).definition, Counter[str]()
    # the calendar is that of the house, the whole year
    shared = World(world(random.Random(20260104)).downtimes, ())
    resident, clerk = (f"participant:{office.city[name]}" for name in ("resident", "clerk"))
    for number in range(ISSUES):
        chance = random.Random(number)
        life = StoredLife(definition, shared, chance, reporter=resident, staff=clerk, office=office, number=number)
        rang += life.live()
        life.end()
    with office.house.database.reading() as connection:
        fired = connection.execute(select(history.c.issue_id, history.c.event).where(history.c.kind == "fire")).all()
        assert connection.execute(select(timers)).first() is None
    assert max(Counter((row.issue_id, row.event.timer) for row in fired).values()) == 1
    assert len(fired) == sum(
        count for kind, count in rang.items() if kind.partition(" ")[0] in ("overdue", "remind", "shelved")
    )
    assert rang["late by downtime"] > ISSUES
    assert not verify(office.house).faults
