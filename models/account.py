"""Accounts: when somebody set their passphrase and came in, and the one-time links by which a passphrase is set."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn


class AccountRow(SQLModel, table=True):
    """What the house notes of a person who signs in: when they set their passphrase last, and when they came in last."""

    __tablename__ = "account"

    participant_id: int = Field(foreign_key="participant.id", primary_key=True, sa_type=BigKey)
    passphrase_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    signed_in_at: datetime | None = Field(default=None, sa_type=MomentColumn)


class CredentialLinkRow(SQLModel, table=True):
    """A one-time link by which a person sets their passphrase; only the hash of its token is kept.

    ``purpose``: first-administrator, invitation, reset. ``how`` it goes to the person: command, message, slip. ``ended_at``: a newer one took its
    place, or somebody revoked it. ``made_by_id``: nobody for one that a command made.
    """

    __tablename__ = "credential_link"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    token_hash: str = Field(unique=True, max_length=64)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    purpose: str = Field(max_length=30)
    how: str = Field(max_length=20)
    made_by_id: int | None = Field(default=None, foreign_key="participant.id", sa_type=BigKey)
    made_at: datetime = Field(sa_type=MomentColumn)
    expires_at: datetime = Field(sa_type=MomentColumn, index=True)
    used_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)


class SecondFactorRow(SQLModel, table=True):
    """Something that a person shows beside the passphrase: ``kind`` is ``totp`` (``secret`` is shared with their device, kept as
    ``huying.access.secret`` keeps it) or ``recovery`` (``secret`` is the hash of a code that works once).

    ``last_step``: the thirty seconds whose code was used last; none before it is taken any more.
    """

    __tablename__ = "second_factor"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    kind: str = Field(max_length=20)
    secret: str = Field(max_length=300)
    last_step: int = Field(default=0, sa_type=BigKey)
    made_at: datetime = Field(sa_type=MomentColumn)
    used_at: datetime | None = Field(default=None, sa_type=MomentColumn)


class IdentityRow(SQLModel, table=True):
    """Who somebody is at a provider of log-ins: its ``issuer`` and what it calls them, together, open their account here."""

    __tablename__ = "identity"

    issuer: str = Field(primary_key=True, max_length=300)
    subject: str = Field(primary_key=True, max_length=255)
    participant_id: int = Field(foreign_key="participant.id", unique=True, sa_type=BigKey)
    bound_at: datetime = Field(sa_type=MomentColumn)
