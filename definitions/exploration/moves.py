"""What can happen in an abstract state: everybody does everything that they may, every clock rings, every answer comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from definitions.exploration.graph import Deed, Place, Stay
from definitions.exploration.model import Box, Env
from definitions.exploration.option import StandingMoves
from definitions.exploration.walk import Landing, Trail, Walk, many
from definitions.expressions.expression import Expression
from definitions.model.action import Action, Way
from definitions.model.step import OutsideStep, Step, TimedStep, WaitingStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.task import TaskStep

#: Before an issue is opened.
BEFORE = Place(Stay(""), (), ())
Case = tuple[tuple[int, int], ...]
Found = tuple[Place, tuple[Deed, ...], Case]
#: A leaf of the tree: the indices that lead to it, its visit, and the parallel steps around it.
Leaf = tuple[tuple[int, ...], Stay, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Leading:
    """An event that leads a visit on: to a step, from which waiting step, and out of which parallel step besides.

    With no step to go to the visit stays; ``part``: the role that has done its part of it.
    """

    to: str
    origin: str
    moment: Trail
    leaves: str | None
    by: tuple[str, str | int]
    part: str | None = None


class Moves:
    """``data``: what is known of the data is remembered."""

    def __init__(self, walk: Walk, *, data: bool) -> None:
        self.walk, self.model, self.definition = walk, walk.model, walk.definition
        self.bounds, self.data = walk.bounds, data
        self._kept = sum(1 << index for index, one in enumerate(self.model.variables) if one.kept)

    def after(self, place: Place, here: int) -> Iterator[Found]:
        """What follows on a state. If guards tell parts of its data apart, each part is a state of its own first."""
        self.walk.here = here
        if place == BEFORE:
            moment = Trail(self.model.opening, self.bounds.none)
            for landing in self.walk.enter(self.definition.start, "", (), moment):
                yield self._found(landing.visit, landing.moment)
            return
        if place.root is None:
            yield from self._reopened(place)
            return
        leaves = list(_leaves(place.root))
        parts = self._parts(leaves, place.env)
        if len(parts) == 1:
            for leaf in leaves:
                for leading in self._events(leaf, place, parts[0][1]):
                    yield from self._led(place.root, leaf, leading)
            beside = StandingMoves(self.walk, self.bounds)
            for landing in beside.after(place, [visit for _, visit, _ in leaves], parts[0][1]):
                found = self._found(landing.visit, landing.moment)
                if found[0] != place:
                    yield found
            return
        for box, _ in parts:
            yield Place(place.root, place.counts, box.within(place.env)), (), box.masks

    def _guards(self, leaves: list[Leaf]) -> list[Expression]:
        steps = [self.definition.steps[visit.step] for _, visit, _ in leaves]
        return list(
            dict.fromkeys(
                action.when
                for step in steps
                if isinstance(step, WaitingStep)
                for action in step.actions.values()
                if action.when is not None
            )
            | dict.fromkeys(option.when for option in self.definition.options.values() if option.when is not None)
        )

    def _parts(self, leaves: list[Leaf], env: Env) -> list[tuple[Box, Mapping[Expression, bool]]]:
        """The data in parts within which each guard of an action surely fails, or may hold."""
        guards = self._guards(leaves)
        cases = self.model.decide(guards, env) if guards else {(): (Box(()),)}
        if cases is None:
            self.walk.noted.many.update(visit.step for _, visit, _ in leaves)
            return [(Box(()), dict.fromkeys(guards, True))]
        may: dict[Box, set[Expression]] = {}
        for held, boxes in cases.items():
            for box in boxes:
                may.setdefault(box, set()).update(guard for guard, one in zip(guards, held, strict=True) if one)
        if self._overlapping(may):
            return self._refined(guards, env)
        return [(box, {guard: guard in some for guard in guards}) for box, some in may.items()]

    def _overlapping(self, may: Mapping[Box, set[Expression]]) -> bool:
        """Whether boxes of different cases share data (a question left open comes out either way)."""
        boxes = list(may)
        return any(_meet(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :])

    def _refined(self, guards: list[Expression], env: Env) -> list[tuple[Box, Mapping[Expression, bool]]]:
        """Parts by each combination of single cells, where boxes overlap."""
        read = sorted(
            {
                index
                for case in (self.model.decide(guards, env) or {}).values()
                for box in case
                for index, _ in box.masks
            }
        )
        found: dict[Box, Mapping[Expression, bool]] = {}
        for box in _single_cells(self.model.variables, read, env):
            cases = self.model.decide(guards, box.within(env)) or {}
            found[box] = {guard: any(held[at] for held in cases) for at, guard in enumerate(guards)}
        return list(found.items())

    # -- events

    def _events(self, leaf: Leaf, place: Place, may: Mapping[Expression, bool]) -> Iterator[Leading]:
        _, visit, _ = leaf
        step, moment = self.definition.steps[visit.step], Trail(place.env, place.counts)
        match step:
            case TaskStep():
                yield from self._task(visit, step, moment, may)
            case EachStep():
                yield from self._each(visit, step, moment, may)
            case _:
                yield from self._answered(visit, step, moment)
        if isinstance(step, OutsideStep) and step.failure is not None:
            yield from self._way(
                visit, step.failure, ("failed", "failed"), step.onward, moment.did("way", visit.step, "failed")
            )
        if isinstance(step, TimedStep) and step.within is not None and not step.waits_for_time:
            yield from self._overdue(visit, step, moment)
            if isinstance(step, EachStep) and step.ends_at_the_deadline:
                yield from self._over(visit, step, moment)

    def _over(self, visit: Stay, step: EachStep, moment: Trail) -> Iterator[Leading]:
        """The deadline ends a vote: enough of those who voted agree, or not, or too few took part."""
        yield Leading(step.to, visit.step, moment.did("complete", visit.step, ""), None, (visit.step, "to"))
        for name, way in (("rejected", step.rejected), ("too few", step.too_few)):
            if way is not None:
                yield from self._way(visit, way, (name, name), step.to, moment.did("way", visit.step, name))

    def _answered(self, visit: Stay, step: Step, moment: Trail) -> Iterator[Leading]:
        """What is waited for comes."""
        ending = step.ending()
        if ending is not None:
            env = self.model.anything(self.model.fill(moment.env, ending.asks), ending.brings)
            after = moment.knows(env).did(ending.deed, visit.step, "")
            yield Leading(step.onward or "", visit.origin, after, None, (visit.step, "to"))

    def _overdue(self, visit: Stay, step: TimedStep, moment: Trail) -> Iterator[Leading]:
        for index, rung in enumerate(step.overdue):
            if rung.to or (rung.hand_up and rung.then):
                yield from self._way(visit, rung, ("overdue", index), None, moment.did("way", visit.step, index))

    def _task(self, visit: Stay, step: TaskStep, moment: Trail, may: Mapping[Expression, bool]) -> Iterator[Leading]:
        for name, action in step.actions.items():
            if action.when is not None and not may[action.when]:
                continue
            there = [role for role in action.by or step.task if role not in visit.done]
            if not there:
                continue
            self.walk.noted.actions.add((visit.step, name))
            after = moment.knows(self._filled(moment.env, action)).did("act", visit.step, name)
            if step.parted(action):
                yield from (Leading("", visit.origin, after, None, (visit.step, name), part=role) for role in there)
            else:
                yield from self._way(visit, action, (name, name), step.to, after)

    def _filled(self, env: Env, action: Action, *, heard: bool = True) -> Env:
        """The data after an action; where the answers are one voice of several, only what is changed and set."""
        env = self.model.edit(env, action.edit)
        env = self.model.assign(self.model.fill(env, action.ask) if heard else env, action.set)
        return self.model.given(env, action.give)

    def _each(self, visit: Stay, step: EachStep, moment: Trail, may: Mapping[Expression, bool]) -> Iterator[Leading]:
        for name, action in step.actions.items():
            if action.when is not None and not may[action.when]:
                continue
            self.walk.noted.actions.add((visit.step, name))
            if action.to is not None or action.hand_up is not None:
                env = self._filled(moment.env, action, heard=step.rows is None)
                after = moment.knows(env).did("act", visit.step, name)
                yield from self._way(visit, action, (name, name), None, after)
            if action.to is None:
                yield from self._one_of_several(visit, step, name, action, moment)

    def _one_of_several(
        self, visit: Stay, step: EachStep, name: str, action: Action, moment: Trail
    ) -> Iterator[Leading]:
        """Somebody has done their part: the step is complete by it, or can no longer be, or waits for the others."""
        for heard in self._voices(step, action):
            env = self._filled(moment.env, action, heard=heard)
            after = moment.knows(env).did("act" if heard else "part", visit.step, name)
            if many(self.model, step) and (env != moment.env or heard):
                yield Leading("", visit.origin, after, None, (visit.step, name))
            agreeing = not step.voting or action.vote == "for" or step.rejected is None
            if agreeing or step.ends_at_the_deadline:
                # where turnout counts, or those who voted, any last vote can settle it
                yield Leading(step.to, visit.step, after.did("complete", visit.step, ""), None, (visit.step, "to"))
            if not agreeing and step.rejected is not None:
                yield from self._way(
                    visit, step.rejected, ("rejected", "rejected"), step.to, after.did("way", visit.step, "rejected")
                )

    def _voices(self, step: EachStep, action: Action) -> tuple[bool, ...]:
        """Whether the answers count as the issue's data: the lead's do, votes do not; whoever completes the step may be somebody else."""
        if step.rows is not None:
            return (False,)
        if action.vote is not None or (action.hand_up is None and action.to is None and not action.ask):
            return (False,) if action.vote is not None else (True,)
        if len(step.each) == 1 or step.until.kind in ("all", "lead"):
            return (True,)
        return (True, False)

    def _way(
        self, visit: Stay, way: Way, called: tuple[str, str | int], default: str | None, moment: Trail
    ) -> Iterator[Leading]:
        """Where a way leads, ``called`` by its name and by its place: its bound may be used up, its ladder at its end."""
        name, place = called
        for to, counts in self.bounds.lead(visit.step, visit.origin, way, name, moment.counts):
            target = to or default
            if target is not None:
                after = moment._replace(counts=counts)
                yield Leading(target, visit.step, after, way.leaves, (visit.step, place))

    def _reopened(self, place: Place) -> Iterator[Found]:
        rule = self.definition.reopen
        if rule is None:
            return
        counts = self.bounds.taken(self.bounds.places["", "reopen"], place.counts)
        if counts is None:
            return
        moment = Trail(place.env, counts, (("reopen", rule.to, ""),))
        for landing in self.walk.enter(rule.to, "", (), moment):
            # the answers come after the step was entered
            env = self.model.fill(landing.moment.env, rule.ask)
            yield self._found(landing.visit, landing.moment.knows(env).did("reopened", rule.to, ""))

    # -- leading on

    def _led(self, root: Stay, leaf: Leaf, leading: Leading) -> Iterator[Found]:
        at, _, around = leaf
        if not leading.to:
            visit = _at(root, at)
            done = tuple(sorted({*visit.done, leading.part})) if leading.part else visit.done
            yield self._found(_put(root, at, visit._replace(done=done)), leading.moment)
            return
        if leading.leaves is not None:
            depth = max((i for i, one in enumerate(around) if one == leading.leaves), default=len(around))
            at, around = at[:depth], around[:depth]
        for landing in self.walk.enter(leading.to, leading.origin, around, leading.moment):
            yield from self._landed(root, at, around, landing, leading)

    def _landed(
        self, root: Stay, at: tuple[int, ...], around: tuple[str, ...], landing: Landing, leading: Leading
    ) -> Iterator[Found]:
        """The whole state after one visit was left and its place taken by what came."""
        if landing.leaves is not None:
            key, to = landing.leaves
            depth = max(i for i, one in enumerate(around) if one == key)
            for onward in self.walk.enter(to, landing.origin, around[:depth], landing.moment):
                yield from self._landed(root, at[:depth], around[:depth], onward, leading)
        elif not at:
            yield self._found(landing.visit, landing.moment)
        elif landing.visit is not None:
            yield self._found(_put(root, at, landing.visit), landing.moment)
        elif not landing.join:
            if _beside(root, at):
                self.walk.noted.over.setdefault(leading.by, landing.moment.deeds)
                self.walk.note("over", leading.by)
            yield self._found(None, landing.moment)
        else:
            yield from self._joined(root, at, around, landing, leading)

    def _joined(
        self, root: Stay, at: tuple[int, ...], around: tuple[str, ...], landing: Landing, leading: Leading
    ) -> Iterator[Found]:
        composite = _at(root, at[:-1])
        step = self.definition.steps[composite.step]
        assert isinstance(step, ParallelStep)
        if composite.joined + 1 < step.join.needed(composite.branches):
            kids = (*composite.kids[: at[-1]], *composite.kids[at[-1] + 1 :])
            waiting = composite._replace(kids=kids, joined=composite.joined + 1)
            yield self._found(_put(root, at[:-1], waiting), landing.moment)
            return
        for onward in self.walk.enter(step.to, landing.origin, around[:-1], landing.moment):
            yield from self._landed(root, at[:-1], around[:-1], onward, leading)

    def _found(self, root: Stay | None, moment: Trail) -> Found:
        return Place(root, moment.counts, self._remembered(root, moment.env)), moment.deeds, ()

    def _remembered(self, root: Stay | None, env: Env) -> Env:
        """The data without what nobody reads any more."""
        life = 0
        if self.data and root is not None:
            life = self._life(root)
        elif self.data and self.definition.reopen is not None:
            life = self.walk.life.of[self.definition.reopen.to]
        full = self.model.full
        return tuple([mask if life >> index & 1 else full[index] for index, mask in enumerate(env)])

    def _life(self, visit: Stay) -> int:
        found = self.walk.life.of[visit.step]
        for kid in visit.kids:
            found |= self._life(kid)
        return found


def _leaves(visit: Stay, at: tuple[int, ...] = (), around: tuple[str, ...] = ()) -> Iterator[Leaf]:
    if not visit.kids:
        yield at, visit, around
    for index, kid in enumerate(visit.kids):
        yield from _leaves(kid, (*at, index), (*around, visit.step))


def _at(root: Stay, at: tuple[int, ...]) -> Stay:
    for index in at:
        root = root.kids[index]
    return root


def _put(root: Stay, at: tuple[int, ...], visit: Stay) -> Stay:
    if not at:
        return visit
    kids = list(root.kids)
    kids[at[0]] = _put(kids[at[0]], at[1:], visit)
    return root._replace(kids=tuple(sorted(kids)))


def _beside(root: Stay, at: tuple[int, ...]) -> bool:
    """Whether other branches are open beside a place in the tree."""
    for index in at:
        if len(root.kids) > 1 or root.branches > root.joined + len(root.kids):
            return True
        root = root.kids[index]
    return False


def _meet(one: Box, other: Box) -> bool:
    masks = dict(other.masks)
    return all(mask & masks.get(index, mask) for index, mask in one.masks)


def _single_cells(variables: object, read: list[int], env: Env) -> Iterator[Box]:
    def boxes(rest: list[int]) -> Iterator[tuple[tuple[int, int], ...]]:
        if not rest:
            yield ()
            return
        for tail in boxes(rest[1:]):
            mask = env[rest[0]]
            while mask:
                low = mask & -mask
                yield ((rest[0], low), *tail)
                mask &= mask - 1

    return (Box(masks) for masks in boxes(read))
