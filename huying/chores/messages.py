"""Messages to people are sent."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Table, Workplace
from huying.delivery.sender import Sent, has_pending, send_pending
from huying.words.mask import mask

_ROWS = 50


def _due(at: Workplace) -> int:
    return int(has_pending(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    return portion(send_pending(at.house, at.transports, at.portal_url, at.clock()))


def portion(sent: Sent) -> Portion:
    """What staff hear of a batch: addresses are masked."""
    failures = sent.failures
    return Portion(
        taken=sent.accepted + len(failures),
        done=sent.accepted,
        failed=len(failures),
        said=(f"已受理 {sent.accepted} 条，未成 {len(failures)} 条",),
        warned=tuple(f"未成：{mask(one.to)}《{one.subject}》{mask(one.reason)}" for one in failures),
        rows=tuple({"收件": mask(one.to), "主题": one.subject, "原因": mask(one.reason)} for one in failures),
    )


def _ending(all_of_it: Portion) -> RunEnding:
    message = f"受理 {all_of_it.done} 条，未成 {all_of_it.failed} 条"
    if not all_of_it.failed:
        return RunEnding("已发送", message)
    words = f"未成的通知 {all_of_it.failed} 条，系统会自动重发"
    return RunEnding("部分未成", message, Table("failed-deliveries", all_of_it.rows[:_ROWS], words))


MESSAGES = Chore(
    name="messages",
    title=Said("发送通知", "sending messages"),
    run="deliver 发送通知",
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=0.3,
    # a run takes a burst, but ends: one without an end could not be read
    portions=20,
    follows_effects=True,
)
