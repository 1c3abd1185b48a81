"""Incidents: what could not be carried out after all attempts, until somebody has put it right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import SealedText


class IncidentRow(SQLModel, table=True):
    """One thing that failed: ``what`` is ``effect`` (``what_id``: its row in the outbox), ``delivery`` (a message) or ``timer`` (its number).

    ``status``: open; retrying, since somebody had it tried again; closed, with its ``outcome``: fixed (it succeeded), skipped (somebody went on
    without it), superseded (the issue has moved on). ``visit``: the visit that waits for the effect. ``reason`` is free of addresses.
    """

    __tablename__ = "incident"

    __table_args__ = (
        Index(
            "uq_incident_open",
            "what",
            "issue_id",
            "what_id",
            unique=True,
            sqlite_where=text("status <> 'closed'"),
            postgresql_where=text("status <> 'closed'"),
        ),
        Index("ix_incident_status", "status", "opened_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    what: str = Field(max_length=20)
    what_id: int = Field(sa_type=BigKey)
    issue_id: int = Field(default=0, sa_type=BigKey)
    station_id: int = Field(default=0)
    visit: int | None = None
    kind: str = Field(max_length=20)
    step: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=500)
    attempts: int = 0
    status: str = Field(default="open", max_length=20)
    outcome: str | None = Field(default=None, max_length=20)
    opened_at: datetime = Field(sa_type=MomentColumn)
    changed_at: datetime = Field(sa_type=MomentColumn)
    closed_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    closed_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    note: str | None = Field(default=None, sa_type=SealedText("incident.note", 500))
