"""Messages to people, as rendered, and what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy import false as sa_false
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn, Plain
from models.sealed import BlindIndex, SealedJson, SealedText, index_of


class DeliveryRow(SQLModel, table=True):
    """One message to one address. ``key`` is made of event, recipient and template: a repeat carries the same key (and Message-ID).

    ``status``: pending; accepted, when the next station took it; delivered and undelivered, as a receipt says; unknown, when it was sent and the
    answer was lost; failed; skipped, when nobody needs it any more; untold, while the recipient, who has no address, is to be told by phone, and
    told; gathered, while others for the same address may come with which it is sent as one; merged, when it was told by the message
    ``digest_id``: a digest, which is a row of its own of no single issue, or a later one of the same issue.
    ``fields``: the same in short named values, for channels that take approved templates alone. ``by_channel``: what it says on channels on which
    its process says something else, by channel, and (``""``) on all others. ``reference``: the provider's number of it.
    ``rung``: which address of the person it is sent to, after ``instead_of_id``, which did not reach them; ``wait_until``: if it is unread by
    then, the next rung is tried. ``urgent``: it passes quiet hours.
    ``instead_of``: the parties for whom it was meant, behind whom there is nobody. The bodies hold a placeholder for the link, which is made
    anew for each attempt. ``station_id`` is that of the issue, 0 without one: stations take turns.
    ``emptied_at``: since then its words are gone.
    """

    __tablename__ = "delivery"

    __table_args__ = (
        Index(
            "ix_delivery_pending",
            "available_at",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_delivery_turn",
            "station_id",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_delivery_gathered",
            "created_at",
            sqlite_where=text("status = 'gathered'"),
            postgresql_where=text("status = 'gathered'"),
        ),
        Index(
            "ix_delivery_digest",
            "digest_id",
            sqlite_where=text("digest_id IS NOT NULL"),
            postgresql_where=text("digest_id IS NOT NULL"),
        ),
        Index(
            "ix_delivery_untold",
            "station_id",
            "issue_id",
            sqlite_where=text("status = 'untold'"),
            postgresql_where=text("status = 'untold'"),
        ),
        Index(
            "ix_delivery_failed",
            "ended_at",
            sqlite_where=text("status = 'failed'"),
            postgresql_where=text("status = 'failed'"),
        ),
        Index(
            "ix_delivery_reference",
            "sender_key",
            "reference",
            sqlite_where=text("reference IS NOT NULL"),
            postgresql_where=text("reference IS NOT NULL"),
        ),
        Index(
            "ix_delivery_instead_of_id",
            "instead_of_id",
            sqlite_where=text("instead_of_id IS NOT NULL"),
            postgresql_where=text("instead_of_id IS NOT NULL"),
        ),
        Index(
            "ix_delivery_wait",
            "wait_until",
            sqlite_where=text("wait_until IS NOT NULL"),
            postgresql_where=text("wait_until IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True, max_length=160)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    sequence: int
    participant_id: int = Field(foreign_key="participant.id", index=True, sa_type=BigKey)
    channel: str = Field(max_length=20)
    target: str = Field(sa_type=SealedText("delivery.target", 500))
    target_index: str | None = Field(
        default=None, sa_type=BlindIndex("address"), sa_column_kwargs={"default": index_of("target")}
    )
    occasion: str = Field(max_length=20)
    template: str = Field(max_length=60)
    template_version: str = Field(max_length=64)
    language: str = Field(max_length=20)
    subject: str = Field(sa_type=SealedText("delivery.subject", 300))
    text: str = Field(sa_type=SealedText("delivery.text"))
    html: str = Field(sa_type=SealedText("delivery.html"))
    item: int | None = None
    digest_id: int | None = Field(default=None, foreign_key="delivery.id", sa_type=BigKey)
    instead_of: str | None = Field(default=None, max_length=500)
    status: str = Field(default="pending", max_length=20)
    attempts: int = 0
    available_at: datetime = Field(sa_type=MomentColumn)
    created_at: datetime = Field(sa_type=MomentColumn)
    ended_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    reason: str | None = Field(default=None, sa_type=SealedText("delivery.reason", 1000))
    station_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    trace: str | None = Field(default=None, max_length=55)
    emptied_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    address_id: int | None = Field(default=None, sa_type=BigKey)
    sender_key: str | None = Field(default=None, max_length=60)
    fields: Plain | None = Field(default=None, sa_type=SealedJson("delivery.fields"))
    by_channel: Plain | None = Field(default=None, sa_type=SealedJson("delivery.by_channel"))
    reference: str | None = Field(default=None, max_length=200)
    received_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    read_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    rung: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    instead_of_id: int | None = Field(default=None, sa_type=BigKey)
    wait_until: datetime | None = Field(default=None, sa_type=MomentColumn)
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": sa_false()})
