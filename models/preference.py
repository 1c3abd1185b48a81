"""How people want to be told: by which channel, at once or in a digest, and when not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn


class PreferenceRow(SQLModel, table=True):
    """A wish of one person, or (without one) what the office sets for a ``kind`` of people, about a ``topic``: tasks, progress, digests, notices.

    ``channels``: in this order, empty for the order of the addresses. ``off``: nothing but what the law demands. ``digest``: once (as it comes),
    hourly, daily (at ``daily_at``, ``09:00``). ``wait_minutes``: what is unread by then goes to the next address; 0: never.
    """

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("participant_id", "topic"), UniqueConstraint("kind", "topic"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    participant_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    kind: str | None = Field(default=None, max_length=40)
    topic: str = Field(max_length=20)
    channels: list[str] = Field(default_factory=list, sa_type=Json)
    off: bool = False
    digest: str = Field(default="once", max_length=20)
    daily_at: str = Field(default="09:00", max_length=5)
    wait_minutes: int = 0
    changed_at: datetime = Field(sa_type=MomentColumn)


class QuietHoursRow(SQLModel, table=True):
    """When somebody, or a kind of people, is not to be told anything but what is urgent: from ``starts`` to ``ends``, over midnight too."""

    __tablename__ = "quiet_hours"
    __table_args__ = (UniqueConstraint("participant_id"), UniqueConstraint("kind"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    participant_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    kind: str | None = Field(default=None, max_length=40)
    starts: str = Field(max_length=5)
    ends: str = Field(max_length=5)
    zone: str = Field(max_length=60)
    changed_at: datetime = Field(sa_type=MomentColumn)
