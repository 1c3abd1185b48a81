"""Who holds a role in an issue: looked up, picked, and never nobody if anybody is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from definitions.model.reference import refers_to
from definitions.model.role import REPORTER, Pick, Role
from definitions.model.tell import Telling
from engine.change import MadeAnswerable, NobodyLeft, RoleGiven
from engine.directory import Candidate, Search
from engine.draft import Draft
from engine.effect import Occasion
from engine.noun import Values
from engine.rules.exclusion import barred, held, left, stands_for
from engine.state import Facts, Party

Preference = Callable[[Draft, Role, Candidate], float]


def _designated(draft: Draft, role: Role, candidate: Candidate) -> float:
    return 0 if role.designated and draft.state.data.get(role.designated) == candidate.party else 1


def _chance(draft: Draft, role: Role, candidate: Candidate) -> float:
    """The same draw for the same issue and person, so that a history can be decided again."""
    number = draft.state.facts.number if draft.state.facts else ""
    return int.from_bytes(hashlib.sha256(f"{number} {candidate.party}".encode()).digest()[:6])


_BETTER: Mapping[Pick, Preference] = {
    "designated": _designated,
    "on duty": lambda draft, role, candidate: 0 if candidate.on_duty else 1,
    "least loaded": lambda draft, role, candidate: candidate.load,
    "round robin": lambda draft, role, candidate: candidate.given_at.timestamp() if candidate.given_at else 0,
    "last": lambda draft, role, candidate: -candidate.handled_at.timestamp() if candidate.handled_at else 0,
    "random": _chance,
    "first": lambda draft, role, candidate: 0,
}


def pick(draft: Draft, role: Role, candidates: Sequence[Candidate]) -> tuple[Party, ...]:
    """One of the candidates by the role's strategies in their order, then by reference; all of them if it has none."""
    if role.cap is not None:
        free = [candidate for candidate in candidates if candidate.load < role.cap]
        candidates = free or (() if role.fallback else candidates)
    if not role.pick:
        return tuple([candidate.party for candidate in candidates])
    if len(candidates) < 2:
        return tuple([candidate.party for candidate in candidates])
    best = min(
        candidates,
        key=lambda c: (*(_BETTER[strategy](draft, role, c) for strategy in role.pick), len(c.party), c.party),
    )
    return (best.party,)


def holders(draft: Draft, role: str, step: str = "") -> tuple[Party, ...]:
    """Who holds the role now: the reporter, those already given it, those whom a field or an earlier step names, or those found.

    Without those who may not act in it at the step; nobody, if those who hold it may not.
    """
    state, named = draft.state, barred(draft.definition, draft.state, step, role)
    known = held(draft.definition, state, role)
    if known is not None:
        there = _in_service(draft, known)
        if there or not known or role not in state.roles:
            return left(draft, there, named) if named else there
    return _found(draft, role, named) or (() if named else office(draft))


def _in_service(draft: Draft, parties: Iterable[Party]) -> tuple[Party, ...]:
    """Those of whom somebody is there still; whoever was looked for just now always is."""
    return tuple([party for party in parties if not draft.directory.vacant(party)])


def found_for(draft: Draft, role: str) -> frozenset[Party]:
    """Everybody whom the role's own source finds now, on whichever rung the role stands."""
    spec = draft.definition.roles[role]
    levels = (spec.level, *spec.ladder) if spec.ladder else (spec.level,)
    none: frozenset[Party] = frozenset()
    return frozenset(one.party for level in levels for one in _candidates(draft, role, spec, level, none))


def assign(draft: Draft, role: str) -> tuple[Party, ...]:
    """Find who takes a role: its own source, then its fallback's, then the office. A picked one keeps it for the issue."""
    return _found(draft, role, barred(draft.definition, draft.state, "", role)) or office(draft)


