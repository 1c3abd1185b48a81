"""Log-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import false as sa_false
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class SessionRow(SQLModel, table=True):
    """A signed-in person; only the hash of the token is kept.

    ``awaits``: what is still to be shown before anything opens: ``code`` (of the second factor), ``enrolment`` (of one), or nothing. ``tries``: wrong
    codes so far. ``how`` they came in; ``agent``: what their browser calls itself. ``served``: they served somewhere when they came in.
    """

    __tablename__ = "session"

    token_hash: str = Field(primary_key=True, max_length=64)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    expires_at: datetime = Field(sa_type=MomentColumn, index=True)
    made_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    seen_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    agent: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    how: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    awaits: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    served: bool = Field(default=False, sa_column_kwargs={"server_default": sa_false()})
    second_factor_at: datetime | None = Field(default=None, sa_type=MomentColumn)
