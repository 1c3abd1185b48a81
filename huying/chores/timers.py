"""Timers whose moment has come are fired: reminders, deadlines, escalations. While the clock is not to be believed, none is."""

from __future__ import annotations

from datetime import datetime

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace
from huying.telemetry import figures
from huying.timers import correction, sweep
from huying.timers.clock_memory import recall


def _due(at: Workplace) -> int:
    now = _believed(at)
    return 0 if at.watch.doubt else sweep.count_due(at.house, now)


def _carry_on(at: Workplace) -> Portion:
    now = _believed(at)
    if at.watch.doubt:
        return Portion(notice=at.watch.doubt)
    swept = sweep.sweep(at.house, now)
    figures.TIMERS_FIRED.inc(swept.fired)
    return portion(swept)


def _believed(at: Workplace) -> datetime:
    """The moment; what waits for one that a wrong clock named is set free."""
    now = at.clock()
    if at.watch.begun is None and (begun := recall(at.house, at.watch.start)):
        at.watch.resume(begun)
    if at.watch.read(now):
        correction.set_right(at.house, now)
    return now


def portion(swept: sweep.Swept) -> Portion:
    """What staff hear of a batch: which timers could not be fired, and why."""
    if not swept.claimed:
        return Portion()
    failures = tuple(f"未能触发：{one.number}（第 {one.attempts} 次）{one.reason}" for one in swept.failures)
    return Portion(
        taken=swept.claimed,
        done=swept.fired,
        failed=len(failures),
        said=(f"触发到期事项 {swept.fired} 项，未成 {len(failures)} 项",),
        warned=failures,
    )


def _ending(all_of_it: Portion) -> RunEnding:
    fired = all_of_it.done
    if all_of_it.notice:
        return RunEnding("暂不触发", all_of_it.notice)
    if all_of_it.failed:
        return RunEnding("部分未成", f"触发 {fired} 项，未成 {all_of_it.failed} 项，系统会自动重试")
    return RunEnding("已巡检", f"触发 {fired} 项" if fired else "没有到期事项")


TIMERS = Chore(
    name="timers",
    title=Said("到期巡检", "firing what is due"),
    run="sweep 到期巡检",
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=1.0,
    portions=50,
    # what is due is fired at once all the same: this is what staff can see, start and rely on
    schedule=Schedule("每十分钟", "*/10 * * * *", "触发到期的提醒、催办和升级"),
)
