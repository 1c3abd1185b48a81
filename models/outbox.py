"""The outbox: effects that were decided and are still to be carried out, written in the transaction that decided them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from engine.codec import decode_effect
from engine.effect import Effect
from models.base import NOUNS, BigKey, MomentColumn, NounsColumn


class OutboxRow(SQLModel, table=True):
    """One effect, at its ``position`` among those of its event; ``status``: pending, done, failed. A dispatcher holds it until ``available_at``
    (its lease). ``late``: it should have been decided long ago, and may be told together with others.

    ``station_id`` is that of its issue when it was decided: stations take turns.
    ``trace``: the W3C traceparent of the action that decided it, while actions are traced.
    """

    __tablename__ = "outbox"
    model_config = NOUNS

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
    position: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    payload: Effect = Field(sa_type=NounsColumn(decode_effect, "outbox.payload"))
    late: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    status: str = Field(default="pending", max_length=20)
    attempts: int = 0
    available_at: datetime = Field(sa_type=MomentColumn)
    created_at: datetime = Field(sa_type=MomentColumn)
    done_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    error: str | None = Field(default=None, max_length=1000)
    station_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    trace: str | None = Field(default=None, max_length=55)
