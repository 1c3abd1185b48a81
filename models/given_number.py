"""Numbers that issues were given on the way, such as document numbers: by their series, and to be found by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class GivenNumberRow(SQLModel, table=True):
    """The ``sequence``-th number of a series, for a station (code) and year; that no number is given twice is said by the keys."""

    __tablename__ = "given_number"

    __table_args__ = (UniqueConstraint("series", "number"),)

    series: str = Field(primary_key=True, max_length=121)
    station: str = Field(primary_key=True, max_length=40)
    year: int = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    number: str = Field(max_length=80, index=True)
    issue_id: int = Field(foreign_key="issue.id", index=True, sa_type=BigKey)
    field: str = Field(max_length=60)
    given_at: datetime = Field(sa_type=MomentColumn)
