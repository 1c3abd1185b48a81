"""Plans: what comes round by itself, how far each has been carried out, and what came of every time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class PlanRow(SQLModel, table=True):
    """A plan in force and how far it is: ``done_until`` is the last rule's day that was taken up, ``next_at`` the moment of the next."""

    __tablename__ = "plan"

    __table_args__ = (
        Index(
            "ix_plan_next",
            "next_at",
            sqlite_where=text("paused_at IS NULL"),
            postgresql_where=text("paused_at IS NULL"),
        ),
    )

    key: str = Field(primary_key=True, max_length=60)
    version: int
    done_until: date
    next_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    paused_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    paused_by: str | None = Field(default=None, max_length=100)


class PlanVersionRow(SQLModel, table=True):
    """One version as it was published: never updated, never deleted."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60, index=True)
    version: int
    digest: str = Field(max_length=64)
    source: str = Field(sa_column=Column(Text, nullable=False))
    body: Plain = Field(sa_type=Json)
    published_at: datetime = Field(sa_type=MomentColumn)
    published_by: str = Field(max_length=100)
    note: str = Field(default="", max_length=1000)


class PlanOccurrenceRow(SQLModel, table=True):
    """One time that a plan comes round at one ``scope`` (``station:XG``, or empty: everywhere); unique, so that it happens once.

    ``rule_day`` is what its rule names, ``day`` when it is held, ``due_at`` when it is to be carried out. ``status``: pending, done, missed (its
    day was over, or a later one said it), failed. ``payload`` is what an opening was asked for, kept before it is done; ``outcome`` what came of it.
    """

    __tablename__ = "plan_occurrence"
    __table_args__ = (
        UniqueConstraint("plan_key", "scope", "rule_day"),
        Index(
            "ix_plan_occurrence_pending",
            "available_at",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_plan_occurrence_day", "plan_key", "day"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    plan_key: str = Field(foreign_key="plan.key", max_length=60)
    version: int
    scope: str = Field(default="", max_length=60)
    rule_day: date
    day: date
    due_at: datetime = Field(sa_type=MomentColumn)
    provisional: bool = False
    status: str = Field(default="pending", max_length=20)
    attempts: int = 0
    available_at: datetime = Field(sa_type=MomentColumn)
    payload: Plain | None = Field(default=None, sa_type=Json, nullable=True)
    outcome: Plain = Field(default_factory=dict, sa_type=Json)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    error: str | None = Field(default=None, max_length=1000)
    done_at: datetime | None = Field(default=None, sa_type=MomentColumn)
