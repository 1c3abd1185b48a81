"""The audit log: who did or saw what that somebody must be able to answer for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class AuditRow(SQLModel, table=True):
    """One line; never changed, and taken out by the rule of keeping alone.

    ``what`` is a key of ``huying/audit/kind.py``. ``by_id`` is ``None`` for the system, the command line and strangers; ``via`` says through
    what: ``page``, ``api``, ``key:…``, ``link:…``, ``console``, ``command:…``. ``object``: what it was done to, as ``kind:name``; ``about_id``: the
    person whom it concerns. Names of people stand in no foreign key: a line outlives what it tells of. ``session``: a mark of the log-in, which
    opens nothing. ``detail`` holds counts, names of fields and keys; never a private value.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_what_at", "what", "at"),
        Index("ix_audit_by_id_at", "by_id", "at"),
        Index("ix_audit_about_id_at", "about_id", "at"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn, index=True)
    what: str = Field(max_length=40)
    by_id: int | None = Field(default=None, sa_type=BigKey)
    via: str = Field(default="", max_length=80)
    on_behalf_id: int | None = Field(default=None, sa_type=BigKey)
    object: str = Field(default="", max_length=120, index=True)
    about_id: int | None = Field(default=None, sa_type=BigKey)
    reason: str = Field(default="", max_length=500)
    address: str = Field(default="", max_length=64)
    agent: str = Field(default="", max_length=200)
    session: str = Field(default="", max_length=16)
    outcome: str = Field(default="done", max_length=10)
    detail: Plain = Field(default_factory=dict, sa_type=Json)


class AuditOutputRow(SQLModel, table=True):
    """How far the log was handed on to a place outside: a file, or ``-`` for the standard output."""

    __tablename__ = "audit_output"

    place: str = Field(primary_key=True, max_length=200)
    seq: int = Field(sa_type=BigKey)
