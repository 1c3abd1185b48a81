"""Workbooks of the register that were handed in, looked at, written or taken back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn
from models.sealed import SealedBytes, SealedJson


class RegisterImportRow(SQLModel, table=True):
    """One workbook, kept until a moment. ``state``: ``offered``, ``written``, ``undone``.

    ``book`` holds its cells and ``preview`` what it would change, both packed; ``base`` is the digest of the register with which it was compared.
    ``corrections``: [sheet, row, column, value] that somebody put right on the page; ``ends``: the sheets whose absent lines are to end.
    ``deed_id`` wrote it, ``undo_id`` took it back.
    """

    __tablename__ = "register_import"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    name: str = Field(max_length=200)
    by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn)
    kept_until: datetime = Field(sa_type=MomentColumn, index=True)
    state: str = Field(default="offered", max_length=20)
    base: str = Field(max_length=40)
    book: bytes = Field(sa_type=SealedBytes("register_import.book"))
    preview: bytes = Field(sa_type=SealedBytes("register_import.preview"))
    corrections: list[list[str | int]] = Field(default_factory=list, sa_type=SealedJson("register_import.corrections"))
    ends: list[str] = Field(default_factory=list, sa_type=Json)
    deed_id: int | None = Field(default=None, foreign_key="register_deed.id", sa_type=BigKey)
    undo_id: int | None = Field(default=None, foreign_key="register_deed.id", sa_type=BigKey)
