"""Telephone calls, as a call centre tells of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import BlindIndex, SealedText


class CallRow(SQLModel, table=True):
    """One call. ``agent``: the account in the telephone system; ``agent_id``: whose it is; ``taken_by_id``: who took the caller over.

    ``outcome``: issue, answered, wrong, abandoned (nobody took it), called back; ``None`` while nobody has said. The recording stays elsewhere.
    """

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("connection", "call_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    connection: str = Field(max_length=60)
    call_id: str = Field(max_length=100)
    number: str | None = Field(default=None, sa_type=SealedText("call.number"))
    number_index: str | None = Field(default=None, index=True, sa_type=BlindIndex("phone"))
    agent: str = Field(default="", max_length=60)
    agent_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    taken_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    told_at: datetime = Field(sa_type=MomentColumn, index=True)
    rang_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    answered_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    recording: str | None = Field(default=None, sa_type=SealedText("call.recording"))
    outcome: str | None = Field(default=None, max_length=20)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
