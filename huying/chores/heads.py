"""Every day the house signs what stands in evidence, and hands it outside where places for that were named."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.evidence.anchors import AnchorPlan, hand_over, unhanded
from huying.evidence.heads import due_day, make_head
from huying.evidence.notary import notary_of


def _plan(at: Workplace) -> AnchorPlan:
    return at.anchors or AnchorPlan()


def _due(at: Workplace) -> int:
    return int(due_day(at.house, at.clock()) is not None) + len(unhanded(at.house, _plan(at)))


def _carry_on(at: Workplace) -> Portion:
    made = make_head(at.house, notary_of(at.house.database), at.clock())
    out = hand_over(at.house, _plan(at), at.transports, at.clock())
    said: tuple[str, ...] = (f"{made.told.day} 已签名，共 {made.told.segments} 段",) if made else ()
    said += (f"送出 {out.done} 份",) if out.done else ()
    warned = tuple(f"每日签名没有送到：{why}" for why in out.failed)
    done = int(made is not None) + out.done
    return Portion(taken=done + len(warned), done=done, failed=len(warned), warned=warned, words=said)


def _words(all_of_it: Portion) -> str:
    return "、".join(all_of_it.words + all_of_it.warned)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("没有都送到" if all_of_it.failed else "已签名", _words(all_of_it))


HEADS = Chore(
    name="heads",
    title=Said("每日签名", "the head of the day"),
    run="head 每日签名",
    due=_due,
    carry_on=_carry_on,
    progress=_words,
    ending=_ending,
    pace=900.0,
)
