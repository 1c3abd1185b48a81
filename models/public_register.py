"""Which registers the office has opened to the public."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class PublicRegisterRow(SQLModel, table=True):
    """A register that everybody may read, with the ``columns`` (their keys) that the office has chosen; one that is not here is closed."""

    __tablename__ = "public_register"

    key: str = Field(primary_key=True, max_length=40)
    columns: Plain = Field(sa_type=Json)
    changed_at: datetime = Field(sa_type=MomentColumn)
    changed_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
