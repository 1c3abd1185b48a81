"""Carrying out ``register``: entries in the yearly files of people, each made once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.effect import Register
from huying.access import parties
from huying.database.tables import file_entries, history, issues, outbox
from huying.files.upkeep import alone
from huying.house.house import House
from huying.outbox.claims import Errand


def register(house: House, errand: Errand[Register], now: datetime) -> int:
    """Write an entry for everybody behind the parties, and mark the effect done; how many are new."""
    effect = errand.effect
    with house.database.reading() as connection:
        people = [person for party in effect.parties for person in parties.people(connection, party)]
        row = connection.execute(
            select(issues.c.definition_version_id, history.c.at)
            .join(history, history.c.issue_id == issues.c.id)
            .where(issues.c.id == errand.issue_id, history.c.sequence == errand.sequence)
        ).one()
    definition = house.processes.process(row.definition_version_id)
    year = row.at.astimezone(definition.calendar.zone).year
    title = effect.title or dict(definition.definition.title)
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    new = 0
    with house.database.writing() as connection:
        # whoever makes lines now has read the entries already, and would say afterwards that they know this one
        alone(connection)
        for person in dict.fromkeys(people):
            entry = {
                "key": f"{errand.key}.{person}",
                "participant_id": person,
                "year": year,
                "kind": effect.category,
                "title": title,
                "points": effect.points,
                "issue_id": errand.issue_id,
                "at": row.at,
                "state": "confirmed",
            }
            made = make(file_entries).values(**entry).on_conflict_do_nothing(index_elements=["key"])
            # a database that gives back the new row's id counts no rows beside that
            new += len(connection.execute(made.returning(file_entries.c.id)).all())
        if new:
            # the issue itself has not changed, and its lines have
            connection.execute(update(issues).where(issues.c.id == errand.issue_id).values(filed_version=0))
        connection.execute(
            update(outbox).where(outbox.c.id == errand.id).values(status="done", done_at=now, error=None)
        )
    return new
