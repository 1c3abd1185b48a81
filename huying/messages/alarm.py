"""What the owner of an account is told when somebody tries to get into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from huying.database.tables import participants
from huying.house.house import House
from huying.messages.notices import write_notice
from huying.words.moments import moment_words

OCCASION = "guessed"


def warn_of_guesses(house: House, login: str, now: datetime) -> None:
    """Tell the owner of this account, if there is one, that wrong passphrases are being tried."""
    with house.database.reading() as connection:
        person = connection.execute(select(participants.c.id).where(participants.c.login == login)).scalar()
    if person is None:
        return
    zone = house.zone

    def words(language: str) -> Mapping[str, Any]:
        return {"when": moment_words(now, zone, language)}

    with house.database.writing() as connection:
        write_notice(connection, OCCASION, f"guessed.{now:%Y%m%d%H}", person, words, now)
