"""Telling stories through the use cases: who does what, one line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select

from engine import State
from huying.access.parties import actor
from huying.database.tables import issues
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import Receipt
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue


class Office(Protocol):
    """A house, and everybody's id by name."""

    @property
    def house(self) -> House: ...
    @property
    def city(self) -> dict[str, int]: ...


@dataclass
class Story:
    """One issue in an office, and the moment at which the next thing happens."""

    office: Office
    now: datetime
    issue_id: int = 0
    receipts: list[Receipt] = field(default_factory=list)

    def open(self, request_id: str = "open-1", **values: Any) -> Receipt:
        """The resident reports."""
        receipt = open_issue(
            self.office.house,
            Report(
                definition="office",
                station="XG",
                reporter=self.office.city["resident"],
                values={"subject": "路灯不亮", **values},
            ),
            request_id=request_id,
            now=self.now,
        )
        self.issue_id = receipt.issue_id
        return receipt

    @property
    def state(self) -> State:
        """The state as it is stored."""
        with self.office.house.database.reading() as connection:
            query = select(issues.c.state).where(issues.c.id == self.issue_id)
            state: State = connection.execute(query).scalar_one()
            return state

    def item(self, who: str) -> int:
        """The number of the task that somebody can do now."""
        with self.office.house.database.reading() as connection:
            parties = actor(connection, self.office.city[who]).parties
        return next(i.number for i in self.state.items if not i.done and not parties.isdisjoint(i.candidates))

    def act(
        self, who: str, action: str, request_id: str | None = None, item: int | None = None, **values: Any
    ) -> Receipt:
        """Somebody takes an action; a minute passes."""
        self.now += timedelta(minutes=1)
        receipt = act(
            self.office.house,
            self.issue_id,
            item or self.item(who),
            action,
            values,
            By(self.office.city[who], self.now, request_id),
        )
        self.receipts.append(receipt)
        return receipt

    def to_the_end(self) -> Story:
        """From wherever it was opened to closure, the ordinary way."""
        city = self.office.city
        self.act("clerk", "accept")
        lead, assist = f"organisation:{city['water']}", [f"organisation:{city['power']}"]
        self.act("deputy", "send", lead=lead, assist=assist)
        self.act("water_handler", "reply", reply="已修好")
        self.act("power_handler", "reply", reply="配合完成")
        self.act("resident", "yes")
        return self
