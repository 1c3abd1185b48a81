"""Areas: the tree of province, city, district, street or town, village or neighbourhood; of any depth."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class AreaRow(SQLModel, table=True):
    """One area; ``code`` is its division code, ``level`` a key such as ``district``."""

    __tablename__ = "area"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    level: str = Field(max_length=40, index=True)
    parent_id: int | None = Field(default=None, foreign_key="area.id", index=True)
