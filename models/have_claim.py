"""Claims of stations about what they have: entered by the station, checked by the level above, kept as they were."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn


class HaveClaimRow(SQLModel, table=True):
    """One claim. ``extent``: ``met``, ``partly`` or ``not``; ``files`` are references of kept files; it is to count until the day ``until``.

    ``status``: ``waiting``, ``accepted`` (then the register says so since), ``returned`` with a ``remark``, or ``replaced`` by a later claim.
    """

    __tablename__ = "have_claim"
    __table_args__ = (
        Index("ix_have_claim_of", "station_id", "have"),
        Index("ix_have_claim_status", "status", "station_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    station_id: int = Field(foreign_key="station.id")
    have: str = Field(max_length=40)
    extent: str = Field(max_length=10)
    evidence: str = Field(default="", max_length=1000)
    files: list[str] = Field(default_factory=list, sa_type=Json)
    until: date | None = None
    entered_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    entered_at: datetime = Field(sa_type=MomentColumn)
    status: str = Field(default="waiting", max_length=20)
    checked_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    checked_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    remark: str = Field(default="", max_length=1000)
