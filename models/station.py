"""Contact rooms and stations, and who is on duty there."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import Index, false, text, true
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain


class StationRow(SQLModel, table=True):
    """A contact room or station; ``kind`` is a key such as ``area`` or ``industry``.

    ``calendar`` says when it is open, if not by the processes' own. ``latitude`` and ``longitude`` are degrees (WGS 84), where they are known.
    ``parent_id``: the station to which a point belongs. One that is not ``active`` takes no new issues; it closed on the day ``closed``,
    and ``successor_id`` carries on what was open there.
    """

    __tablename__ = "station"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    kind: str = Field(max_length=40)
    industry: str | None = Field(default=None, max_length=40)
    area_id: int = Field(foreign_key="area.id", index=True)
    calendar: str | None = Field(default=None, max_length=60)
    latitude: float | None = None
    longitude: float | None = None
    parent_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    address: str | None = Field(default=None, max_length=200)
    phone: str | None = Field(default=None, max_length=40)
    opened: date | None = None
    closed: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    active: bool = Field(default=True, sa_column_kwargs={"server_default": true()})


class StationHaveRow(SQLModel, table=True):
    """Whether a station has what a station should: ``have`` is an entry of the code list ``haves``.

    ``partly``: there is some of it, where ``has`` is not true yet. ``evidence`` says by what it is seen (words, or a kept file's reference),
    ``confirmed_by_id`` who looked; it counts from ``since`` to the day ``until`` (included), after which somebody has to look again.
    """

    __tablename__ = "station_have"

    station_id: int = Field(foreign_key="station.id", primary_key=True)
    have: str = Field(primary_key=True, max_length=40)
    has: bool
    partly: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    evidence: str | None = Field(default=None, max_length=1000)
    confirmed_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    since: date | None = None
    until: date | None = None


class DutyRow(SQLModel, table=True):
    """The rota: a participant is on duty at a station on a weekday (1 = Monday … 7 = Sunday, in the calendar's time zone).

    ``starts_at`` to ``ends_at``: in these hours (``None``: from the day's beginning, to its end); it holds from the first day to the last, both
    included.
    """

    __tablename__ = "duty"

    station_id: int = Field(foreign_key="station.id", primary_key=True)
    weekday: int = Field(primary_key=True, ge=1, le=7)
    participant_id: int = Field(foreign_key="participant.id", primary_key=True)
    starts_at: time | None = None
    ends_at: time | None = None
    first_day: date | None = None
    last_day: date | None = None


class DatedDutyRow(SQLModel, table=True):
    """A participant is on duty at a station on one day, in the hours from ``starts_at`` to ``ends_at`` (``None``: the day's beginning, its end).

    In its hours it wins over the rota. An end that is not after the beginning is on the next day. ``status``: planned, cancelled. One that a plan
    made names it, and the time that the plan came round; it is announced at ``announce_at``, and was at ``announced_at``. ``reason`` says why
    somebody changed it last.
    """

    __tablename__ = "dated_duty"
    __table_args__ = (
        Index("ix_dated_duty_station_day", "station_id", "day"),
        Index("ix_dated_duty_participant_day", "participant_id", "day"),
        Index(
            "ix_dated_duty_to_announce",
            "announce_at",
            sqlite_where=text("announced_at IS NULL AND announce_at IS NOT NULL"),
            postgresql_where=text("announced_at IS NULL AND announce_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    station_id: int = Field(foreign_key="station.id")
    day: date
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    starts_at: time | None = None
    ends_at: time | None = None
    status: str = Field(default="planned", max_length=20)
    plan_key: str | None = Field(default=None, foreign_key="plan.key", max_length=60)
    occurrence_id: int | None = Field(default=None, foreign_key="plan_occurrence.id", index=True, sa_type=BigKey)
    place: Plain | None = Field(default=None, sa_type=Json, nullable=True)
    announce_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    announced_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    reason: str | None = Field(default=None, max_length=1000)
    changed_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    changed_at: datetime | None = Field(default=None, sa_type=MomentColumn)
