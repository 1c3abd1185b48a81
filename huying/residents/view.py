"""Two residents side by side, before they are joined, and the joins that hold or held."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from huying.database.tables import addresses, issues, participants, person_joins
from huying.errors import NotFound
from huying.house.house import House
from huying.words.moments import moment_words

_MOST = 100


@dataclass(frozen=True, slots=True)
class Side:
    """One of two residents: what is known of them, and their last issues."""

    id: int
    name: str
    phone: str
    since: str
    addresses: int
    mail: bool
    issues: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JoinLine:
    """A join; ``parted``: since when it is over."""

    id: int
    kept: str
    joined: str
    confirmed_by: str
    reason: str
    when: str
    parted: str
    part_reason: str


def side(house: House, person: int, language: str) -> Side:
    """One resident; ``NotFound`` for anybody else."""
    p = participants.c
    with house.database.reading() as connection:
        row = connection.execute(
            select(participants).where(p.id == person, p.kind == "citizen", p.erased_at.is_(None))
        ).one_or_none()
        if row is None:
            raise NotFound("没有这位居民。", "There is no such resident.")
        query = select(issues.c.number, issues.c.subject).where(issues.c.reporter_id == person)
        last = connection.execute(query.order_by(issues.c.id.desc()).limit(5)).all()
        many = select(func.count()).select_from(addresses).where(addresses.c.participant_id == person)
        mail = many.where(addresses.c.channel == "mail")
        counts = [int(connection.execute(one).scalar_one()) for one in (many, mail)]
    since = moment_words(row.created_at, house.zone, language)
    return Side(row.id, row.name, row.phone or "", since, counts[0], counts[1] > 0, tuple((a, b) for a, b in last))


def join_lines(house: House, language: str) -> tuple[JoinLine, ...]:
    """The last joins, those that hold and those that are over."""
    kept, joined = participants.alias("kept"), participants.alias("joined")
    query = (
        select(person_joins, kept.c.name.label("kept_name"), joined.c.name.label("joined_name"))
        .join(kept, kept.c.id == person_joins.c.kept_id)
        .join(joined, joined.c.id == person_joins.c.joined_id)
        .order_by(person_joins.c.id.desc())
        .limit(_MOST)
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(
        JoinLine(
            id=row.id,
            kept=row.kept_name,
            joined=row.joined_name,
            confirmed_by=row.confirmed_by,
            reason=row.reason,
            when=moment_words(row.joined_at, house.zone, language),
            parted=moment_words(row.parted_at, house.zone, language) if row.parted_at else "",
            part_reason=row.part_reason,
        )
        for row in rows
    )
