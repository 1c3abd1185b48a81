"""Keys of the API, for machines."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn


class ApiKeyRow(SQLModel, table=True):
    """A machine that acts for a participant; of the key itself only the hash is kept.

    It opens what its ``scopes`` say, in an area with all below it, at a station, or, with neither, wherever its owner may. It opens nothing before
    its owner agreed (``agreed_at``), nor from ``expires_at`` or ``ended_at`` on. ``used_at`` is written once a minute at most.
    """

    __tablename__ = "api_key"

    id: str = Field(primary_key=True, max_length=8)
    secret_hash: str = Field(max_length=64)
    name: str = Field(max_length=100)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    scopes: list[str] = Field(sa_type=Json)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    station_id: int | None = Field(default=None, foreign_key="station.id")
    made_at: datetime = Field(sa_type=MomentColumn)
    made_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    expires_at: datetime = Field(sa_type=MomentColumn)
    agreed_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    used_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    ended_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
