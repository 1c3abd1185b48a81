"""Published definitions: what they say is never updated, and they are never deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Json, MomentColumn, Plain


class DefinitionVersionRow(SQLModel, table=True):
    """One version; ``digest`` is over the canonical ``body``, so a comment makes no new version.

    ``variant`` names the overrides that are laid over it; the definition itself has none. Issues are opened by the version that came into force
    last (``in_force_from``) and was not withdrawn. ``report`` is what was found when it was published.
    """

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("key", "version", "variant"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60, index=True)
    version: int
    variant: str = Field(default="", max_length=40)
    digest: str = Field(max_length=64)
    source: str = Field(sa_column=Column(Text, nullable=False))
    body: Plain = Field(sa_type=Json)
    schema_version: int = 1
    published_at: datetime = Field(sa_type=MomentColumn)
    published_by: str = Field(max_length=100)
    note: str = Field(default="", max_length=1000)
    in_force_from: datetime = Field(sa_type=MomentColumn)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    withdrawn_by: str | None = Field(default=None, max_length=100)
    withdrawn_because: str | None = Field(default=None, max_length=500)
    report: Plain | None = Field(default=None, sa_type=Json)
