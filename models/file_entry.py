"""Entries of the yearly files: what processes (or people) recorded of somebody's work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class FileEntryRow(SQLModel, table=True):
    """One entry: whose, of which year and kind, with its points if it has any; ``key`` (event and person) makes it happen once.

    ``state``: confirmed (recorded by a process), draft, corrected, objected.
    """

    __tablename__ = "file_entry"
    __table_args__ = (Index("ix_file_entry_of", "participant_id", "year"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True, max_length=120)
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    year: int
    kind: str = Field(max_length=60)
    title: Plain = Field(sa_type=Json)
    points: float | None = None
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn)
    state: str = Field(default="confirmed", max_length=20)
