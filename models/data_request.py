"""What people ask about the data that is held about them, and the codes by which they show who they are."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import SealedText


class DataRequestRow(SQLModel, table=True):
    """A request of ``participant_id``: for a copy, a correction, or to be erased; to be answered by ``due_on``.

    ``state``: open, answered, refused. ``by_id``: who noted it, if not the person themself; ``issue_id``: by which issue they are known.
    """

    __tablename__ = "data_request"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    kind: str = Field(max_length=20)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", sa_type=BigKey)
    said: str = Field(default="", sa_type=SealedText("data_request.said"))
    made_at: datetime = Field(sa_type=MomentColumn)
    by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    due_on: date = Field(index=True)
    state: str = Field(default="open", max_length=20)
    answer: str = Field(default="", sa_type=SealedText("data_request.answer"))
    answered_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    answered_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)


class DataCodeRow(SQLModel, table=True):
    """A code of six figures that was sent to somebody's own address; whoever gives it back has shown that it is they."""

    __tablename__ = "data_code"

    participant_id: int = Field(foreign_key="participant.id", primary_key=True, sa_type=BigKey)
    code_hash: str = Field(max_length=64)
    expires_at: datetime = Field(sa_type=MomentColumn)
    tries: int = 0
