"""Reports of a month, quarter or year as they were frozen, and what was corrected in them afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class FrozenReportRow(SQLModel, table=True):
    """A report as it was prepared (``body``, canonical JSON with its ``digest``): never updated, never deleted.

    ``issued_at`` is empty until somebody issues it, with their ``note`` and its ``files``, each with its name and digest.
    """

    __tablename__ = "frozen_report"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    number: str = Field(unique=True, max_length=80)
    plan_key: str = Field(max_length=60, index=True)
    span: str = Field(max_length=20)
    first_day: date
    last_day: date
    as_of: datetime = Field(sa_type=MomentColumn)
    title: Plain = Field(sa_type=Json)
    body: str = Field(sa_column=Column(Text, nullable=False))
    digest: str = Field(max_length=64)
    issued_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    issued_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    issued_by: str | None = Field(default=None, max_length=100)
    note: str | None = Field(default=None, max_length=2000)
    files: Plain | None = Field(default=None, sa_type=Json, nullable=True)


class ReportAmendmentRow(SQLModel, table=True):
    """A correction of an issued report: the ``nth``, what changed (``changes``, canonical JSON with its ``digest``) and why. Never updated."""

    __tablename__ = "report_amendment"
    __table_args__ = (UniqueConstraint("report_id", "nth"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    report_id: int = Field(foreign_key="frozen_report.id", index=True, sa_type=BigKey)
    nth: int
    made_at: datetime = Field(sa_type=MomentColumn)
    made_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    made_by: str = Field(max_length=100)
    why: str = Field(max_length=2000)
    changes: str = Field(sa_column=Column(Text, nullable=False))
    digest: str = Field(max_length=64)
