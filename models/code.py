"""Code lists: the industries, the competences and whatever else a place sorts people and matters by; and who bears which code."""

from __future__ import annotations

from sqlalchemy import Index, true
from sqlmodel import Field, SQLModel

from models.base import BigKey


class CodeRow(SQLModel, table=True):
    """One entry of a list such as ``industries``; ``position`` is its place among the others when people choose from them.

    One that is not ``active`` is not offered any more, and still says what it was called.
    """

    __tablename__ = "code"

    list: str = Field(primary_key=True, max_length=40)
    code: str = Field(primary_key=True, max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    position: int = 0
    active: bool = Field(default=True, sa_column_kwargs={"server_default": true()})


class ParticipantCodeRow(SQLModel, table=True):
    """A participant's industry or competence, or (list ``languages``) a language that they speak beside their own."""

    __tablename__ = "participant_code"
    __table_args__ = (Index("ix_participant_code_code", "list", "code", "participant_id"),)

    participant_id: int = Field(foreign_key="participant.id", primary_key=True, sa_type=BigKey)
    list: str = Field(primary_key=True, max_length=40)
    code: str = Field(primary_key=True, max_length=40)


class OrganisationCodeRow(SQLModel, table=True):
    """What a department is competent for."""

    __tablename__ = "organisation_code"
    __table_args__ = (Index("ix_organisation_code_code", "list", "code", "organisation_id"),)

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    list: str = Field(primary_key=True, max_length=40)
    code: str = Field(primary_key=True, max_length=40)
