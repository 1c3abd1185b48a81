"""How long things are kept, what is held back from being erased, and what was."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class RetentionRuleRow(SQLModel, table=True):
    """The office's own rule about ``what``, in an area and of a definition, or (neither) everywhere; the newest row of the same three holds.

    ``span``: ``2 years``, ``for ever``; empty: the rule was taken back.
    """

    __tablename__ = "retention_rule"

    id: int | None = Field(default=None, primary_key=True)
    what: str = Field(max_length=40)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    definition_key: str = Field(default="", max_length=60)
    span: str = Field(max_length=20)
    reason: str = Field(max_length=1000)
    set_at: datetime = Field(sa_type=MomentColumn)
    set_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)


class HoldRow(SQLModel, table=True):
    """An issue, or a person with all that is theirs, that must not be erased: for a law suit, an appeal, an audit; ``until`` a day, or lifted."""

    __tablename__ = "hold"

    __table_args__ = (
        Index(
            "ix_hold_issue",
            "issue_id",
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        Index(
            "ix_hold_person",
            "participant_id",
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", sa_type=BigKey)
    participant_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    cause: str = Field(max_length=20)
    reason: str = Field(max_length=1000)
    until: date | None = None
    placed_at: datetime = Field(sa_type=MomentColumn)
    placed_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    lifted_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    lifted_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    lifted_reason: str = Field(default="", max_length=1000)


class ErasureRow(SQLModel, table=True):
    """What is to be erased together: because its time is over (``retention``), or because somebody asked (``request``).

    ``state``: proposed, approved, dropped, done. ``approved_by``: the names of those who approved, as they are shown.
    """

    __tablename__ = "erasure"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    cause: str = Field(max_length=20)
    state: str = Field(default="proposed", max_length=20, index=True)
    reason: str = Field(default="", max_length=1000)
    proposed_at: datetime = Field(sa_type=MomentColumn)
    proposed_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    approved_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    approved_by: str = Field(default="", max_length=300)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)


class ErasurePartRow(SQLModel, table=True):
    """One issue or person of an erasure; ``what``: personal, or file. ``state``: waiting, done, or kept, and ``why`` it was kept.

    ``of`` and ``number``: ``issue`` or ``participant`` and its id; no foreign key, so that it says what was erased whatever becomes of that.
    """

    __tablename__ = "erasure_part"

    __table_args__ = (
        Index(
            "ix_erasure_part_waiting",
            "erasure_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_erasure_part_of", "of", "number"),
    )

    erasure_id: int = Field(foreign_key="erasure.id", primary_key=True, sa_type=BigKey)
    of: str = Field(primary_key=True, max_length=20)
    number: int = Field(primary_key=True, sa_type=BigKey)
    what: str = Field(max_length=10)
    state: str = Field(default="waiting", max_length=10)
    why: str = Field(default="", max_length=200)
    done_at: datetime | None = Field(default=None, sa_type=MomentColumn)
