"""What other issues had taken when a history was made, as far as the history says it: a replay decides by the same numbers and sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.books.books import Series, Sum, UniqueValue
from engine.books.change import NumberGiven
from engine.change import Change, Filled, Opened
from engine.noun import Value
from engine.state import Booking

_Values = Mapping[str, Value]


class RecalledBooks:
    """Answers as of the entry to which it was turned; what was possible then is possible again, so nothing is taken."""

    def __init__(self, history: Sequence[Sequence[Change]]) -> None:
        self._found: list[_Values] = []
        self._left: list[_Values] = []
        self._given: list[Mapping[str, int]] = []
        held: dict[str, Value] = {}
        given: dict[str, int] = {}
        for changes in history:
            self._found.append({**held, **_at_first(changes)})
            for change in changes:
                if isinstance(change, Filled):
                    held |= change.values
            numbers = [change for change in changes if isinstance(change, NumberGiven)]
            first = {change.series: change.sequence - 1 for change in reversed(numbers)}
            self._left.append(dict(held))
            self._given.append({**given, **first})
            given |= {change.series: change.sequence for change in numbers}
        self._at = 0
        self._asked: dict[str, Sum] = {}

    def turn(self, index: int) -> None:
        """Answer as of an entry, by its place in the history."""
        self._at, self._asked = index, {}

    def last(self, series: Series) -> int:
        """The one before the first that was given in this entry."""
        return self._given[self._at].get(series.name, 0)

    def total(self, wanted: Sum) -> float:
        """What the field held: at first what its event found, and asked otherwise within the same event, what it left."""
        again = self._asked.setdefault(wanted.name, wanted) != wanted
        value = (self._left if again else self._found)[self._at].get(wanted.name)
        return value if isinstance(value, int | float) else 0

    def taken(self, wanted: Booking) -> int:
        """Nothing."""
        return 0

    def stands(self, value: UniqueValue) -> bool:
        """Nowhere."""
        return False


def _at_first(changes: Sequence[Change]) -> _Values:
    """What was filled in before anything else happened: counts are brought up to date then. An issue that is opened is filled in first."""
    found: dict[str, Value] = {}
    for change in changes:
        if isinstance(change, Filled):
            found = {**change.values, **found}
        elif not isinstance(change, Opened):
            break
    return found
