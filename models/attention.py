"""What a person has an eye on, and what they have looked at: theirs alone, and no part of the issue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class AttentionRow(SQLModel, table=True):
    """One person and one issue: since when they follow it (``followed_at``), and which ``version`` of it they opened last (0: none)."""

    __tablename__ = "attention"

    __table_args__ = (
        # what is new since one looked, on every page of staff
        Index("ix_attention_person", "participant_id", "issue_id", "version"),
        Index(
            "ix_attention_followed",
            "participant_id",
            "issue_id",
            sqlite_where=text("followed_at IS NOT NULL"),
            postgresql_where=text("followed_at IS NOT NULL"),
        ),
    )

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", primary_key=True, sa_type=BigKey)
    followed_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    version: int = 0
