"""Open timers: the moments at which the clock itself acts. Rows go when the timer has fired or ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class TimerRow(SQLModel, table=True):
    """One moment of one issue; taken by a sweeper under a lease.

    A timer that could not be fired waits until ``retry_at``, ever longer; ``attempts`` counts the failures, ``error`` says what was wrong last.
    """

    __tablename__ = "timer"

    # in the order in which they fire; the lease is not in it, so that taking one leaves the index alone
    __table_args__ = (Index("ix_timer_due", "due_at", "issue_id", "number"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    number: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=MomentColumn)
    leased_until: datetime | None = Field(default=None, sa_type=MomentColumn)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    retry_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    error: str | None = Field(default=None, max_length=1000)
