"""The house that a command works in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huying.house.house import House
    from huying.settings import Settings


def opened(settings: Settings | None = None) -> House:
    """The house of these settings, or of the environment's, its database brought up to date."""
    from huying.house.house import House
    from huying.house.known_keys import open_database
    from huying.issues.conversion import seal_what_is_open
    from huying.settings import read
    from huying.shelf.arrangement import store_of

    here = settings or read()
    here.assure_whole()
    database = open_database(here)
    house = House(database, here.files, store_of(here, database.ring))
    seal_what_is_open(house)
    return house
