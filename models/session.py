"""Log-ins."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class SessionRow(SQLModel, table=True):
    """A signed-in person; only the hash of the token is kept."""

    __tablename__ = "session"

    token_hash: str = Field(primary_key=True, max_length=64)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    expires_at: datetime = Field(sa_type=MomentColumn, index=True)
