"""Scoring tables as they were adopted: every version, for as long as a result was reckoned by it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Json, MomentColumn, Plain


class ScoreVersionRow(SQLModel, table=True):
    """One version of a table: never updated, never deleted. ``begins`` and ``ends`` are its dates of force, as it says them."""

    __tablename__ = "score_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60, index=True)
    version: int
    digest: str = Field(max_length=64)
    source: str = Field(sa_column=Column(Text, nullable=False))
    body: Plain = Field(sa_type=Json)
    begins: date | None = None
    ends: date | None = None
    published_at: datetime = Field(sa_type=MomentColumn)
    published_by: str = Field(max_length=100)
    note: str = Field(default="", max_length=1000)
