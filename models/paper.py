"""Papers that were made, and the templates of which they are made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain
from models.sealed import SealedText


class PaperTemplateRow(SQLModel, table=True):
    """A version of a kind of papers in a language: what it asks and shows (``source``), and its Word ``file`` (digest, size) on the shelf."""

    __tablename__ = "paper_template"

    __table_args__ = (UniqueConstraint("kind", "language", "version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    kind: str = Field(max_length=60)
    language: str = Field(max_length=20)
    version: int
    source: str = Field(sa_column=Column(Text, nullable=False))
    file: Plain = Field(sa_type=Json)
    published_at: datetime = Field(sa_type=MomentColumn)
    published_by: str = Field(max_length=200)
    note: str = Field(default="", max_length=1000)


class PaperRow(SQLModel, table=True):
    """A paper as it was made: its number, the ``sequence``-th of its series and year, and its ``file`` (digest, size) on the shelf.

    It never changes. One that was wrong is ``replaced`` by another, or voided, and its number stays. ``template`` is the version, 0 the shipped one.
    """

    __tablename__ = "paper"

    __table_args__ = (UniqueConstraint("series", "year", "sequence"), UniqueConstraint("series", "number"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    kind: str = Field(max_length=60)
    language: str = Field(max_length=20)
    template: int
    series: str = Field(max_length=60)
    year: int
    sequence: int
    number: str = Field(max_length=80, index=True)
    private: bool
    file: Plain = Field(sa_type=Json)
    replaces_id: int | None = Field(default=None, foreign_key="paper.id", sa_type=BigKey)
    made_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    made_at: datetime = Field(sa_type=MomentColumn)
    request_key: str | None = Field(default=None, unique=True, max_length=120)
    voided_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    voided_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    void_reason: str = Field(default="", sa_type=SealedText("paper.void_reason"))
