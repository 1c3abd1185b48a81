"""At the beginning of each month what has been kept long enough is proposed, and whoever may approve it is told."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace
from huying.house.by import By
from huying.privacy.erasures import propose_due
from huying.privacy.officers import tell_officers


def _propose(at: Workplace) -> Portion:
    number = propose_due(at.house, By(None, at.clock()))
    if number is None:
        return Portion(words=("没有到期的",))
    told = tell_officers(at.house, number, at.clock())
    return Portion(taken=1, done=1, words=(f"已提出第 {number} 批，通知 {told} 人",))


def _words(all_of_it: Portion) -> str:
    return "、".join(all_of_it.words)


RETENTION = Chore(
    name="retention",
    title=Said("每月提出到期删除", "proposing what is to be erased, monthly"),
    run="retention 到期清单",
    carry_on=_propose,
    ending=lambda all_of_it: RunEnding("已提出" if all_of_it.done else "没有到期的", _words(all_of_it)),
    schedule=Schedule("每月初", "0 4 1 * *", "提出保存期满的事项，经批准后删除"),
)
