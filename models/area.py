"""Areas: the tree of province, city, district, street or town, village or neighbourhood; of any depth."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class AreaRow(SQLModel, table=True):
    """One area; ``code`` is its division code, ``level`` a key such as ``district``. An empty ``name_en`` reads as the Chinese one, here as
    everywhere in the register. It is there from the day ``since`` to the day ``until``, both included; ``None``: as long as anybody knows.
    """

    __tablename__ = "area"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    level: str = Field(max_length=40, index=True)
    parent_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    since: date | None = None
    until: date | None = None


class AreaNameRow(SQLModel, table=True):
    """What an area was called, or its code was, until a day: by either it is still found."""

    __tablename__ = "area_name"

    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    code: str = Field(max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    until: date
