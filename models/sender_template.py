"""Templates that an office had a provider approve: for which occasion, under which code, and what of ours fills them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import BigKey, Json, MomentColumn


class SenderTemplateRow(SQLModel, table=True):
    """A template of a sender for an ``occasion`` (``*``: each without one of its own; empty: not given to any yet) and a language (``*``: each).

    ``code``: the provider's; ``text``: as it was approved. ``params``: its variables (``theirs``, ``ours``, ``longest``, ``kind``). ``state``:
    draft, submitted, approved, refused or withdrawn; ``remark``: what the provider said. Approved there is one for an occasion and a language.
    """

    __tablename__ = "sender_template"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    sender_key: str = Field(foreign_key="sender.key", index=True, max_length=60)
    occasion: str = Field(default="", max_length=40)
    language: str = Field(default="*", max_length=20)
    code: str = Field(max_length=100)
    title: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=2000)
    params: list[dict[str, str | int]] = Field(default_factory=list, sa_type=Json)
    state: str = Field(default="draft", max_length=20)
    remark: str = Field(default="", max_length=500)
    changed_at: datetime = Field(sa_type=MomentColumn)
