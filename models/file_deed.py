"""What people did to a yearly file: entered, confirmed, returned, corrected, objected, answered, closed the year, amended it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain
from models.sealed import SealedJson


class FileDeedRow(SQLModel, table=True):
    """One deed, never changed: nothing in a file is overwritten, the latest deed about a line says how it stands.

    ``line`` is the key of the line that it is about; ``body`` what was written (an entry's matter, or a reason), ``evidence`` the references of
    kept files. Closing a year keeps the lines as they stood in ``body``.
    """

    __tablename__ = "file_deed"
    __table_args__ = (Index("ix_file_deed_of", "participant_id", "year"), Index("ix_file_deed_year", "year"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn)
    by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    year: int
    what: str = Field(max_length=20)
    line: str | None = Field(default=None, max_length=120)
    body: Plain | None = Field(default=None, sa_type=SealedJson("file_deed.body"), nullable=True)
    evidence: list[Any] = Field(default_factory=list, sa_type=Json)
    request_key: str | None = Field(default=None, unique=True, max_length=120)
