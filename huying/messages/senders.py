"""Senders: the office's accounts with providers, and which of them takes a message to somebody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, update

from huying.database.tables import senders
from huying.messages.approved import registers
from huying.words.mask import mask
from notifications import KINDS, NO_TEMPLATES, TemplateRegister

#: On these channels messages leave without a sender: by the settings' mail server, or to the address itself.
WITHOUT_SENDER = frozenset({"mail", "webhook"})


class SaidAbout(NamedTuple):
    """What a message is about, and in which language."""

    occasion: str
    language: str


@dataclass(frozen=True, slots=True)
class Sender:
    """An account by which messages leave, as its row says."""

    key: str
    title: str
    channel: str
    kind: str
    fields: Mapping[str, str]
    secret: Mapping[str, str] = field(repr=False)
    per_minute: int | None
    per_person_day: int | None
    mode: str
    guests: tuple[int, ...]
    state: str
    templates: TemplateRegister = NO_TEMPLATES

    def takes(self, person: int) -> bool:
        """Whether it may write to somebody: in test mode to nobody, in guest mode to the guests."""
        return self.mode == "live" or (self.mode == "guests" and person in self.guests)

    def says(self, about: SaidAbout | None) -> bool:
        """Whether it has words for this: one that takes approved templates alone has none for what no template is approved for."""
        kind = KINDS.get(self.kind)
        if about is None or kind is None or kind.templates is None:
            return True
        return self.templates.find(about.occasion, about.language) is not None


def all_senders(connection: Connection, *, locked: bool = False) -> tuple[Sender, ...]:
    """All of them, the usual one of each channel first."""
    query = select(senders).order_by(senders.c.rank, senders.c.created_at, senders.c.key)
    rows = connection.execute(query.with_for_update() if locked else query).all()
    asking = any(row.kind in KINDS and KINDS[row.kind].templates is not None for row in rows)
    templates = registers(connection) if asking else {}
    return tuple(_sender(row, templates.get(row.key, NO_TEMPLATES)) for row in rows)


def _sender(row: Row[Any], templates: TemplateRegister) -> Sender:
    return Sender(
        key=row.key,
        title=row.title,
        channel=row.channel,
        kind=row.kind,
        fields=dict(row.fields or {}),
        secret=dict(row.secret or {}),
        per_minute=row.per_minute,
        per_person_day=row.per_person_day,
        mode=row.mode,
        guests=tuple(int(one) for one in row.guests or ()),
        state=row.state,
        templates=templates,
    )


def failing(connection: Connection, key: str, reason: str, now: datetime) -> None:
    """The provider does not take what this sender sends: whoever looks after it reads why, and its messages wait."""
    own = update(senders).where(senders.c.key == key)
    connection.execute(own.values(last_error=mask(reason)[:1000], checked_at=now))


def works_again(connection: Connection, keys: Collection[str]) -> None:
    """What these senders sent was taken: what was wrong with them is over."""
    if keys:
        mended = senders.c.key.in_(sorted(keys)), senders.c.last_error.is_not(None)
        connection.execute(update(senders).where(*mended).values(last_error=None))


def sender_for(
    known: Sequence[Sender], channel: str, person: int, wanted: str | None = None, about: SaidAbout | None = None
) -> Sender | None:
    """Which of them takes a message to somebody on a channel: the one that their address names, else the usual one; a paused one stays it.

    ``about``: only those that have words for it.
    """
    fitting = [one for one in known if one.channel == channel and one.takes(person) and one.says(about)]
    named = next((one for one in fitting if one.key == wanted), None)
    return named or next((one for one in fitting if one.state == "active"), None) or next(iter(fitting), None)


def has_way(known: Sequence[Sender], channel: str, person: int, about: SaidAbout | None = None) -> bool:
    """Whether anything leaves on a channel to somebody, or what this is ``about``."""
    return channel in WITHOUT_SENDER or sender_for(known, channel, person, about=about) is not None
