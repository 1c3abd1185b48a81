"""Open timers: the moments at which the clock itself acts. Rows go when the timer has fired or ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, Moment


class Timer(SQLModel, table=True):
    """One moment of one issue; taken by a sweeper under a lease."""

    __table_args__ = (Index("ix_timer_due", "due_at", "issue_id"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    number: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Moment)
    leased_until: datetime | None = Field(default=None, sa_type=Moment)
