"""Who holds a grant that ends soon, and who gave it, are told in time, and once; the day itself ends it, whoever was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, exists, select

from definitions.text import Said
from huying.database.tables import addresses, deliveries, grants, participants
from huying.house.house import House
from huying.messages.notices import Words, write_notice
from huying.rights.grants import in_force
from huying.rights.role import ROLES
from huying.rights.views.holders import SOON
from huying.words.moments import date_words

OCCASION = "grant-ends"


def ending_untold(house: House, now: datetime) -> tuple[tuple[int, int], ...]:
    """Grants that end within ``SOON``, each with a person who is to hear of it and has not: whoever holds it, and whoever gave it."""
    with house.database.reading() as connection:
        return tuple(_untold(connection, house, now))


def tell_of_ends(house: House, now: datetime) -> int:
    """Tell all of them; how many messages were written. Harmless to repeat, and by several at once."""
    written = 0
    for grant, person in ending_untold(house, now):
        with house.database.writing() as connection:
            written += write_notice(
                connection, OCCASION, _event(grant), person, _words(connection, grant, house, now), now
            )
    return written


def _event(grant: int) -> str:
    return f"grant.{grant}"


def _untold(connection: Connection, house: House, now: datetime) -> list[tuple[int, int]]:
    ends = grants.c.until <= house.day_of(now) + SOON
    query = (
        select(grants.c.id, grants.c.participant_id, grants.c.made_by_id)
        .where(in_force(now, house.zone), ends)
        .order_by(grants.c.id)
    )
    found = []
    for grant, holder, giver in connection.execute(query).all():
        for person in dict.fromkeys((holder, giver)):
            if person is not None and _hears(connection, grant, person):
                found.append((grant, person))
    return found


def _hears(connection: Connection, grant: int, person: int) -> bool:
    """Whether somebody can be told, and was not."""
    reached = exists().where(addresses.c.participant_id == person)
    told = exists().where(deliveries.c.participant_id == person, deliveries.c.key.startswith(f"{_event(grant)}."))
    can = select(participants.c.id).where(participants.c.id == person, participants.c.active, reached, ~told)
    return connection.execute(can).first() is not None


def _words(connection: Connection, grant: int, house: House, now: datetime) -> Words:
    query = (
        select(grants.c.role, grants.c.until, participants.c.name)
        .join(participants, participants.c.id == grants.c.participant_id)
        .where(grants.c.id == grant)
    )
    role, until, name = connection.execute(query).one()
    title: Said = ROLES[role].title

    def words(language: str) -> Mapping[str, str]:
        return {"actor": name, "note": title.of(language), "when": date_words(until, language, house.day_of(now))}

    return words
