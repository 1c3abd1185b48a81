"""The house that a command works in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huying.house.house import House
    from huying.settings import Settings


def opened(settings: Settings | None = None) -> House:
    """The house of these settings, or of the environment's, its database brought up to date."""
    from huying.backups.upgrade import open_upgraded
    from huying.house.house import House
    from huying.issues.conversion import seal_what_is_open
    from huying.settings import read
    from huying.shelf.arrangement import store_of

    here = settings or read()
    here.assure_whole()
    database = open_upgraded(here, _tell)
    house = House(database, here.files, store_of(here, database.ring))
    seal_what_is_open(house)
    return house


def _tell(line: str) -> None:
    """What is not the answer of the command goes beside it."""
    print(line, file=sys.stderr)
