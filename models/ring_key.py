"""What the house knows of the keys by which it is sealed: never the keys themselves."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import MomentColumn


class RingKeyRow(SQLModel, table=True):
    """A key of the ring: ``kind`` is ``sealing`` or ``lasting``, ``proof`` is what only this very key makes or opens.

    ``ended_at``: nothing is sealed by it any more. ``copied_at``: when somebody said that they keep a copy elsewhere.
    """

    __tablename__ = "ring_key"

    id: str = Field(primary_key=True, max_length=8)
    kind: str = Field(max_length=10)
    proof: str = Field(max_length=200)
    began_at: datetime = Field(sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    copied_at: datetime | None = Field(default=None, sa_type=MomentColumn)
