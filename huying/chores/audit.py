"""The audit log is handed on to the office's collector as it grows, and what is older than the rule asks for goes."""

from __future__ import annotations

from definitions.text import Said
from huying.audit.output import hand_on, waiting
from huying.audit.retention import has_old, remove_old
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.database.tables import audit
from huying.evidence.notary import notary_of
from huying.evidence.segments import exempting


def _due(at: Workplace) -> int:
    database, now, plan = at.house.database, at.clock(), at.audit
    return int(bool(plan.lines and waiting(database, plan.lines, now)) or has_old(database, now, plan.kept))


def _carry_on(at: Workplace) -> Portion:
    database, now, plan = at.house.database, at.clock(), at.audit
    try:
        handed = hand_on(database, plan.lines, now) if plan.lines else 0
    except OSError as error:
        why = f"审计日志写不进 {plan.lines}：{error.strerror}"
        return Portion(taken=1, failed=1, warned=(why,), words=(why,))
    # what has not been handed on stays, however old
    told = exempting(notary_of(database), audit.name, "保存期满 kept long enough", now)
    removed = remove_old(database, now, plan.kept, told) if not plan.lines or not handed else 0
    return Portion(taken=handed + removed, done=handed + removed)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已整理", f"处理审计日志 {all_of_it.done} 条")


AUDIT = Chore(
    name="audit",
    title=Said("审计日志", "the audit log"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=20.0,
    portions=None,
)
