"""Lines of the yearly files: a projection of the histories and of what processes registered. All of it can be thrown away and made anew."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class FileLineRow(SQLModel, table=True):
    """One line: whose, on which day of the office, of which kind, and the event of the issue that it comes from.

    ``key`` is the same however often the line is made. ``rule``: by which rule for issues it came; ``entry_id``: what a process registered, if
    that is what it came from. Its words lie there and in the issue, and nowhere here.
    """

    __tablename__ = "file_line"
    __table_args__ = (Index("ix_file_line_of", "participant_id", "day"), Index("ix_file_line_issue", "issue_id"))

    key: str = Field(primary_key=True, max_length=120)
    participant_id: int = Field(sa_type=BigKey)
    day: date
    at: datetime = Field(sa_type=MomentColumn)
    kind: str = Field(max_length=60)
    rule: str | None = Field(default=None, max_length=60)
    issue_id: int | None = Field(default=None, sa_type=BigKey)
    sequence: int | None = None
    entry_id: int | None = Field(default=None, sa_type=BigKey)
    points: float | None = None
