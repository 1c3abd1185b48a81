"""Carrying out ``publish``: a text becomes public, once; it can be withdrawn, and stays in the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from definitions.text import words
from engine.effect import Publish
from huying.database.tables import issues, outbox, publications
from huying.errors import NotFound
from huying.house.house import House
from huying.outbox.claims import Errand
from huying.words.private_text import masked_within

_TOLD = select(publications, issues.c.opened_at, issues.c.closed_at).join(
    issues, issues.c.id == publications.c.issue_id, isouter=True
)


@dataclass(frozen=True, slots=True)
class Published:
    """A public text in one language; ``days``: how long the issue took that it is about, if that is closed."""

    id: int
    kind: str
    title: str
    text: str
    published_at: datetime
    days: int | None = None


def publish_text(house: House, errand: Errand[Publish], now: datetime) -> None:
    """Make the text public, and mark the effect done."""
    effect = errand.effect
    row = {
        "key": errand.key,
        "issue_id": errand.issue_id,
        "kind": effect.category,
        "title": masked_within(effect.title),
        "text": masked_within(effect.text),
        "published_at": now,
    }
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    with house.database.writing() as connection:
        connection.execute(make(publications).values(**row).on_conflict_do_nothing(index_elements=["key"]))
        connection.execute(
            update(outbox).where(outbox.c.id == errand.id).values(status="done", done_at=now, error=None)
        )


def published(house: House, language: str, *, before: int | None = None, limit: int = 20) -> tuple[Published, ...]:
    """The public texts, the newest first; ``before`` an id, for the next page."""
    query = _TOLD.where(publications.c.withdrawn_at.is_(None)).order_by(publications.c.id.desc())
    if before is not None:
        query = query.where(publications.c.id < before)
    with house.database.reading() as connection:
        return tuple(_in(row, language) for row in connection.execute(query.limit(limit)))


def publication(house: House, number: int, language: str) -> Published:
    """One public text; ``NotFound`` if there is none, or it was withdrawn."""
    query = _TOLD.where(publications.c.id == number, publications.c.withdrawn_at.is_(None))
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("没有这篇公开内容，或已撤下。", "There is no such public text, or it was withdrawn.")
    return _in(row, language)


def withdraw_publication(house: House, number: int, now: datetime) -> None:
    """Take a text back; it is no longer public, and stays in the records."""
    with house.database.writing() as connection:
        connection.execute(
            update(publications)
            .where(publications.c.id == number, publications.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )


def _in(row: Row[Any], language: str) -> Published:
    days = (row.closed_at - row.opened_at).days if row.closed_at is not None else None
    title, text = words(row.title, language), words(row.text, language)
    return Published(row.id, row.kind, title, text, row.published_at, days)
