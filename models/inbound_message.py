"""What people send to the house beside forms, on whatever channel: letters by mail first; each as it came, and what became of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import BigKey, MomentColumn, Plain
from models.sealed import BlindIndex, SealedJson, SealedText, index_of


class InboundMessageRow(SQLModel, table=True):
    """One message. ``key`` is made of what its channel calls it: a repeat carries the same.

    ``state``: received (nobody has read it yet), attached (it is part of an issue), opened (an issue came of it), tray (a person decides),
    ignored, bounce (one of ours came back). ``kind``: letter, reply, bounce, away, auto. ``trust``: whether it comes from whom it names, as our
    mail server found: pass, fail, unknown. ``text`` is what is new in it, ``whole`` all of it. ``files``: of what came with it, names, kinds and
    sizes; ``raw``: where the message lies as it came. ``why``: why a person decides, as words between blanks. ``suggestion``: what they may want to
    do. ``delivery_id``: the message of ours that it answers. ``definition``: what such a letter opens. ``answered_at``: a machine answered it.
    ``settled_by``: the name of whoever decided. ``emptied_at``: since then its words are gone.
    """

    __tablename__ = "inbound_message"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index(
            "ix_inbound_message_received",
            "available_at",
            "id",
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        Index(
            "ix_inbound_message_tray",
            "station_id",
            "id",
            sqlite_where=text("state = 'tray'"),
            postgresql_where=text("state = 'tray'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    channel: str = Field(max_length=20)
    key: str = Field(max_length=80)
    state: str = Field(default="received", max_length=20)
    kind: str = Field(default="letter", max_length=20)
    at: datetime = Field(sa_type=MomentColumn, index=True)
    sender: str | None = Field(default=None, sa_type=SealedText("inbound_message.sender"))
    sender_index: str | None = Field(
        default=None, index=True, sa_type=BlindIndex("address"), sa_column_kwargs={"default": index_of("sender")}
    )
    sender_name: str | None = Field(default=None, sa_type=SealedText("inbound_message.sender_name"))
    trust: str = Field(default="unknown", max_length=10)
    recipients: Plain | None = Field(default=None, sa_type=SealedJson("inbound_message.recipients"))
    subject: str | None = Field(default=None, sa_type=SealedText("inbound_message.subject"))
    text: str | None = Field(default=None, sa_type=SealedText("inbound_message.text"))
    whole: str | None = Field(default=None, sa_type=SealedText("inbound_message.whole"))
    files: Plain | None = Field(default=None, sa_type=SealedJson("inbound_message.files"))
    raw: Plain | None = Field(default=None, sa_type=SealedJson("inbound_message.raw"))
    why: str = Field(default="", max_length=200)
    suggestion: Plain | None = Field(default=None, sa_type=SealedJson("inbound_message.suggestion"))
    definition: str | None = Field(default=None, max_length=60)
    delivery_id: int | None = Field(default=None, index=True, sa_type=BigKey)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, sa_type=BigKey)
    participant_id: int | None = Field(default=None, foreign_key="participant.id", index=True, sa_type=BigKey)
    station_id: int | None = Field(default=None, foreign_key="station.id")
    tries: int = 0
    available_at: datetime = Field(sa_type=MomentColumn)
    answered_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    settled_at: datetime | None = Field(default=None, sa_type=MomentColumn)
    settled_by: str = Field(default="", max_length=100)
    emptied_at: datetime | None = Field(default=None, sa_type=MomentColumn)
