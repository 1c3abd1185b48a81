"""Lists that people keep at hand: what they are narrowed to and how they are sorted, under a name."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import SealedText


class SavedViewRow(SQLModel, table=True):
    """A list under a name; ``query`` is what its address says.

    It is its owner's; a ``shared`` one is offered to the other staff of the owner's stations too, one of the office to all staff. Nobody sees
    more by it: whoever opens it sees the rows that are theirs.
    """

    __tablename__ = "saved_view"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    owner_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    title: str = Field(max_length=60)
    query: str = Field(sa_type=SealedText("saved_view.query", 2000))
    shared: bool = False
    saved_at: datetime = Field(sa_type=MomentColumn)
