"""The people of a replay, as the history knows them: whoever was found for a role then is found again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from definitions.model.definition import Definition
from definitions.model.reference import participant, reference, refers_to
from engine.change import (
    Filled,
    ItemDelegated,
    ItemDone,
    ItemEnded,
    ItemGiven,
    ItemLeft,
    ItemOffered,
    ItemOpened,
    Relocated,
    RoleGiven,
)
from engine.directory import Candidate, OtherIssue, Search, TakingStation
from engine.event import Depart
from engine.replay.books import RecalledBooks
from engine.replay.names import Names, Recorded
from engine.state import Party

#: Whoever is looked for though nobody held the role.
SOMEBODY = participant(10**9)
_Held = dict[Party, str | None]


class _Found(NamedTuple):
    """To whom a role was given, and on which rung of its ladder."""

    parties: tuple[Party, ...]
    rung: str | None


class Recalled:
    """A directory that answers as it did when an entry of the history was decided.

    ``turn`` says which entry that is. Where the history has no answer, the role's holders before or after it are found; for a higher rung
    of a ladder nobody is, unless it is asked to be ``generous``: then there is somebody.
    """

    def __init__(self, definition: Definition, history: Sequence[Recorded], names: Sequence[Names]) -> None:
        self._definition = definition
        self._entries = history
        self._held, self._given = _held_in(history, names)
        self.books = RecalledBooks([entry.changes for entry in history])
        self._at = 0
        self._meant: Mapping[str, str] = {}
        self.generous = False

    def turn(self, index: int, *, generous: bool = False) -> None:
        """Answer as of an entry, by its place in the history."""
        if index != self._at or not self._meant:
            self._at, self._meant = index, _meant(self._entries[index])
        self.generous = generous
        self.books.turn(index)

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """Whoever held the role, in the order of the history; somebody unknown for a role that nobody held."""
        moved = self._moved()
        if moved is not None and search.station == moved.left and self._at:
            return self._earlier(search)
        level, role = search.level, search.role
        if not self._laddered(role):
            return _candidates(self._holders(role), level)
        given = self._given[self._at].get(role, ())
        # whoever was given it first was looked for; on the rungs above are those to whom it was handed up
        there = (
            [found for found in given if found.rung == level] if level else [found for found in given[:1] if found.rung]
        )
        if there:
            return _candidates(dict.fromkeys(there[0].parties, there[0].rung), level)
        if self._instead(role) or self._by_office(role):
            return ()
        return _candidates(self._holders(role) if level is None else self._on(role, level), level)

    def _moved(self) -> Relocated | None:
        """To which station the issue was moved with this entry."""
        return next((change for change in self._entries[self._at].changes if isinstance(change, Relocated)), None)

    def _earlier(self, search: Search) -> Sequence[Candidate]:
        """Whoever held the role before this entry, at the station where the issue was then."""
        self._at -= 1
        try:
            return self.candidates(search)
        finally:
            self._at += 1

    def _laddered(self, role: str) -> bool:
        found = self._definition.roles.get(role)
        return found is not None and bool(found.ladder)

    def _instead(self, role: str) -> Sequence[Party]:
        """Those who were given a role with a ladder and came to no rung of it: its own source had found nobody."""
        last = self._last_given(role) if self._laddered(role) else ()
        return last[0].parties if last and last[0].rung is None else ()

    def _by_office(self, role: str) -> Sequence[Party]:
        """Those who had the tasks of a role with a ladder, and were never given it: they were of the office."""
        return () if not self._laddered(role) or self._last_given(role) else tuple(self._held[self._at].get(role, ()))

    def _last_given(self, role: str) -> Sequence[_Found]:
        return next((given[role] for given in reversed(self._given[: self._at + 1]) if role in given), ())

    def _holders(self, role: str) -> _Held:
        """Those of this entry, else of the last one before it, else of the first one after it, else somebody unknown."""
        if self._moved() and role in self._held[self._at]:
            return self._held[self._at][role]
        if role not in self._held[self._at]:
            others = [other for other, spec in self._definition.roles.items() if spec.fallback == role]
            for other in others:
                if found := self._instead(other):
                    return dict.fromkeys(found)
                if self._by_office(other):
                    return {}
        before = reversed(self._held[: self._at + 1])
        entries = (*before, *self._held[self._at + 1 :])
        return next((held[role] for held in entries if held.get(role)), {SOMEBODY: None})

    def _on(self, role: str, rung: str) -> _Held:
        """Those who stood on a rung of a ladder already, or to whom it may have led where the history knows of nobody."""
        now = self._held[self._at].get(role)
        if now and role not in self._given[self._at]:
            return now
        if not self.generous:
            return {}
        everywhere = [found.parties for given in self._given for found in given.get(role, ()) if found.rung == rung]
        return dict.fromkeys(everywhere[0] if everywhere else (SOMEBODY,))

    def office(self) -> Sequence[Candidate]:
        """Those of the office who stepped in, else somebody of it."""
        roles = self._definition.roles
        found = [party for role in roles for party in (*self._instead(role), *self._by_office(role))]
        return [Candidate(party=party) for party in found or [SOMEBODY]]

    def stand_ins(self, party: Party) -> Sequence[Party]:
        """Nobody is away."""
        return ()

    def members(self, department: Party) -> Sequence[Party]:
        """Who belonged to a department is not in a history."""
        return ()

    def vacant(self, party: Party) -> bool:
        """Whoever goes with this entry of the history, or went with one before it and has had nothing to do with the issue since.

        That somebody is back in service is no event of an issue; that they acted, or were given something, could not have been otherwise.
        """
        for entry in reversed(self._entries[: self._at + 1]):
            if isinstance(entry.event, Depart) and entry.event.gone and entry.event.party == party:
                return True
            if party in _present(entry):
                return False
        return False

    def known(self, reference: str) -> bool:
        """What was accepted then is accepted again."""
        return True

    def issue(self, reference: Party) -> OtherIssue | None:
        """What it was merged into then was there."""
        return OtherIssue(number=reference)

    def station(self, named: str) -> TakingStation | None:
        """The one to which the issue was moved then."""
        moved = self._moved()
        return TakingStation(number=moved.station, code=moved.code, industry=moved.industry) if moved else None

    def resolve(self, kind: str, text: str) -> str | None:
        """What was meant by a text then; a text that is a reference already."""
        meant = self._meant.get(text, text)
        return meant if refers_to(meant, kind) else reference(kind, 1)


def _candidates(held: _Held, level: str | None) -> Sequence[Candidate]:
    return [Candidate(party=party, on_duty=True, level=rung or level) for party, rung in held.items()]


def _present(entry: Recorded) -> set[Party | None]:
    """Who was in service when an entry was decided: who acted, and to whom something was given, or who was asked."""
    present = {entry.actor}
    for change in entry.changes:
        match change:
            case ItemOpened(item=item):
                present.update(item.candidates)
            case ItemGiven(candidates=parties):
                present.update(parties)
            case ItemDelegated(to=party) | ItemOffered(to=party):
                present.add(party)
    return present


def _keep_at_the_new_station(
    held: dict[str, _Held], ended: Collection[str], still: Sequence[tuple[str, tuple[Party, ...]]]
) -> None:
    """Whoever kept what they had serves at the new station too; ``still``: by role, who has a task of it."""
    for role, parties in still:
        if role in held or role in ended:
            held.setdefault(role, {}).update(dict.fromkeys(parties))
    held |= {role: {} for role in ended if role not in held}


def _held_in(
    history: Sequence[Recorded], names: Sequence[Names]
) -> tuple[list[dict[str, _Held]], list[dict[str, list[_Found]]]]:
    """By entry and role, who was found for it then, and to whom it was given, one after the other."""
    roles: dict[int, str] = {}
    asked: dict[int, tuple[Party, ...]] = {}
    found: list[dict[str, _Held]] = []
    gave: list[dict[str, list[_Found]]] = []
    for entry, named in zip(history, names, strict=True):
        held: dict[str, _Held] = {}
        given: dict[str, list[_Found]] = {}
        ended: set[str] = set()
        for change in entry.changes:
            match change:
                case RoleGiven(role=role, parties=parties, rung=rung):
                    given.setdefault(named.role(role), []).append(_Found(parties, rung))
                case ItemOpened(item=item) if item.kind == "task":
                    roles[item.number], asked[item.number] = item.role, item.candidates
                    held.setdefault(named.role(item.role), {}).update(dict.fromkeys(item.candidates))
                case ItemGiven(item=number, candidates=parties) if number in roles:
                    held.setdefault(named.role(roles[number]), {}).update(dict.fromkeys(parties))
                    asked[number] = parties
                case ItemLeft(item=number, party=party) if number in roles:
                    asked[number] = tuple(one for one in asked.get(number, ()) if one != party)
                    held.setdefault(named.role(roles[number]), {}).update(dict.fromkeys(asked[number]))
                case ItemEnded(item=number) if number in roles:
                    asked.pop(number, None)
                    ended.add(named.role(roles[number]))
        if any(isinstance(change, Relocated) for change in entry.changes):
            still = [(named.role(roles[number]), parties) for number, parties in asked.items()]
            _keep_at_the_new_station(held, ended, still)
        # who was given a role was found; who has its tasks may have had it before
        for role, several in given.items():
            held[role] = dict.fromkeys(several[-1].parties, several[-1].rung)
        found.append(held)
        gave.append(given)
    return found, gave


def _meant(entry: Recorded) -> Mapping[str, str]:
    """Which references people meant by the texts that they entered."""
    entered: Mapping[str, Any] = getattr(entry.event, "values", {})
    meant: dict[str, str] = {}
    for change in entry.changes:
        if isinstance(change, Filled | ItemDone):
            for name, kept in change.values.items():
                meant |= _pairs(entered.get(name), kept)
    return meant


def _pairs(entered: Any, kept: Any) -> dict[str, str]:
    if isinstance(entered, str) and isinstance(kept, str):
        return {entered: kept}
    if isinstance(entered, list | tuple) and isinstance(kept, list | tuple) and len(entered) == len(kept):
        return {
            one: other
            for one, other in zip(entered, kept, strict=True)
            if isinstance(one, str) and isinstance(other, str)
        }
    return {}
