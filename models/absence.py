"""Who is away, and who stands in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey


class AbsenceRow(SQLModel, table=True):
    """A participant is away from the first day to the last (both included; ``None``: until further notice), in the calendar's time zone."""

    __tablename__ = "absence"

    __table_args__ = (Index("ix_absence_participant", "participant_id", "first_day"),)

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    first_day: date
    last_day: date | None = None
    substitute_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
