"""Going on from a step, as the kernel does, until something waits or the issue is closed; every case of the data is followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from definitions.exploration.bound import Bounds
from definitions.exploration.graph import Deed, Noted, Stay
from definitions.exploration.model import Box, Env, Life, Model, fills, guards_of, single, spelled
from definitions.expressions.expression import Expression
from definitions.model.action import BACK
from definitions.model.step import Branch, Step, WaitingStep
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.close import CloseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep

#: What a chain has met: a step with the data and the counts. By a bounded way it may come back to a step with the same data.
Mark = tuple[str, Env, tuple[int, ...]]


class Trail(NamedTuple):
    """The data, the counts, and what has happened so far in one event."""

    env: Env
    counts: tuple[int, ...]
    deeds: tuple[Deed, ...] = ()

    def did(self, *deed: str | int) -> Trail:
        """One more thing has happened."""
        return Trail(self.env, self.counts, (*self.deeds, deed))  # type: ignore[arg-type]

    def knows(self, env: Env) -> Trail:
        """The same with other data."""
        return Trail(env, self.counts, self.deeds)


class Landing(NamedTuple):
    """Where going on has ended: in a visit, in the ``join`` of the branch, out of a parallel step (``leaves``, and to where), or (none of them) with
    the issue closed.

    ``origin`` is the waiting step left.
    """

    visit: Stay | None
    join: bool
    origin: str
    moment: Trail
    leaves: tuple[str, str] | None = None


class _Fork(NamedTuple):
    """A parallel step that is entered, from where, and within which others; ``seen``: what this chain has met."""

    key: str
    step: ParallelStep
    origin: str
    around: tuple[str, ...]
    seen: frozenset[Mark]


class Walk:
    """Goes on from steps; ``solo`` follows one branch of a parallel step at a time, the others taken as doing anything meanwhile."""

    def __init__(self, model: Model, life: Life, bounds: Bounds, *, solo: bool) -> None:
        self.model, self.life, self.bounds, self.solo = model, life, bounds, solo
        self.definition = model.definition
        self.noted = Noted()
        self.here = -1
        self._origins = any(way.to == BACK for step in self.definition.steps.values() for _, way in step.ways())
        self._promises = any(
            action.promise is not None
            for step in self.definition.steps.values()
            for action in (step.actions.values() if isinstance(step, WaitingStep) else ())
        )

    def note(self, kind: str, key: object) -> None:
        """Remember from which state something was met first."""
        self.noted.where.setdefault((kind, key), self.here)

    def join_of(self, parallel: str) -> str:
        """The step at which the branches of a parallel step end."""
        step = self.definition.steps[parallel]
        assert isinstance(step, ParallelStep)
        return step.to

    def enter(
        self,
        key: str,
        origin: str,
        around: tuple[str, ...],
        moment: Trail,
        seen: frozenset[Mark] = frozenset(),
    ) -> Iterator[Landing]:
        """Enter a step within the branches of the parallel steps ``around`` (the innermost last)."""
        work = [(key, origin, moment, seen)]
        while work:
            key, origin, moment, seen = work.pop()
            if around and key == self.join_of(around[-1]):
                yield Landing(None, True, origin, moment.did("joined", around[-1], ""))
                continue
            mark = (key, moment.env, moment.counts)
            if mark in seen:
                self.noted.round.setdefault(key, (*moment.deeds, ("enter", key, "")))
                self.note("round", key)
                self.noted.cut.add(self.here)
                continue
            step, seen = self.definition.steps[key], seen | {mark}
            moment = moment.knows(self.model.given(moment.env, step.give)).did("enter", key, "")
            match step:
                case CloseStep():
                    yield Landing(None, False, origin, moment)
                case ChooseStep():
                    work += [(to, origin, after, seen) for to, after in self._choose(key, step, moment)]
                case ParallelStep():
                    for landing, to in self._parallel(key, step, origin, around, moment, seen):
                        if landing.join and to is not None:
                            work.append((to, landing.origin, landing.moment, seen))
                        else:
                            yield landing
                case _:
                    for landing, to in self._resting(key, step, origin, around, moment):
                        if to is None:
                            yield landing
                        else:
                            work.append((to, origin, landing.moment, seen))

    def _resting(
        self, key: str, step: Step, origin: str, around: tuple[str, ...], moment: Trail
    ) -> Iterator[tuple[Landing, str | None]]:
        """Where a step waits, and (with a step beside it) where it goes on at once."""
        waits, passes = self._waiting(step, self.model.assign(moment.env, step.assigns))
        if waits is not None:
            yield Landing(Stay(key, self._origin(origin)), False, origin, moment.knows(waits)), None
        if passes is None or step.onward is None:
            return
        passed = moment.knows(passes)
        if not isinstance(step, EachStep):
            yield Landing(None, False, origin, passed.did("pass", key, "")), step.onward
            return
        for to, leaves, after in self._unasked(key, step, origin, passed):
            if leaves in around:
                yield Landing(None, False, origin, after, (str(leaves), to)), None
            else:
                yield Landing(None, False, origin, after), to

    def _unasked(self, key: str, step: EachStep, origin: str, moment: Trail) -> Iterator[tuple[str, str | None, Trail]]:
        """Where it goes on if there is nobody to ask, out of which parallel step besides."""
        self.noted.unasked.setdefault(key, moment.deeds)
        self.note("unasked", key)
        if step.unasked is None:
            yield step.to, None, moment.did("pass", key, "")
            return
        name, way = step.unasked
        for to, counts in self.bounds.lead(key, origin, way, name, moment.counts):
            yield to or step.to, way.leaves, moment._replace(counts=counts).did("way", key, name)

    def _origin(self, origin: str) -> str:
        return origin if self._origins else ""

    def _waiting(self, step: Step, env: Env) -> tuple[Env | None, Env | None]:
        """With which data a step waits, and with which it goes on at once; ``None`` where it never does."""
        rest = step.rest()
        if rest is None:
            return None, env
        if rest.holders:
            return self._asked(rest.holders, env)
        if rest.promises:
            return (env if self._promises else None), env
        if rest.day is None:
            return env, None
        index = self.model.index.get(spelled(rest.day))
        if index is None:
            return env, env
        filled = env[index] & ~self.model.variables[index].empty
        return (_put(env, index, filled) if filled else None), env

    def _asked(self, roles: Sequence[str], env: Env) -> tuple[Env | None, Env | None]:
        """Where one item is opened for each holder, the issue waits if there is one; only those whom fields or earlier steps name may be nobody."""
        passes = env
        for role in roles:
            spec = self.definition.roles.get(role)
            name = self.model.named(role)
            if name is None:
                if spec is None or not spec.who_did:
                    return env, None
                continue
            index = self.model.index[spelled(name)]
            empty = passes[index] & self.model.variables[index].empty
            if not empty:
                return env, None
            passes = _put(passes, index, empty)
        names = [self.model.named(role) for role in roles]
        some = any(name is None or self.model.may_be_filled(env, name) for name in names)
        if not some:
            return None, passes
        if len(names) == 1 and names[0] is not None:
            index = self.model.index[spelled(names[0])]
            return _put(env, index, env[index] & ~self.model.variables[index].empty), passes
        return env, passes

    # -- choosing

    def _choose(self, key: str, step: ChooseStep, moment: Trail) -> Iterator[tuple[str, Trail]]:
        rows = step.choose
        each = [guards_of(row) for row in rows]
        guards = list(dict.fromkeys(guard for one in each for guard in one))
        cases = self.model.decide(guards, moment.env)
        if cases is None:
            self.noted.many.add(key)
            for index, row in enumerate(rows):
                yield from self._row(key, step, index, row, moment, Box(()))
            return
        for held, boxes in cases.items():
            holds = dict(zip(guards, held, strict=True))
            holding = [i for i, row in enumerate(rows) if all(holds[guard] for guard in each[i])]
            for box in boxes:
                index = self._taken(key, step, holding, each, box, moment)
                yield from self._row(key, step, index, rows[index], moment, box)

    def _taken(
        self,
        key: str,
        step: ChooseStep,
        holding: list[int],
        each: Sequence[Sequence[Expression]],
        box: Box,
        moment: Trail,
    ) -> int:
        last, guards = len(step.choose) - 1, list(dict.fromkeys(guard for one in each for guard in one))
        conditional = [index for index in holding if each[index] or index < last]
        if not holding:
            decided = not self.model.undecided(guards)
            known = self.noted.gaps.get(key)
            if known is None or (decided and not known[1]):
                self.noted.gaps[key] = (box, decided, moment.deeds)
                self.noted.where[("gap", key)] = self.here
            return last
        if step.hit_policy == "first" or len(conditional) < 2:
            return (conditional or holding)[0]
        one = conditional[0]
        differing = [i for i in conditional[1:] if step.hit_policy == "unique" or _said(step, i) != _said(step, one)]
        if not differing:
            return one
        pair = (key, one, differing[0])
        if not self.model.undecided(guards):
            self.noted.overlaps.setdefault(pair, (box, moment.deeds))
            self.note("overlap", pair)
        return last

    def _row(
        self, key: str, step: ChooseStep, index: int, row: Branch, moment: Trail, box: Box
    ) -> Iterator[tuple[str, Trail]]:
        self.noted.rows.add((key, index))
        to = row.to or step.to
        if to is not None:
            env = self.model.assign(box.within(moment.env), row.set)
            yield to, moment.knows(env).did("row", key, index)

    # -- at once

    def _parallel(
        self,
        key: str,
        step: ParallelStep,
        origin: str,
        around: tuple[str, ...],
        moment: Trail,
        seen: frozenset[Mark],
    ) -> Iterator[tuple[Landing, str | None]]:
        """Where the branches land; a landing with a step beside it goes on there."""
        if key in around:
            self.noted.nested.setdefault(key, moment.deeds)
            self.note("nested", key)
            self.noted.cut.add(self.here)
            return
        for started, after in self._started(key, step, moment):
            if not started:
                yield Landing(None, True, origin, after), step.to
            elif self.solo:
                yield from self._one_by_one(_Fork(key, step, origin, around, seen), started, after)
            else:
                yield from self._together(_Fork(key, step, origin, around, seen), started, after)

    def _started(self, key: str, step: ParallelStep, moment: Trail) -> Iterator[tuple[list[Branch], Trail]]:
        rows = [branch for branch in step.parallel if branch.to is not None]
        each = [guards_of(row) for row in rows]
        guards = list(dict.fromkeys(guard for one in each for guard in one))
        cases: Mapping[tuple[bool, ...], tuple[Box, ...]] | None = self.model.decide(guards, moment.env)
        if cases is None:
            self.noted.many.add(key)
            cases = {tuple(True for _ in guards): (Box(()),)}
        for held, boxes in cases.items():
            holds = dict(zip(guards, held, strict=True))
            started = [i for i, _ in enumerate(rows) if all(holds[guard] for guard in each[i])]
            self.noted.rows |= {(key, step.parallel.index(rows[i])) for i in started}
            for box in boxes:
                yield [rows[i] for i in started], moment.knows(box.within(moment.env))

    def _together(self, fork: _Fork, started: list[Branch], moment: Trail) -> Iterator[tuple[Landing, str | None]]:
        needed = fork.step.join.needed(len(started))
        partial: list[tuple[tuple[Stay, ...], int, Trail]] = [((), 0, moment)]
        for number, branch in enumerate(started):
            following: list[tuple[tuple[Stay, ...], int, Trail]] = []
            for kids, joined, now in partial:
                for landing in self.enter(branch.to or "", fork.origin, (*fork.around, fork.key), now, fork.seen):
                    if landing.visit is not None:
                        following.append(((*kids, landing.visit), joined, landing.moment))
                    elif landing.leaves is not None:
                        yield _left(fork, landing)
                    elif not landing.join:
                        if kids or number + 1 < len(started):
                            self.noted.over.setdefault((fork.key, "parallel"), landing.moment.deeds)
                            self.note("over", (fork.key, "parallel"))
                        yield landing, None
                    elif joined + 1 >= needed:
                        yield landing, fork.step.to
                    else:
                        following.append((kids, joined + 1, landing.moment))
            partial = following
        for kids, joined, now in partial:
            visit = Stay(fork.key, "", tuple(sorted(kids)), joined, len(started))
            yield Landing(visit, False, fork.origin, now), None

    def _one_by_one(self, fork: _Fork, started: list[Branch], moment: Trail) -> Iterator[tuple[Landing, str | None]]:
        needed = fork.step.join.needed(len(started))
        for number, branch in enumerate(started):
            others = [one.to for one in started if one is not branch and one.to]
            now = moment.knows(self.model.anything(moment.env, self.written_by(others, fork.step.to)))
            for landing in self.enter(branch.to or "", fork.origin, (*fork.around, fork.key), now, fork.seen):
                if landing.visit is not None:
                    visit = Stay(fork.key, "", (landing.visit,), needed - 1, len(started), needed < len(started))
                    yield Landing(visit, False, fork.origin, landing.moment), None
                elif landing.leaves is not None:
                    yield _left(fork, landing)
                elif landing.join:
                    if needed == 1 or len(started) == 1 or number + 1 == len(started):
                        yield landing, fork.step.to
                else:
                    yield landing, None

    def written_by(self, starts: Sequence[str], end: str) -> set[str]:
        """The fields that steps from here to there may give values."""
        names: set[str] = set()
        open_, met = list(starts), {end}
        while open_:
            key = open_.pop()
            if key in met or key not in self.definition.steps:
                continue
            met.add(key)
            step = self.definition.steps[key]
            names |= written_at(step)
            open_ += step.targets()
        return names


def _left(fork: _Fork, landing: Landing) -> tuple[Landing, str | None]:
    """A way out of a parallel step, as seen from there or from a parallel step within it."""
    assert landing.leaves is not None
    key, to = landing.leaves
    if key == fork.key:
        return landing._replace(join=True, leaves=None), to
    return landing, None


def written_at(step: Step) -> set[str]:
    """The fields that a step may give values."""
    names = {name for values in step.sets() for name in values} | fills(step)
    names |= {name for _, numbers in step.given() for name in numbers}
    for action in step.actions.values() if isinstance(step, WaitingStep) else ():
        names |= {*action.ask, *action.edit}
    return names


def _said(step: ChooseStep, index: int) -> tuple[object, ...]:
    row = step.choose[index]
    return (row.to or step.to, tuple((name, str(value)) for name, value in row.set.items()))


def _put(env: Env, index: int, mask: int) -> Env:
    return (*env[:index], mask, *env[index + 1 :])


def many(model: Model, step: EachStep) -> bool:
    """Whether an ``each`` step can ask several parties."""
    return step.rows is not None or len(step.each) > 1 or not single(model.definition, step.each[0])
