"""What has become public: reviewed copies, never originals."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class PublicationRow(SQLModel, table=True):
    """A published text by language; ``key`` (the event that decided it) makes it happen once. It can be withdrawn, and is kept."""

    __tablename__ = "publication"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True, max_length=120)
    issue_id: int = Field(foreign_key="issue.id", index=True, sa_type=BigKey)
    kind: str = Field(max_length=60, index=True)
    title: Plain = Field(sa_type=Json)
    text: Plain = Field(sa_type=Json)
    published_at: datetime = Field(sa_type=MomentColumn)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MomentColumn)
