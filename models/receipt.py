"""What providers said afterwards of messages that they had taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import SealedText


class ReceiptRow(SQLModel, table=True):
    """One thing that a provider said of one message, once; rows are added and never changed.

    ``code`` is the provider's; ``means``: delivered, undelivered, read, or noted, where it changes nothing. ``delivery_id``: the message that it
    is about, if that is known here. ``raw``: what came, numbers and addresses masked.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("sender_key", "reference", "code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    sender_key: str = Field(max_length=60)
    reference: str = Field(max_length=200)
    code: str = Field(max_length=80)
    means: str = Field(max_length=20)
    at: datetime = Field(sa_type=MomentColumn)
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", index=True, sa_type=BigKey)
    raw: str | None = Field(default=None, sa_type=SealedText("receipt.raw"))
