"""Who was last given which role: what taking turns needs to know."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import MomentColumn


class AssignmentRow(SQLModel, table=True):
    """When a party was last given a role in any issue of a definition."""

    __tablename__ = "assignment"

    definition_key: str = Field(primary_key=True, max_length=60)
    role: str = Field(primary_key=True, max_length=60)
    party: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=MomentColumn)
