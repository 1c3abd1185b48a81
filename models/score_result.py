"""Results of assessments as they were reckoned: with the table's version, and the facts of the entries that went in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn


class ScoreResultRow(SQLModel, table=True):
    """One result, never changed: whoever reckons again writes another. Whose it is: a person's, or a station's.

    ``entries``: the facts that were counted, as the kernel writes them, and ``digest`` their SHA-256; ``points`` is an exact fraction (``87``,
    ``31/3``). Version and entries make the same result again, whatever became of the file since.
    """

    __tablename__ = "score_result"
    __table_args__ = (
        Index("ix_score_result_person", "participant_id", "begins"),
        Index("ix_score_result_station", "station_id", "begins"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    version_id: int = Field(foreign_key="score_version.id")
    participant_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    station_id: int | None = Field(default=None, foreign_key="station.id")
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    begins: date
    ends: date
    entries: list[Any] = Field(sa_type=Json)
    digest: str = Field(max_length=64)
    points: str = Field(max_length=60)
    band: str = Field(default="", max_length=60)
    made_at: datetime = Field(sa_type=MomentColumn)
