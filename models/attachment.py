"""Files that belong to an issue; the bytes lie in the data folder under their digest."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.base import BigKey


class Attachment(SQLModel, table=True):
    """One file, added by the history entry ``sequence``; ``digest`` is the SHA-256 of its bytes."""

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigKey)
    sequence: int = Field(primary_key=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    digest: str = Field(max_length=64)
    public: bool = True
