"""Who has to do with an issue without having a task in it, and which issues have to do with each other: what lists read."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey


class InvolvementRow(SQLModel, table=True):
    """A party that follows (``follower``) or supervises (``supervisor``) an issue.

    Whoever follows without an account has a ``follow_code`` of their own beside the issue's number; ``request_key`` makes a second tap harmless.
    """

    __tablename__ = "involvement"

    __table_args__ = (Index("ix_involvement_party", "party"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    party: str = Field(primary_key=True, max_length=40)
    kind: str = Field(primary_key=True, max_length=20)
    follow_code: str | None = Field(default=None, max_length=20)
    request_key: str | None = Field(default=None, unique=True, max_length=120)


class IssueLinkRow(SQLModel, table=True):
    """Two issues that have to do with each other, seen from the first; ``kind`` as in the kernel: child, parent, merged, split, related …"""

    __tablename__ = "issue_link"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    other_id: int = Field(primary_key=True, index=True, sa_type=BigKey)
    kind: str = Field(primary_key=True, max_length=60)
