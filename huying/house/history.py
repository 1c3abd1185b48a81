"""The history of an issue as it was written: for whoever tells it, counts it, replays it or writes to people of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from definitions.model.reference import participant
from engine.change import Change, Opened
from engine.event import Happened
from huying.database.tables import history
from huying.house.by import VOICES


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What happened as event ``sequence`` of an issue, by whom (nobody: the clock) and through what, and the changes that it led to."""

    sequence: int
    at: datetime
    actor_id: int | None
    via: str | None
    event: Happened
    changes: tuple[Change, ...]

    @property
    def actor(self) -> str | None:
        """The reference of the person; ``None`` for the clock."""
        return participant(self.actor_id) if self.actor_id is not None else None

    @property
    def voice(self) -> bool:
        """Whether the person only noted what the reporter had said to them."""
        return self.via in VOICES

    def speaker(self, reporter: str) -> str | None:
        """Whose event it is: that of the reporter (a reference) where somebody only noted what they said."""
        return reporter if self.voice else self.actor


_columns = history.c.sequence, history.c.at, history.c.actor_id, history.c.via, history.c.event, history.c.changes
_all = select(*_columns).where(history.c.issue_id == bindparam("issue")).order_by(history.c.sequence)
_several = (
    select(history.c.issue_id, *_columns)
    .where(history.c.issue_id.in_(bindparam("issues", expanding=True)))
    .order_by(history.c.issue_id, history.c.sequence)
)
_one = _all.where(history.c.sequence == bindparam("event"))


def history_of(connection: Connection, issue_id: int) -> list[HistoryEntry]:
    """All that happened to an issue, oldest first."""
    return [HistoryEntry(*row) for row in connection.execute(_all, {"issue": issue_id})]


def histories_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[HistoryEntry]]:
    """All that happened to several issues, by issue, oldest first."""
    found: dict[int, list[HistoryEntry]] = {}
    for issue_id, *row in connection.execute(_several, {"issues": list(ids)}):
        found.setdefault(issue_id, []).append(HistoryEntry(*row))
    return found


def reporter_in(entries: Sequence[HistoryEntry]) -> str:
    """Whose issue it is, as its first entry says."""
    return next(change.facts.reporter for change in entries[0].changes if isinstance(change, Opened))


def entry_of(connection: Connection, issue_id: int, sequence: int) -> HistoryEntry:
    """One event of an issue."""
    return HistoryEntry(*connection.execute(_one, {"issue": issue_id, "event": sequence}).one())
