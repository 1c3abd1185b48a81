"""The history: append-only, one row an event, each chained to the one before by its hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from engine.change import Change
from engine.codec import decode_changes, decode_event
from engine.event import Happened
from models.base import NOUNS, BigKey, MomentColumn, NounsColumn


class HistoryRow(SQLModel, table=True):
    """What happened: who (``None``: the clock), when, the event, and the changes that it led to.

    ``request_key`` makes a repeated request harmless: it is unique, and starts with the actor's reference. ``via`` says through what it was
    done, if not through the portal (``console``: Prefect's pages); it is part of the hash.
    """

    __tablename__ = "history"
    model_config = NOUNS

    __table_args__ = (Index("ix_history_actor", "actor_id", "at"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    sequence: int = Field(primary_key=True)
    at: datetime = Field(sa_type=MomentColumn)
    actor_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    kind: str = Field(max_length=20)
    event: Happened = Field(sa_type=NounsColumn(decode_event, "history.event"))
    changes: tuple[Change, ...] = Field(sa_type=NounsColumn(decode_changes, "history.changes"))
    request_key: str | None = Field(default=None, unique=True, max_length=120)
    via: str | None = Field(default=None, max_length=20)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
