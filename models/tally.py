"""What happened to issues that figures count: urged, returned, rated … The history is the truth; these rows come out of it, and can be made again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey


class TallyRow(SQLModel, table=True):
    """Something that is counted: ``what`` happened for the ``nth`` time in the issue, with which ``value`` (a verdict, a grade), on which local day.

    ``sequence`` is the entry of the history; ``position`` its place in it.
    """

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_what", "what", "on_day", "issue_id"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    sequence: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    what: str = Field(max_length=20)
    value: str = Field(default="", max_length=20)
    nth: int
    on_day: date
