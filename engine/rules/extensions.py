"""More time (延期) and laying aside (挂账): asked for by whoever has the task, allowed or refused by the role that the definition names.

Staff may move any deadline besides, with a reason.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from definitions.model.allowance import Allowance, Extension, Shelving
from definitions.model.duration import Duration, DurationError
from definitions.model.step import WaitingStep
from definitions.model.term import OneDay
from engine.change import ItemOpened
from engine.deadlines.deadline import Deadline, reckon
from engine.directory import Actor
from engine.draft import Draft
from engine.event import AskExtension, AskShelving, MoveDeadline, Unshelve
from engine.refusal import Gone, Invalid, NotAllowed, Unavailable
from engine.rules.clocks import Target, all_targets, deadline_at, put_off
from engine.rules.deferral import lay_aside, take_up_again
from engine.rules.holders import addressees, item_to_act_on
from engine.rules.limits import extend_limits
from engine.rules.roles import holders, office, tell_roles
from engine.state import ItemKind, State, Visit, WorkItem


class _Wish(msgspec.Struct, frozen=True):
    """What is asked for: how much more time, or until which day, and the reason."""

    kind: ItemKind
    said: str
    what_for: str


def ask_extension(draft: Draft, event: AskExtension, actor: Actor) -> None:
    """Ask for more time before the time is up; where nobody has to approve it, it is given at once."""
    item, visit = _task(draft, event.item, actor)
    rule, due = extension_rule(draft, item), _due(draft, item)
    if rule is None or due is None:
        raise Unavailable("这一步不能延期。", "This step cannot be extended.")
    _reason(event.reason)
    _may_ask(draft, visit, "extension", rule, len(due.extensions))
    if draft.now >= due.due_at:
        raise Unavailable("期限已过，不能再申请延期。", "The deadline has passed; it can no longer be extended.")
    length = _length(event.length, due, rule, draft)
    approver = rule.approver(len(due.extensions))
    if approver is None:
        _extend(draft, item, str(length), rule)
    else:
        _open(draft, item, _Wish("extension", str(length), event.reason), approver, actor)


def ask_shelving(draft: Draft, event: AskShelving, actor: Actor) -> None:
    """Ask to lay the matter aside until a day."""
    item, visit = _task(draft, event.item, actor)
    rule = shelving_rule(draft, item)
    if rule is None or visit.shelved_until:
        raise Unavailable("这一步现在不能挂账。", "This step cannot be laid aside now.")
    _reason(event.reason)
    earlier = draft.state.counts.get(_counted(visit), 0)
    _may_ask(draft, visit, "shelving", rule, earlier)
    day = _day(event.day, draft, rule)
    approver = rule.approver(earlier)
    if approver is None:
        _shelve(draft, visit, day, rule)
    else:
        _open(draft, item, _Wish("shelving", day.isoformat(), event.reason), approver, actor)


def decided(draft: Draft, asked: WorkItem, agree: bool) -> None:
    """What becomes of a request that was answered; whoever asked hears of a refusal with its answer."""
    item, visit = draft.state.item(asked.about), draft.state.visit(asked.visit)
    if not agree or item is None or visit is None or asked.wish is None:
        return
    if asked.kind == "extension":
        if (extension := extension_rule(draft, item)) is not None:
            _extend(draft, item, asked.wish, extension)
    elif (shelving := shelving_rule(draft, item)) is not None and not visit.shelved_until:
        _shelve(draft, visit, date.fromisoformat(asked.wish), shelving)


def unshelve(draft: Draft, event: Unshelve, actor: Actor) -> None:
    """Take a matter up again before its day: whoever has a task in it, or staff."""
    visit = draft.state.visit(event.visit)
    if visit is None or draft.state.status != "open" or not visit.shelved_until:
        raise Gone
    mine = any(not actor.parties.isdisjoint(addressees(item)) for item in draft.state.open_items(visit.number))
    if not (mine or actor.manages):
        raise NotAllowed
    take_up_again(draft, visit)


def move_deadline(draft: Draft, event: MoveDeadline, actor: Actor) -> None:
    """Staff give a visit, an item or a limit another last day."""
    target = target_of(draft.state, event.target)
    if target is None or draft.state.status != "open":
        raise Gone
    try:
        day = date.fromisoformat(event.to)
    except ValueError:
        raise _wrong_day() from None
    if not _today(draft) <= day <= _today(draft) + timedelta(days=3_660):
        raise Invalid({"to": {"zh": "请选择今天或以后的日期。", "en": "Please choose today or a later day."}})
    put_off(draft, target, reckon(OneDay(day), draft.now, draft.process.calendar), "moved")


def target_of(state: State, name: str) -> Target | None:
    """What ``visit:3``, ``item:5`` or ``limit:issue`` names, if it has a deadline; what is done has none any more."""
    return next((target for target in all_targets(state) if str(target) == name), None)


def extension_rule(draft: Draft, item: WorkItem) -> Extension | None:
    """What the item's step says about more time."""
    step = draft.definition.steps[item.step]
    return step.extend if isinstance(step, WaitingStep) and item.kind == "task" else None


