"""Proposals: what one person asks for and a second one approves; and whether the house wants that."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn, Plain
from models.sealed import SealedJson, SealedText


class ProposalRow(SQLModel, table=True):
    """Something of a ``kind`` that is to be done, whole in ``body``; ``digest`` is that of the body, ``diff`` what changes, as people read it.

    ``state``: open, approved, refused, withdrawn, alone (done by one, in an emergency), failed (approved, but by then the house refused it:
    ``failure`` says why, by language). ``hand`` is the name that somebody at the command line gave, whom nobody can know: with
    ``proposed_by_id`` they asked in that person's name, without it they did it alone. The body is emptied of secrets when it is decided.
    """

    __tablename__ = "proposal"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    kind: str = Field(max_length=40)
    digest: str = Field(max_length=64)
    body: Plain = Field(sa_type=SealedJson("proposal.body"))
    about: str = Field(max_length=200)
    diff: str = Field(default="", sa_type=SealedText("proposal.diff", 0))
    reason: str = Field(default="", max_length=1000)
    state: str = Field(default="open", max_length=20, index=True)
    proposed_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    hand: str = Field(default="", max_length=100)
    proposed_at: datetime = Field(sa_type=MomentColumn)
    decided_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    decided_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    said: str = Field(default="", max_length=1000)
    failure: Plain | None = Field(default=None, sa_type=Json)


class FourEyesRow(SQLModel, table=True):
    """Whether two are wanted, from a moment on: ``rule`` is off, wait or on. The newest row holds; there is none in a new house, which is off."""

    __tablename__ = "four_eyes"

    id: int | None = Field(default=None, primary_key=True)
    rule: str = Field(max_length=10)
    changed_at: datetime = Field(sa_type=MomentColumn)
    changed_by_id: int = Field(foreign_key="participant.id", sa_type=BigKey)