def others(draft: Draft, role: str, step: str) -> tuple[Party, ...]:
    """Who acts at a step where those who hold the role may not, or are nobody: others of its source, its fallback, else the office.

    Nobody is given the role by that. The office has the task even where all of it may not act, for it can give it to somebody who may.
    """
    named = barred(draft.definition, draft.state, step, role)
    found = _found(draft, role, named, given=False)
    if found:
        return found
    if named:
        draft.record(NobodyLeft(step=step, role=role))
    return left(draft, office(draft), named) or office(draft)


def _found(draft: Draft, role: str, named: frozenset[Party], *, given: bool = True) -> tuple[Party, ...]:
    """Those whom the role's own source gives, or its fallback's, without those named."""
    key: str | None = role
    seen: set[str] = set()
    while key is not None and key not in seen:
        seen.add(key)
        spec = draft.definition.roles.get(key)
        if spec is not None and spec.chosen_by is not None:
            chosen = stands_for(draft.definition, draft.state, key)
            found, rung = _found(draft, chosen, named, given=given) if chosen != key else (), None
        elif spec is None or key == REPORTER or spec.people or spec.departments or spec.who_did:
            found = left(draft, _in_service(draft, held(draft.definition, draft.state, key) or ()), named)
            rung = None
        else:
            found, rung = _looked_for(draft, key, spec, named)
        if found:
            return _given(draft, role, found, rung) if given else found
        key = spec.fallback if spec else None
    return ()


def _looked_for(draft: Draft, key: str, spec: Role, named: frozenset[Party]) -> tuple[tuple[Party, ...], str | None]:
    """Those whom the source gives, and the rung of the ladder on which they stand.

    At first anybody of a mixed team can be picked, and stands on the rung of their own level; once a role was handed up, it stays on its rung.
    """
    reached = draft.state.rungs.get(key)
    if not spec.ladder or reached is None or handed_up(key) not in draft.state.counts:
        candidates = _candidates(draft, key, spec, spec.level, named)
        found = pick(draft, spec, candidates)
        return found, _rung(spec, candidates, found)
    for level in spec.ladder[spec.ladder.index(reached) if reached in spec.ladder else 0 :]:
        found = pick(draft, spec, _candidates(draft, key, spec, level, named))
        if found:
            return found, level
    return (), None


def _rung(spec: Role, candidates: Sequence[Candidate], found: tuple[Party, ...]) -> str | None:
    if not spec.ladder or not found:
        return None
    level = next((candidate.level for candidate in candidates if candidate.party == found[0]), None)
    return level if level in spec.ladder else spec.ladder[0]


def handed_up(role: str) -> str:
    """Under which name it is counted how often a role was handed up."""
    return f"hand-up.{role}"


def hand_up(draft: Draft, role: str, step: str) -> bool:
    """Give a role to the next rung of its ladder that has somebody; ``False``, and nothing done, if there is none."""
    spec = draft.definition.roles[role]
    before, named = holders(draft, role), barred(draft.definition, draft.state, "", role)
    reached = draft.state.rungs.get(role)
    start = spec.ladder.index(reached) + 1 if reached in spec.ladder else 0
    for level in spec.ladder[start:]:
        candidates = [c for c in _candidates(draft, role, spec, level, named) if c.party not in before]
        found = pick(draft, spec, candidates)[:1]
        if found:
            draft.record(RoleGiven(role=role, parties=found, rung=level))
            draft.count(handed_up(role))
            reporter = draft.state.facts.reporter if draft.state.facts else None
            draft.tell("handed-up", (*((reporter,) if reporter else ()), *before), step=step)
            return True
    return False


def office(draft: Draft) -> tuple[Party, ...]:
    """Those who look after an issue that would have no owner otherwise."""
    return tuple(candidate.party for candidate in draft.directory.office())


def station_staff(draft: Draft) -> tuple[Party, ...]:
    """The staff of the issue's station, whatever its process calls them; else the office."""
    facts = draft.state.facts
    if facts is None:
        return ()
    search = Search(source="staff of", place="station", station=facts.station, definition=draft.definition.id)
    return tuple(candidate.party for candidate in draft.directory.candidates(search)) or office(draft)