def shelving_rule(draft: Draft, item: WorkItem) -> Shelving | None:
    """What the item's step says about laying it aside."""
    step = draft.definition.steps[item.step]
    return step.shelve if isinstance(step, WaitingStep) and item.kind == "task" else None


def may_extend(draft: Draft, item: WorkItem) -> bool:
    """Whether more time can be asked for now."""
    rule, due = extension_rule(draft, item), _due(draft, item)
    if rule is None or due is None or draft.now >= due.due_at or len(due.extensions) >= rule.times:
        return False
    return not _pending(draft, item.visit, "extension")


def may_shelve(draft: Draft, item: WorkItem) -> bool:
    """Whether the matter can be laid aside now."""
    rule, visit = shelving_rule(draft, item), draft.state.visit(item.visit)
    if rule is None or visit is None or visit.shelved_until:
        return False
    return draft.state.counts.get(_counted(visit), 0) < rule.times and not _pending(draft, item.visit, "shelving")


def _task(draft: Draft, number: int, actor: Actor) -> tuple[WorkItem, Visit]:
    item = item_to_act_on(draft, number, actor)
    visit = draft.state.visit(item.visit)
    if item.kind != "task" or visit is None:
        raise Unavailable("这一项不是办理任务。", "This is no task.")
    return item, visit


def _target(item: WorkItem) -> Target:
    return Target(item.visit, item.number if item.deadline else None)


def _due(draft: Draft, item: WorkItem) -> Deadline | None:
    return deadline_at(draft.state, _target(item))


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": {"zh": "请写明理由。", "en": "Please give the reason."}})


def _pending(draft: Draft, visit: int, kind: ItemKind) -> bool:
    return any(item.kind == kind for item in draft.state.open_items(visit))


def _may_ask(draft: Draft, visit: Visit, kind: ItemKind, rule: Allowance, earlier: int) -> None:
    if _pending(draft, visit.number, kind):
        raise Unavailable("已有一项申请在等待批准。", "A request is waiting for approval already.")
    if earlier >= rule.times:
        raise Unavailable(f"这一步最多 {rule.times} 次。", f"This step allows it {rule.times} times at most.")


def _length(text: str, due: Deadline, rule: Extension, draft: Draft) -> Duration:
    """The length asked for, if it comes to no later day than the most that is allowed."""
    try:
        length = Duration.parse(text)
    except DurationError as error:
        raise Invalid({"length": {"zh": error.remedy["zh"], "en": error.remedy["en"]}}) from None
    calendar = draft.process.calendar
    asked, most = (
        reckon(due.rule, due.start, calendar, due.pauses, (*due.extensions, str(one))) for one in (length, rule.by)
    )
    if asked.due_at > most.due_at:
        raise Invalid(
            {"length": {"zh": f"最多延期 {rule.by.words('zh')}。", "en": f"At most {rule.by.words('en')} are allowed."}}
        )
    return length


def _wrong_day() -> Invalid:
    return Invalid({"to": {"zh": "请写 2026-12-31 这样的日期。", "en": "Write a day such as 2026-12-31."}})


def _day(text: str, draft: Draft, rule: Shelving) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid({"day": _wrong_day().errors["to"]}) from None
    last = reckon(rule.for_, draft.now, draft.process.calendar).last_day
    if not _today(draft) < day <= last:
        zh = f"请选择今天以后、{last.isoformat()} 以前的日期。"
        raise Invalid({"day": {"zh": zh, "en": f"Please choose a day after today, until {last.isoformat()}."}})
    return day


def _today(draft: Draft) -> date:
    return draft.now.astimezone(draft.process.calendar.zone).date()


def _open(draft: Draft, item: WorkItem, wish: _Wish, role: str, actor: Actor) -> None:
    """Ask those who decide; nobody decides their own request as long as there is somebody else."""
    found = holders(draft, role)
    parties = tuple(party for party in found if party not in actor.parties) or office(draft) or found
    asked = WorkItem(
        number=draft.next_number(),
        visit=item.visit,
        step=item.step,
        role=role,
        candidates=parties,
        kind=wish.kind,
        about=item.number,
        text=wish.what_for,
        asker=actor.party,
        wish=wish.said,
    )
    draft.record(ItemOpened(asked))
    draft.tell("asked", parties, step=item.step, item=asked.number)


def _extend(draft: Draft, item: WorkItem, length: str, rule: Extension) -> None:
    target = _target(item)
    due = deadline_at(draft.state, target)
    assert due is not None
    longer = reckon(due.rule, due.start, draft.process.calendar, due.pauses, (*due.extensions, length))
    put_off(draft, target, longer, "extended", length)
    extend_limits(draft, rule.also, length)
    draft.tell("extended", addressees(item), step=item.step, item=item.number)
    tell_roles(draft, "extended", rule.tell, step=item.step)


def _counted(visit: Visit) -> str:
    return f"{visit.step}.shelved"


def _shelve(draft: Draft, visit: Visit, until: date, rule: Shelving) -> None:
    draft.count(_counted(visit))
    lay_aside(draft, visit, until)
    for item in draft.state.open_items(visit.number):
        if item.kind == "task" and not item.waiting:
            draft.tell("shelved", addressees(item), step=item.step, item=item.number)
    tell_roles(draft, "shelved", rule.tell, step=visit.step)
