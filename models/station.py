"""Contact rooms and stations, and who is on duty there."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey


class Station(SQLModel, table=True):
    """A contact room or station; ``kind`` is a key such as ``area`` or ``industry``.

    ``calendar`` says when it is open, if not by the processes' own.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    kind: str = Field(max_length=40)
    industry: str | None = Field(default=None, max_length=40)
    area_id: int = Field(foreign_key="area.id", index=True)
    calendar: str | None = Field(default=None, max_length=60)


class Duty(SQLModel, table=True):
    """The rota: a participant is on duty at a station on a weekday (1 = Monday … 7 = Sunday, in the calendar's time zone)."""

    station_id: int = Field(foreign_key="station.id", primary_key=True)
    weekday: int = Field(primary_key=True, ge=1, le=7)
    participant_id: int = Field(foreign_key="participant.id", primary_key=True)


class DatedDuty(SQLModel, table=True):
    """A participant is on duty at a station on one day, in the hours from ``starts_at`` to ``ends_at`` (``None``: the day's beginning, its end).

    In its hours it wins over the rota. An end that is not after the beginning is on the next day.
    """

    __tablename__ = "dated_duty"
    __table_args__ = (Index("ix_dated_duty_station_day", "station_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    station_id: int = Field(foreign_key="station.id")
    day: date
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    starts_at: time | None = None
    ends_at: time | None = None
