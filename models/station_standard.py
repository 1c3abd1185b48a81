"""The standard of stations: what an office demands of its stations, in versions that each hold from a day on."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn


class StationStandardRow(SQLModel, table=True):
    """One version, never changed; the newest whose day ``since`` has come holds.

    ``haves`` are codes of the list ``haves`` (none: all that are in use). An area of one of the ``area_levels`` needs a station, and the station of
    an area of one of the ``team_levels`` a team with a deputy of each of the ``deputy_levels``. A station in which nothing happened for
    ``dormant_days`` is dormant. What a station has counts for ``valid_months``, and is asked for ``remind_days`` before that ends.
    """

    __tablename__ = "station_standard"

    id: int | None = Field(default=None, primary_key=True)
    since: date = Field(index=True)
    haves: list[str] = Field(default_factory=list, sa_type=Json)
    area_levels: list[str] = Field(default_factory=list, sa_type=Json)
    team_levels: list[str] = Field(default_factory=list, sa_type=Json)
    deputy_levels: list[str] = Field(default_factory=list, sa_type=Json)
    dormant_days: int
    remind_days: int
    valid_months: int
    note: str = Field(default="", max_length=1000)
    written_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    written_at: datetime = Field(sa_type=MomentColumn)
