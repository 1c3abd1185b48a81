"""How often something was tried."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import MomentColumn


class ThrottleRow(SQLModel, table=True):
    """A count under a key that tells nobody whose it is; at ``ends_at`` it begins anew.

    What a crash forgets here harms nobody: PostgreSQL does not log it.
    """

    __tablename__ = "throttle"

    key: str = Field(primary_key=True, max_length=120)
    hits: int
    ends_at: datetime = Field(sa_type=MomentColumn, index=True)
