"""Carrying out ``register``: entries in the yearly files of people, each made once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from huying.access import parties
from huying.database.tables import file_entries, history, issues, outbox
from huying.house.house import House
from huying.outbox.claims import Effect


def register(house: House, effect: Effect, now: datetime) -> int:
    """Write an entry for everybody behind the parties, and mark the effect done; how many are new."""
    payload = effect.payload
    with house.database.reading() as connection:
        people = [person for party in payload["parties"] for person in parties.people(connection, party)]
        row = connection.execute(
            select(issues.c.definition_version_id, history.c.at)
            .join(history, history.c.issue_id == issues.c.id)
            .where(issues.c.id == effect.issue_id, history.c.sequence == effect.sequence)
        ).one()
    definition = house.processes.process(row.definition_version_id)
    year = row.at.astimezone(definition.calendar.zone).year
    title = payload["title"] or dict(definition.definition.title)
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    new = 0
    with house.database.writing() as connection:
        for person in dict.fromkeys(people):
            entry = {
                "key": f"{effect.issue_id}.{effect.sequence}.{payload['position']}.{person}",
                "participant_id": person,
                "year": year,
                "kind": payload["kind"],
                "title": title,
                "points": payload["points"],
                "issue_id": effect.issue_id,
                "at": row.at,
                "state": "confirmed",
            }
            made = make(file_entries).values(**entry).on_conflict_do_nothing(index_elements=["key"])
            new += connection.execute(made).rowcount
        connection.execute(
            update(outbox).where(outbox.c.id == effect.id).values(status="done", done_at=now, error=None)
        )
    return new
