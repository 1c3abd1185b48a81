"""The outbox: effects that were decided and are still to be carried out, written in the transaction that decided them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class OutboxRow(SQLModel, table=True):
    """One effect; ``status``: pending, done, failed. A dispatcher holds it until ``available_at`` (its lease).

    ``station_id`` is that of its issue when it was decided: stations take turns.
    ``trace``: the W3C traceparent of the action that decided it, while actions are traced.
    """

    __tablename__ = "outbox"

    __table_args__ = (
        Index(
            "ix_outbox_pending",
            "available_at",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_outbox_turn",
            "station_id",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_outbox_call",
            "available_at",
            "id",
            sqlite_where=text("status = 'pending' AND kind = 'request'"),
            postgresql_where=text("status = 'pending' AND kind = 'request'"),
        ),
        Index(
            "ix_outbox_given_up",
            "issue_id",
            sqlite_where=text("status = 'failed'"),
            postgresql_where=text("status = 'failed'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    issue_id: int = Field(foreign_key="issue.id", index=True, sa_type=BigKey)
    sequence: int
    kind: str = Field(max_length=20)
    payload: Plain = Field(sa_type=Json)
    status: str = Field(default="pending", max_length=20)
    attempts: int = 0
    available_at: datetime = Field(sa_type=MomentColumn)
    created_at: datetime = Field(sa_type=MomentColumn)
    done_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    error: str | None = Field(default=None, max_length=1000)
    station_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    trace: str | None = Field(default=None, max_length=55)
