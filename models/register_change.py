"""The register's log: what was changed, when, by whom and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn, Plain
from models.sealed import SealedJson


class RegisterDeedRow(SQLModel, table=True):
    """Changes that were made together, in one transaction. ``way``: ``page``, ``sheet``, ``file``, ``command``; ``undoes_id`` names the deed
    that this one takes back. ``by_id`` is ``None`` for a command on the machine itself.
    """

    __tablename__ = "register_deed"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    way: str = Field(max_length=20)
    by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn, index=True)
    why: str = Field(default="", max_length=1000)
    undoes_id: int | None = Field(default=None, foreign_key="register_deed.id", index=True, sa_type=BigKey)


class RegisterChangeRow(SQLModel, table=True):
    """One row of the register as it was and as it became; ``before`` is ``None`` for a new one, ``after`` for one taken out.

    ``of_table``: the table; ``row_key``: the columns of its primary key, as text. ``person_id``, ``station_id`` and ``organisation_id`` name what
    it is about, so that each has its log; nothing keeps a row that they name from being taken out.
    """

    __tablename__ = "register_change"
    __table_args__ = (Index("ix_register_change_of_row", "of_table", "row_key"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    deed_id: int = Field(foreign_key="register_deed.id", index=True, sa_type=BigKey)
    of_table: str = Field(max_length=40)
    row_key: str = Field(max_length=120)
    before: Plain | None = Field(default=None, sa_type=SealedJson("register_change.before"), nullable=True)
    after: Plain | None = Field(default=None, sa_type=SealedJson("register_change.after"), nullable=True)
    person_id: int | None = Field(default=None, index=True, sa_type=BigKey)
    station_id: int | None = Field(default=None, index=True)
    organisation_id: int | None = Field(default=None, index=True)
