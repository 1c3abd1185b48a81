"""A books in memory, for tests, rehearsals and simulations: it learns from each outcome, and answers by the same rules as the house's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from definitions.forms.rules import alike
from engine.books.books import Books, Series, Sum, UniqueValue, most_at_once, summed
from engine.books.change import NumberGiven
from engine.change import Change
from engine.process import Process
from engine.rules.booking import held
from engine.rules.uniqueness import standing
from engine.state import Booking, Party, State


@dataclass
class MemoryBooks:
    """What issues have taken, by their numbers; ``counted`` are sums that are simply given, by field; ``others``: what was booked before.

    ``had``: values that other issues have in fields of which no two have the same.
    """

    counted: Mapping[str, float] = field(default_factory=dict)
    others: tuple[Booking, ...] = ()
    had: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    _given: Counter[Series] = field(default_factory=Counter)
    _of_reporter: dict[Party, dict[int, tuple[str, State]]] = field(default_factory=dict)
    _booked: dict[int, tuple[Booking, ...]] = field(default_factory=dict)
    _standing: dict[int, frozenset[UniqueValue]] = field(default_factory=dict)
    _holders: dict[UniqueValue, int] = field(default_factory=dict)

    def learn(self, issue: int, process: Process, state: State, changes: Iterable[Change]) -> None:
        """What became of an issue."""
        for change in changes:
            if isinstance(change, NumberGiven):
                self._given[Series(change.series, change.station, change.year)] = change.sequence
        if state.facts is not None:
            self._of_reporter.setdefault(state.facts.reporter, {})[issue] = (process.definition.id, state)
        if state.bookings or issue in self._booked:
            self._booked[issue] = state.bookings
        if process.definition.unique:
            before, after = self._standing.get(issue, frozenset()), standing(process, state)
            self._standing[issue] = after
            for value in before - after:
                self._holders.pop(value, None)
            self._holders |= dict.fromkeys(after, issue)

    def beside(self, issue: int) -> Books:
        """The books as one issue sees it: without what is its own."""
        return _Beside(self, issue)

    def last(self, series: Series) -> int:
        """The last number given in a series."""
        return self._given[series]

    def total(self, wanted: Sum, beside: int | None = None) -> float:
        """The sum given for the field, else over the issues learnt of."""
        if wanted.name in self.counted:
            return self.counted[wanted.name]
        theirs = [self._of_reporter.get(wanted.reporter, {})] if wanted.reporter else self._of_reporter.values()
        found = [
            state
            for issues in theirs
            for number, (definition, state) in issues.items()
            if number != beside and definition == wanted.definition and _counts(wanted, state)
        ]
        return summed(state.data.get(wanted.field) if wanted.field else 1 for state in found)

    def taken(self, wanted: Booking, beside: int | None = None) -> int:
        """How much is held at once."""
        booked = [one for number, theirs in self._booked.items() if number != beside for one in theirs]
        return most_at_once(held((*self.others, *booked), wanted), wanted.begins, wanted.ends)

    def stands(self, value: UniqueValue, beside: int | None = None) -> bool:
        """Whether an issue learnt of has it, or others are said to have it."""
        said = any(alike(one) == value.alike for one in self.had.get(value.field, ()))
        return said or self._holders.get(value, beside) != beside


@dataclass(frozen=True, slots=True)
class _Beside:
    books: MemoryBooks
    issue: int

    def last(self, series: Series) -> int:
        """The same for every issue."""
        return self.books.last(series)

    def total(self, wanted: Sum) -> float:
        """Over the other issues."""
        return self.books.total(wanted, self.issue)

    def taken(self, wanted: Booking) -> int:
        """By the other issues."""
        return self.books.taken(wanted, self.issue)

    def stands(self, value: UniqueValue) -> bool:
        """In another issue."""
        return self.books.stands(value, self.issue)


def _counts(wanted: Sum, state: State) -> bool:
    facts = state.facts
    if facts is None:
        return False
    return (
        (wanted.reporter is None or facts.reporter == wanted.reporter)
        and (wanted.station is None or facts.station == wanted.station)
        and all(state.data.get(name) == value for name, value in wanted.values)
        and (not wanted.resolutions or state.resolution in wanted.resolutions)
        and (wanted.status is None or state.status == wanted.status)
        and (wanted.since is None or facts.opened_at >= wanted.since)
    )
