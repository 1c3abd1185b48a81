"""Issues: one row holds the state that the kernel made, and beside it what lists and filters need."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from engine.codec import decode_state
from engine.state import State
from models.base import NOUNS, BigKey, MomentColumn, Name, NounsColumn, Plain
from models.sealed import SealedJson


class IssueRow(SQLModel, table=True):
    """A matter that somebody raised; ``version`` is optimistic: it counts events, and a write names the one that it read.

    ``shown_version`` is what staff see in Prefect; 0 has it shown anew, and so has time itself at ``shown_until``. ``shown_as`` is what the
    projection remembers of how it is shown, so that showing it again asks Prefect nothing.
    ``due_at`` is the earliest deadline whose clock runs, ``provisional`` whether that one needs days that are not announced yet;
    ``paused_at``: since then every clock of the issue stands. ``calendar`` is the calendar, with its version (``china v3``), by which deadlines
    were reckoned last. ``data_key`` seals what people wrote in it.
    ``step`` is the key of the step at which it is (``None`` once it is closed), ``kind`` what its definition sorts it by.
    ``opened_on`` (empty until the figures know the issue) to ``department_id`` are for figures: local days, the class of its resolution, the last
    verdict and grade, by when all of it is to be finished and whether it was closed after that, and the department that was given a task last.
    ``erased``: what is gone of it for good, ``personal`` data or the ``file``. ``filed_version`` is what the yearly files know of it.
    """

    __tablename__ = "issue"
    model_config = NOUNS

    __table_args__ = (
        Index(
            "ix_issue_to_show",
            "id",
            sqlite_where=text("shown_version < version"),
            postgresql_where=text("shown_version < version"),
        ),
        # of which the yearly files do not know the newest
        Index(
            "ix_issue_to_file",
            "id",
            sqlite_where=text("filed_version < version"),
            postgresql_where=text("filed_version < version"),
        ),
        Index(
            "ix_issue_calendar",
            "calendar",
            "id",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        # all that the board counts, so that it never reads a row
        Index(
            "ix_issue_board",
            "station_id",
            "definition_version_id",
            "due_at",
            "paused_at",
            "provisional",
            "calendar",
            "step",
            "kind",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_issue_due",
            "due_at",
            "id",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        # at which step the open ones are, for the tabs over a list
        Index(
            "ix_issue_step",
            "definition_version_id",
            "step",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        # what has changed last, and since a moment
        Index("ix_issue_changed", "changed_at", "id"),
        # whose run it is, asked whenever staff press a button in Prefect
        Index("ix_issue_run", "run_id"),
        # all that the figures of a year count
        Index("ix_issue_opened", "opened_at", "resolution", "reporter_id"),
        Index("ix_issue_closed", "closed_at", "definition_version_id", "resolution", "reporter_id", "status"),
        # all that figures count, station by station
        Index(
            "ix_issue_figures_opened",
            "station_id",
            "opened_on",
            "definition_version_id",
            "outcome",
            "channel",
        ),
        Index(
            "ix_issue_figures_closed",
            "station_id",
            "closed_on",
            "definition_version_id",
            "outcome",
            "verdict",
            "channel",
        ),
        Index(
            "ix_issue_figures_finish",
            "station_id",
            "finish_on",
            "definition_version_id",
            "outcome",
            "channel",
            "closed_on",
            "finished_late",
            "finish_at",
        ),
        Index(
            "ix_issue_uncounted",
            "id",
            sqlite_where=text("opened_on IS NULL"),
            postgresql_where=text("opened_on IS NULL"),
        ),
        Index(
            "ix_issue_shown_until",
            "shown_until",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    number: str = Field(unique=True, max_length=80)
    follow_code: str = Field(max_length=20)
    definition_version_id: int = Field(foreign_key="definition_version.id", index=True)
    station_id: int = Field(foreign_key="station.id", index=True)
    reporter_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    answerable_id: int | None = Field(default=None, foreign_key="participant.id", index=True, sa_type=BigKey)
    subject: str = Field(max_length=200)
    channel: str = Field(default="web", max_length=20)
    status: str = Field(max_length=20)
    stage: str = Field(max_length=20)
    step: str | None = Field(default=None, max_length=60)
    kind: str | None = Field(default=None, max_length=60)
    resolution: str | None = Field(default=None, max_length=60)
    version: int
    data_key: str | None = Field(default=None, max_length=32)
    state: State = Field(sa_type=NounsColumn(decode_state, "issue.state"))
    last_hash: str = Field(max_length=64)
    opened_at: datetime = Field(sa_type=MomentColumn)
    changed_at: datetime = Field(sa_type=MomentColumn)
    closed_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    due_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    provisional: bool = False
    paused_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    calendar: str = Field(default="", sa_type=Name)
    shown_version: int = 0
    shown_until: datetime | None = Field(default=None, sa_type=MomentColumn)
    run_id: str | None = Field(default=None, max_length=40)
    shown_as: Plain | None = Field(default=None, sa_type=SealedJson("issue.shown_as"))
    opened_on: date | None = None
    closed_on: date | None = None
    outcome: str | None = Field(default=None, max_length=60)
    verdict: str | None = Field(default=None, max_length=20)
    grade: str | None = Field(default=None, max_length=20)
    finish_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    finish_on: date | None = None
    finished_late: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    department_id: int | None = None
    erased: str | None = Field(default=None, max_length=10)
    filed_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class IssueNumberRow(SQLModel, table=True):
    """The running numbers: the last one given in a station and year for a definition."""

    __tablename__ = "issue_number"

    definition_key: str = Field(primary_key=True, max_length=60)
    station_id: int = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int
