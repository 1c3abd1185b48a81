"""Published calendars: numbered versions that never change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import MomentColumn


class CalendarVersionRow(SQLModel, table=True):
    """One version of a calendar, with the text that it was published as."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60)
    version: int
    digest: str = Field(max_length=64)
    source: str = Field(sa_column=Column(Text, nullable=False))
    published_at: datetime = Field(sa_type=MomentColumn)
    published_by: str = Field(max_length=100)
    note: str = Field(default="", max_length=1000)
