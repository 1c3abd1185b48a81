"""Values that may stand in one issue only; the kernel's state is the truth, and this table keeps two from having the same at once."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.base import BigKey


class UniqueValueRow(SQLModel, table=True):
    """One value of a field that an issue has: of which definition, among which issues (``scope``: empty for all), and its digest."""

    __tablename__ = "unique_value"

    definition_key: str = Field(max_length=60, primary_key=True)
    field: str = Field(max_length=60, primary_key=True)
    scope: str = Field(max_length=120, primary_key=True)
    digest: str = Field(max_length=64, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True, sa_type=BigKey)
