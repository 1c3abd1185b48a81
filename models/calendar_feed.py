"""Calendar feeds: signed addresses at which a person's phone reads their deadlines."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class CalendarFeedRow(SQLModel, table=True):
    """The hash of a random address, whose it is, and whether it says what issues are about; the address itself is kept nowhere."""

    __tablename__ = "calendar_feed"

    token_hash: str = Field(primary_key=True, max_length=64)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    subjects: bool = False
    created_at: datetime = Field(sa_type=MomentColumn)
    revoked_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    last_read_at: datetime | None = Field(default=None, sa_type=MomentColumn)
