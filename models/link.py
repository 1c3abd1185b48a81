"""Links in messages that open the recipient's task directly."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class ActionLinkRow(SQLModel, table=True):
    """A random token's hash, bound to a person and an issue (and a task); the token itself is kept nowhere. Links of old have no ``issued_at``."""

    __tablename__ = "action_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    issue_id: int = Field(foreign_key="issue.id", index=True, sa_type=BigKey)
    item: int | None = None
    expires_at: datetime = Field(sa_type=MomentColumn, index=True)
    issued_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    opened_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
