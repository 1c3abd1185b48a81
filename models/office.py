"""The office whose house this is: one row, with what its pages, mails and papers say of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from models.base import MomentColumn


class OfficeRow(SQLModel, table=True):
    """How the office is called and where it is; ``logo`` is a small PNG that we have made ourselves of what was sent.

    ``languages``: ``zh,en`` or one of them. ``settled_at``: since when the first administrator has answered what a new house asks.
    ``sample_at``: since when the people of the sample city live here; ``cleared_at``: when they were last cleared away.
    """

    __tablename__ = "office"

    id: int = Field(default=1, primary_key=True)
    name_zh: str | None = Field(default=None, max_length=100)
    name_en: str | None = Field(default=None, max_length=100)
    address: str | None = Field(default=None, max_length=200)
    calendar: str = Field(default="china", max_length=60)
    languages: str = Field(default="zh,en", max_length=40)
    logo: bytes | None = Field(default=None, sa_type=LargeBinary)
    logo_digest: str | None = Field(default=None, max_length=16)
    settled_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    sample_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    cleared_at: datetime | None = Field(default=None, sa_type=MomentColumn)
