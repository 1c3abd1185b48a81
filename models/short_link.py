"""Short addresses for paper: where each leads, and how often it was followed on which day; by whom is not kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class ShortLinkRow(SQLModel, table=True):
    """One short address. ``page`` is what it opens: ``report``, ``home``, ``duty``, ``follow`` …; never an address of its own.

    ``definition``: the process that a report is about; ``answers``: what stands in its form at first, by field. ``title`` is what the poster says
    of the place or thing. It holds to the day ``valid_until`` (included), or until it was ended.
    """

    __tablename__ = "short_link"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    code: str = Field(unique=True, max_length=7)
    page: str = Field(max_length=20)
    definition: str | None = Field(default=None, max_length=80)
    station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    answers: Plain = Field(default_factory=dict, sa_type=Json)
    title: str = Field(default="", max_length=100)
    valid_until: date | None = None
    made_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    made_at: datetime = Field(sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    ended_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)


class ShortLinkDayRow(SQLModel, table=True):
    """How often a short address was followed on a day, and how many reports came of it: counts alone, no addresses, no devices."""

    __tablename__ = "short_link_day"

    link_id: int = Field(foreign_key="short_link.id", primary_key=True, sa_type=BigKey)
    day: date = Field(primary_key=True)
    scans: int = 0
    reports: int = 0
