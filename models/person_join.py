"""Residents who came on several ways and are one person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import SealedText


class PersonJoinRow(SQLModel, table=True):
    """``joined_id`` is the same person as ``kept_id``. Nothing of either is moved, so parting gives back whose issue was whose.

    ``confirmed_by``: ``code`` (the resident said so, by a code), ``officer``. At most one that holds for each ``joined_id``.
    """

    __tablename__ = "person_join"
    __table_args__ = (
        Index(
            "uq_person_join_holds",
            "joined_id",
            unique=True,
            sqlite_where=text("parted_at IS NULL"),
            postgresql_where=text("parted_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    kept_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    joined_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    confirmed_by: str = Field(max_length=20)
    reason: str = Field(sa_type=SealedText("person_join.reason"))
    by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    joined_at: datetime = Field(sa_type=MomentColumn)
    part_reason: str = Field(default="", sa_type=SealedText("person_join.part_reason"))
    parted_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    parted_at: datetime | None = Field(default=None, sa_type=MomentColumn)
