"""Taking over an issue that was begun before this house, or elsewhere: it goes on at the step it is at, or is history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from definitions.model.definition import Definition
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.task import TaskStep
from definitions.model.term import OneDay
from engine.change import Closed, Opened
from engine.deadlines.deadline import Deadline, reckon
from engine.directory import Directory
from engine.draft import Draft
from engine.effect import Tell
from engine.evolve import EMPTY
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Invalid
from engine.rules.clocks import Target, all_targets, deadline_at, set_back
from engine.rules.entry import enter
from engine.rules.limits import settle_limits
from engine.rules.uniqueness import refuse_taken, taken
from engine.start import Opening, facts_of


class LegacyMatter(msgspec.Struct, frozen=True, kw_only=True):
    """How far a matter had come: open at a ``step``, or closed with a ``resolution``; all moments are those of then.

    ``since``: when it came to its step; ``due``: the last day of that step, ``finish``: of the whole, where the office had set them.
    """

    opened_at: datetime
    step: str | None = None
    since: datetime | None = None
    due: date | None = None
    finish: date | None = None
    closed_at: datetime | None = None
    resolution: str | None = None


def steps_to_go_on_at(definition: Definition) -> tuple[str, ...]:
    """The steps at which a matter can be taken over: people have something to do there, and no branch runs beside."""
    beside = _in_branches(definition)
    steps = definition.steps.items()
    return tuple(key for key, step in steps if isinstance(step, TaskStep | EachStep) and key not in beside)


def _in_branches(definition: Definition) -> set[str]:
    """The steps to which branches can lead before they join."""
    found: set[str] = set()
    for parallel in definition.steps.values():
        if isinstance(parallel, ParallelStep):
            waiting, seen = [branch.to for branch in parallel.parallel if branch.to], {parallel.to}
            while waiting:
                one = waiting.pop()
                if one not in seen and one in definition.steps:
                    seen.add(one)
                    waiting += definition.steps[one].targets()
            found |= {one for one in seen if one and one != parallel.to}
    return found


def take_over(process: Process, opening: Opening, matter: LegacyMatter, now: datetime, directory: Directory) -> Outcome:
    """The issue as it stands, with answers that were checked; nobody is told, for nothing has happened. ``Invalid`` names what cannot be.

    Deadlines are reckoned from the days of then, unless the office had set others; what should have rung before does not ring again.
    """
    _assure(process, matter, now)
    draft = Draft(process, EMPTY, now, directory)
    draft.record(Opened(msgspec.structs.replace(facts_of(process, opening, now), opened_at=matter.opened_at)))
    if matter.step is None:
        draft.fill(opening.values)
        assert matter.resolution is not None
        draft.record(Closed(resolution=matter.resolution, at=matter.closed_at))
        return draft.outcome()
    draft.refuse_vacant(opening.values)
    draft.fill(opening.values)
    enter(draft, matter.step)
    settle_limits(draft)
    for target in tuple(all_targets(draft.state)):
        _stand(draft, target, matter)
    _stand_by(draft, matter)
    if process.definition.unique:
        refuse_taken(process, taken(process, EMPTY, draft.state, directory.books))
    outcome = draft.outcome()
    return msgspec.structs.replace(outcome, effects=tuple(one for one in outcome.effects if not isinstance(one, Tell)))


def _assure(process: Process, matter: LegacyMatter, now: datetime) -> None:
    wrong = _closed_wrongly(process, matter, now) if matter.step is None else _open_wrongly(process, matter, now)
    if matter.opened_at > now:
        wrong["opened"] = {"zh": "登记日期在今天以后。", "en": "It was raised after today."}
    if wrong:
        raise Invalid(wrong)


def _closed_wrongly(process: Process, matter: LegacyMatter, now: datetime) -> dict[str, Mapping[str, str]]:
    wrong: dict[str, Mapping[str, str]] = {}
    if matter.resolution not in process.definition.resolutions:
        wrong["resolution"] = {"zh": "流程里没有这种办理结果。", "en": "The process has no such resolution."}
    if matter.closed_at is None or not matter.opened_at <= matter.closed_at <= now:
        wrong["closed"] = {
            "zh": "办结日期应在登记日期与今天之间。",
            "en": "It has to be closed between the day it was raised and today.",
        }
    return wrong


def _open_wrongly(process: Process, matter: LegacyMatter, now: datetime) -> dict[str, Mapping[str, str]]:
    wrong: dict[str, Mapping[str, str]] = {}
    if matter.step not in steps_to_go_on_at(process.definition):
        wrong["step"] = {"zh": "不能从这一步接着办。", "en": "A matter cannot go on at this step."}
    if matter.since is not None and not matter.opened_at <= matter.since <= now:
        wrong["since"] = {
            "zh": "到本环节的日期应在登记日期与今天之间。",
            "en": "It has to come to its step between the day it was raised and today.",
        }
    if matter.finish is not None and "issue" not in process.definition.limits:
        wrong["finish"] = {
            "zh": "这个流程没有总期限；请把这一列对应到“本环节期限”。",
            "en": "The process has no limit for the whole; let the column be the deadline of the step.",
        }
    return wrong


def _stand(draft: Draft, target: Target, matter: LegacyMatter) -> None:
    """Let a clock that has just begun have begun when it did."""
    due = deadline_at(draft.state, target)
    assert due is not None
    start = matter.opened_at if target.limit is not None else matter.since or matter.opened_at
    set_back(draft, target, reckon(due.rule, start, draft.process.calendar))


def _stand_by(draft: Draft, matter: LegacyMatter) -> None:
    """The days that the office had set go before those that are reckoned."""
    if matter.finish is not None and "issue" in draft.state.limits:
        set_back(draft, Target(limit="issue"), _by(draft, matter.finish, matter.opened_at))
    if matter.due is not None:
        for visit in draft.state.visits:
            set_back(draft, Target(visit.number), _by(draft, matter.due, matter.since or matter.opened_at))


def _by(draft: Draft, day: date, start: datetime) -> Deadline:
    return reckon(OneDay(day), start, draft.process.calendar)
