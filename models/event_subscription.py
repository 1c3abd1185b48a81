"""Webhooks out of the house: who is told of what happens to issues, and what is to be told, written with the happening itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain
from models.sealed import SealedJson, SealedText


class EventSubscriptionRow(SQLModel, table=True):
    """Another system that is told; empty ``definitions`` or ``happenings`` mean all of them, and so does no station.

    ``old_secret`` signs beside ``secret`` until ``old_secret_until``. ``failures`` counts the attempts that failed in a row, ``failing_since`` is
    the first of them, and until ``not_before`` nothing is sent. ``stopped`` says why one that is not ``active`` was stopped.
    """

    __tablename__ = "event_subscription"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    url: str = Field(max_length=2000)
    secret: str = Field(sa_type=SealedText("event_subscription.secret", 200))
    old_secret: str | None = Field(default=None, sa_type=SealedText("event_subscription.old_secret", 200))
    old_secret_until: datetime | None = Field(default=None, sa_type=MomentColumn)
    definitions: list[str] = Field(sa_type=Json)
    happenings: list[str] = Field(sa_type=Json)
    station_id: int | None = Field(default=None, foreign_key="station.id")
    active: bool = True
    stopped: str | None = Field(default=None, max_length=1000)
    failures: int = 0
    failing_since: datetime | None = Field(default=None, sa_type=MomentColumn)
    not_before: datetime | None = Field(default=None, sa_type=MomentColumn)
    created_at: datetime = Field(sa_type=MomentColumn)
    created_by: str = Field(max_length=100)


class EventDeliveryRow(SQLModel, table=True):
    """One happening for one subscription; ``status``: pending, accepted, failed. A sender holds it until ``available_at`` (its lease).

    ``sequence`` is the event's place in the issue's history, ``position`` the happening's in the event. A trial has no issue.
    """

    __tablename__ = "event_delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "issue_id", "sequence", "position"),
        Index(
            "ix_event_delivery_pending",
            "subscription_id",
            "available_at",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_event_delivery_ended",
            "ended_at",
            sqlite_where=text("ended_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        Index(
            "ix_event_delivery_given_up",
            "subscription_id",
            sqlite_where=text("status = 'failed'"),
            postgresql_where=text("status = 'failed'"),
        ),
        Index("ix_event_delivery_subscription", "subscription_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    subscription_id: int = Field(foreign_key="event_subscription.id")
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    sequence: int
    position: int
    kind: str = Field(max_length=40)
    payload: Plain = Field(sa_type=SealedJson("event_delivery.payload"))
    status: str = Field(default="pending", max_length=20)
    attempts: int = 0
    available_at: datetime = Field(sa_type=MomentColumn)
    created_at: datetime = Field(sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    reason: str | None = Field(default=None, max_length=1000)
    trace: str | None = Field(default=None, max_length=55)
