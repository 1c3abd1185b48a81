"""What issues have booked: what looks for room reads; the kernel's state is the truth of each issue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class BookingRow(SQLModel, table=True):
    """What an issue holds of a resource, from one moment until another; ``unit`` says which one."""

    __tablename__ = "booking"

    __table_args__ = (Index("ix_booking_resource", "resource", "unit", "ends_at"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    resource: str = Field(primary_key=True, max_length=60)
    unit: str = Field(max_length=500)
    begins_at: datetime = Field(sa_type=MomentColumn)
    ends_at: datetime = Field(sa_type=MomentColumn)
