"""Definitions that are being written: kept until they are published or thrown away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class DefinitionDraftRow(SQLModel, table=True):
    """A text with its scenarios, which may be wrong in any way; begun from a version (``base_key``, ``base_version``), an example, or nothing.

    ``revision`` grows with each saving, so that two who write at the same time notice each other.
    """

    __tablename__ = "definition_draft"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    base_key: str | None = Field(default=None, max_length=60)
    base_version: int | None = None
    source: str = Field(sa_column=Column(Text, nullable=False))
    scenarios: str = Field(sa_column=Column(Text, nullable=False))
    revision: int = 1
    saved_at: datetime = Field(sa_type=MomentColumn)
    saved_by: str = Field(max_length=100)