def with_stand_ins(draft: Draft, role: str, parties: tuple[Party, ...], step: str = "") -> tuple[Party, ...]:
    """Those who hold a role, and those who act for them while they are away, as far as they may act at the step."""
    of = stands_for(draft.definition, draft.state, role)
    if of == REPORTER or (of not in draft.state.roles and not draft.definition.roles[of].people):
        # who was just looked for is there
        return parties
    named = barred(draft.definition, draft.state, step, role)
    more = [other for party in parties if refers_to(party, "participant") for other in draft.directory.stand_ins(party)]
    added = dict.fromkeys(other for other in more if other not in parties)
    return (*parties, *left(draft, added, named))


def _answer(data: Values, field: str) -> str | None:
    """The code or reference that a field holds."""
    value = data.get(field)
    return None if value is None else str(value)


def _industry(facts: Facts, data: Values, named: str) -> str | None:
    return facts.industry if named == "station" else _answer(data, named)


def _candidates(draft: Draft, key: str, role: Role, level: str | None, named: frozenset[Party]) -> Sequence[Candidate]:
    """Those whom the role's source finds on a level, without those named."""
    facts, data = draft.state.facts, draft.state.data
    if facts is None:
        return ()
    competence = role.departments_for or role.competence
    search = Search(
        source=role.sources[0],
        place=role.place,
        station=facts.station,
        area=_answer(data, role.area) if role.area else None,
        function=role.function,
        industry=_industry(facts, data, role.industry) if role.industry else None,
        competence=_answer(data, competence) if competence else None,
        level=level,
        speaks=facts.reporter if role.speaks else None,
        definition=draft.definition.id,
        role=key,
        reporter=facts.reporter,
    )
    found = draft.directory.candidates(search)
    if search.source == "departments for":
        found = [candidate for candidate in found if not draft.directory.vacant(candidate.party)]
    if not named:
        return found
    may = set(left(draft, [candidate.party for candidate in found], named))
    return [candidate for candidate in found if candidate.party in may]


def _given(draft: Draft, role: str, parties: tuple[Party, ...], rung: str | None) -> tuple[Party, ...]:
    spec = draft.definition.roles[role]
    if (spec.pick or rung) and (draft.state.roles.get(role) != parties or draft.state.rungs.get(role) != rung):
        draft.record(RoleGiven(role=role, parties=parties, rung=rung))
    if spec.answerable and draft.state.answerable is None and parties:
        draft.record(MadeAnswerable(parties[0]))
    return parties


def seat(draft: Draft, role: str) -> tuple[Party, ...]:
    """Who holds a role, or would if it came to them now, and who stands in; nobody is given it by that."""
    named = barred(draft.definition, draft.state, "", role)
    known = held(draft.definition, draft.state, role)
    found = left(draft, known, named) if known is not None else _found(draft, role, named, given=False)
    return with_stand_ins(draft, role, found)


def told(draft: Draft, roles: Sequence[str]) -> tuple[Party, ...]:
    """The holders of several roles, each party once."""
    return tuple(dict.fromkeys(_holding(draft, roles)))


def _holding(draft: Draft, roles: Sequence[str]) -> list[Party]:
    return [party for role in roles for party in holders(draft, role)]


def tell_roles(
    draft: Draft,
    occasion: Occasion,
    tellings: Iterable[Telling],
    *,
    step: str | None = None,
    action: str | None = None,
    limit: str | None = None,
) -> bool:
    """Tell the holders of roles, with the definition's own words where it has some; whether anybody holds one."""
    heard = False
    for telling in tellings:
        say = draft.sentences(telling.say, step or "") if telling.say else {}
        parties = _holding(draft, telling.to)
        draft.tell(occasion, parties, step=step, action=action, say=say, limit=limit)
        heard = heard or bool(parties)
    return heard
