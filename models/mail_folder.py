"""How far a mailbox elsewhere has been read."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class MailFolderRow(SQLModel, table=True):
    """A folder of a mailbox; ``key`` is a digest of where it is. ``validity``: as long as its server says the same, its numbers mean the same mails.

    ``last_uid``: all up to this one are kept here. ``fault``: why it could not be read the last time.
    """

    __tablename__ = "mail_folder"

    key: str = Field(primary_key=True, max_length=64)
    validity: int = Field(sa_type=BigKey)
    last_uid: int = Field(sa_type=BigKey)
    read_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    fault: str = Field(default="", max_length=300)
