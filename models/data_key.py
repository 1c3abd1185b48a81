"""Keys of one issue or person each: who destroys such a key, erases all words that were sealed by it, wherever they stand."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import MomentColumn
from models.sealed import SealedText


class DataKeyRow(SQLModel, table=True):
    """A key, itself sealed by the ring; of a destroyed one only the id is left. ``of`` says whose it is: ``issue:12``, ``participant:5``."""

    __tablename__ = "data_key"

    id: str = Field(primary_key=True, max_length=32)
    of: str = Field(max_length=40, index=True)
    wrapped: str | None = Field(default=None, sa_type=SealedText("data_key.wrapped"))
    made_at: datetime = Field(sa_type=MomentColumn)
    destroyed_at: datetime | None = Field(default=None, sa_type=MomentColumn)
