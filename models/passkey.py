"""Passkeys (WebAuthn): keys that a person's phone, computer or token holds, and the questions that they answer once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import false as sa_false
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class PasskeyRow(SQLModel, table=True):
    """A passkey of a person: ``credential`` is its id and ``public_key`` its public half, both as base64url without padding.

    ``handle``: what all passkeys of the person call them, and says nothing about them. ``sign_count``: how often it was used, as it says itself;
    nought for those that do not count. ``synced``: it is kept by a provider, and may be on several devices.
    """

    __tablename__ = "passkey"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    credential: str = Field(unique=True, max_length=1400)
    public_key: str = Field(max_length=4000)
    handle: str = Field(max_length=100)
    name: str = Field(max_length=60)
    sign_count: int = Field(default=0, sa_type=BigKey)
    synced: bool = Field(default=False, sa_column_kwargs={"server_default": sa_false()})
    made_at: datetime = Field(sa_type=MomentColumn)
    used_at: datetime | None = Field(default=None, sa_type=MomentColumn)


class PasskeyChallengeRow(SQLModel, table=True):
    """A question that one browser was asked for one purpose; only its hash is kept, and the first answer uses it up.

    ``purpose``: add, second-factor, sign-in. ``browser``: the hash of what the browser's forms carry. ``participant_id``: of whom it is asked; nobody
    where the answer says who it is.
    """

    __tablename__ = "passkey_challenge"

    challenge_hash: str = Field(primary_key=True, max_length=64)
    purpose: str = Field(max_length=20)
    browser: str = Field(max_length=64)
    participant_id: int | None = Field(default=None, foreign_key="participant.id", index=True, sa_type=BigKey)
    expires_at: datetime = Field(sa_type=MomentColumn, index=True)
