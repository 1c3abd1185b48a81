"""How long the audit log is kept: at least half a year; what is removed is noted itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from huying.audit.record import AuditNote, note
from huying.database.connections import Database
from huying.database.tables import audit

#: The law on network security (21) asks for six months.
LEAST = timedelta(days=183)
#: Is told which lines are removed.
Removed = Callable[[Connection, list[int]], None]


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """How long the log is kept, and where its lines are handed on to: a file, ``-`` for the standard output, nowhere."""

    kept: timedelta = timedelta(days=1096)
    lines: str = ""


#: So many lines go in one transaction, so that nobody waits for it.
_PORTION = 5_000


def remove_old(database: Database, now: datetime, kept: timedelta, told: Removed | None = None) -> int:
    """Remove a portion of the lines that are older than the rule asks for; how many. Half a year stays, whatever the rule says.

    ``told`` is said in the same transaction which lines go: what has sealed them must know.
    """
    before = now - max(kept, LEAST)
    with database.writing() as connection:
        last = _last(connection, before)
        if last is None:
            return 0
        old = delete(audit).where(audit.c.seq <= last, audit.c.at < before).returning(audit.c.seq)
        gone = sorted(connection.execute(old).scalars())
        removed = len(gone)
        if removed:
            if told is not None:
                told(connection, gone)
            detail = {"removed": removed, "before": f"{before:%Y-%m-%d}", "kept": max(kept, LEAST).days}
            note(connection, AuditNote(what="audit-removed", detail=detail, at=now))
    return removed


def has_old(database: Database, now: datetime, kept: timedelta) -> bool:
    """Whether there is anything older than the rule asks for; cheap."""
    before = now - max(kept, LEAST)
    with database.reading() as connection:
        return connection.execute(select(audit.c.seq).where(audit.c.at < before).limit(1)).first() is not None


def _last(connection: Connection, before: datetime) -> int | None:
    oldest = select(audit.c.seq).where(audit.c.at < before).order_by(audit.c.seq).limit(_PORTION).subquery()
    last: int | None = connection.execute(select(func.max(oldest.c.seq))).scalar_one()
    return last
