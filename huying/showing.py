"""What staff see of issues: which ones have changed since they were last shown, and what a card says."""

from __future__ import annotations

from sqlalchemy import update

from huying.house import House
from huying.tables import issues


def show_again(house: House) -> int:
    """Have every issue shown anew, as when Prefect's data was lost; how many."""
    with house.database.writing() as connection:
        return connection.execute(update(issues).values(shown_version=0, run_id=None)).rowcount
