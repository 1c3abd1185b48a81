"""Departments and offices, and who belongs to what."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey


class OrganisationRow(SQLModel, table=True):
    """A department or office; ``kind`` is ``department`` (handles issues) or ``office`` (looks after the whole house).

    ``calendar`` says when it is open, if not by the processes' own.
    """

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    kind: str = Field(max_length=40, index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    active: bool = True
    calendar: str | None = Field(default=None, max_length=60)


class MembershipRow(SQLModel, table=True):
    """A participant serves at a station or in an organisation (exactly one of them) in a function, from the day ``since`` to the day ``until``,
    both included (``None``: ever since, until further notice). Whoever reads it asks ``huying.database.tenure``, which knows the day.

    ``function``: ``clerk`` or ``head`` (staff), ``deputy``, ``liaison``, ``handler``, ``substitute`` (of a department's head). ``level`` is a
    deputy's here: national, provincial, city … ``sub_area``: the part of the area that a liaison officer looks after.
    """

    __tablename__ = "membership"

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int = Field(foreign_key="participant.id", index=True)
    station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    function: str = Field(max_length=40)
    level: str | None = Field(default=None, max_length=40)
    since: date | None = None
    until: date | None = None
    sub_area: str | None = Field(default=None, max_length=200)


class MandateRow(SQLModel, table=True):
    """A deputy's mandate: elected to the congress of a level by a constituency, for a term from the day ``since`` to the day ``until``.

    ``delegation`` is an entry of the code list ``delegations``. Whoever was elected to two congresses has two.
    """

    __tablename__ = "mandate"
    __table_args__ = (UniqueConstraint("participant_id", "level", "since"),)

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
    level: str = Field(max_length=40, index=True)
    delegation: str | None = Field(default=None, max_length=40)
    constituency: str | None = Field(default=None, max_length=200)
    since: date
    until: date


class NoticedMembershipRow(SQLModel, table=True):
    """A membership as it was when issues last followed the register: one of which there is none any more has been left."""

    __tablename__ = "noticed_membership"

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int = Field(foreign_key="participant.id", index=True)
    station_id: int | None = Field(default=None, foreign_key="station.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    function: str = Field(max_length=40)
    level: str | None = Field(default=None, max_length=40)
