"""Work items, and who may act on them: what "my tasks" reads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class WorkItemRow(SQLModel, table=True):
    """What one person or department is asked to do; ``number`` is the kernel's, unique in the issue.

    ``kind``: task, question, consult, sign, extension or shelving. ``status``: open, done, ended. ``due_at``: its own deadline, else that of its
    visit; ``provisional``: it needs days that are not announced yet; ``paused_at``: its clock stands since then;
    ``due_version``: the event of the issue by which one of these last changed.
    """

    __tablename__ = "work_item"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    number: int = Field(primary_key=True)
    visit: int
    step: str = Field(max_length=60)
    role: str = Field(max_length=60)
    kind: str = Field(default="task", max_length=20)
    status: str = Field(max_length=20)
    owner_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    opened_at: datetime = Field(sa_type=MomentColumn)
    due_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    provisional: bool = False
    paused_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    due_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    action: str | None = Field(default=None, max_length=60)


class CandidateRow(SQLModel, table=True):
    """A party that may act on an open work item; rows go when the item ends."""

    __tablename__ = "candidate"

    __table_args__ = (Index("ix_candidate_party", "party"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    item: int = Field(primary_key=True)
    party: str = Field(primary_key=True, max_length=40)
