"""Grants: what somebody may do to the house beside where they serve."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class GrantRow(SQLModel, table=True):
    """A participant holds a role: in an area with all below it, at a station, or, with neither, in the whole house.

    From the day ``since`` to the day ``until``, both included (``None``: until further notice), as whoever reads it finds: no job ends it. One
    that was ended before is over at ``ended_at``. ``made_by_id`` is ``None`` for those that came with a register or an upgrade;
    ``approved_by_id`` is the second person, where one was needed. Rows are ended, never deleted.
    """

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_participant", "participant_id", "role"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    role: str = Field(max_length=40)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    station_id: int | None = Field(default=None, foreign_key="station.id")
    since: date
    until: date | None = None
    reason: str = Field(max_length=1000)
    made_at: datetime = Field(sa_type=MomentColumn)
    made_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    approved_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    ended_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    end_reason: str | None = Field(default=None, max_length=1000)
