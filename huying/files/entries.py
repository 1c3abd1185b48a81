"""What stands in somebody's file: the one way in which others read it. Whoever asks for somebody else's has been let in before."""

from __future__ import annotations

from collections.abc import Sequence

from definitions.files.chapters import shipped_rules
from huying.files.entry import FileEntry, FilePeriod
from huying.files.upkeep import freshen
from huying.files.volume import volumes
from huying.house.house import House


def entries(house: House, participant_id: int, period: FilePeriod) -> tuple[FileEntry, ...]:
    """The entries of a person in a period, in order of their days: also drafts and what was corrected; ``counts`` says which stand."""
    return entries_of(house, (participant_id,), period)[participant_id]


def entries_of(house: House, people: Sequence[int], period: FilePeriod) -> dict[int, tuple[FileEntry, ...]]:
    """The same of several people at once, as of one moment."""
    freshen(house)
    with house.database.at_one_moment() as connection:
        found = volumes(connection, shipped_rules(), people, period)
    return {
        person: tuple(
            one
            for year in period.years
            for one in found[person, year].entries
            if period.first <= one.day <= period.last
        )
        for person in people
    }
