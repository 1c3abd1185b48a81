"""Signs of life of the running processes."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import MomentColumn


class HeartbeatRow(SQLModel, table=True):
    """When a process was last well; ``name`` is its part, such as ``dispatcher host:123``."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True, max_length=60)
    at: datetime = Field(sa_type=MomentColumn)
    note: str = Field(default="", max_length=200)
