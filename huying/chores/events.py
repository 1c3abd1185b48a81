"""Other systems are told of what happened to issues, as they have subscribed to it."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.webhooks.post import Posted, has_waiting, post_waiting

# of a batch, so many failures are named
_NAMED = 20


def _due(at: Workplace) -> int:
    return int(has_waiting(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    return portion(post_waiting(at.house, at.portal_url, at.clock(), allow_private=at.transports.allow_private))


def portion(posted: Posted) -> Portion:
    """What staff hear of a batch."""
    named = posted.failures[:_NAMED]
    return Portion(
        taken=posted.accepted + len(posted.failures),
        done=posted.accepted,
        failed=len(posted.failures),
        warned=tuple(f"未送达，稍后再试：{to} {number} {reason}" for to, number, reason in named),
    )


def _ending(all_of_it: Portion) -> RunEnding:
    if all_of_it.failed:
        return RunEnding("部分未成", f"送达 {all_of_it.done} 条，未成 {all_of_it.failed} 条，系统会自动重试")
    return RunEnding("已推送", f"送达 {all_of_it.done} 条")


EVENTS = Chore(
    name="events",
    title=Said("对外推送", "telling other systems"),
    run="outward 对外推送",
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=0.3,
    portions=20,
)
