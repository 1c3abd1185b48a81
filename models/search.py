"""What search remembers of issues: who may find them, whose words are to be read anew, and who looked into private data.

The words themselves stand in ``search_text``, and in ``search_text_shared`` those that only some may read; each database keeps them in its own way
(``huying/search/words.py``): SQLite as a table of FTS5, PostgreSQL as a ``tsvector`` with a GIN index. Triggers of the database put an issue into
``search_due`` whenever it or its reporter changes, in the same transaction and without a round trip.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import false
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class SearchPartyRow(SQLModel, table=True):
    """A party that may find an issue because it has to do with it; ``holds``: it works on it or reported it, and may read private fields;
    ``follows``: it has nothing else to do with it than that theirs is the same.
    """

    __tablename__ = "search_party"

    party: str = Field(primary_key=True, max_length=40)
    issue_id: int = Field(primary_key=True, index=True, sa_type=BigKey)
    holds: bool
    follows: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class SearchReaderRow(SQLModel, table=True):
    """A party that may read what stands in one row of the words that not all may read; ``passage`` is that row."""

    __tablename__ = "search_reader"

    party: str = Field(primary_key=True, max_length=40)
    passage: int = Field(primary_key=True, sa_type=BigKey)
    issue_id: int = Field(index=True, sa_type=BigKey)


class SearchDueRow(SQLModel, table=True):
    """An issue that has changed since it was read for the search; several rows of one are one."""

    __tablename__ = "search_due"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    issue_id: int = Field(sa_type=BigKey)


class PrivateSearchRow(SQLModel, table=True):
    """Somebody searched in private data: who, when, for what (masked) and how many issues they were shown for it."""

    __tablename__ = "private_search"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    at: datetime = Field(sa_type=MomentColumn)
    kind: str = Field(max_length=20)
    said: str = Field(max_length=200)
    found: int
