"""Connections to other systems: addresses and secrets stand here, never in a definition."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.base import Json, Plain
from models.sealed import SealedText


class ConnectionRow(SQLModel, table=True):
    """Another system that definitions call by ``key``; requests are signed with ``secret``, and so are the messages that it sends us."""

    __tablename__ = "connection"

    key: str = Field(primary_key=True, max_length=60)
    url: str = Field(max_length=500)
    secret: str | None = Field(default=None, sa_type=SealedText("connection.secret", 200))
    timeout_seconds: int = 10
    active: bool = True
    #: How it tells of telephone calls, if not in our own form: ``source`` and ``body`` of a ``CallMapping``.
    calls: Plain | None = Field(default=None, sa_type=Json)
