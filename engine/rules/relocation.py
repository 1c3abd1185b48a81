"""Another station (转站): what was found at the old one is found anew at the new one; what was chosen, done or promised stays.

The number stays, for it stands on receipts; deadlines stay, for they were told to the reporter; the issue goes on by the version and the overrides by
which it was opened. Whoever had something only because they serve for the old station has it no more. Whoever was named (in a field, by
hand, by having acted) keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from definitions.model.steps.each import EachStep
from engine.change import ItemEnded, ItemGiven, ItemLeft, MadeAnswerable, Relocated, RoleGiven
from engine.directory import Actor, TakingStation
from engine.draft import Draft
from engine.event import Relocate
from engine.refusal import Gone, Invalid
from engine.rules.clocks import Target, end_clock
from engine.rules.departure import recount
from engine.rules.exclusion import stands_for
from engine.rules.holders import ANSWERED
from engine.rules.participation import busy
from engine.rules.roles import found_for, holders, office, others, station_staff, with_stand_ins
from engine.rules.tasks import ask_holders
from engine.state import Party, State, Visit, WorkItem

_NOBODY: frozenset[Party] = frozenset()


def relocate(draft: Draft, event: Relocate, actor: Actor | None) -> None:
    """Have the issue go on at another station; its reporter is told, and so are those who have it now, and who had."""
    facts = draft.state.facts
    if draft.state.status != "open" or facts is None:
        raise Gone
    to, had, served = _station(draft, event), busy(draft.state), _serving(draft)
    draft.record(Relocated(left=facts.station, station=to.number, code=to.code, industry=to.industry))
    draft.fill({})
    left = _Left(draft, served, _serving(draft))
    _roles(draft, left)
    _answerable(draft, left)
    for visit in draft.state.visits:
        _tasks(draft, left, visit)
    recount(draft)
    _tell(draft, had)


def _station(draft: Draft, event: Relocate) -> TakingStation:
    found = draft.directory.station(event.to)
    if found is None:
        zh, en = (
            "没有这个站点，或者它已停用，请重新选择。",
            "There is no such station, or it has closed; please choose another.",
        )
        raise Invalid({"to": {"zh": zh, "en": en}})
    if draft.state.facts is not None and found.number == draft.state.facts.station:
        raise Invalid({"to": {"zh": "这件事项已经在这个站点。", "en": "The issue is at this station already."}})
    return found


# -- who was found only because of the place


def _serving(draft: Draft) -> Mapping[str, frozenset[Party]]:
    """By role, everybody whom its source finds where the issue is now."""
    roles = draft.definition.roles
    return {key: found_for(draft, key) for key, spec in roles.items() if spec.serving or spec.departments_for}


@dataclass(frozen=True)
class _Left:
    """Who was found for a role at the old station, and is not at the new one."""

    draft: Draft
    before: Mapping[str, frozenset[Party]]
    after: Mapping[str, frozenset[Party]]

    def of(self, role: str) -> frozenset[Party]:
        """Who has a role, or its tasks, no more. In a role that somebody was named for, everybody stays."""
        known = role in self.draft.definition.roles
        meant = stands_for(self.draft.definition, self.draft.state, role) if known else role
        if meant not in self.before:
            return _NOBODY
        every = _NOBODY.union(*self.before.values()) - _NOBODY.union(*self.after.values())
        # what the office had, since nobody at the old station could, is no more the office's
        instead = _NOBODY if self.before[meant] else frozenset(office(self.draft))
        return (every | self.before[meant] | instead) - self.after[meant]


def _roles(draft: Draft, left: _Left) -> None:
    """Give the roles that were held for the place to whoever holds them at the new one."""
    for role, parties in draft.state.roles.items():
        gone = left.of(role)
        if gone.isdisjoint(parties):
            continue
        rest = tuple(party for party in parties if party not in gone)
        draft.record(RoleGiven(role=role, parties=rest, rung=draft.state.rungs.get(role)))
        if not rest:
            holders(draft, role)


def _answerable(draft: Draft, left: _Left) -> None:
    """Whoever answers for it to the end is of the new station, if they did for the old one."""
    role = next((key for key, spec in draft.definition.roles.items() if spec.answerable), None)
    if role is None or draft.state.answerable not in left.of(role):
        return
    found = holders(draft, role) or office(draft)
    if found:
        draft.record(MadeAnswerable(found[0]))


# -- tasks


def _tasks(draft: Draft, left: _Left, visit: Visit) -> None:
    """Have what is open at a step done by those of the new station."""
    step = draft.definition.steps[visit.step]
    if isinstance(step, EachStep) and step.rows is None:
        roles = frozenset(role for role in step.each if _had(draft.state, visit, role, left.of(role)))
        for item in _open(draft, visit):
            if item.role in roles and item.candidates[0] in left.of(item.role):
                _ended(draft, item)
        ask_holders(draft, visit, step, roles)
    for item in _open(draft, visit):
        _given(draft, item, left.of(item.role))


def _open(draft: Draft, visit: Visit) -> Iterator[WorkItem]:
    return (one for one in draft.state.open_items(visit.number) if one.kind not in ANSWERED)


def _had(state: State, visit: Visit, role: str, gone: frozenset[Party]) -> bool:
    """Whether somebody of the old station is among those who were asked in a role, whether they have answered or not."""
    asked = (item for item in state.items if item.visit == visit.number and item.kind == "task" and item.role == role)
    return any(item.candidates[0] in gone for item in asked)


def _ended(draft: Draft, item: WorkItem) -> None:
    """The part of somebody who is asked no more, and what they had asked others about it."""
    for one in (item, *(other for other in draft.state.open_items(item.visit) if other.about == item.number)):
        if one.deadline is not None:
            end_clock(draft, Target(one.visit, one.number))
        draft.record(ItemEnded(item=one.number, reason="relocated"))


def _given(draft: Draft, item: WorkItem, gone: frozenset[Party]) -> None:
    """A task that somebody had for the place is that of whoever holds its role now; those who were chosen by hand stay."""
    away = tuple(party for party in item.candidates if party in gone)
    if not away:
        return
    acting = {other for party in away for other in draft.directory.stand_ins(party)}
    rest = tuple(party for party in item.candidates if party not in gone and party not in acting)
    if item.owner is not None and item.owner in rest:
        for party in away:
            draft.record(ItemLeft(item=item.number, party=party))
        return
    step = item.step
    there = holders(draft, item.role, step) or others(draft, item.role, step)
    parties = tuple(dict.fromkeys((*with_stand_ins(draft, item.role, there, step), *rest)))
    draft.record(ItemGiven(item=item.number, candidates=parties))
    if not item.waiting:
        draft.tell("task", [party for party in parties if party not in rest], step=step, item=item.number)


def _tell(draft: Draft, had: tuple[Party, ...]) -> None:
    """Tell the reporter and whoever follows, those who had it, and the station that has it now."""
    facts, has = draft.state.facts, busy(draft.state)
    assert facts is not None
    draft.tell("moved", [party for party in had if party not in has])
    draft.tell("relocated", (facts.reporter, *(party for party in station_staff(draft) if party not in has)))
