"""Published overrides: what a station or an area says otherwise than a definition. Never updated but for ``problem``, never deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Json, MomentColumn, Plain


class DefinitionOverrideRow(SQLModel, table=True):
    """One version of an override; ``scope`` is ``station:XG`` or ``area:990201``. ``problem`` says why it no longer fits the definition in force."""

    __tablename__ = "definition_override"
    __table_args__ = (UniqueConstraint("definition_key", "scope", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    definition_key: str = Field(max_length=60, index=True)
    scope: str = Field(max_length=60)
    version: int
    digest: str = Field(max_length=64)
    source: str = Field(sa_column=Column(Text, nullable=False))
    body: Plain = Field(sa_type=Json)
    published_at: datetime = Field(sa_type=MomentColumn)
    published_by: str = Field(max_length=100)
    note: str = Field(default="", max_length=1000)
    problem: str | None = Field(default=None, max_length=2000)
