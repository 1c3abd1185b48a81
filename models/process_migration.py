"""Migrations of running issues from one version of a definition to another: the plan, and what became of each issue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class ProcessMigrationRow(SQLModel, table=True):
    """One migration, from version ``leaving`` to ``entering`` (their numbers). ``reverts``: the migration that it takes back.

    ``status``: running, or ended, when every issue has moved or is known to stay.
    """

    __tablename__ = "process_migration"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60, index=True)
    leaving: int
    entering: int
    plan: Plain = Field(sa_type=Json)
    reason: str = Field(max_length=500)
    status: str = Field(default="running", max_length=20)
    reverts: int | None = Field(default=None, foreign_key="process_migration.id")
    asked_by: str = Field(max_length=100)
    asked_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    asked_at: datetime = Field(sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)


class ProcessMigrationIssueRow(SQLModel, table=True):
    """One issue of a migration. ``status``: waiting (``attempts`` says how often it was tried), moved (as event ``sequence`` of its history,
    from and to these rows of ``definition_version``), mapping (the plan has no place for it), blocked, gone (closed, or elsewhere already).

    ``obstacles``: why it stays, each as ``{kind, about, zh, en}``.
    """

    __tablename__ = "process_migration_issue"
    __table_args__ = (
        Index(
            "ix_process_migration_issue_waiting",
            "available_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_process_migration_issue_status", "migration_id", "status"),
    )

    migration_id: int = Field(foreign_key="process_migration.id", primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", primary_key=True, index=True, sa_type=BigKey)
    status: str = Field(default="waiting", max_length=20)
    attempts: int = 0
    available_at: datetime = Field(sa_type=MomentColumn)
    sequence: int | None = None
    leaving_id: int | None = Field(default=None, foreign_key="definition_version.id")
    entering_id: int | None = Field(default=None, foreign_key="definition_version.id")
    obstacles: list[Plain] = Field(default_factory=list, sa_type=Json)
