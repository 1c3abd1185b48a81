"""Sheets of matters from before this house: as they were handed in, how their columns are understood, and which issues came of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain
from models.sealed import SealedBytes


class LegacyImportRow(SQLModel, table=True):
    """One sheet. ``state``: ``offered``, ``written``, ``undone``.

    ``book`` holds its cells, packed, until ``kept_until``. ``head`` tells sheets with the same titles from others: how the last one was understood
    (``understood``) is remembered for the next.
    """

    __tablename__ = "legacy_import"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    name: str = Field(max_length=200)
    by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn)
    kept_until: datetime = Field(sa_type=MomentColumn, index=True)
    state: str = Field(default="offered", max_length=20)
    definition: str = Field(max_length=80)
    head: str = Field(max_length=64, index=True)
    understood: Plain = Field(default_factory=dict, sa_type=Json)
    book: bytes | None = Field(default=None, sa_type=SealedBytes("legacy_import.book"))


class LegacyMatterRow(SQLModel, table=True):
    """An issue that was taken over: by which import, from which line, and the number that the office had for it, which stands once at a station."""

    __tablename__ = "legacy_matter"
    __table_args__ = (UniqueConstraint("station_id", "ours"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    import_id: int = Field(foreign_key="legacy_import.id", index=True, sa_type=BigKey)
    station_id: int = Field(foreign_key="station.id")
    ours: str = Field(max_length=80)
    line: int
