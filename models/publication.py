"""What has become public: reviewed copies, never originals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class PublicationRow(SQLModel, table=True):
    """A published text by language; ``key`` (the event that decided it) makes it happen once. It can be withdrawn, and is kept.

    ``issue_id`` is the issue by which it was prepared, ``about_id`` the one that it tells of, ``station_id`` where that was, ``matter`` its kind by
    language, ``days`` how long it took. ``photos``: references of files; ``credit``: who handled it, as they were called then. ``words``: what the
    search looks through.
    """

    __tablename__ = "publication"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True, max_length=120)
    issue_id: int = Field(foreign_key="issue.id", index=True, sa_type=BigKey)
    about_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    kind: str = Field(max_length=60, index=True)
    title: Plain = Field(sa_type=Json)
    text: Plain = Field(sa_type=Json)
    matter: Plain | None = Field(default=None, sa_type=Json)
    days: int | None = None
    photos: Plain = Field(default=(), sa_type=Json, sa_column_kwargs={"server_default": "[]"})
    credit: Plain = Field(default=(), sa_type=Json, sa_column_kwargs={"server_default": "[]"})
    words: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    published_at: datetime = Field(sa_type=MomentColumn)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    withdrawn_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    withdrawn_why: str = Field(default="", max_length=300, sa_column_kwargs={"server_default": ""})
