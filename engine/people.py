"""Who holds a role in an issue: looked up, picked, and never nobody if anybody is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from definitions.role import REPORTER, Pick
from engine.change import RoleGiven
from engine.directory import Candidate
from engine.draft import Draft
from engine.state import Party

_BETTER: Mapping[Pick, Callable[[Candidate], int]] = {
    "on duty": lambda candidate: 0 if candidate.on_duty else 1,
    "least loaded": lambda candidate: candidate.load,
    "first": lambda candidate: 0,
}


def pick(strategies: Sequence[Pick], candidates: Sequence[Candidate]) -> tuple[Party, ...]:
    """One of the candidates by the strategies in their order, then by reference; all of them if there is no strategy."""
    if not strategies:
        return tuple(candidate.party for candidate in candidates)
    ranked = sorted(
        candidates, key=lambda c: (*(_BETTER[strategy](c) for strategy in strategies), len(c.party), c.party)
    )
    return tuple(candidate.party for candidate in ranked[:1])


def holders(draft: Draft, role: str) -> tuple[Party, ...]:
    """Who holds the role now: the reporter, those already given it, those whom a field names, or those found in the directory."""
    facts = draft.state.facts
    if role == REPORTER:
        return (facts.reporter,) if facts else ()
    spec = draft.definition.roles[role]
    if spec.departments is not None:
        named = draft.state.data.get(spec.departments) or ()
        return (named,) if isinstance(named, str) else tuple(named)
    given = draft.state.roles.get(role)
    return given if given else assign(draft, role)


def assign(draft: Draft, role: str) -> tuple[Party, ...]:
    """Find who takes a role: its own source, then its fallback's, then the office. A picked one keeps it for the issue."""
    key: str | None = role
    seen: set[str] = set()
    while key is not None and key not in seen:
        seen.add(key)
        spec = draft.definition.roles[key]
        found = pick(spec.pick, _candidates(draft, key))
        if found:
            return _given(draft, role, found) if draft.definition.roles[role].pick else found
        key = spec.fallback
    return office(draft)


def office(draft: Draft) -> tuple[Party, ...]:
    """Those who look after an issue that would have no owner otherwise."""
    return pick((), draft.directory.office())


def _candidates(draft: Draft, role: str) -> Sequence[Candidate]:
    facts = draft.state.facts
    return draft.directory.candidates(draft.definition.roles[role], facts.station) if facts else ()


def _given(draft: Draft, role: str, parties: tuple[Party, ...]) -> tuple[Party, ...]:
    if draft.state.roles.get(role) != parties:
        draft.record(RoleGiven(role=role, parties=parties))
    return parties


def told(draft: Draft, roles: Sequence[str]) -> tuple[Party, ...]:
    """The holders of several roles, each party once."""
    return tuple(dict.fromkeys(party for role in roles for party in holders(draft, role)))
