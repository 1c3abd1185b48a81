"""Who goes on with single tasks of somebody who leaves, where somebody has chosen them before the day."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class SuccessorRow(SQLModel, table=True):
    """A task of ``leaver_id``, and who is to have it from the day on which they leave; gone once it has been handed over."""

    __tablename__ = "successor"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    item: int = Field(primary_key=True)
    leaver_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    made_at: datetime = Field(sa_type=MomentColumn)
