"""Evidence: what was sealed of the rows that prove something, the signed heads over it, and what was let go again by name."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class EvidenceDueRow(SQLModel, table=True):
    """A row that is to be sealed; a trigger of the database writes it with the row itself, in the same transaction.

    ``aspect``: empty for a new row, ``ended`` once what ends it stands in it. ``row_key``: its primary key, as text.
    """

    __tablename__ = "evidence_due"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    of_table: str = Field(max_length=40)
    aspect: str = Field(default="", max_length=20)
    row_key: str = Field(max_length=200)


class SegmentRow(SQLModel, table=True):
    """Rows that were sealed together; they are numbered without a gap, and each names the digest of the one before.

    ``contents`` says which rows and which of their columns, ``leaves`` holds 32 bytes for each of these, ``root`` is the root of their Merkle
    tree. ``mac`` is keyed: nobody without the ring makes a segment.
    """

    __tablename__ = "evidence_segment"

    id: int = Field(primary_key=True, sa_type=BigKey)
    sealed_at: datetime = Field(sa_type=MomentColumn)
    count: int
    contents: str = Field(sa_column=Column(Text, nullable=False))
    leaves: bytes
    root: str = Field(max_length=64)
    previous: str = Field(max_length=64)
    mac: str = Field(max_length=64)


class HeadRow(SQLModel, table=True):
    """What stood in evidence at a day's end: ``body`` is the JSON that was signed, to the byte.

    ``segments``: how many it is over. ``handed``: by way, when it was handed outside. ``stamp``: a time stamp over it by somebody else.
    """

    __tablename__ = "evidence_head"

    day: date = Field(primary_key=True)
    segments: int = Field(sa_type=BigKey)
    body: str = Field(sa_column=Column(Text, nullable=False))
    signature: str = Field(max_length=128)
    handed: Plain = Field(default_factory=dict, sa_type=Json)
    stamp: bytes | None = None


class EvidenceExemptionRow(SQLModel, table=True):
    """Rows that are no longer what was sealed, and rightly so: erased, taken back, or sealed anew. ``mac`` is keyed, as that of a segment.

    It frees what was sealed of these rows up to the segment ``until``: all of it, or the ``aspects`` named.
    """

    __tablename__ = "evidence_exemption"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn)
    of_table: str = Field(max_length=40)
    row_keys: list[str] = Field(sa_type=Json)
    aspects: list[str] = Field(sa_type=Json)
    why: str = Field(max_length=500)
    until: int = Field(sa_type=BigKey)
    mac: str = Field(max_length=64)
