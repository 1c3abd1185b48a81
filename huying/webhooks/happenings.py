"""What an event comes to for the world outside: a few kinds of happenings, read off the changes that the history keeps.

A happening says where an issue stands in the words of its definition. What people wrote, who they are and what the issue is called are not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from definitions.model.definition import Definition
from definitions.model.reference import Reference
from engine import Outcome, Process, State
from engine import change as c
from engine.change import Change
from engine.state import Timer

Said = Mapping[str, Any]

#: Every kind, with what it means; in the order in which people choose from them.
KINDS: Mapping[str, Mapping[str, str]] = {
    "opened": {"zh": "已登记", "en": "The issue was opened"},
    "entered": {"zh": "进入环节", "en": "A step was entered"},
    "item-done": {"zh": "任务办毕", "en": "A task was done"},
    "overdue": {"zh": "已逾期", "en": "A deadline has passed"},
    "escalated": {"zh": "逾期升级", "en": "It is still late, and the next level hears of it"},
    "incident": {"zh": "自动环节受阻", "en": "An automatic step could not be carried out"},
    "deadline-moved": {"zh": "期限变更", "en": "A deadline was moved"},
    "shelved": {"zh": "挂账", "en": "The matter was laid aside"},
    "suspended": {"zh": "暂停办理", "en": "The issue stands still"},
    "resumed": {"zh": "恢复办理", "en": "The issue goes on"},
    "closed": {"zh": "已办结", "en": "The issue was closed"},
    "reopened": {"zh": "重新办理", "en": "A closed issue is open again"},
}
#: What a trial is called; nobody subscribes to it.
TRIAL = "trial"


def happenings(process: Process, before: State, outcome: Outcome, at: datetime) -> list[dict[str, Any]]:
    """The payloads of all that an event came to, in the order in which it happened; ``data.position`` counts them from 0."""
    found = [
        (kind, said)
        for change in outcome.changes
        if (read := _READERS.get(type(change))) is not None
        for kind, said in read(change, before, outcome, process.definition)
    ]
    base = _base(process.definition, outcome)
    return [
        payload(kind, at, {**base, **said, "sequence": outcome.state.version, "position": position})
        for position, (kind, said) in enumerate(found)
    ]


def payload(kind: str, at: datetime, data: Said) -> dict[str, Any]:
    """The body of a webhook, but for the link, which the sender adds."""
    return {"type": f"issue.{kind}" if kind != TRIAL else TRIAL, "timestamp": at.isoformat(), "data": dict(data)}


def _base(definition: Definition, outcome: Outcome) -> dict[str, Any]:
    state, facts = outcome.state, outcome.state.facts
    assert facts is not None
    return {
        "number": facts.number,
        "definition": definition.id,
        "title": dict(definition.title),
        "station": facts.station_code,
        "status": state.status,
        "stage": definition.stage_of[state.visits[0].step] if state.visits else "closure",
    }


def _at_step(definition: Definition, key: str | None) -> dict[str, Any]:
    """Where it happened, by the definition's own words."""
    step = definition.steps.get(key) if key else None
    if key is None or step is None:
        return {}
    title = getattr(step, "title", None)
    return {
        "stage": definition.stage_of[key],
        "step": key,
        **({"step_title": dict(title)} if title else {}),
    }


def _step_of(before: State, outcome: Outcome, visit: int) -> str | None:
    found = outcome.state.visit(visit) or before.visit(visit)
    return found.step if found else None


_Read = Callable[[Any, State, Outcome, Definition], list[tuple[str, Said]]]


def _opened(change: c.Opened, before: State, outcome: Outcome, definition: Definition) -> list[tuple[str, Said]]:
    return [("opened", {})]


def _entered(change: c.Entered, before: State, outcome: Outcome, definition: Definition) -> list[tuple[str, Said]]:
    return [("entered", _at_step(definition, change.visit.step))]


def _item_done(change: c.ItemDone, before: State, outcome: Outcome, definition: Definition) -> list[tuple[str, Said]]:
    item = before.item(change.item) or outcome.state.item(change.item)
    return [("item-done", {**_at_step(definition, item.step if item else None), "action": change.action})]


def _timer_fired(
    change: c.TimerFired, before: State, outcome: Outcome, definition: Definition
) -> list[tuple[str, Said]]:
    timer: Timer | None = before.timer(change.timer)
    if timer is None or timer.purpose != "overdue":
        return []
    where = {"limit": timer.limit} if timer.limit else _at_step(definition, _step_of(before, outcome, timer.visit))
    return [("escalated" if timer.index else "overdue", where)]


def _visit_changed(
    change: c.VisitChanged, before: State, outcome: Outcome, definition: Definition
) -> list[tuple[str, Said]]:
    earlier = before.visit(change.visit.number)
    if change.visit.incident is None or (earlier is not None and earlier.incident is not None):
        return []
    return [("incident", _at_step(definition, change.visit.step))]


def _deadline_moved(
    change: c.DeadlineMoved, before: State, outcome: Outcome, definition: Definition
) -> list[tuple[str, Said]]:
    said = {"why": change.why, "before": change.before, "after": change.after}
    target = Reference.parse(change.target)
    if target.kind == "limit":
        return [("deadline-moved", {"limit": target.key, **said})]
    item = before.item(target.number) if target.kind == "item" else None
    step = item.step if item else _step_of(before, outcome, target.number) if target.kind == "visit" else None
    return [("deadline-moved", {**_at_step(definition, step), **said})]


def _shelved(change: c.Shelved, before: State, outcome: Outcome, definition: Definition) -> list[tuple[str, Said]]:
    if change.day is None:
        return []
    return [("shelved", {**_at_step(definition, _step_of(before, outcome, change.visit)), "until": change.day})]


def _closed(change: c.Closed, before: State, outcome: Outcome, definition: Definition) -> list[tuple[str, Said]]:
    title = definition.resolution_title(change.resolution)
    said = {"stage": "closure", "resolution": change.resolution}
    return [("closed", {**said, **({"resolution_title": dict(title)} if title else {})})]


def _plainly(kind: str) -> _Read:
    def read(change: Change, before: State, outcome: Outcome, definition: Definition) -> list[tuple[str, Said]]:
        return [(kind, {})]

    return read


_READERS: Mapping[type, _Read] = {
    c.Opened: _opened,
    c.Entered: _entered,
    c.ItemDone: _item_done,
    c.TimerFired: _timer_fired,
    c.VisitChanged: _visit_changed,
    c.DeadlineMoved: _deadline_moved,
    c.Shelved: _shelved,
    c.Suspended: _plainly("suspended"),
    c.Resumed: _plainly("resumed"),
    c.Reopened: _plainly("reopened"),
    c.Closed: _closed,
}
