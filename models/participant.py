"""Everybody who takes part, and where messages reach them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn
from models.sealed import BlindIndex, SealedText, index_of


class ParticipantRow(SQLModel, table=True):
    """A person; one without ``login`` cannot sign in, and acts by the links in messages or by number and code.

    ``phone_index``: by which a caller is found however the number was written. ``unit``: where they work.
    ``erased_at``: since then nothing is known of them but that there was somebody.
    """

    __tablename__ = "participant"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    name: str = Field(max_length=100)
    login: str | None = Field(default=None, unique=True, max_length=60)
    passphrase_hash: str | None = Field(default=None, max_length=200)
    kind: str = Field(max_length=40, index=True)
    language: str = Field(default="zh", max_length=20)
    phone: str | None = Field(default=None, sa_type=SealedText("participant.phone", 40))
    phone_index: str | None = Field(
        default=None, index=True, sa_type=BlindIndex("phone"), sa_column_kwargs={"default": index_of("phone")}
    )
    profession: str | None = Field(default=None, max_length=100)
    unit: str | None = Field(default=None, max_length=200)
    active: bool = True
    created_at: datetime = Field(sa_type=MomentColumn)
    erased_at: datetime | None = Field(default=None, sa_type=MomentColumn)


class AddressRow(SQLModel, table=True):
    """Where messages reach a participant, on a ``channel``: ``mail`` (``target`` is the address), ``webhook`` (its URL, with a secret), ``sms`` …

    ``rank``: the lowest is tried first. ``state``: unconfirmed (somebody named it, and nobody has answered there yet), usable, suspended (several
    messages in a row came back), gone (nobody is there). ``sender_key``: through which sender, if not through any of its channel.
    ``code_hash``: of the code by which it is confirmed. ``reason``: why it is suspended or gone.
    """

    __tablename__ = "address"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    channel: str = Field(max_length=20)
    target: str = Field(sa_type=SealedText("address.target", 500))
    target_index: str | None = Field(
        default=None, index=True, sa_type=BlindIndex("address"), sa_column_kwargs={"default": index_of("target")}
    )
    secret: str | None = Field(default=None, sa_type=SealedText("address.secret", 200))
    rank: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    state: str = Field(default="usable", max_length=20, sa_column_kwargs={"server_default": "usable"})
    sender_key: str | None = Field(default=None, max_length=60)
    confirmed_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    code_hash: str | None = Field(default=None, max_length=64)
    code_until: datetime | None = Field(default=None, sa_type=MomentColumn)
    code_tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    failures: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    failing_since: datetime | None = Field(default=None, sa_type=MomentColumn)
    last_ok_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    reason: str | None = Field(default=None, sa_type=SealedText("address.reason"))
