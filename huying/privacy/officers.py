"""Whoever looks after personal data hears that something waits for them to approve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from definitions.text import Said
from huying.database.tables import erasure_parts
from huying.house.house import House
from huying.messages.notices import write_notice
from huying.rights.grants import holders

OCCASION = "erasure-proposed"


def tell_officers(house: House, erasure: int, now: datetime) -> int:
    """Tell them of a proposal; how many people. Harmless to repeat."""
    with house.database.writing() as connection:
        parts = select(func.count()).select_from(erasure_parts).where(erasure_parts.c.erasure_id == erasure)
        count = int(connection.execute(parts).scalar_one())
        said = Said(f"{count} 件", f"{count} issues")

        def words(language: str) -> Mapping[str, str]:
            return {"note": said.of(language)}

        people = holders(connection, "keep privacy", now)
        for person in people:
            write_notice(connection, OCCASION, f"erasure.{erasure}", person, words, now)
    return len(people)
