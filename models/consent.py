"""What people were told when they gave their data, word for word, and to what they agreed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn
from models.sealed import SealedText


class CollectionNoticeRow(SQLModel, table=True):
    """A notice as it stood at a form; ``digest`` is that of its text."""

    __tablename__ = "collection_notice"

    digest: str = Field(primary_key=True, max_length=64)
    language: str = Field(max_length=20)
    text: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_type=MomentColumn)


class ConsentRow(SQLModel, table=True):
    """Which notice stood at the form by which an issue was reported; ``sensitive``: the sensitive fields to which somebody agreed apart.

    ``guardian``: who agreed for somebody under fourteen.
    """

    __tablename__ = "consent"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    notice: str = Field(foreign_key="collection_notice.digest", max_length=64)
    sensitive: list[str] = Field(default_factory=list, sa_type=Json)
    minor: bool = False
    guardian: str = Field(default="", sa_type=SealedText("consent.guardian"))
    given_at: datetime = Field(sa_type=MomentColumn)
