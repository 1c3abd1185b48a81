"""What comes round by a plan is carried on: processes opened, rotas filled, duties announced, quotas watched."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace
from huying.duties.round import CarriedOn, is_due, plan_due


def _due(at: Workplace) -> int:
    return int(is_due(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    return portion(plan_due(at.house, at.clock()))


def portion(did: CarriedOn) -> Portion:
    """What staff hear of a batch: all that was done, and what could not be."""
    return Portion(
        taken=len(did.done) + len(did.failures),
        done=len(did.done),
        failed=len(did.failures),
        said=did.done,
        warned=tuple(f"未成，稍后再试：{words}" for words in did.failures),
    )


def _ending(all_of_it: Portion) -> RunEnding:
    done = all_of_it.done
    if all_of_it.failed:
        return RunEnding("部分未成", f"办理 {done} 项，未成 {all_of_it.failed} 项，系统会自动重试")
    return RunEnding("已办", f"办理 {done} 项" if done else "没有到期的计划")


PLANS = Chore(
    name="plans",
    title=Said("例行计划", "carrying plans on"),
    run="recur 例行计划",
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=5.0,
    portions=50,
    # what comes round is carried on at once all the same: this is what staff can see, start and rely on
    schedule=Schedule("每一刻钟", "*/15 * * * *", "例行计划：自动开启流程、排班、值班公告、次数提醒"),
)
