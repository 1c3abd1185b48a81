"""Half-filled forms of tasks, kept for whoever was filling them in."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn, Plain
from models.sealed import SealedJson


class FormDraftRow(SQLModel, table=True):
    """What a participant has entered so far for a task; gone when the task is done."""

    __tablename__ = "form_draft"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    item: int = Field(primary_key=True)
    participant_id: int = Field(foreign_key="participant.id", primary_key=True, sa_type=BigKey)
    action: str = Field(max_length=60)
    entered: Plain = Field(sa_type=SealedJson("form_draft.entered"))
    saved_at: datetime = Field(sa_type=MomentColumn)
