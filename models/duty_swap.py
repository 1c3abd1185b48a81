"""Duties that people ask one another to take or to exchange."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class DutySwapRow(SQLModel, table=True):
    """Somebody asks another to take a duty, or (``other_duty_id``) to exchange it for one of theirs.

    ``status``: asked, accepted, refused, withdrawn, lapsed (the duty changed meanwhile). A duty is asked about once at a time.
    """

    __tablename__ = "duty_swap"
    __table_args__ = (
        Index(
            "uq_duty_swap_asked",
            "duty_id",
            unique=True,
            sqlite_where=text("status = 'asked'"),
            postgresql_where=text("status = 'asked'"),
        ),
        Index("ix_duty_swap_to", "to_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    duty_id: int = Field(foreign_key="dated_duty.id", index=True)
    asked_by_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    to_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    other_duty_id: int | None = Field(default=None, foreign_key="dated_duty.id", index=True)
    note: str = Field(default="", max_length=1000)
    status: str = Field(default="asked", max_length=20)
    reason: str | None = Field(default=None, max_length=1000)
    asked_at: datetime = Field(sa_type=MomentColumn)
    answered_at: datetime | None = Field(default=None, sa_type=MomentColumn)
