"""Restorations: that this house was made again from a backup, and what waits since then for somebody to look at it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn


class RestorationRow(SQLModel, table=True):
    """Until it is released, nothing leaves the house. What the house did between ``taken_at``, the moment of the backup, and ``restored_at``, it no
    longer knows: the messages that waited then may have been sent since.

    ``overdue``: the timers that had run out meanwhile, as pairs of issue and number; what they tell may have been told too. ``beyond``: so many
    numbers of each series were left out, which may have been given meanwhile. ``sent`` and ``dropped``: what became of the messages that waited.
    """

    __tablename__ = "restoration"

    __table_args__ = (
        Index(
            "ix_restoration_held",
            "id",
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=500)
    taken_at: datetime = Field(sa_type=MomentColumn)
    restored_at: datetime = Field(sa_type=MomentColumn)
    overdue: list[list[int]] = Field(sa_type=Json)
    beyond: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    released_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    released_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    sent: int = 0
    dropped: int = 0
