"""Promises that were given in issues: what registers and chasers read; the kernel's state is the truth."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import SealedText


class PromiseRow(SQLModel, table=True):
    """What a party promised to do by a day; ``status``: open, kept, broken."""

    __tablename__ = "promise"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    number: int = Field(primary_key=True)
    party: str = Field(max_length=40, index=True)
    what: str = Field(sa_type=SealedText("promise.what", 5000))
    due_on: date = Field(index=True)
    status: str = Field(default="open", max_length=20)
    made_at: datetime = Field(sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
