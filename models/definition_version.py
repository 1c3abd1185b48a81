"""Published definitions: never updated, never deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Json, Moment, Plain


class DefinitionVersion(SQLModel, table=True):
    """One version; ``digest`` is over the canonical ``body``, so a comment makes no new version.

    ``variant`` names the overrides that are laid over it; the definition itself has none.
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
    published_at: datetime = Field(sa_type=Moment)
    published_by: str = Field(max_length=100)
    note: str = Field(default="", max_length=1000)
