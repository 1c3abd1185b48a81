"""Senders whose messages nobody wants to see."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import BlindIndex, SealedText, index_of


class BlockedSenderRow(SQLModel, table=True):
    """An address whose letters to a station (to the office, without one) are kept, and shown to nobody until somebody lifts that."""

    __tablename__ = "blocked_sender"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    target: str = Field(sa_type=SealedText("blocked_sender.target"))
    target_index: str | None = Field(
        default=None, index=True, sa_type=BlindIndex("address"), sa_column_kwargs={"default": index_of("target")}
    )
    station_id: int | None = Field(default=None, foreign_key="station.id")
    reason: str = Field(default="", max_length=300)
    blocked_at: datetime = Field(sa_type=MomentColumn)
    blocked_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    lifted_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    lifted_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
