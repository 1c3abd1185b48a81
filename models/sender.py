"""Accounts with providers through which messages leave: an agent of WeCom, a signature for short messages, another mail server."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import Json, MomentColumn, Plain
from models.sealed import SealedJson


class SenderRow(SQLModel, table=True):
    """An account by which messages leave on a ``channel``; ``kind``: what speaks with the provider (``notifications.channels.kinds``).

    ``fields`` and ``secret`` are what the kind asks for. ``mode``: live; guests, to those participants alone; test, to nobody. ``state``: active,
    paused, or refused, when the provider does not know it any more. ``tokens``: so many messages it may send at ``filled_at``, of ``per_minute``.
    ``rank``: of several on a channel the lowest is the usual one. ``hook_secret``: stands in the address that the provider tells of receipts.
    """

    __tablename__ = "sender"

    key: str = Field(primary_key=True, max_length=60)
    title: str = Field(max_length=100)
    channel: str = Field(max_length=20)
    kind: str = Field(max_length=40)
    rank: int = 0
    fields: Plain = Field(sa_type=Json)
    secret: Plain | None = Field(default=None, sa_type=SealedJson("sender.secret"))
    hook_secret: Plain | None = Field(default=None, sa_type=SealedJson("sender.hook_secret"))
    per_minute: int | None = None
    per_person_day: int | None = None
    mode: str = Field(default="test", max_length=20)
    guests: list[int] = Field(default_factory=list, sa_type=Json)
    state: str = Field(default="active", max_length=20)
    tokens: float = 0.0
    filled_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    checked_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    last_error: str | None = Field(default=None, max_length=1000)
    created_at: datetime = Field(sa_type=MomentColumn)
